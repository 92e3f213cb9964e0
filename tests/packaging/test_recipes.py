"""The vcpkg port and the Conan recipe, as far as they can be checked without their registries."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
PORT = SOURCE / "packaging/vcpkg"
RECIPE = SOURCE / "packaging/conan"
HEADER = (SOURCE / "include/infer_background_matting/version.h").read_text()
VERSION = re.search(r'_VERSION "([^"]+)"', HEADER).group(1)
CMAKE = (SOURCE / "CMakeLists.txt").read_text()

FUNCTIONS = ("check_features", "cmake_configure", "cmake_install", "cmake_config_fixup")
FUNCTIONS += ("fixup_pkgconfig", "copy_tools", "install_copyright")
# What vcpkg defines for a portfile; each call is printed.
VCPKG = "\n".join(
    f'function(vcpkg_{name})\nmessage("vcpkg_{name} ${{ARGN}}")\nendfunction()'
    for name in FUNCTIONS
)


def test_the_port_names_what_there_is():
    manifest = json.loads((PORT / "vcpkg.json").read_text())
    assert manifest["version-semver"] == VERSION
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", manifest["name"])
    portfile = (PORT / "portfile.cmake").read_text()
    features = re.findall(r"^\s+(?:FEATURES )?(\w+)\s+(MATTING_\w+)", portfile, re.MULTILINE)
    assert {name for name, _ in features} == set(manifest["features"])
    assert all(option in CMAKE for _, option in features)


def test_the_portfile_runs(tmp_path):
    (tmp_path / "run.cmake").write_text(
        f'cmake_minimum_required(VERSION 3.25)\n{VCPKG}\ninclude("{PORT / "portfile.cmake"}")\n'
    )
    done = subprocess.run(
        ["cmake", f"-DCURRENT_PORT_DIR={PORT}", f"-DCURRENT_PACKAGES_DIR={tmp_path}",
         "-DFEATURES=core;host", "-P", tmp_path / "run.cmake"],
        capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"vcpkg_cmake_configure SOURCE_PATH;{SOURCE};" in done.stderr
    assert f"vcpkg_install_copyright FILE_LIST;{SOURCE}/LICENSE.md" in done.stderr
    assert "vcpkg_copy_tools TOOL_NAMES;matting" in done.stderr


@pytest.fixture
def conan(tmp_path):
    program = shutil.which("conan") or str(Path(sys.executable).parent / "conan")
    if not os.access(program, os.X_OK):
        pytest.skip("no conan: pip install conan")

    def run(*arguments):
        environment = dict(os.environ, CONAN_HOME=str(tmp_path / "home"))
        done = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True,
                              env=environment)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_the_recipe_is_read(conan):
    recipe = json.loads(conan("inspect", RECIPE, "--format", "json"))
    assert recipe["name"] == "infer_background_matting" and recipe["version"] == VERSION
    text = (RECIPE / "conanfile.py").read_text()
    assert all(option in CMAKE for option in re.findall(r"MATTING_BUILD_\w+", text))


def test_the_recipe_takes_all_sources_along(conan, tmp_path):
    conan("profile", "detect")
    conan("export", RECIPE)
    (exported,) = (tmp_path / "home/p").glob("*/es")
    for file in ("CMakeLists.txt", "src/CMakeLists.txt", "models/catalog.json"):
        assert (exported / file).is_file()
    weights = "models/default/mattingrefine_mobilenetv2.safetensors"
    assert (exported / weights).read_bytes() == (SOURCE / weights).read_bytes()
