"""The element in gst-launch-1.0, and as gst-inspect-1.0 shows it."""

import unittest

from host_program import HostTest

RUNS = 20


class InGstLaunch(HostTest):
    program = "gst-launch-1.0"

    def launch(self, description):
        return self.start("gst-launch-1.0", "-q", *description.split())

    def raw(self, description):
        """The bytes of all frames of a pipeline that is well."""
        done = self.launch(f"{description} ! filesink location=out.raw")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return (self.folder / "out.raw").read_bytes()

    def fail_with(self, properties, text):
        done = self.launch(
            "filesrc location=frame.png ! pngdec ! backgroundmatting "
            f"plate-location=plate.png {properties} ! fakesink"
        )
        self.assertGreater(done.returncode, 0, "an error, and no signal")
        self.assertIn(text, done.stderr.decode())

    STILL_PLATE = (
        "filesrc location=frame.png ! pngdec ! m.sink "
        "filesrc location=plate.png ! pngdec ! m.plate backgroundmatting name=m output=alpha"
    )

    # The pads make RGBA of RGB, which changes no colour.
    def test_alpha_is_that_of_the_command_line_in_every_run(self):
        expected = self.reference_alpha()
        for run in range(RUNS):
            self.assertEqual(self.raw(self.STILL_PLATE)[0::4], expected, f"run {run}")

    def test_a_plate_by_location_is_the_same(self):
        by_file = "filesrc location=frame.png ! pngdec ! backgroundmatting plate-location=plate.png"
        self.assertEqual(self.raw(f"{by_file} output=alpha")[0::4], self.reference_alpha())

    # The command line gets what videoconvert makes of the same NV12, as the pad does.
    def test_alpha_of_nv12_is_that_of_the_command_line(self):
        nv12 = "filesrc location=frame.png ! pngdec ! videoconvert ! video/x-raw,format=NV12"
        done = self.launch(
            f"{nv12} ! videoconvert ! video/x-raw,format=RGBA ! pngenc ! filesink location=nv12.png"
        )
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        alpha = self.raw(f"{nv12} ! backgroundmatting plate-location=plate.png output=alpha")[0::4]
        self.assertEqual(alpha, self.reference_alpha("nv12.png"))

    def test_bad_plate(self):
        self.fail_with("plate-location=missing.png", "missing.png")

    def test_missing_model(self):
        self.fail_with("model-path=none.safetensors", "none.safetensors")

    def test_wrong_parameter(self):
        self.fail_with("model-type=mattingbest", "mattingrefine, mattingbase")

    def test_inspect_shows_pads_and_documentation(self):
        shown = self.start("gst-inspect-1.0", "backgroundmatting").stdout.decode()
        for text in (
            *("Cuts out what stands before a known background", "Filter/Editor/Video/Compositor"),
            *("SINK template: 'sink'", "SINK template: 'plate'", "SINK template: 'background'"),
            *("plate-location", "pixels refined in sampling", 'default: "80000"', "MIT"),
        ):
            self.assertIn(text.lower(), shown.lower())

    def test_the_documented_commands(self):
        video = ["-loop", "1", "-i", "frame.png", "-frames:v", "3", "-c:v", "mjpeg"]
        self.ffmpeg(*video, "-pix_fmt", "yuvj420p", "video.mkv")
        self.run_documented("GStreamer")
        cut_outs = sorted(self.folder.glob("cut_out_*.png"))
        self.assertEqual(len(cut_outs), 3)
        alpha = self.pixels(cut_outs[2], "rgba")[3::4]
        self.assertEqual((min(alpha), max(alpha)), (0, 255))
        self.assertGreater((self.folder / "composite.avi").stat().st_size, 1000)


if __name__ == "__main__":
    unittest.main()
