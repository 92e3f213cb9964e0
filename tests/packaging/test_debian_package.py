"""The Debian packages, unpacked into a folder and used as installed.

MATTING_DEBS names the folder of the *.deb files. With MATTING_ROOT=/ instead, what is really
installed on this machine is tested.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
# As the compiler names it: "x86_64-linux-gnu".
MULTIARCH = subprocess.run(
    ["c++", "-print-multiarch"], capture_output=True, text=True, check=True
).stdout.strip()
LIB = f"usr/lib/{MULTIARCH}"
IMAGE, PLATE = (SOURCE / f"sample_image/odd_{name}.jpg" for name in ("image", "plate"))


def run(*arguments, **options):
    done = subprocess.run(
        [str(a) for a in arguments], capture_output=True, text=True, timeout=300, **options
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
    return done.stdout


class Root:
    """Where the packages lie, and an environment in which their programs find each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = dict(os.environ, PATH=f"{folder}/usr/bin:{os.environ['PATH']}")
        if folder != Path("/"):
            self.environment["LD_LIBRARY_PATH"] = str(folder / LIB)

    def __truediv__(self, path) -> Path:
        return self.folder / path

    def run(self, *arguments, **options):
        return run(*arguments, env={**self.environment, **options.pop("env", {})}, **options)


@pytest.fixture(scope="session")
def debs():
    if "MATTING_DEBS" not in os.environ:
        pytest.skip("MATTING_DEBS names no folder of *.deb files")
    found = {
        path.name.split("_")[0]: path for path in Path(os.environ["MATTING_DEBS"]).glob("*.deb")
    }
    assert "infer-background-matting" in found
    return found


@pytest.fixture(scope="session")
def root(tmp_path_factory, request):
    if "MATTING_ROOT" in os.environ:
        return Root(Path(os.environ["MATTING_ROOT"]))
    folder = tmp_path_factory.mktemp("root")
    for path in request.getfixturevalue("debs").values():
        run("dpkg-deb", "--extract", path, folder)
    return Root(folder)


def test_control_fields(debs):
    header = (SOURCE / "include/infer_background_matting/version.h").read_text()
    version = re.search(r'_VERSION "([^"]+)"', header).group(1)
    architecture = run("dpkg", "--print-architecture").strip()
    for name, path in debs.items():
        fields = run("dpkg-deb", "--field", path)
        assert f"Package: {name}\n" in fields and f"Version: {version}\n" in fields
        assert f"Architecture: {architecture}\n" in fields and "Section: video" in fields
    depends = run("dpkg-deb", "--field", debs["infer-background-matting"], "Depends")
    for wanted in ("libc6", "libdnnl", "libopencv-imgcodecs", "libcurl4"):
        assert wanted in depends
    assert "torch" not in depends
    if "infer-background-matting-torch" in debs:
        depends = run("dpkg-deb", "--field", debs["infer-background-matting-torch"], "Depends")
        assert "libtorch" in depends and f"infer-background-matting (= {version})" in depends


@pytest.mark.parametrize(
    "path",
    [
        "usr/bin/matting",
        f"{LIB}/libinfer_background_matting.so",
        f"{LIB}/libinfer_background_matting.so.1",
        f"{LIB}/libworkflow.so.1",
        f"{LIB}/cmake/infer_background_matting/infer_background_matting-config.cmake",
        f"{LIB}/pkgconfig/infer_background_matting.pc",
        "usr/include/workflow/plugin_abi.h",
        "usr/include/infer_background_matting/task.hpp",
        "usr/share/man/man1/matting.1.gz",
        "usr/share/bash-completion/completions/matting",
        "usr/share/zsh/vendor-completions/_matting",
        "usr/share/fish/vendor_completions.d/matting.fish",
        "usr/share/infer_background_matting/ikomia/infer_background_matting/__init__.py",
        "usr/share/doc/infer_background_matting/LICENSE.md",
    ],
)
def test_it_is_there(root, path):
    assert (root / path).exists()


def test_what_debian_wants_of_a_package(debs):
    for name, path in debs.items():
        contents = run("dpkg-deb", "--contents", path)
        for paper in ("changelog.gz", "copyright"):
            assert f"./usr/share/doc/{name}/{paper}\n" in contents
    triggers = run("dpkg-deb", "--info", debs["infer-background-matting"], "triggers")
    assert "activate-noawait ldconfig" in triggers


def test_nothing_lies_elsewhere(debs):
    for path in debs.values():
        for line in run("dpkg-deb", "--contents", path).splitlines():
            mode, owner, _, _, _, name = line.split(maxsplit=5)
            assert owner == "root/root" and name.startswith("./usr/") or name == "./"
            assert mode[0] in "dl-" and "w" not in mode[5:] or mode[0] == "l"
            assert str(SOURCE) not in name


def test_every_library_finds_its_own(root):
    files = [
        *(root / LIB).rglob("*matting*.so*"),
        *(root / "usr/lib").glob("frei0r-1/*matting*.so"),
    ]
    files += [root / "usr/bin/matting", *(root / LIB / "infer_background_matting").glob("*.so")]
    assert len(files) > 3
    for file in files:
        if file.is_file():
            assert "not found" not in root.run("ldd", file), file


