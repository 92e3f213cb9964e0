"""Calls a host program, and makes and reads the pictures that it takes and gives."""

import os
import pathlib
import shutil
import subprocess

from command import SOURCE, CommandTest

MODULES = pathlib.Path(os.environ["MATTING_MODULES"])


class HostTest(CommandTest):
    """frame.png and plate.png of 320x176 in the test's folder, from a sample of the package."""

    program = None  # set by the test class
    width, height = 320, 176

    def setUp(self):
        super().setUp()
        for name in ("ffmpeg", self.program):
            if shutil.which(name) is None:
                self.skipTest(f"{name} is not installed, see scripts/packages.sh")
        self.environment["GST_PLUGIN_PATH"] = str(MODULES / "gstreamer-1.0")
        self.environment["GST_REGISTRY"] = str(MODULES.parent / "tests" / "gstreamer_registry.bin")
        self.environment["FREI0R_PATH"] = str(MODULES / "frei0r-1")
        self.make_pictures(self.width, self.height)

    def make_pictures(self, width, height):
        for name, sample in ("frame", "portrait_image"), ("plate", "portrait_plate"):
            self.ffmpeg(
                *("-i", SOURCE / "sample_image" / f"{sample}.jpg", "-pix_fmt", "rgb24"),
                *("-vf", f"scale={width}:{height}", "-update", "1", f"{name}.png"),
            )

    def start(self, program, *arguments):
        """The finished process of any program, in the test's folder."""
        return subprocess.run(
            [program, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            timeout=300,
        )

    def ffmpeg(self, *arguments):
        done = self.start("ffmpeg", "-hide_banner", "-v", "error", "-y", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done

    def pixels(self, path, pixel_format, *filters):
        """All frames of a file as bytes."""
        graph = ["-vf", ",".join(filters)] if filters else []
        return self.ffmpeg(
            "-i", path, *graph, "-f", "rawvideo", "-pix_fmt", pixel_format, "-"
        ).stdout

    def reference_alpha(self, frame="frame.png", settings=()):
        """The bytes of alpha of a frame matted as a video's is, with the plate as it is."""
        extra = ["--no-align", "--no-photometric"]
        extra += ["--set", "model_backbone_min_side=auto", "plate_projection_passes=1"]
        extra += [text for setting in settings for text in ("--set", setting)]
        self.succeed(*self.image_arguments(frame, "plate.png", output="reference", extra=extra))
        return self.pixels("reference/alpha.png", "gray")

    def commands_of(self, heading):
        """The commands that docs/HOSTS.md gives under a heading, each as one line."""
        text = (SOURCE / "docs" / "HOSTS.md").read_text()
        section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
        blocks = section.split("```sh\n")[1:]
        commands = [block.split("```")[0].replace("\\\n", " ").strip() for block in blocks]
        return [line for command in commands for line in command.splitlines()]

    def run_documented(self, heading):
        for command in self.commands_of(heading):
            done = self.start("bash", "-c", command)
            self.assertEqual(done.returncode, 0, f"{command}\n{done.stderr.decode()}")
