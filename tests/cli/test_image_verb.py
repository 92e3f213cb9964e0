"""matting image: results, and every failure that a user can run into."""

import json
import math
import unittest

from command import RESULTS, CommandTest, person, png_bytes, png_header


class Results(CommandTest):
    def test_writes_four_pictures_and_the_result(self):
        done = self.succeed(*self.image_arguments())
        self.assertEqual(self.listing(), RESULTS)
        out = self.folder / "out"
        grey, rgb, rgba = 0, 2, 6
        self.assertEqual(png_header(out / "alpha.png"), (96, 80, 8, grey))
        self.assertEqual(png_header(out / "error.png"), (96, 80, 8, grey))
        self.assertEqual(png_header(out / "foreground.png"), (96, 80, 8, rgb))
        self.assertEqual(png_header(out / "composite.png"), (96, 80, 8, rgba))
        result = json.loads((out / "result.json").read_text())
        self.assertEqual(result["size"], {"width": 96, "height": 80})
        self.assertEqual(done.stdout, "")
        self.assertIn("100 %", done.stderr)

    def test_json_goes_to_standard_output(self):
        done = self.succeed(*self.image_arguments(extra=["--json"]))
        written = json.loads((self.folder / "out" / "result.json").read_text())
        self.assertEqual(json.loads(done.stdout), written)

    def test_background_of_another_size_gives_a_composite_like_the_image(self):
        (self.folder / "new.png").write_bytes(png_bytes(31, 64, lambda x, y: (0, 0, 255)))
        self.succeed(*self.image_arguments(extra=["--background", "new.png"]))
        self.assertEqual(png_header(self.folder / "out" / "composite.png"), (96, 80, 8, 2))

    def test_settings_reach_the_task(self):
        extra = ["--set", "model_refine_mode=full", "background=#00ff00", "--set", "cuda=cpu"]
        self.succeed(*self.image_arguments(extra=extra))
        result = json.loads((self.folder / "out" / "result.json").read_text())
        self.assertEqual(result["parameters"]["model_refine_mode"], "full")
        self.assertEqual(result["parameters"]["background"], "#00ff00")

    def test_time_counts_less_than_the_matte_unless_the_settings_say_so(self):
        for extra, side, passes in [
            ([], "fine", "3"),
            (["--set", "plate_projection_passes=1"], "fine", "1"),
            (["--set", "model_backbone_scale=0.5"], "auto", "3"),
        ]:
            with self.subTest(extra=extra):
                self.succeed(*self.image_arguments(extra=extra))
                result = json.loads((self.folder / "out" / "result.json").read_text())
                self.assertEqual(result["parameters"]["model_backbone_min_side"], side)
                self.assertEqual(result["parameters"]["plate_projection_passes"], passes)

    def test_pictures_by_address(self):
        base = self.serve(
            {
                "/image.png": (self.folder / "image.png").read_bytes(),
                "/plate.png": (self.folder / "plate.png").read_bytes(),
            }
        )
        self.succeed(*self.image_arguments(f"{base}/image.png", f"{base}/plate.png"))
        self.assertEqual(self.listing(), RESULTS)

    def test_show_without_a_display_says_so_and_keeps_the_results(self):
        self.environment.pop("DISPLAY", None)
        self.environment.pop("WAYLAND_DISPLAY", None)
        done = self.succeed(*self.image_arguments(extra=["--show"]))
        self.assertIn("--show: cannot show a window", done.stderr)
        self.assertEqual(self.listing(), RESULTS)

    def test_a_second_run_replaces_the_results(self):
        self.succeed(*self.image_arguments())
        self.succeed(*self.image_arguments())
        self.assertEqual(self.listing(), RESULTS)


def stains(x, y):
    """A wall on which places differ as they do in rooms: slowly, and nowhere twice alike."""
    light = 110 + 30 * math.sin(x / 11 + 2 * math.sin(y / 37)) + 25 * math.sin(y / 13 + x / 53)
    return (light, light + 10, light - 10)


