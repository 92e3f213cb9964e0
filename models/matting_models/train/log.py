"""The log of a run: one CSV line per few steps, and its curves as a picture."""

import csv
from pathlib import Path
from typing import Any, Dict, Optional

import cv2
import numpy as np
from torch import Tensor

PANEL = (220, 640)  # height, width of one curve


class Log:
    """Appends means over the steps since the last line to a CSV file.

    sums: of the line that is not written yet, with the number of its steps as "steps". A run that
    goes on with those of the stopped one writes the line that it would have written. Values may be
    tensors on a GPU: they are read when a line is written, since reading waits for the GPU.
    """

    def __init__(self, file: Path, every: int, sums: Optional[Dict[str, float]] = None):
        self.file, self.every = file, every
        self.sums: Dict[str, Any] = dict(sums or {})

    def add(self, step: int, values: dict) -> None:
        for name, value in {"steps": 1, **values}.items():
            value = value.double() if isinstance(value, Tensor) else value
            self.sums[name] = self.sums.get(name, 0.0) + value
        if step % self.every == 0:
            self._write(step)

    def _write(self, step: int) -> None:
        count = self.sums.pop("steps")
        means = {name: float(total) / count for name, total in self.sums.items()}
        self.sums = {}
        new = not self.file.exists()
        with open(self.file, "a", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["step", *means])
            writer.writerow([step, *(f"{value:.6g}" for value in means.values())])

    def forget_after(self, step: int) -> None:
        """Drop lines beyond the step that a resumed run goes on from."""
        if self.file.exists():
            header, *lines = self.file.read_text().splitlines()
            kept = [line for line in lines if int(line.split(",", 1)[0]) <= step]
            self.file.write_text("\n".join([header, *kept]) + "\n")


def draw_curves(csv_file: Path, png_file: Path) -> None:
    """One panel per column over the steps: raw values pale, smoothed values dark."""
    with open(csv_file, newline="") as file:
        header, *rows = list(csv.reader(file))
    values = np.array(rows, float).reshape(len(rows), len(header))
    panels = [_panel(name, values[:, 0], values[:, i]) for i, name in enumerate(header) if i]
    cv2.imwrite(str(png_file), np.vstack(panels))


def _panel(name: str, steps: np.ndarray, values: np.ndarray) -> np.ndarray:
    height, width = PANEL
    image = np.full((height, width, 3), 255, np.uint8)
    low, high = np.percentile(values, (0, 98)) if len(values) else (0, 1)
    window = max(1, len(values) // 20)
    smooth = np.convolve(np.pad(values, (window - 1, 0), "edge"), np.ones(window) / window, "valid")
    x = 10 + (width - 20) * (steps - steps.min()) / max(1e-9, np.ptp(steps))
    for line, color in ((values, (220, 200, 180)), (smooth, (160, 60, 0))):
        y = height - 10 - (height - 40) * np.clip((line - low) / max(1e-12, high - low), 0, 1)
        cv2.polylines(image, [np.stack([x, y], 1).astype(np.int32)], False, color, 1, cv2.LINE_AA)
    label = f"{name}: {low:.4g} to {high:.4g}, last {smooth[-1]:.4g}, step {int(steps[-1])}"
    cv2.putText(image, label, (10, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    return image
