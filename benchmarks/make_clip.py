#!/usr/bin/env python3
"""Makes a clip with a known matte: a captured subject before its own plate, smaller, with noise.

    make_clip.py sample_image/portrait OUT

reads sample_image/portrait_{plate,foreground}.jpg and _alpha.png and writes OUT.rgb (16 frames of
1920x1080, the subject still for 8 and walking for 8), OUT_plate.rgb and OUT.truth (alpha, one byte a
pixel), all raw, for bench_engine --images OUT.rgb OUT_plate.rgb. Needs numpy and the program ffmpeg.
"""

import argparse
import subprocess
from pathlib import Path

import numpy as np

WIDTH, HEIGHT, FRAMES, STILL, STEP = 1920, 1080, 16, 8, 12
NOISE = 1.0  # standard deviation in levels, of plate and frames


def read(path: str, channels: int, width: int, height: int) -> np.ndarray:
    pixels = "rgb24" if channels == 3 else "gray"
    command = ["ffmpeg", "-v", "error", "-i", path, "-vf", f"scale={width}:{height}:flags=area"]
    raw = subprocess.run(
        [*command, "-f", "rawvideo", "-pix_fmt", pixels, "-"], check=True, stdout=subprocess.PIPE
    ).stdout
    return np.frombuffer(raw, np.uint8).reshape(height, width, channels).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("subject", help="beginning of the three files' names")
    parser.add_argument("out", help="beginning of the names of what is written")
    arguments = parser.parse_args()
    generator = np.random.default_rng(5)

    def noisy(picture: np.ndarray) -> bytes:
        noise = generator.normal(0, NOISE, picture.shape)
        return np.clip(picture + noise, 0, 255).round().astype(np.uint8).tobytes()

    width, height = WIDTH // 2, HEIGHT // 2
    plate = read(arguments.subject + "_plate.jpg", 3, WIDTH, HEIGHT)
    foreground = read(arguments.subject + "_foreground.jpg", 3, width, height)
    alpha = read(arguments.subject + "_alpha.png", 1, width, height) / 255
    Path(arguments.out + "_plate.rgb").write_bytes(noisy(plate))
    with open(arguments.out + ".rgb", "wb") as frames, open(arguments.out + ".truth", "wb") as truth:
        for index in range(FRAMES):
            left = WIDTH // 4 + STEP * max(0, index - STILL + 1)
            place = (slice(HEIGHT - height, HEIGHT), slice(left, left + width))
            frame, matte = plate.copy(), np.zeros((HEIGHT, WIDTH, 1), np.float32)
            frame[place] = alpha * foreground + (1 - alpha) * plate[place]
            matte[place] = alpha
            frames.write(noisy(frame))
            truth.write((matte * 255).round().astype(np.uint8).tobytes())


if __name__ == "__main__":
    main()
