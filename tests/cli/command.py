"""Calls the command line and makes what it needs: folders, pictures, addresses."""

import http.server
import json
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import tempfile
import threading
import unittest
import zlib

MATTING = os.environ["MATTING"]
SOURCE = pathlib.Path(os.environ["MATTING_SOURCE"])
RESULTS = {"composite.png", "alpha.png", "foreground.png", "error.png", "result.json"}


def png_bytes(width, height, pixel):
    """An 8-bit RGB PNG; pixel(x, y) gives three values of 0..255."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    rows = b"".join(
        b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def png_header(path):
    """Width, height, bit depth and colour type of a PNG file that is whole."""
    data = pathlib.Path(path).read_bytes()
    assert data.startswith(b"\x89PNG") and data.endswith(b"IEND\xaeB`\x82"), path
    return struct.unpack(">IIBB", data[16:26])


def wall(x, y):
    return (90 + x % 7, 120 + y % 5, 100)


def person(x, y):
    inside = (x - 48) ** 2 + (y - 40) ** 2 < 22**2
    return (210, 60, 40) if inside else wall(x, y)


class Answers(http.server.BaseHTTPRequestHandler):
    """Serves server.files {path: bytes or function(handler)}, with ranges."""

    def do_GET(self):
        self.server.requests.append((self.path, self.headers.get("Range")))
        answer = self.server.files.get(self.path)
        if answer is None:
            self.send_error(404)
        elif callable(answer):
            answer(self)
        else:
            self.send_body(answer)

    def send_body(self, body, announced=None):
        wanted = self.headers.get("Range")
        first = int(wanted[len("bytes=") : -1]) if wanted else 0
        if first >= len(body) > 0:
            return self.send_error(416)
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(announced or len(body) - first))
        self.end_headers()
        self.wfile.write(body[first:])

    def log_message(self, *_):
        pass


class CommandTest(unittest.TestCase):
    """A folder of its own for each test, with image.png and plate.png of 96x80 in it."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="matting-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "image.png").write_bytes(png_bytes(96, 80, person))
        (self.folder / "plate.png").write_bytes(png_bytes(96, 80, wall))
        self.environment = dict(
            os.environ, NO_PROXY="127.0.0.1", MATTING_MODEL_DIR=str(self.folder / "models")
        )
        self.environment.pop("MATTING_CATALOG", None)

    def call(self, *arguments, file_limit=None):
        """The finished process; file_limit bytes is the largest file that it may write."""

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        return subprocess.run(
            [MATTING, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            preexec_fn=limit if file_limit else None,
        )

    def succeed(self, *arguments):
        done = self.call(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def fail(self, *arguments, code=1, says=(), **options):
        """Calls what must fail: with that code, one message that holds every text of says."""
        done = self.call(*arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "")
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, done.stderr)
        return done

    def image_arguments(self, image="image.png", plate="plate.png", output="out", extra=()):
        return ["image", "--image", image, "--plate", plate, "-o", output, *extra]

    def listing(self, name="out"):
        path = self.folder / name
        return {entry.name for entry in path.iterdir()} if path.exists() else set()

    def assert_works(self):
        """The next run is none the worse for what failed before it."""
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        self.succeed(*self.image_arguments())
        self.assertEqual(self.listing(), RESULTS)

    def serve(self, files):
        """Base address of a server with these files for the rest of the test."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        server.files, server.requests = files, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.server = server
        return f"http://127.0.0.1:{server.server_address[1]}"

    def write_json(self, name, value):
        (self.folder / name).write_text(json.dumps(value))
        return name
