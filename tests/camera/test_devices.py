"""matting video live on real video devices; tests/camera/machine has a computer with some."""

import json
import os
import signal
import subprocess
import time
import unittest

from live_test_case import PATIENCE, LiveTestCase

SIZE = (320, 180)
# A CPU that is emulated mattes nothing larger in time.
QUICK = ("--set", "cuda=cpu", "model_backbone_scale=0.25", "model_backbone_min_side=0",
         "plate_projection=off")  # fmt: skip


def device_named(name, with_pictures_in):
    """The first /dev/videoN of that name that gives pictures, or else takes them."""
    listed = subprocess.run(["v4l2-ctl", "--list-devices"], capture_output=True, text=True).stdout
    for group in listed.split("\n\n"):
        if not group.strip().startswith(name):
            continue
        for device in (line.strip() for line in group.splitlines()[1:]):
            facts = subprocess.run(["v4l2-ctl", "-d", device, "-D"], capture_output=True, text=True)
            own = facts.stdout.partition("Device Caps")[2]
            if with_pictures_in in own:
                return device
    return None


def modprobe(*arguments):
    subprocess.run(["modprobe", "-d", os.environ["VIDEO_MODULES"], *arguments], check=True)


@unittest.skipUnless("VIDEO_MODULES" in os.environ, "needs tests/camera/machine/run")
class Devices(LiveTestCase):
    def setUp(self):
        super().setUp()
        self.camera = device_named("vivid", "Video Capture")
        self.shown = device_named("loopback", "Video Output")
        # A picture that stands still: bars, without the text that counts.
        self.control("test_pattern=0", "osd_text_mode=2")

    def control(self, *settings):
        for setting in settings:
            subprocess.run(["v4l2-ctl", "-d", self.camera, "-c", setting], check=True)

    def grab(self, device, *output):
        """One picture of a device, read by ffmpeg."""
        size = "x".join(map(str, SIZE))
        return subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "v4l2", "-video_size", size, "-i",
             device, "-frames:v", "1", *output],
            cwd=self.folder, check=True, capture_output=True, timeout=PATIENCE,
        ).stdout  # fmt: skip

    def start_live(self, *arguments):
        return self.start("video", "live", "--camera", self.camera, "--size", "320x180", *QUICK,
                          "--background", "#00ff00", "--log", "log.jsonl", "--json",
                          *arguments)  # fmt: skip

    def wait_for(self, process, what):
        self.wait_until(process, lambda: any(map(what, self.log())))

    def test_list(self):
        listed = self.succeed("video", "live", "--list").stdout
        self.assertIn(f"{self.camera}: vivid (camera)\n  yuyv422: 320x180 (60), ", listed)
        self.assertIn(f"{self.shown}: loopback (camera, can be written to)", listed)

    def sees_red(self, camera, formats):
        done = subprocess.run(
            [os.path.join(os.environ["MATTING_SOURCE"], "build/tests/camera_test"),
             "--gtest_filter=*SeesRed*", "--gtest_output="], capture_output=True, text=True,
            env=dict(self.environment, RED_CAMERA=camera, RED_FORMATS=formats), timeout=PATIENCE,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("[  PASSED  ] 1 test", done.stdout)

    def test_colours(self):
        """What drivers say of their YUV is heeded, and what it means where they say nothing."""
        default, srgb, rec709, full_range = (
            "quantization=0", "colorspace=2", "colorspace=1", "quantization=1")  # fmt: skip
        self.addCleanup(self.control, default, srgb)
        for settings in ((default, srgb), (default, rec709), (full_range, srgb)):
            self.control("test_pattern=7", *settings)
            with self.subTest(settings):
                self.sees_red(self.camera, "yuyv422 nv12 yuv420p rgb24")

    def test_colours_of_mjpeg(self):
        feeder = subprocess.Popen(
            ["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i",
             "color=red:s=1280x720:r=5", "-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-q:v", "2",
             "-f", "v4l2", self.shown])  # fmt: skip
        self.addCleanup(feeder.wait)
        self.addCleanup(feeder.kill)
        end = time.monotonic() + PATIENCE
        while "mjpeg: 1280x720" not in self.succeed("video", "live", "--list").stdout:
            self.assertLess(time.monotonic(), end)
        self.sees_red(self.shown, "mjpeg")

    def test_wrong_wishes(self):
        live = ("video", "live", "--background", "#00ff00", *QUICK)
        other = self.call(*live, "--camera", self.camera, "--size", "1000x700", "--camera-rate",
                          "24", "-o", "out.mp4", "--seconds", "0.1")  # fmt: skip
        self.assertIn("sends 1280x720 instead of 1000x700, 12.5 frames a second instead of 24",
                      other.stderr)  # fmt: skip
        self.fail(*live, "--camera", self.camera, "--camera-format", "none", "-o", "out.mp4",
                  says=[f"cannot open the camera {self.camera}", "it offers",
                        "\nnv12: 320x180 (60)"])  # fmt: skip
        self.fail(*live, "--camera", self.camera, "--device", self.camera,
                  says="it takes no pictures")  # fmt: skip

    def test_camera_to_virtual_camera(self):
        """The plate is what the camera sees: nothing but the new background comes out."""
        self.grab(self.camera, "plate.png")
        process = self.start_live("--plate", "plate.png", "--device", self.shown)
        self.wait_for(process, lambda line: "network_ms" in line)
        pixels = self.grab(self.shown, "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
        process.send_signal(signal.SIGINT)
        output, messages = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, messages)
        self.assertGreater(json.loads(output)["frames"], 0)
        self.assertEqual(len(pixels), SIZE[0] * SIZE[1] * 3)
        means = [sum(pixels[c::3]) / (SIZE[0] * SIZE[1]) for c in range(3)]
        self.assertLess(max(means[0], means[2]), 20)
        self.assertGreater(means[1], 235)

    def test_pulled_out(self):
        """The plate by signal, a recording, and the camera is gone."""
        self.addCleanup(modprobe, "vivid", "n_devs=1")
        self.addCleanup(modprobe, "-r", "vivid")
        process = self.start_live("-o", "out.mp4", "--countdown", "0", "--plate-frames", "3")
        self.wait_for(process, lambda line: "frame" in line)
        process.send_signal(signal.SIGUSR1)
        self.wait_for(process, lambda line: line.get("event") == "plate")
        self.wait_for(process, lambda line: "network_ms" in line)
        self.control("disconnect=1")
        output, messages = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1, messages)
        self.assertIn(f"the camera {self.camera} has stopped: No such device", messages)
        self.assertGreater(json.loads(output)["recorded"], 0)
        self.assertEqual(self.frames_of("out.mp4"), json.loads(output)["recorded"])
