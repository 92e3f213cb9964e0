"""matting video live: filter graphs stand for cameras, a virtual screen for the window."""

import json
import os
import shutil
import signal
import subprocess
import unittest

from command import person, png_bytes
from live_test_case import PATIENCE, LiveTestCase

FFMPEG = shutil.which("ffmpeg") and shutil.which("ffprobe")
SCREEN = shutil.which("Xvfb") and shutil.which("xdotool")


class LiveTest(LiveTestCase):
    def live_arguments(self, *extra, camera="lavfi:testsrc=s=96x80:r=25,realtime"):
        return ["video", "live", "--camera", camera, "--set", "cuda=cpu", "threads=1", *extra]


class WithoutWindow(LiveTest):
    @unittest.skipUnless(FFMPEG, "needs the commands ffmpeg and ffprobe (Debian: ffmpeg)")
    def test_camera_to_file(self):
        for i in range(12):
            frame = png_bytes(96, 80, lambda x, y, i=i: person((x - 2 * i) % 96, y))
            (self.folder / f"frame_{i:02d}.png").write_bytes(frame)
        subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-framerate", "25", "-i",
                        "frame_%02d.png", "-c:v", "ffv1", "-pix_fmt", "bgr0", "clip.mkv"],
                       cwd=self.folder, check=True)  # fmt: skip
        done = self.succeed(*self.live_arguments(
            "--plate", "plate.png", "--background", "#00ff00", "-o", "out.mp4", "--log",
            "log.jsonl", "--json", camera="lavfi:movie=clip.mkv,realtime",
        ))  # fmt: skip
        summary = json.loads(done.stdout)
        self.assertEqual(summary["frames"] + summary["dropped"], 12)
        self.assertEqual(summary["recorded"] + summary["left_out_of_recording"], summary["frames"])
        frames = [line for line in self.log() if "frame" in line]
        self.assertEqual(len(frames), summary["frames"])
        self.assertGreater(frames[-1]["latency_ms"], 0)
        self.assertEqual(self.frames_of("out.mp4"), summary["recorded"])

    def test_signals_take_the_plate_and_end(self):
        process = self.start(*self.live_arguments(
            "-o", "out.mov", "--countdown", "0", "--plate-frames", "2", "--log", "log.jsonl",
            camera="lavfi:color=0x707070:s=96x80:r=25,realtime",
        ))  # fmt: skip
        self.wait_until(process, lambda: len(self.log()) > 0)
        process.send_signal(signal.SIGUSR1)
        self.wait_until(process, lambda: "plate" in self.events())
        self.wait_until(process, lambda: "network_ms" in self.log()[-1])
        process.send_signal(signal.SIGINT)
        self.end(process)
        self.assertTrue((self.folder / "out.mov").exists())

    def repaired(self, plate, *extra):
        """Summary and last frame of a camera that was nudged since the plate was taken."""
        samples = os.path.join(os.environ["MATTING_SOURCE"], "sample_image")
        clip = f"lavfi:movie={samples}/portrait_clip.mp4,trim=end_frame=9,scroll=hpos=0.01"
        done = self.succeed(*self.live_arguments(
            "--plate", os.path.join(samples, plate), "-o", "out.mov", "--log", "log.jsonl",
            "--json", *extra, camera=clip,
        ))  # fmt: skip
        return done, [line for line in self.log() if "plate" in line][-1]["plate"]

    def test_plate_is_repaired(self):
        done, plate = self.repaired("portrait_plate.jpg")
        self.assertNotEqual(plate["alignment"], "none")
        self.assertLess(plate["misfit"], plate["misfit_before"] / 2)
        (fault,) = json.loads(done.stdout)["plate"]["faults"]
        self.assertIn("plate resized", fault)
        _, plate = self.repaired("portrait_plate.jpg", "--no-align")
        self.assertEqual(plate["alignment"], "none")

    def test_plate_of_another_room(self):
        done, _ = self.repaired("odd_plate.jpg")
        self.assertIn("the plate does not fit", done.stderr)
        self.assertNotEqual(json.loads(done.stdout)["plate"]["faults"], [])

    def test_camera_that_is_pulled_out(self):
        """What there was is kept and told."""
        fails = "lavfi:testsrc=s=96x80:r=25,realtime,scale=w='if(gt(n,9),9e9,96)':h=80:eval=frame"
        done = self.call(*self.live_arguments(
            "--plate", "plate.png", "-o", "out.mov", "--json", camera=fails,
        ))  # fmt: skip
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("has stopped", done.stderr)
        summary = json.loads(done.stdout)
        self.assertEqual(summary["frames"] + summary["dropped"], 10)
        self.assertTrue((self.folder / "out.mov").exists())
        self.assertFalse((self.folder / "out.mov.parts").exists())

    def test_nothing_is_left_of_a_call_that_fails(self):
        self.fail(*self.live_arguments("--plate", "nothing.png", "-o", "out.mov"),
                  says="nothing.png")  # fmt: skip
        self.assertEqual([p.name for p in self.folder.glob("out.mov*")], [])

    def test_seconds_end_it(self):
        self.succeed(*self.live_arguments("--plate", "plate.png", "-o", "out.mov", "--seconds", "0.5"))

    def test_missing_camera(self):
        self.fail("video", "live", "--camera", "/dev/video987", "-o", "out.mov",
                  says=["cannot open the camera /dev/video987", "/dev/video"])  # fmt: skip
        self.assertIn("/dev/video", self.succeed("video", "live", "--list").stdout)

    def test_wrong_calls(self):
        wrong = {
            "found '1280*720'": ["--size", "1280*720", "-o", "a.mov"],
            "name a --background": ["--device", "/dev/video987"],
            "no parameter": ["--set", "nothing=1", "-o", "a.mov"],
            "--hold-rate": ["--hold-rate", "0", "-o", "a.mov"],
        }
        for text, arguments in wrong.items():
            with self.subTest(text):
                done = self.call(*self.live_arguments(*arguments))
                self.assertEqual(done.returncode, 2, done.stderr)
                if text != "no parameter":
                    self.assertIn(text, done.stderr)
        self.fail(*self.live_arguments("-o", "a.mp4"), code=2, says="no alpha")
        self.fail(*self.live_arguments("-o", "a.mov", "--background", "#1"), code=2, says="#1")

    def test_no_display(self):
        self.environment.update(DISPLAY="", WAYLAND_DISPLAY="")
        self.fail(*self.live_arguments(), says="cannot show a window")


