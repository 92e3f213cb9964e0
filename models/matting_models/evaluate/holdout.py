"""The per-nuisance table of a network on the frozen synthetic hold-out."""

from typing import Dict, Iterable, Iterator, List, NamedTuple

import numpy as np

from matting_models.data.holdout import SPLITS, holdout_scene
from matting_models.data.source import Source
from matting_models.evaluate.items import Item
from matting_models.evaluate.predict import Matte, Predictor

COLUMNS = ("mad", "median", "outside", "inside", "soft")


def alpha_errors(alpha: np.ndarray, true: np.ndarray) -> Dict[str, float]:
    """MAD x 1000 and the shares of it where the true alpha is 0, 1 and between."""
    error = np.abs(alpha - true)
    regions = {
        "outside": true == 0,
        "inside": true == 1,
        "soft": (true > 0) & (true < 1),
    }
    values = {
        name: 1e3 * float(error[region].sum()) / error.size for name, region in regions.items()
    }
    return {"mad": 1e3 * float(error.mean()), **values}


class SplitScore(NamedTuple):
    """One split: means of COLUMNS over its scenes, and the scene with the largest MAD."""

    split: str
    means: Dict[str, float]
    worst: Item
    worst_matte: Matte


def holdout_table(
    matte_of: Predictor, source: Source, scenes: int, splits: Iterable[str] = SPLITS
) -> Iterator[SplitScore]:
    """Split by split, as they are done."""
    for split in splits:
        errors: List[Dict[str, float]] = []
        for index in range(scenes):
            scene = holdout_scene(split, index, source)
            matte = matte_of(scene["src"], scene["bgr"])
            true = scene["alpha"] / 255.0
            errors.append(alpha_errors(matte.alpha, true))
            if errors[-1]["mad"] >= max(e["mad"] for e in errors):
                worst = Item(split, scene["src"], scene["bgr"], true, scene["fgr"])
                worst_matte = matte
        means = {name: float(np.mean([e[name] for e in errors])) for name in errors[0]}
        means["median"] = float(np.median([e["mad"] for e in errors]))
        yield SplitScore(split, {name: means[name] for name in COLUMNS}, worst, worst_matte)
