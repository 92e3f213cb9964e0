# The target matting_libtorch: LibTorch from Debian's libtorch-dev, or, with
# -DCMAKE_PREFIX_PATH=<site-packages>/torch, from the pip wheel or the official zip.
#
# Refuses a mixture: with both on a machine, headers of one and libraries of the other compile, link
# and abort when the program starts.
find_package(Torch REQUIRED)

if(NOT TARGET matting_libtorch)
  add_library(matting_libtorch INTERFACE)
  target_include_directories(matting_libtorch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
  separate_arguments(torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
  target_compile_options(matting_libtorch INTERFACE ${torch_flags})
  target_link_libraries(matting_libtorch INTERFACE ${TORCH_LIBRARIES})
endif()

get_filename_component(torch_root ${Torch_DIR}/../../.. REALPATH)
foreach(library torch_cpu c10)
  if(TARGET ${library})
    get_target_property(location ${library} LOCATION)
    get_filename_component(folder ${location} DIRECTORY)
    get_filename_component(folder ${folder} REALPATH)
    string(FIND ${folder} ${torch_root} at)
    if(NOT at EQUAL 0 AND NOT Torch_DIR MATCHES "^/usr/lib")
      message(FATAL_ERROR "LibTorch is mixed: its configuration is in ${torch_root}, but ${library} "
        "is ${location}. Name one LibTorch: -DCMAKE_PREFIX_PATH=<site-packages>/torch, "
        "without /share/cmake behind it.")
    endif()
  endif()
endforeach()
message(STATUS "LibTorch ${Torch_VERSION} in ${Torch_DIR}")
