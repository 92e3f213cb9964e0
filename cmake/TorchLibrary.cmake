# The target matting_libtorch: LibTorch from Debian's libtorch-dev, or, with
# -DCMAKE_PREFIX_PATH=<site-packages>/torch, from the pip wheel or the official zip.
#
# Refuses a mixture: with both on a machine, headers of one and libraries of the other compile, link
# and abort when the program starts.

# The configuration of a LibTorch with CUDA wants the whole CUDA toolkit, of which our code, which
# asks LibTorch alone, needs nothing; a wheel's libraries find what they need at run time. Such a
# LibTorch is used without its configuration.
foreach(folder ${CMAKE_PREFIX_PATH})
  if(EXISTS ${folder}/lib/libtorch_cuda.so)
    set(torch_root ${folder})
  endif()
endforeach()

if(torch_root)
  message(STATUS "LibTorch with CUDA in ${torch_root}")
  if(NOT TARGET matting_libtorch)
    add_library(matting_libtorch INTERFACE)
    target_include_directories(matting_libtorch SYSTEM INTERFACE
      ${torch_root}/include ${torch_root}/include/torch/csrc/api/include)
    # Before 2.6 LibTorch was built with the old strings of libstdc++.
    file(STRINGS ${torch_root}/share/cmake/Torch/TorchConfig.cmake torch_abi
         REGEX "_GLIBCXX_USE_CXX11_ABI=[01]" LIMIT_COUNT 1)
    string(REGEX MATCH "_GLIBCXX_USE_CXX11_ABI=[01]" torch_abi "${torch_abi}")
    target_compile_definitions(matting_libtorch INTERFACE ${torch_abi})
    # libtorch.so has no symbols and brings the CUDA half.
    target_link_libraries(matting_libtorch INTERFACE
      -Wl,--no-as-needed ${torch_root}/lib/libtorch.so -Wl,--as-needed
      ${torch_root}/lib/libtorch_cpu.so ${torch_root}/lib/libc10.so)
  endif()
  return()
endif()

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
