# What `cmake --install` lays down besides the targets: headers, the CMake package, pkg-config.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/infer_background_matting)
configure_package_config_file(cmake/infer_background_matting-config.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/infer_background_matting-config.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/infer_background_matting-config-version.cmake
  COMPATIBILITY SameMajorVersion)
# The package may be installed under another prefix than it was configured for, and moved.
file(RELATIVE_PATH MATTING_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/infer_background_matting.pc.in infer_background_matting.pc @ONLY)

install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT infer_background_matting-targets NAMESPACE infer_background_matting::
        DESTINATION ${package_folder})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/infer_background_matting-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/infer_background_matting-config-version.cmake
        DESTINATION ${package_folder})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/infer_background_matting.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE.md README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
