# oneDNN as the target OneDNN::OneDNN. Not its own package file: Debian's asks for the development
# files of OpenCL, which a program that runs on the CPU does not need.
# The headers are taken from beside the library: the pip LibTorch, when CMAKE_PREFIX_PATH names it,
# has headers of another oneDNN and keeps the library to itself.
find_library(OneDNN_LIBRARY NAMES dnnl)
if(OneDNN_LIBRARY)
  get_filename_component(folder ${OneDNN_LIBRARY} DIRECTORY)
  find_path(OneDNN_INCLUDE_DIR NAMES dnnl.hpp PATHS ${folder}/../include ${folder}/../../include
            NO_DEFAULT_PATH)
endif()
if(OneDNN_INCLUDE_DIR)
  file(GLOB_RECURSE version_headers ${OneDNN_INCLUDE_DIR}/oneapi/dnnl/dnnl_version.h)
  if(version_headers)
    file(STRINGS ${version_headers} version_lines REGEX "define DNNL_VERSION_(MAJOR|MINOR|PATCH)")
    string(REGEX REPLACE "[^0-9]*([0-9]+)[^0-9]*([0-9]+)[^0-9]*([0-9]+).*" "\\1.\\2.\\3" OneDNN_VERSION
                         "${version_lines}")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OneDNN REQUIRED_VARS OneDNN_LIBRARY OneDNN_INCLUDE_DIR
                                  VERSION_VAR OneDNN_VERSION)
if(OneDNN_FOUND AND NOT TARGET OneDNN::OneDNN)
  add_library(OneDNN::OneDNN UNKNOWN IMPORTED)
  set_target_properties(OneDNN::OneDNN PROPERTIES IMPORTED_LOCATION ${OneDNN_LIBRARY}
                                                  INTERFACE_INCLUDE_DIRECTORIES ${OneDNN_INCLUDE_DIR})
endif()
mark_as_advanced(OneDNN_INCLUDE_DIR OneDNN_LIBRARY)