class Plates(CommandTest):
    """The plate of a single picture is looked at, and mended where that helps."""

    WIDTH, HEIGHT = 256, 192

    def write(self, name, shift=(0, 0), gain=1.0, person_at=None, scale=1):
        def pixel(x, y):
            if person_at and (x - person_at[0]) ** 2 + (y - person_at[1]) ** 2 < 40**2:
                return (210, 60, 40)
            r, g, b = stains(x * scale - shift[0], y * scale - shift[1])
            return (round(gain * r), round(gain * g), round(gain * b))

        size = (self.WIDTH // scale, self.HEIGHT // scale)
        (self.folder / name).write_bytes(png_bytes(*size, pixel))

    def result(self, *extra):
        done = self.succeed(*self.image_arguments(extra=extra))
        return json.loads((self.folder / "out" / "result.json").read_text()), done.stderr

    def test_a_plate_that_fits_is_left_as_it_is(self):
        self.write("plate.png")
        self.write("image.png", person_at=(128, 100))
        result, said = self.result()
        self.assertEqual(result["plate"]["alignment"], "none")
        self.assertEqual(result["plate"]["gain"], [1, 1, 1])
        self.assertFalse(result["plate"]["plate_misfits"])
        self.assertNotIn("plate", said)

    def test_a_nudged_camera(self):
        self.write("plate.png")
        self.write("image.png", shift=(4, -3), person_at=(128, 100))
        result, said = self.result()
        self.assertNotEqual(result["plate"]["alignment"], "none")
        self.assertAlmostEqual(result["plate"]["misalignment_px"], 5, delta=0.3)
        self.assertLess(result["plate"]["misfit"], 0.2 * result["plate"]["misfit_before"])
        self.assertRegex(said, "the camera stands (4.9|5.[01]) pixels off the plate")
        result, said = self.result("--no-align")
        self.assertEqual(result["plate"]["alignment"], "none")
        self.assertNotIn("the camera stands", said)

    def test_another_exposure(self):
        self.write("plate.png")
        self.write("image.png", gain=0.7, person_at=(128, 100))
        result, said = self.result()
        for gain in result["plate"]["gain"]:
            self.assertAlmostEqual(gain, 0.7, delta=0.05)
        self.assertIn("stops off the plate's; matched", said)
        self.assertEqual(self.result("--no-photometric")[0]["plate"]["gain"], [1, 1, 1])

    def test_a_plate_of_another_size_is_mended_and_told(self):
        self.write("plate.png", scale=2)
        self.write("image.png", shift=(8, 0), person_at=(128, 100))
        result, said = self.result()
        self.assertNotEqual(result["plate"]["alignment"], "none")
        says = (
            "plate resized from 128x96 to the image's 256x192: take it with the same "
            "camera settings"
        )
        self.assertIn(says, result["warnings"])
        self.assertIn(says, said)

    def test_another_scene_is_told(self):
        (self.folder / "plate.png").write_bytes(png_bytes(256, 192, lambda x, y: (250, 250, 5)))
        self.write("image.png", person_at=(128, 100))
        result, said = self.result()
        self.assertTrue(result["plate"]["plate_misfits"])
        self.assertIn("the plate does not fit", said)
        self.assertTrue(any("the plate does not fit" in text for text in result["warnings"]))


class WrongCalls(CommandTest):
    def test_exit_code_two(self):
        image = self.image_arguments
        for arguments, says in [
            ([], "subcommand is required"),
            (["vidoe"], "unknown verb 'vidoe'"),
            (["image", "--image", "image.png", "-o", "out"], "--plate is required"),
            (image(extra=["--colour", "red"]), "--colour"),
            (image(extra=["--set", "nothing"]), "key=value, found 'nothing'"),
            (image(extra=["--set", "foo=1"]), ["'foo'", "model_backbone"]),
            (image(extra=["--set", "model_refine_threshold=7"]), ["'7'", "from 0 to 1"]),
            (image(extra=["--set", "model_type=large"]), ["'large'", "mattingbase"]),
        ]:
            with self.subTest(arguments=arguments):
                self.fail(*arguments, code=2, says=says)
                self.assertEqual(self.listing(), set())

    def test_help_is_no_error(self):
        for arguments in (["--help"], ["image", "--help"], ["model", "fetch", "--help"]):
            self.assertIn("Usage", self.succeed(*arguments).stdout)
        self.assertRegex(self.succeed("--version").stdout, r"matting \d+\.\d+\.\d+")


class Failures(CommandTest):
    def expect(self, arguments, *says, **options):
        self.fail(*arguments, says=says, **options)
        self.assertEqual(self.listing(), set())

    def file(self, name, data):
        (self.folder / name).write_bytes(data)
        return name

    def test_pictures_that_are_no_pictures(self):
        whole = (self.folder / "image.png").read_bytes()
        huge = whole[:16] + (20000).to_bytes(4, "big") * 2 + whole[24:]
        flat = whole[:16] + bytes(4) + whole[20:]
        cases = [
            ("none.png", "no such file"),
            (".", "is a folder"),
            (self.file("empty.png", b""), "is empty"),
            (self.file("text.png", b"some text"), "not an image"),
            (self.file("cut.png", whole[:-20]), "cut off"),
            (self.file("cut.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(9)), "cut off"),
            (self.file("huge.png", huge), "20000x20000"),
            (self.file("flat.png", flat), "gives no size"),
            (self.file("small.png", png_bytes(8, 8, person)), "16x16"),
        ]
        for name, says in cases:
            with self.subTest(name=name):
                self.expect(self.image_arguments(image=name), says)
        self.expect(self.image_arguments(plate="none.png"), "none.png", "no such file")
        self.assert_works()

    def test_addresses(self):
        def redirect(handler):
            handler.send_response(302)
            handler.send_header("Location", "/loop")
            handler.end_headers()

        def announce_much(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", str(2**30))
            handler.end_headers()

        base = self.serve({"/loop": redirect, "/large": announce_much, "/text": b"text"})
        for address, says in [
            (f"{base}/none.png", "status 404"),
            (f"{base}/loop", "redirects more than 5 times"),
            (f"{base}/large", "larger than the limit"),
            (f"{base}/text", "not an image"),
            ("ftp://127.0.0.1/a.png", "wanted an http or https address"),
            ("file:///etc/passwd", "wanted an http or https address"),
            ("http://127.0.0.1:1/a.png", "onnect"),
        ]:
            with self.subTest(address=address):
                self.expect(self.image_arguments(image=address), address, says)
        self.assert_works()

    def test_models(self):
        models = self.folder / "models"
        models.mkdir()
        (models / "torchscript_resnet50_fp32.pth").write_bytes(b"not what was published")
        wanted = "c22fe27f627c04122cd44a3476315eb2fcb06a8d8ff2803ac610c1dd6d4de2a7"
        cases = [
            ("model_backbone=resnet101", "resnet101"),
            ("model_backbone=resnet50", wanted),
            ("model_path=none.pt", "none.pt"),
            ("model_path=image.png", "image.png"),
            ("cuda=cuda:77", "cuda:77"),
        ]
        for setting, says in cases:
            with self.subTest(setting=setting):
                self.expect(self.image_arguments(extra=["--set", setting]), says)
        (models / "torchscript_resnet50_fp32.pth").unlink()
        self.expect(
            self.image_arguments(extra=["--set", "model_backbone=resnet50"]),
            "matting model fetch bmv2-resnet50",
        )
        self.assert_works()

    def test_output_folder_that_cannot_be_written(self):
        self.file("taken", b"a file")
        self.fail(*self.image_arguments(output="taken/out"), says=["taken/out", "Not a directory"])
        self.fail(*self.image_arguments(output="taken"), says=["taken", "cannot make the folder"])
        self.fail(*self.image_arguments(output="/proc/none"), says=["/proc/none"])
        self.assert_works()

    def test_full_disk_leaves_nothing(self):
        self.expect(self.image_arguments(), "cannot write out/", "free some space", file_limit=400)
        self.assert_works()

    def test_no_plugin(self):
        self.environment["WF_PLUGIN_PATH"] = str(self.folder)
        self.expect(self.image_arguments(), "infer_background_matting", "task")


if __name__ == "__main__":
    unittest.main()
