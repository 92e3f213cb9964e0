"""matting video: plates that are made of clips, checked and repaired."""

import json
import os
import unittest

from command import CommandTest
from test_video_verb import VideoTest

SAMPLES = os.path.join(os.environ["MATTING_SOURCE"], "sample_image")
CLIP = os.path.join(SAMPLES, "portrait_clip.mp4")
PLATE = os.path.join(SAMPLES, "portrait_plate.jpg")


class Check(CommandTest):
    def check(self, plate):
        return ["video", "--video", CLIP, "--plate", os.path.join(SAMPLES, plate), "--check"]

    def test_says_that_the_plate_fits(self):
        done = self.succeed(*self.check("portrait_plate.jpg"))
        self.assertIn("verdict: the plate fits", done.stdout)

    def test_fails_where_the_plate_is_of_another_room(self):
        done = self.call(*self.check("odd_plate.jpg"), "--json")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("does not fit", done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["verdict"], "unfit")
        self.assertGreaterEqual(len(report["frames"]), 12)

    def test_needs_a_plate(self):
        self.fail("video", "--video", CLIP, "--check", code=2, says=["--plate", "--auto-plate"])


class Repair(CommandTest):
    def matte(self, *extra):
        return self.succeed("video", "--video", CLIP, "--frames", 3, "--set", "cuda=cpu",
                            "threads=1", *extra)  # fmt: skip

    def lines(self):
        return [json.loads(line) for line in (self.folder / "log.jsonl").read_text().splitlines()]

    def test_is_told_in_log_and_summary(self):
        done = self.matte("--plate", PLATE, "--alpha", "a.mkv", "--log", "log.jsonl", "--json")
        for line in self.lines():
            self.assertEqual(line["plate"]["alignment"], "none")
            self.assertFalse(line["plate"]["plate_misfits"])
            self.assertLess(line["plate"]["misfit"], 0.02)
        (fault,) = json.loads(done.stdout)["plate"]["faults"]
        self.assertIn("plate resized from 1920x1080 to the image's 320x180", fault)

    def test_warns_of_a_plate_of_another_room(self):
        done = self.matte("--plate", os.path.join(SAMPLES, "odd_plate.jpg"), "--alpha", "a.mkv")
        self.assertIn("the plate does not fit", done.stderr)

    def test_smoothing_reaches_every_output_with_alpha_in_it(self):
        for background in ((), ("--background", "#00ff00")):
            first, second = (
                self.matte_to(f"{smooth}.mkv", *background, "--smooth", smooth) for smooth in (0, 0.9)
            )
            self.assertNotEqual(first, second, background)

    def matte_to(self, name, *arguments):
        self.matte("--plate", PLATE, "-o", name, *arguments)
        return (self.folder / name).read_bytes()


class AutoPlate(VideoTest):
    def test_makes_the_plate_of_the_clip(self):
        done = self.succeed(*[a for a in self.video_arguments("--auto-plate", "--cutout", "cut.mov")
                              if a not in ("--plate", "plate.png")])  # fmt: skip
        self.assertEqual(len(self.times("cut.mov")), 12)
        for name in ("cut.plate.png", "cut.plate_unsure.png"):
            self.assertTrue((self.folder / name).exists(), done.stderr)
        # The ball moves on by less than its width: something stays a guess, the rest is the wall.
        self.ffmpeg("-i", "cut.plate.png", "-i", "plate.png", "-lavfi", "psnr=stats_file=psnr.txt",
                    "-f", "null", "-")  # fmt: skip
        psnr = (self.folder / "psnr.txt").read_text().split("psnr_avg:")[1].split()[0]
        self.assertGreater(float(psnr), 14)

    def test_averages_several_takes_of_a_plate(self):
        self.ffmpeg("-loop", "1", "-i", "plate.png", "-frames:v", "5", "-vf", "noise=alls=20:allf=t",
                    "-c:v", "ffv1", "-pix_fmt", "bgr0", "takes.mkv")  # fmt: skip
        arguments = [a if a != "plate.png" else "takes.mkv" for a in self.video_arguments()]
        self.succeed(*arguments, "--average-plate", "--alpha", "a.mkv", "--frames", 2)
        self.assertTrue((self.folder / "a.plate.png").exists())

    def test_excludes_a_plate_of_ones_own(self):
        self.fail(*self.video_arguments("--auto-plate", "-o", "cut.mov"), code=2, says="--plate")


del CommandTest, VideoTest  # imported to be derived from, not to be run again

if __name__ == "__main__":
    unittest.main()
