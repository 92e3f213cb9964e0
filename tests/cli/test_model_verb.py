"""matting model: list, info, fetch from a loopback server, import."""

import hashlib
import io
import json
import time
import unittest
import zipfile

from command import CommandTest


def archive(*names):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in names:
            file.writestr(name, "x" * 1000)
    return data.getvalue()


SCRIPT = archive("m/data.pkl", "m/code/__torch__/model.py", "m/constants.pkl")


class Model(CommandTest):
    def setUp(self):
        super().setUp()
        self.files = {"/published.pth": SCRIPT}
        entry = {
            "name": "published",
            "backbone": "resnet50",
            "format": "torchscript",
            "file": "published.pth",
            "sha256": hashlib.sha256(SCRIPT).hexdigest(),
            "url": self.serve(self.files) + "/published.pth",
        }
        self.write_json("catalog.json", {"schema": 1, "models": [entry]})
        self.environment["MATTING_CATALOG"] = str(self.folder / "catalog.json")
        self.installed = self.folder / "models" / "published.pth"

    def state(self, name="published"):
        entries = json.loads(self.succeed("model", "list", "--json").stdout)
        return {entry["name"]: entry["state"] for entry in entries}[name]

    def test_fetch_installs_a_checked_file(self):
        self.assertEqual(self.state(), "not installed")
        done = self.succeed("model", "fetch", "published")
        self.assertEqual(done.stdout.strip(), str(self.installed))
        self.assertIn("--set model_backbone=resnet50", done.stderr)
        self.assertEqual(self.installed.read_bytes(), SCRIPT)
        self.assertEqual(self.state(), "installed")
        self.assertIn("there already", self.succeed("model", "fetch", "published").stderr)
        self.installed.write_bytes(b"changed")
        self.assertEqual(self.state(), "changed")

    def test_fetch_goes_on_where_it_broke_off(self):
        self.files["/published.pth"] = lambda handler: handler.send_body(SCRIPT[:500], len(SCRIPT))
        self.fail("model", "fetch", "published", says="broke off after 500 bytes")
        self.assertEqual(self.listing("models"), {"published.pth.part"})
        self.files["/published.pth"] = SCRIPT
        self.succeed("model", "fetch", "published")
        self.assertEqual(self.server.requests[-1][1], "bytes=500-")
        self.assertEqual(self.listing("models"), {"published.pth"})

    def test_fetch_waits_for_a_slow_server(self):
        def trickle(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(SCRIPT)))
            handler.end_headers()
            for first in range(0, len(SCRIPT), 500):
                handler.wfile.write(SCRIPT[first : first + 500])
                handler.wfile.flush()
                time.sleep(0.02)

        self.files["/published.pth"] = trickle
        self.succeed("model", "fetch", "published")
        self.assertEqual(self.installed.read_bytes(), SCRIPT)
        self.assertEqual(self.listing("models"), {"published.pth"})

    def test_fetch_refuses_a_changed_and_a_missing_file(self):
        self.files["/published.pth"] = SCRIPT + b"!"
        self.fail("model", "fetch", "published", says=["SHA-256", "wanted"])
        del self.files["/published.pth"]
        self.fail("model", "fetch", "published", says="status 404")
        self.assertEqual(self.listing("models"), set())
        self.fail("model", "fetch", "other", says=["other", "published"])

    def test_full_disk_and_folder_in_the_way(self):
        self.fail("model", "fetch", "published", says="cannot write", file_limit=200)
        self.assertFalse(self.installed.exists())
        self.environment["MATTING_MODEL_DIR"] = str(self.folder / "image.png")
        self.fail("model", "fetch", "published", says="cannot make the folder")

    def test_import_of_a_published_file_and_of_an_unknown_one(self):
        (self.folder / "mine.pth").write_bytes(SCRIPT)
        self.assertEqual(self.succeed("model", "import", "mine.pth").stdout.strip(),
                         str(self.installed))
        (self.folder / "own.pt").write_bytes(SCRIPT + b"\0")
        done = self.succeed("model", "import", "own.pt")
        self.assertIn("--set model_path=" + done.stdout.strip(), done.stderr)
        self.assertEqual(self.state("own"), "installed")

    def test_import_answers_a_checkpoint_with_the_export_command(self):
        (self.folder / "weights.pth").write_bytes(archive("archive/data.pkl", "archive/data/0"))
        self.fail("model", "import", "weights.pth",
                  says="python -m matting_models export --checkpoint weights.pth")
        self.fail("model", "import", "image.png", says="neither TorchScript")
        self.fail("model", "import", "none.pt", says="none.pt")

    def test_info_of_a_name_and_of_a_file(self):
        facts = json.loads(self.succeed("model", "info", "published", "--json").stdout)
        self.assertEqual(facts["state"], "not installed")
        (self.folder / "mine.pth").write_bytes(SCRIPT)
        facts = json.loads(self.succeed("model", "info", "mine.pth", "--json").stdout)
        self.assertEqual(facts["format"], "torchscript")
        self.assertEqual(facts["catalogue"], "published")
        self.fail("model", "info", "nope", says="matting model list")

    def test_info_of_a_damaged_file_tells_what_is_known_and_fails(self):
        (self.folder / "cut.safetensors").write_bytes(b"\x10\0\0\0\0\0\0\0{}")
        done = self.call("model", "info", "cut.safetensors", "--json")
        self.assertEqual(done.returncode, 1)
        facts = json.loads(done.stdout)
        self.assertEqual(facts["bytes"], 10)
        self.assertIn("cut.safetensors is no whole model file: " + facts["fault"], done.stderr)

    def test_broken_catalogue(self):
        (self.folder / "catalog.json").write_text("{")
        self.fail("model", "list", says=["catalog.json", "parse error"])


if __name__ == "__main__":
    unittest.main()