def test_no_path_of_the_build_is_left(root):
    for file in [root / "usr/bin/matting", root / LIB / "libworkflow.so.1"]:
        assert str(SOURCE).encode() not in file.read_bytes(), file


def test_the_command_mattes_with_the_embedded_model(root, tmp_path):
    root.run("matting", "image", "--image", IMAGE, "--plate", PLATE, "-o", tmp_path)
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["engine"] == "native"
    assert {p.name for p in tmp_path.glob("*.png")} == {
        f"{name}.png" for name in ("composite", "alpha", "foreground", "error")
    }
    assert "infer_background_matting" in root.run("matting", "plugin", "list")


def test_the_torchscript_engine_comes_with_its_package(root, tmp_path):
    module = root / LIB / "infer_background_matting/torchscript.so"
    arguments = ["image", "--image", IMAGE, "--plate", PLATE, "-o", tmp_path]
    arguments += ["--set", "engine=torchscript"]
    if not module.exists():
        pytest.skip("built without LibTorch: no infer-background-matting-torch")
    root.run("matting", *arguments)
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["engine"] == "torchscript"


def test_a_program_is_built_and_runs(root, tmp_path):
    root.run("cmake", "-S", SOURCE / "examples", "-B", tmp_path, "-DCMAKE_BUILD_TYPE=Release",
             f"-DCMAKE_PREFIX_PATH={root / 'usr'}")  # fmt: skip
    root.run("cmake", "--build", tmp_path, "--target", "plugin")
    library = root / LIB / "libinfer_background_matting.so.1"
    assert "mean alpha 0." in root.run(tmp_path / "plugin", library)
    flags = root.run("pkg-config", "--cflags", "--libs", "infer_background_matting",
                     env={"PKG_CONFIG_PATH": str(root / LIB / "pkgconfig")})  # fmt: skip
    (tmp_path / "own.cpp").write_text(
        "#include <infer_background_matting/task.hpp>\n"
        "int main() { return matting::BackgroundMattingTask().parameters().empty(); }\n"
    )
    root.run("c++", "-std=c++17", tmp_path / "own.cpp", "-o", tmp_path / "own", *flags.split())
    root.run(tmp_path / "own")


def test_the_manual_is_whole(root):
    if shutil.which("man") is None:
        pytest.skip("no man: apt install man-db")
    path = root / "usr/share/man/man1/matting.1.gz"
    done = subprocess.run(
        ["man", "--warnings", "-l", path],
        capture_output=True,
        text=True,
        env=dict(os.environ, MANWIDTH="200"),
    )
    assert done.returncode == 0 and done.stderr == ""
    for text in (
        "matting image [OPTIONS]",
        "matting model fetch",
        "model_refine_threshold",
        "--plate",
    ):
        assert text in done.stdout


COMPLETERS = {
    "bash": """
        . usr/share/bash-completion/completions/matting
        COMP_WORDS=(matting {words} '{word}'); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _matting; printf '%s\\n' "${{COMPREPLY[@]}}"
    """,
    "fish": """
        source usr/share/fish/vendor_completions.d/matting.fish
        complete --do-complete 'matting {words} {word}'
    """,
    "zsh": """
        fpath=($PWD/usr/share/zsh/vendor-completions $fpath)
        words=(matting {words} '{word}'); CURRENT=$#words
        _describe() {{ print -rl -- ${{${{(P)2}}%%:*}} | grep -e '^{word}' }}
        autoload -U +X _matting; _matting
    """,
}


@pytest.mark.parametrize("shell", COMPLETERS)
@pytest.mark.parametrize(
    "words, word, wanted",
    [
        ("", "im", ["image"]),
        ("image", "--pl", ["--plate"]),
        ("model", "", ["list", "info", "fetch", "import"]),
        ("model fetch", "--h", ["--help"]),
    ],
)
def test_completions(root, shell, words, word, wanted):
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell}: apt install {shell}")
    code = COMPLETERS[shell].format(words=words, word=word)
    flags = {"zsh": ["-f"], "fish": ["--no-config"], "bash": ["--norc"]}[shell]
    output = root.run(shell, *flags, "-c", code, cwd=root.folder)
    assert sorted(line.split("\t")[0] for line in output.split("\n") if line) == sorted(wanted)


def test_the_frei0r_filter(root):
    filters = list((root / "usr/lib/frei0r-1").glob("infer_background_matting.so"))
    if not filters:
        pytest.skip("built without frei0r.h: no filter in the package")
    symbols = run("nm", "--dynamic", "--defined-only", filters[0])
    assert "f0r_construct" in symbols and "f0r_update" in symbols


def test_the_gstreamer_element(root, tmp_path):
    plugins = list((root / LIB / "gstreamer-1.0").glob("libgstinfer_background_matting.so"))
    if not plugins or shutil.which("gst-inspect-1.0") is None:
        pytest.skip("no GStreamer plugin in the package, or no gst-inspect-1.0")
    said = root.run("gst-inspect-1.0", "backgroundmatting",
                    env={"GST_PLUGIN_PATH": str(plugins[0].parent),
                         "GST_REGISTRY": str(tmp_path / "registry")})  # fmt: skip
    assert "Pad Templates" in said
