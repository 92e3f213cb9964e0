"""The frei0r filter in ffmpeg."""

import array
import json
import re
import subprocess
import unittest

from host_program import HostTest

FILTER = "frei0r=filter_name=infer_background_matting:filter_params="


class InFfmpeg(HostTest):
    program = "ffmpeg"

    def parameters(self, **texts):
        """The texts in their places: the filter's own four, then the task's."""
        described = self.succeed("plugin", "describe", "infer_background_matting", "--json").stdout
        tasks = [row["key"] for row in json.loads(described)[0]["parameters"]]
        tasks.remove("background")
        order = ["plate", "output", "background", "strict", *tasks]
        self.assertLessEqual(set(texts), set(order))
        return "|".join(texts.get(key, "") for key in order).rstrip("|")

    def matte(self, parameters, *output, source="frame.png", before=""):
        return self.ffmpeg("-i", source, "-vf", before + FILTER + parameters, *output)

    def raw_alpha(self, parameters, **options):
        rgba = self.matte(parameters, "-f", "rawvideo", "-pix_fmt", "rgba", "-", **options)
        return rgba.stdout[0::4], rgba.stderr.decode()

    def fail_with(self, parameters, *says, **options):
        """ffmpeg goes on with the frame as it was, and the filter says why."""
        frame = self.pixels("frame.png", "rgba")[0::4]
        alpha, log = self.raw_alpha(parameters, **options)
        self.assertEqual(alpha, frame)
        for text in says:
            self.assertIn(text, log)

    # ffmpeg makes RGBA of RGB, which changes no colour.
    def test_alpha_is_that_of_the_command_line(self):
        alpha, _ = self.raw_alpha("plate.png|alpha")
        self.assertEqual(alpha, self.reference_alpha())

    def test_settings_come_in_order_and_empty_ones_are_defaults(self):
        alpha, _ = self.raw_alpha("plate.png|alpha||||||full")
        self.assertEqual(alpha, self.reference_alpha(settings=["model_refine_mode=full"]))

    def test_prores_4444_keeps_the_alpha(self):
        codec = ["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"]
        video = ["-loop", "1", "-i", "frame.png", "-frames:v", "3"]
        self.ffmpeg(*video, "-vf", f"{FILTER}plate.png", *codec, "cut_out.mov")
        # Read with the decoder's 12 bit, rounded to 8: the same bytes.
        deep = array.array("H", self.pixels("cut_out.mov", "gray12le", "alphaextract"))
        alpha = bytes(round(value * 255 / 4095) for value in deep)
        self.assertEqual(alpha, 3 * self.reference_alpha())

    def test_new_size_in_mid_stream(self):
        self.ffmpeg("-i", "frame.png", "-vf", "scale=160:96", "small.png")
        (self.folder / "list.txt").write_text(
            "".join(f"file {name}.png\nduration 0.04\n" for name in ("frame", "small", "frame"))
        )
        source = ["-f", "concat", "-i", "list.txt", "-vf", f"{FILTER}plate.png|alpha,scale=320:176"]
        gray = self.ffmpeg(*source, "-f", "rawvideo", "-pix_fmt", "rgba", "-").stdout[0::4]
        size = self.width * self.height
        self.assertGreaterEqual(len(gray), 3 * size)
        self.assertEqual(gray[:size], self.reference_alpha())
        self.assertEqual(gray[2 * size : 3 * size], gray[:size])

    def test_colon_comma_and_bar_in_a_value(self):
        (self.folder / "a, b|c:d.png").write_bytes((self.folder / "plate.png").read_bytes())
        alpha, _ = self.raw_alpha(r"a\, b\\\\|c\\:d.png|alpha|blur\\:4")
        self.assertEqual(alpha, self.reference_alpha())

    def test_bad_plate(self):
        self.fail_with("missing.png|alpha", "missing.png")

    def test_bad_plate_and_strict(self):
        rgba = self.matte("missing.png|||1", "-f", "rawvideo", "-pix_fmt", "rgba", "-").stdout
        self.assertEqual(rgba, bytes([255, 0, 255, 255]) * (self.width * self.height))

    def test_missing_model(self):
        parameters = self.parameters(plate="plate.png", model_path="none.safetensors")
        self.fail_with(parameters, "none.safetensors")

    def test_wrong_parameter(self):
        parameters = self.parameters(plate="plate.png", model_type="mattingbest")
        self.fail_with(parameters, "mattingrefine, mattingbase")

    def test_any_width_or_a_refusal_with_a_way_out(self):
        for width in (300, 291, 294):
            with self.subTest(width):
                self.make_pictures(width, 180)
                self.assert_width_is_right_or_refused(width)

    def assert_width_is_right_or_refused(self, width):
        raw = ["-f", "rawvideo", "-pix_fmt", "rgba", "-"]
        chain = FILTER + "plate.png|alpha"
        done = self.start("ffmpeg", "-v", "error", "-i", "frame.png", "-vf", chain, *raw)
        if done.returncode == 0:
            self.assertEqual(done.stdout[0::4], self.reference_alpha())
            return
        # Only where the versions between those that are known may skew the picture.
        self.assertNotEqual(self.libavfilter(), "8.44", done.stderr)
        self.assertIn(f"{width} pixels wide", done.stderr.decode())
        self.assertIn("pad=ceil(iw/16)*16:ih", done.stderr.decode())
        self.matte("plate.png", *raw, before="pad=ceil(iw/16)*16:ih,")

    def libavfilter(self):
        """Its version: "8.44"."""
        versions = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True).stdout
        return "".join(re.search(r"libavfilter +(\d+\.) *(\d+)", versions).groups())

    def test_the_documented_commands(self):
        self.ffmpeg("-loop", "1", "-i", "frame.png", "-frames:v", "2", "-c:v", "ffv1", "video.mkv")
        self.run_documented("ffmpeg")
        self.assertTrue((self.folder / "cut_out.mov").exists())


if __name__ == "__main__":
    unittest.main()
