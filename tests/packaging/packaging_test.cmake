# Run by ctest: the package as a user meets it.
set(folder ${BUILD}/packaging)
set(prefix ${folder}/prefix)
file(REMOVE_RECURSE ${folder})

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(result)
    message(FATAL_ERROR "failed (${result}): ${ARGV}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect text pattern)
  if(NOT text MATCHES "${pattern}")
    message(FATAL_ERROR "wanted '${pattern}' in:\n${text}")
  endif()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
foreach(file include/workflow/plugin_abi.h include/infer_background_matting/task.hpp
             ${LIBDIR}/libinfer_background_matting.so.1 ${LIBDIR}/libworkflow.so.1
             ${LIBDIR}/pkgconfig/infer_background_matting.pc ${BINDIR}/matting)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "not installed: ${file}")
  endif()
endforeach()

run(${CMAKE_COMMAND} -S ${SOURCE}/examples -B ${folder}/examples -DCMAKE_PREFIX_PATH=${prefix}
    -DCMAKE_BUILD_TYPE=Release)
run(${CMAKE_COMMAND} --build ${folder}/examples)

set(image ${SOURCE}/sample_image/portrait_image.jpg)
set(plate ${SOURCE}/sample_image/portrait_plate.jpg)
run(${folder}/examples/task ${image} ${plate} ${folder}/cut_out.png)
if(NOT EXISTS ${folder}/cut_out.png)
  message(FATAL_ERROR "the task example wrote nothing")
endif()
run(${folder}/examples/plugin ${prefix}/${LIBDIR}/libinfer_background_matting.so.1)
expect("${output}" "mean alpha 0\\.[1-4]")
run(${folder}/examples/host ${image} ${plate})
expect("${output}" "composite")
expect("${output}" "\"engine\": ")
run(${prefix}/${BINDIR}/matting plugin list)
expect("${output}" "infer_background_matting")

# pkg-config and a compiler are enough as well.
set(ENV{PKG_CONFIG_PATH} ${prefix}/${LIBDIR}/pkgconfig)
run(pkg-config --cflags --libs infer_background_matting)
separate_arguments(flags UNIX_COMMAND "${output}")
file(WRITE ${folder}/version.cpp "#include <infer_background_matting/task.hpp>
int main() { return matting::BackgroundMattingTask().parameters().empty(); }\n")
run(c++ -std=c++17 ${folder}/version.cpp -o ${folder}/version ${flags} -Wl,-rpath,${prefix}/${LIBDIR})
run(${folder}/version)

# Plugins of other programs find the libraries of this prefix.
if(EXISTS ${BUILD}/lib/frei0r-1/infer_background_matting.so)
  set(ENV{FREI0R_PATH} ${prefix}/lib/frei0r-1)
  run(ffmpeg -v error -y -i ${image} -frames:v 1 -update 1 -pix_fmt rgba
      -vf frei0r=filter_name=infer_background_matting:filter_params=${plate} ${folder}/frei0r.png)
  string(REGEX REPLACE "[^\n]*cuda is not available[^\n]*" "" output "${output}")
  if(output MATCHES "infer_background_matting: ")
    message(FATAL_ERROR "the installed frei0r filter: ${output}")
  endif()
endif()
if(EXISTS ${BUILD}/lib/gstreamer-1.0/libgstinfer_background_matting.so)
  set(ENV{GST_PLUGIN_PATH} ${prefix}/${LIBDIR}/gstreamer-1.0)
  set(ENV{GST_REGISTRY} ${folder}/gstreamer_registry.bin)
  run(gst-launch-1.0 -q videotestsrc num-buffers=1 ! backgroundmatting plate-location=${plate}
      cuda=cpu ! fakesink)
endif()

# The README's snippets are lines of the examples that were just built.
file(READ ${SOURCE}/README.md readme)
foreach(example task.cpp host.cpp plugin.c)
  file(READ ${SOURCE}/examples/${example} code)
  string(FIND "${readme}" "(`examples/${example}`" at)
  string(SUBSTRING "${readme}" ${at} -1 rest)
  string(REGEX MATCH "```c[p]*\n([^`]*)```" block "${rest}")
  string(FIND "${code}" "${CMAKE_MATCH_1}" found)
  if(at EQUAL -1 OR CMAKE_MATCH_1 STREQUAL "" OR found EQUAL -1)
    message(FATAL_ERROR "README.md quotes examples/${example} with other lines than it has")
  endif()
endforeach()
