"""Conan 2 recipe: builds the checkout that it lies in.

    conan create packaging/conan                              # dependencies from Conan Center
    conan create packaging/conan -o '&:system=True'           # those that are installed already

The option `host` adds the workflow host and the command line; `torchscript` adds that engine, whose
LibTorch CMake has to find by itself.
"""

import re
from pathlib import Path

from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain
from conan.tools.files import copy, load

SOURCES = ("CMakeLists.txt", "LICENSE.md", "README.md", "apps/*", "cmake/*", "include/*", "src/*")
SOURCES += ("models/catalog.json", "models/default/*")


class InferBackgroundMatting(ConanFile):
    name = "infer_background_matting"
    description = "Background matting with a clean plate: alpha, foreground, error, composite"
    license = "MIT"
    topics = ("matting", "alpha", "compositing")
    package_type = "shared-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"host": [True, False], "torchscript": [True, False], "system": [True, False]}
    default_options = {"host": False, "torchscript": False, "system": False}

    def set_version(self):
        header = "include/infer_background_matting/version.h"
        text = load(self, self._checkout() / header)
        self.version = re.search(r'_VERSION "([^"]+)"', text).group(1)

    def export_sources(self):
        for pattern in SOURCES:
            copy(self, pattern, self._checkout(), self.export_sources_folder)

    def layout(self):
        self.folders.build = "build"
        self.folders.generators = "build/generators"

    def requirements(self):
        if self.options.system:
            return
        for name in ("highway/1.2.0", "nlohmann_json/3.11.3", "onednn/3.5", "openssl/3.3.2"):
            self.requires(name)
        if self.options.host:
            for name in ("cli11/2.4.2", "ffmpeg/7.0.2", "libcurl/8.10.1", "opencv/4.10.0"):
                self.requires(name)
            self.requires("openexr/3.2.4")

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.user_presets_path = False
        toolchain.cache_variables.update(
            MATTING_BUILD_HOST=bool(self.options.host),
            MATTING_BUILD_TORCH=bool(self.options.torchscript),
            MATTING_BUILD_TESTS=False,
        )
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE.md", self.source_folder, Path(self.package_folder) / "licenses")
        CMake(self).install()

    def package_info(self):
        # The package has a CMake configuration of its own, which says what links what.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["lib/cmake/infer_background_matting"]
        self.cpp_info.libs = ["infer_background_matting"]

    def _checkout(self):
        return Path(self.recipe_folder).parents[1]
