"""Calls matting video live and waits for what it writes to its log."""

import json
import subprocess
import time

from command import MATTING, CommandTest

PATIENCE = 120  # seconds for what must happen some time


class LiveTestCase(CommandTest):
    def start(self, *arguments):
        process = subprocess.Popen(
            [MATTING, *arguments], cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def log(self):
        path = self.folder / "log.jsonl"
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def events(self):
        return [line["event"] for line in self.log() if "event" in line]

    def wait_until(self, process, happened):
        end = time.monotonic() + PATIENCE
        while not happened():
            if process.poll() is not None or time.monotonic() > end:
                process.kill()
                self.fail_with(process)
            time.sleep(0.02)

    def fail_with(self, process):
        raise AssertionError(f"it did not happen: {process.communicate()[1]} {self.events()}")

    def frames_of(self, film):
        """How many frames ffprobe finds in it."""
        count = subprocess.run(
            ["ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames",
             "-of", "csv=p=0", film], cwd=self.folder, capture_output=True, text=True,
        )  # fmt: skip
        return int(count.stdout.strip().strip(","))

    def end(self, process):
        """Standard output of a process that ends well."""
        output, messages = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, messages)
        return output
