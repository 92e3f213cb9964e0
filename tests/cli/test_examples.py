"""Every example of every --help works as it stands, from the repository's folder."""

import hashlib
import re
import shlex
import unittest

from command import SOURCE, CommandTest

VERBS = [
    ["image"], ["video"], ["run"], ["bench"], ["evaluate"], ["model"], ["model", "list"], ["model", "info"],
    ["model", "fetch"], ["model", "import"], ["plugin"], ["plugin", "list"], ["plugin", "describe"],
]  # fmt: skip


class Examples(CommandTest):
    def setUp(self):
        super().setUp()
        # The repository's folder, as far as examples read it; what they write stays in here.
        for name in ("sample_image", "models", "examples"):
            if (SOURCE / name).exists():
                (self.folder / name).symlink_to(SOURCE / name)
        self.environment["MATTING_MODEL_DIR"] = str(self.folder / "installed")

    def example_of(self, verb):
        text = self.succeed(*verb, "--help").stdout
        found = re.search(r"Example:\n  matting (.*)", text)
        self.assertIsNotNone(found, text)
        return shlex.split(found.group(1))

    def test_each_verb_has_one_that_works(self):
        for verb in VERBS:
            with self.subTest(verb=verb):
                arguments = self.example_of(verb)
                if any("sample_image" in argument for argument in arguments):
                    if not (SOURCE / "sample_image").exists():
                        self.skipTest("sample_image is not there: its examples were not run")
                if verb == ["model", "fetch"]:
                    self.offer(arguments[-1])
                self.succeed(*arguments)

    def offer(self, name):
        """Puts a model of that name on a loopback server."""
        body = b"weights"
        entry = {
            "name": name, "format": "torchscript", "file": "model.pth",
            "sha256": hashlib.sha256(body).hexdigest(), "url": self.serve({"/m": body}) + "/m",
        }  # fmt: skip
        self.write_json("catalog.json", {"schema": 1, "models": [entry]})
        self.environment["MATTING_CATALOG"] = str(self.folder / "catalog.json")


if __name__ == "__main__":
    unittest.main()
