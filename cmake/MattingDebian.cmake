# Debian packages: `cmake --workflow --preset debian` leaves them in build-debian/.
# infer-background-matting has everything but the TorchScript engine, whose LibTorch alone is larger
# than all of the rest; that is infer-background-matting-torch.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME infer-background-matting)
set(CPACK_PACKAGE_VENDOR ${PROJECT_NAME})
set(CPACK_PACKAGE_CONTACT "The ${PROJECT_NAME} authors <noreply@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "background matting with a clean plate")
set(CPACK_DEBIAN_UNSPECIFIED_DESCRIPTION "Computes a subject's alpha, foreground and composite from a picture and a
picture of the same scene without the subject. Library with headers, workflow
plugin, command line, video filters for the hosts found while building, a
plugin folder for Ikomia, and the default model.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE.md)
set(CPACK_STRIP_FILES ON)

set(CPACK_COMPONENTS_ALL Unspecified)
if(TARGET matting_torchscript)
  list(APPEND CPACK_COMPONENTS_ALL torch)
endif()
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_NAME infer-background-matting)
set(CPACK_DEBIAN_UNSPECIFIED_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_SUGGESTS infer-background-matting-torch)
if(LIBAVDEVICE_VERSION)  # loaded with the first camera, so that no file's needs name it
  string(REGEX MATCH "^[0-9]+" version ${LIBAVDEVICE_VERSION})
  set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_DEPENDS "libavdevice${version}")
endif()
set(CPACK_DEBIAN_TORCH_PACKAGE_NAME infer-background-matting-torch)
set(CPACK_DEBIAN_TORCH_PACKAGE_DEPENDS "infer-background-matting (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_TORCH_DESCRIPTION "background matting: the TorchScript engine
Runs any TorchScript file of the published exporter, on the CPU or a GPU, with LibTorch.")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  install(FILES LICENSE.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_PACKAGE_NAME}
          RENAME copyright)
endif()
include(CPack)
