// infer_background_matting._native: what the Python package is made of; _native.pyi has its types.
#include <pybind11/native_enum.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "hosts/python/array_picture.hpp"
#include "hosts/python/python_task.hpp"
#include "infer_background_matting/error.hpp"
#include "infer_background_matting/params.hpp"
#include "infer_background_matting/version.h"

namespace py = pybind11;

namespace matting::python {
namespace {

void bind_error_codes(py::module_& module) {
  py::native_enum<ErrorCode>(module, "ErrorCode", "enum.IntEnum", "What kind of failure it was.")
      .value("INVALID_ARGUMENT", ErrorCode::kInvalidArgument)
      .value("UNKNOWN_PARAMETER", ErrorCode::kUnknownParameter)
      .value("BAD_PARAMETER_VALUE", ErrorCode::kBadParameterValue)
      .value("MISSING_INPUT", ErrorCode::kMissingInput)
      .value("BAD_IMAGE", ErrorCode::kBadImage)
      .value("TOO_LARGE", ErrorCode::kTooLarge)
      .value("MODEL_NOT_FOUND", ErrorCode::kModelNotFound)
      .value("MODEL_INVALID", ErrorCode::kModelInvalid)
      .value("DEVICE_UNAVAILABLE", ErrorCode::kDeviceUnavailable)
      .value("NOT_SUPPORTED", ErrorCode::kNotSupported)
      .value("OUT_OF_MEMORY", ErrorCode::kOutOfMemory)
      .value("CANCELLED", ErrorCode::kCancelled)
      .value("READ_FAILED", ErrorCode::kReadFailed)
      .value("WRITE_FAILED", ErrorCode::kWriteFailed)
      .value("INTERNAL", ErrorCode::kInternal)
      .finalize();
}

// matting::Error arrives as MattingError, which is Python code: it carries the code.
void raise_as_matting_error(std::exception_ptr pointer) {
  try {
    std::rethrow_exception(pointer);
  } catch (const Error& error) {
    const py::object type =
        py::module_::import("infer_background_matting.errors").attr("MattingError");
    const py::object raised = type(error.code(), error.what());
    PyErr_SetObject(type.ptr(), raised.ptr());
  }
}

py::list parameter_rows() {
  py::list rows;
  for (const ParameterInfo& row : parameter_table()) {
    rows.append(py::make_tuple(row.key, row.type, row.default_value, row.allowed, row.help));
  }
  return rows;
}

ChannelOrder order_named(const std::string& name) {
  if (name == "rgb") return ChannelOrder::kRgb;
  if (name == "bgr") return ChannelOrder::kBgr;
  throw Error(ErrorCode::kInvalidArgument, "unknown order '" + name + "': wanted rgb or bgr");
}

}  // namespace
}  // namespace matting::python

PYBIND11_MODULE(_native, module) {
  using namespace matting::python;
  module.attr("VERSION") = INFER_BACKGROUND_MATTING_VERSION;
  bind_error_codes(module);
  py::register_local_exception_translator(&raise_as_matting_error);
  module.def("parameter_rows", &parameter_rows);

  py::class_<ArrayPicture>(module, "Picture")
      .def(py::init([](const py::object& array, const std::string& name, const std::string& order,
                       std::uint64_t generation) {
             return ArrayPicture(array, name, order_named(order), generation);
           }),
           py::arg("array"), py::arg("name"), py::arg("order"), py::arg("generation"))
      .def_property_readonly("copied", &ArrayPicture::copied);

  py::class_<PythonTask>(module, "Task")
      .def(py::init<>())
      .def("set_parameters", &PythonTask::set_parameters, py::arg("values"))
      .def("parameters", &PythonTask::parameters)
      .def("run", &PythonTask::run, py::arg("image"), py::arg("plate"), py::arg("background"),
           py::arg("mask"), py::arg("outputs"), py::arg("progress"))
      .def("cancel", &PythonTask::cancel);
}
