# How a target of this project is made: language level, warnings, visibility, sanitizers.

add_library(matting_build_flags INTERFACE)
target_compile_features(matting_build_flags INTERFACE cxx_std_17)
target_compile_options(matting_build_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow=local)
if(MATTING_SANITIZE)
  target_compile_options(matting_build_flags INTERFACE -fsanitize=${MATTING_SANITIZE}
                                                       -fno-omit-frame-pointer -g1)
  target_link_options(matting_build_flags INTERFACE -fsanitize=${MATTING_SANITIZE})
endif()

# matting_add_module(name SOURCES...): a folder of src/ as a static, position independent target.
# Its own folder's parent (src/) and include/ are on the include path; libraries are not: a module
# can include a library only if it links it.
function(matting_add_module name)
  add_library(${name} STATIC ${ARGN})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                           VISIBILITY_INLINES_HIDDEN ON C_VISIBILITY_PRESET hidden)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${name} PRIVATE matting_build_flags)
endfunction()

# matting_add_test(name SOURCES s... [LINK l...] [LABELS l...]): one GoogleTest binary.
function(matting_add_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE matting_build_flags ${ARG_LINK} GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests ${PROJECT_SOURCE_DIR}/src
                                             ${PROJECT_SOURCE_DIR}/include)
  target_compile_definitions(${name} PRIVATE MATTING_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                             MATTING_BINARY_DIR="${PROJECT_BINARY_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  # Tests run side by side: threads that spin would take the others' CPUs.
  set_tests_properties(${name} PROPERTIES ENVIRONMENT OMP_WAIT_POLICY=passive)
  if(ARG_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABELS}")
  endif()
endfunction()
