"""An HTML page with one picture sheet per item, the worst first."""

import html
from pathlib import Path
from typing import Dict, List, NamedTuple

import cv2
import numpy as np

from matting_models.evaluate.items import Item, to_bytes
from matting_models.evaluate.predict import Matte

PANEL_WIDTH = 360
STYLE = (
    "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse}"
    "td,th{padding:.2em .8em;text-align:right;border-bottom:1px solid #ccc}img{max-width:100%}"
)


class Scored(NamedTuple):
    """One item of the report: its name and its metrics by name."""

    name: str
    metrics: Dict[str, float]


def sheet(item: Item, matte: Matte) -> np.ndarray:
    """RGB uint8: image, plate, true alpha, alpha, alpha's error, foreground over green."""
    true = np.zeros_like(matte.alpha) if item.alpha is None else item.alpha
    error = np.abs(matte.alpha - true) if item.alpha is not None else true
    alpha = matte.alpha[..., None]
    over_green = matte.fgr * alpha + np.array([0.1, 0.7, 0.2]) * (1 - alpha)
    panels = [
        item.src,
        item.bgr,
        *(_grey(x) for x in (true, matte.alpha, error)),
        to_bytes(over_green),
    ]
    height = round(PANEL_WIDTH * item.src.shape[0] / item.src.shape[1])
    small = [
        cv2.resize(panel, (PANEL_WIDTH, height), interpolation=cv2.INTER_AREA) for panel in panels
    ]
    return np.vstack([np.hstack(small[:3]), np.hstack(small[3:])])


def _grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(to_bytes(values)[..., None], 3, 2)


def mean_metrics(scores: List[Scored]) -> Dict[str, float]:
    """Mean of each metric over the items that have it."""
    names = dict.fromkeys(name for score in scores for name in score.metrics)
    return {
        name: float(np.mean([s.metrics[name] for s in scores if name in s.metrics]))
        for name in names
    }


def write_sheet(folder: Path, item: Item, matte: Matte) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    file = str(folder / f"{item.name}.png")
    cv2.imwrite(file, cv2.cvtColor(sheet(item, matte), cv2.COLOR_RGB2BGR))


def write_page(folder: Path, title: str, scores: List[Scored]) -> Path:
    """index.html in `folder`, which holds the sheets <item>.png; returns its path."""
    ordered = sorted(scores, key=lambda score: -score.metrics.get("mad", 0.0))
    rows = [Scored("mean", mean_metrics(scores)), *ordered]
    names = list(rows[0].metrics)
    table = "".join(_row(row, names) for row in rows)
    sheets = "".join(
        f"<h3 id='{html.escape(s.name)}'>{html.escape(s.name)}: "
        f"MAD {s.metrics.get('mad', float('nan')):.2f}</h3>"
        f"<img src='{html.escape(s.name)}.png'>"
        for s in ordered
    )
    head = "".join(f"<th>{html.escape(name)}</th>" for name in ["item", *names])
    page = folder / "index.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title>"
        f"<style>{STYLE}</style><h1>{html.escape(title)}</h1><p>Image, plate, truth; "
        "alpha, its error, foreground over green. The worst first.</p>"
        f"<table><tr>{head}</tr>{table}</table>{sheets}"
    )
    return page


def _row(score: Scored, names: List[str]) -> str:
    cells = "".join(
        f"<td>{score.metrics[n]:.3f}</td>" if n in score.metrics else "<td></td>" for n in names
    )
    name = html.escape(score.name)
    return f"<tr><td><a href='#{name}'>{name}</a></td>{cells}</tr>"
