"""The frei0r filter in melt, and so in what is made of MLT."""

import unittest

from host_program import HostTest

FRAMES = 6


class InMelt(HostTest):
    program = "melt"

    def setUp(self):
        super().setUp()
        # A lossless video of RGB; each frame is another part of the picture.
        moving = "scale=iw+2*6:ih,crop=320:176:2*n:0"
        self.ffmpeg(
            *("-loop", "1", "-i", "frame.png", "-frames:v", str(FRAMES), "-vf", moving),
            *("-c:v", "ffv1", "-pix_fmt", "bgr0", "video.mkv"),
        )

    def melt(self, *properties, real_time=-1):
        """Red of all frames through the filter, and what was logged."""
        consumer = ["avformat:out.nut", "vcodec=rawvideo", "pix_fmt=rgba", "mlt_image_format=rgba"]
        # On a busy machine MLT 7.12's parallel consumer now and then ends before its first frame,
        # with an empty file and without an error; with its own sepia, too (1 run of 25).
        for _ in range(10):
            done = self.start(
                *("melt", "-silent", "video.mkv"),
                *("-filter", "frei0r.infer_background_matting", *properties),
                *("-consumer", *consumer, "an=1", f"real_time={real_time}"),
            )
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            if (self.folder / "out.nut").stat().st_size > 0:
                break
        return self.pixels("out.nut", "rgba")[0::4], done.stderr.decode()

    def frames(self):
        return self.pixels("video.mkv", "rgba")[0::4]

    # MLT makes RGBA of the video's RGB, which changes no colour.
    def test_alpha_is_that_of_the_command_line(self):
        alpha, _ = self.melt("plate=plate.png", "output=alpha")
        self.ffmpeg("-i", "video.mkv", "-pix_fmt", "rgb24", "frame_%d.png")
        expected = [self.reference_alpha(f"frame_{i + 1}.png") for i in range(FRAMES)]
        self.assertEqual(alpha, b"".join(expected))

    def test_threads_with_an_instance_each_give_the_same(self):
        alpha, _ = self.melt("plate=plate.png", "output=alpha")
        for real_time in -2, -4:
            self.assertEqual(
                self.melt("plate=plate.png", "output=alpha", real_time=real_time)[0], alpha
            )

    def test_slices_are_refused_with_a_line(self):
        passed, log = self.melt("plate=plate.png", "output=alpha", "threads=2")
        self.assertEqual(passed, self.frames())
        self.assertIn("slices", log)

    def test_bad_plate(self):
        passed, log = self.melt("plate=missing.png")
        self.assertEqual(passed, self.frames())
        self.assertIn("missing.png", log)

    def test_wrong_parameter_and_strict(self):
        red, log = self.melt("plate=plate.png", "model_type=none", "strict=1")
        self.assertEqual(red, b"\xff" * len(red))
        self.assertIn("mattingrefine, mattingbase", log)

    def test_the_documented_commands(self):
        self.run_documented("melt, Kdenlive, Shotcut")
        self.assertTrue((self.folder / "cut_out.mov").exists())


if __name__ == "__main__":
    unittest.main()
