"""A tiny film, and the command line that makes jobs of it; needs a release build and ffmpeg."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts" / "farm"
MATTING = os.environ.get("MATTING", str(ROOT / "build/bin/matting"))
FRAMES = 23
PART_FRAMES = 4


def ffmpeg(folder, *arguments):
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def clips(tmp_path_factory):
    """A square that moves before a wall: H.264 with B-frames, variable rate, with a tone."""
    if not os.access(MATTING, os.X_OK):
        pytest.skip(f"no command line at {MATTING}: build it, or set MATTING")
    if not shutil.which("ffmpeg"):
        pytest.skip("needs the command ffmpeg, which makes the clips (Debian: ffmpeg)")
    folder = tmp_path_factory.mktemp("clips")
    wall = "color=0x706050:s=160x90:r=25"
    ffmpeg(folder, "-f", "lavfi", "-i", wall, "-frames:v", 1, "plate.png")
    ffmpeg(
        folder, "-f", "lavfi", "-i", wall, "-f", "lavfi", "-i", "color=0xd0d8e0:s=40x60:r=25",
        "-f", "lavfi", "-i", "sine=d=1.2", "-filter_complex",
        r"[0][1]overlay=x=10+4*n:y=20,settb=1/1000,setpts=N*40+12*mod(N\,3)", "-fps_mode",
        "passthrough", "-frames:v", FRAMES, "-enc_time_base", "1:1000",
        "-c:v", "libx264", "-g", 6, "-bf", 3, "-pix_fmt", "yuv420p",
        "-x264-params", "open-gop=1:b-pyramid=normal:scenecut=0",
        "-c:a", "aac", "-movflags", "+faststart", "clip.mp4",
    )  # fmt: skip
    return folder


class Job:
    """One job in a folder of its own: as one process, and as chunks."""

    def __init__(self, folder, clips):
        self.folder = folder
        for name in ("clip.mp4", "plate.png"):
            shutil.copy(clips / name, folder / name)
        self.arguments = [
            "--video", "clip.mp4", "--plate", "plate.png", "--background", "#203080",
            "--composite", "com.mp4", "--alpha", "alpha.mkv", "--cutout", "cut/%03d.png",
            "--log", "log.jsonl", "--part-frames", PART_FRAMES, "--set", "cuda=cpu", "threads=1",
        ]  # fmt: skip

    def start(self, *arguments):
        return subprocess.Popen(
            [MATTING, "video", *map(str, arguments)],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def call(self, *arguments):
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, output, errors)

    def succeed(self, *arguments):
        done = self.call(*arguments)
        assert done.returncode == 0, done.stderr
        return done

    def fail(self, *arguments, code, says):
        done = self.call(*arguments)
        assert done.returncode == code, done.stderr
        assert says in done.stderr
        return done

    def split(self, *extra, chunk_parts=2):
        """The plan's number of chunks; with 2 parts each there are 3, of up to 8 frames."""
        options = ["--plan", "job.json", "--chunk-parts", chunk_parts, *self.arguments, *extra]
        return int(self.succeed("split", *options).stdout)

    def run_chunk(self, number):
        return self.succeed("run-chunk", "job.json", number)

    def chunk(self, first):
        """The folder of the chunk that begins with a frame."""
        return next(self.folder.glob(f"com.mp4.farm/{first:08d}-????????"))

    def files(self):
        """Bytes of all outputs; of the log the frames' numbers, because the rest is times."""
        paths = [self.folder / "com.mp4", self.folder / "alpha.mkv", *self.folder.glob("cut/*")]
        files = {path.name: path.read_bytes() for path in paths}
        log = (self.folder / "log.jsonl").read_text().splitlines()
        return files | {"log": [line.split(",")[0] for line in log]}

    def assert_joined(self, wanted):
        assert not (self.folder / "com.mp4.farm").exists()
        found = self.files()
        assert found.keys() == wanted.keys()
        for name, value in wanted.items():
            assert found[name] == value, f"{name} is not that of one process"


@pytest.fixture
def job(tmp_path, clips):
    return Job(tmp_path, clips)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory, clips):
    """The outputs of one process."""
    job = Job(tmp_path_factory.mktemp("whole"), clips)
    job.succeed(*job.arguments)
    return job
