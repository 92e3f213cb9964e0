# OpenCV's modules as targets opencv_core, opencv_imgproc, ... Debian 12 ships OpenCVConfig.cmake only
# in libopencv-dev, which pulls in every module with all its dependencies; the small -dev packages of
# single modules have headers and libraries alone, so those are looked up by name.

# matting_find_opencv_module(name [REQUIRED]): target opencv_<name>, if it is there.
function(matting_find_opencv_module name)
  if(TARGET opencv_${name})
    return()
  endif()
  find_path(MATTING_OPENCV_${name}_INCLUDE opencv2/${name}.hpp PATH_SUFFIXES opencv4)
  find_library(MATTING_OPENCV_${name}_LIBRARY opencv_${name})
  mark_as_advanced(MATTING_OPENCV_${name}_INCLUDE MATTING_OPENCV_${name}_LIBRARY)
  if(MATTING_OPENCV_${name}_INCLUDE AND MATTING_OPENCV_${name}_LIBRARY)
    add_library(opencv_${name} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(opencv_${name} PROPERTIES
      IMPORTED_LOCATION ${MATTING_OPENCV_${name}_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${MATTING_OPENCV_${name}_INCLUDE})
  elseif("REQUIRED" IN_LIST ARGN)
    message(FATAL_ERROR "OpenCV's module ${name} was not found: install libopencv-${name}-dev "
                        "(Debian, Ubuntu) or point CMAKE_PREFIX_PATH to an OpenCV 4")
  endif()
endfunction()

find_package(OpenCV CONFIG QUIET)
foreach(module core imgproc imgcodecs)
  matting_find_opencv_module(${module} REQUIRED)
endforeach()
matting_find_opencv_module(highgui)
