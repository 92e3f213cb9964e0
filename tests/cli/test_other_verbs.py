"""matting run, bench, evaluate, plugin; Ctrl-C."""

import json
import signal
import subprocess
import time
import unittest

from command import MATTING, RESULTS, CommandTest, person, png_bytes


def workflow_of(name="infer_background_matting", parameters=(), connections=((0, 0), (1, 1))):
    return {
        "api": "1.1",
        "tasks": [{"task_id": 0, "task_data": {"name": name, "parameters": list(parameters)}}],
        "connections": [
            {"source_id": -1, "source_index": source, "target_id": 0, "target_index": target}
            for source, target in connections
        ],
    }


class Run(CommandTest):
    inputs = ["--input", "0=image.png", "--input", "1=plate.png", "-o", "out"]

    def test_runs_a_saved_workflow(self):
        self.succeed("run", self.write_json("flow.json", workflow_of()), *self.inputs)
        self.assertEqual(self.listing(), RESULTS)
        result = json.loads((self.folder / "out" / "result.json").read_text())
        self.assertEqual(result["tasks"][0]["result"]["size"], {"width": 96, "height": 80})
        self.assertEqual(result["outputs"][1]["file"], "alpha.png")

    def test_names_what_is_wrong_with_a_workflow(self):
        cycle = workflow_of()
        cycle["connections"].append(
            {"source_id": 0, "source_index": 0, "target_id": 0, "target_index": 0}
        )
        unknown_parameter = workflow_of(parameters=[{"name": "foo", "value": "1"}])
        bad_value = workflow_of(parameters=[{"name": "model_type", "value": "large"}])
        (self.folder / "syntax.json").write_text('{"tasks": [}')
        for name, says in [
            ("none.json", "no such file"),
            ("syntax.json", "line 1"),
            (self.write_json("cycle.json", cycle), "cycle"),
            (self.write_json("task.json", workflow_of("nope")), "nope"),
            (self.write_json("key.json", unknown_parameter), "foo"),
            (self.write_json("value.json", bad_value), "large"),
            (self.write_json("index.json", workflow_of(connections=((0, 9),))), "9"),
        ]:
            with self.subTest(name=name):
                self.fail("run", name, *self.inputs, says=[name, says])
                self.assertEqual(self.listing(), set())
        self.assert_works()

    def test_inputs(self):
        flow = self.write_json("flow.json", workflow_of())
        for wrong in ["image.png", "x=image.png", "-1=image.png", "0="]:
            self.fail("run", flow, "--input", wrong, "-o", "out", code=2, says="NUMBER=FILE")
        self.fail("run", flow, "--input", "300=image.png", "-o", "out", says="300")
        self.fail("run", flow, "--input", "0=image.png", "-o", "out", says="plate")


class Bench(CommandTest):
    def test_reports_times_and_memory(self):
        done = self.succeed(
            "bench", "--image", "image.png", "--plate", "plate.png",
            "--warmup", 1, "--runs", 3, "--json",
        )  # fmt: skip
        report = json.loads(done.stdout)
        self.assertEqual(report["runs"], 3)
        self.assertLessEqual(report["ms"]["min"], report["ms"]["median"])
        self.assertLessEqual(report["ms"]["median"], report["ms"]["p95"])
        self.assertGreater(report["network_ms"], 0)
        self.assertGreater(report["memory_mib"], 1)
        self.assertIn("network", report["stages"])
        self.assertIn("engine", report)

    def test_prints_for_people(self):
        done = self.succeed(
            "bench", "--image", "image.png", "--plate", "plate.png", "--warmup", 1, "--runs", 1
        )
        self.assertIn("bytes in to bytes out", done.stdout)

    def test_refuses_no_runs(self):
        self.fail("bench", "--image", "a", "--plate", "b", "--runs", 0, code=2, says="--runs")


