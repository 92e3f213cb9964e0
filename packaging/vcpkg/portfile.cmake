# An overlay port: it builds the checkout that it lies in, so that it needs no address to fetch from.
#   vcpkg install infer-background-matting --overlay-ports=packaging/vcpkg
get_filename_component(SOURCE_PATH "${CURRENT_PORT_DIR}/../.." ABSOLUTE)

vcpkg_check_features(OUT_FEATURE_OPTIONS features
  FEATURES host MATTING_BUILD_HOST
           torchscript MATTING_BUILD_TORCH)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
                      OPTIONS ${features} -DMATTING_BUILD_TESTS=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME infer_background_matting
                         CONFIG_PATH lib/cmake/infer_background_matting)
vcpkg_fixup_pkgconfig()
if("host" IN_LIST FEATURES)
  vcpkg_copy_tools(TOOL_NAMES matting AUTO_CLEAN)
endif()
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/debug/include" "${CURRENT_PACKAGES_DIR}/debug/share")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE.md")