@unittest.skipUnless(SCREEN, "needs the commands Xvfb and xdotool (Debian: xvfb, xdotool)")
class InAWindow(LiveTest):
    def setUp(self):
        super().setUp()
        reading, writing = os.pipe()
        screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
            pass_fds=[writing], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.addCleanup(screen.wait)
        self.addCleanup(screen.terminate)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.environment.update(DISPLAY=":" + pipe.readline().strip(), WAYLAND_DISPLAY="")

    def xdotool(self, *arguments):
        return subprocess.run(["xdotool", *arguments], env=self.environment, timeout=PATIENCE,
                              capture_output=True, text=True, check=True).stdout  # fmt: skip

    def press(self, key):
        self.xdotool("search", "--sync", "--name", "^matting$", "windowfocus", "--sync")
        self.xdotool("key", key)

    def test_keys(self):
        process = self.start(*self.live_arguments(
            "--countdown", "0", "--plate-frames", "2", "--background", "#ff0000", "#0000ff",
            "--log", "log.jsonl", camera="lavfi:color=0x707070:s=320x240:r=25,realtime",
        ))  # fmt: skip
        self.wait_until(process, lambda: len(self.log()) > 0)
        self.press("p")
        self.wait_until(process, lambda: "plate" in self.events())
        self.press("b")
        self.wait_until(process, lambda: "background" in self.events())
        self.press("a")
        self.press("q")
        self.end(process)


if __name__ == "__main__":
    unittest.main()