class Evaluate(CommandTest):
    def make_set(self):
        item = self.folder / "set" / "ball"
        item.mkdir(parents=True)
        captured = self.folder / "set" / "captured" / "wall"
        captured.mkdir(parents=True)
        for folder in (item, captured):
            (folder / "src.png").write_bytes((self.folder / "image.png").read_bytes())
            (folder / "bgr.png").write_bytes((self.folder / "plate.png").read_bytes())

        def alpha(x, y):
            return (255,) * 3 if person(x, y) == (210, 60, 40) else (0,) * 3

        (item / "alpha.png").write_bytes(png_bytes(96, 80, alpha))
        (item / "fgr.png").write_bytes(png_bytes(96, 80, lambda x, y: (210, 60, 40)))
        square = [[40, 30], [55, 30], [55, 45], [40, 45]]
        regions = {"units": [96, 80], "body": [square], "background": [[[0, 0], [9, 0], [9, 9]]]}
        (captured / "regions.json").write_text(json.dumps(regions))

    def test_measures_composites_and_captured_pictures(self):
        self.make_set()
        done = self.succeed("evaluate", "set", "--json", "--report", "report", "--save", "saved")
        report = json.loads(done.stdout)
        self.assertEqual(set(report["composites"]), {"ball"})
        self.assertEqual(report["mean"], report["composites"]["ball"])
        self.assertLess(report["mean"]["mad"], 500)
        self.assertIn("fgr_mse", report["mean"])
        self.assertIn("body_mean", report["captured"]["wall"])
        self.assertEqual(self.listing("saved/ball"), {"alpha.png", "fgr.png"})
        page = (self.folder / "report" / "index.html").read_text()
        for picture in ("ball_difference.jpg", "wall_composite.jpg"):
            self.assertIn(picture, page)
            self.assertIn(picture, self.listing("report"))
        self.assertIn("MEAN of 1", self.succeed("evaluate", "set").stdout)

    def test_an_empty_or_missing_set(self):
        (self.folder / "empty").mkdir()
        self.fail("evaluate", "empty", says=["nothing to evaluate in empty", "src.png"])
        self.fail("evaluate", "none", says="nothing to evaluate in none")

    def test_a_truth_of_another_size(self):
        self.make_set()
        truth = self.folder / "set" / "ball" / "alpha.png"
        truth.write_bytes(png_bytes(50, 50, person))
        self.fail("evaluate", "set", says=["96x80", "50x50"])


class Plugin(CommandTest):
    def test_lists_and_describes(self):
        self.assertIn("infer_background_matting", self.succeed("plugin", "list").stdout)
        plugins = json.loads(self.succeed("plugin", "list", "--json").stdout)
        names = [plugin["name"] for plugin in plugins]
        self.assertIn("infer_background_matting", names)
        text = self.succeed("plugin", "describe", "infer_background_matting", "--json").stdout
        task = json.loads(text)[0]
        self.assertEqual([port["name"] for port in task["outputs"]][1], "alpha")
        self.assertTrue(task["inputs"][1]["required"])
        keys = [parameter["key"] for parameter in task["parameters"]]
        self.assertIn("model_backbone", keys)
        self.assertIn("model_backbone", self.succeed(
            "plugin", "describe", "infer_background_matting").stdout)

    def test_unknown_name(self):
        self.fail("plugin", "describe", "nope", says=["nope", "infer_background_matting"])


class Interrupt(CommandTest):
    def test_ctrl_c_ends_the_work(self):
        process = subprocess.Popen(
            [MATTING, "bench", "--image", "image.png", "--plate", "plate.png", "--runs", "100000"],
            cwd=self.folder, env=self.environment, stderr=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.addCleanup(process.kill)
        for line in process.stderr:
            if "measuring" in line:
                break
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        output, message = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertEqual(output, "")
        self.assertIn("interrupted", message)
        self.assertLess(time.monotonic() - start, 30)


if __name__ == "__main__":
    unittest.main()
