"""The bank is the same for any number of processes, and is drawn once."""

import numpy as np
import pytest
from data_samples import TINY

from matting_models.data.bank import TEXTURES, Bank, draw_bank
from matting_models.data.canvas import Part
from matting_models.data.shapes import draw_shape


def arrays(bank):
    return [
        bank.alpha,
        bank.parts,
        bank.backdrop,
        *(bank.texture[name] for name in TEXTURES),
    ]


def test_number_of_processes_changes_nothing(tmp_path):
    one, two = (draw_bank(tmp_path / str(n), TINY, n, report=print) for n in (1, 2))
    for a, b in zip(arrays(one), arrays(two), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_bank_is_not_drawn_twice(tmp_path):
    draw_bank(tmp_path, TINY)
    before = (tmp_path / "alpha.npy").stat().st_mtime_ns
    draw_bank(tmp_path, TINY)
    assert (tmp_path / "alpha.npy").stat().st_mtime_ns == before


def test_a_folder_without_bank_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="matting_models bank"):
        Bank(tmp_path)


@pytest.mark.parametrize("seed", range(6))
def test_shapes_have_soft_and_solid_pixels_and_known_parts(seed):
    alpha, parts = draw_shape(seed, 192)
    assert alpha.shape == (192, 192) and parts.shape == (96, 96)
    assert (alpha == 255).any() and ((alpha > 0) & (alpha < 255)).any() and (alpha == 0).any()
    assert set(np.unique(parts)) <= {int(part) for part in Part}


def test_shapes_differ_by_seed():
    assert not np.array_equal(draw_shape(0, 96)[0], draw_shape(1, 96)[0])
