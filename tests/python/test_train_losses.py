"""The losses vanish at the truth, and say what they are meant to say elsewhere."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from matting_models.network.doubling import double, doubles
from matting_models.train import losses
from matting_models.train.stages import STAGES, WINDOW, choose_base_scale, choose_windows


def disc(size=64, radius=20):
    y, x = torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")
    distance = ((y - size / 2) ** 2 + (x - size / 2) ** 2).float().sqrt()
    return (radius - distance).clamp(0, 1)[None, None]


def test_alpha_losses_vanish_at_the_truth_only():
    true = disc()
    assert losses.alpha_loss(true, true).item() == 0
    assert losses.pooled_loss(true, true).item() == 0
    hole = true.clone()
    hole[..., 24:40, 24:40] = 0
    assert losses.alpha_loss(hole, true) > 0.05 and losses.pooled_loss(hole, true) > 0.1


def test_sobel_measures_the_slope():
    ramp = torch.arange(16.0)[None, None, None].repeat(1, 1, 16, 1) / 16
    assert losses.sobel(ramp)[0, 0, 8, 8].item() == pytest.approx(1 / 16, rel=0.01)


def test_clamp_passes_the_gradient_straight_through():
    x = torch.tensor([-1.0, 0.5, 2.0], requires_grad=True)
    y = losses.clamp(x)
    y.sum().backward()
    assert y.tolist() == [0, 0.5, 1] and x.grad.tolist() == [1, 1, 1]


def test_foreground_follows_the_truth_inside_and_the_image_outside():
    src, true_fgr, alpha = torch.rand(1, 3, 64, 64), torch.rand(1, 3, 64, 64), disc()
    inside = (alpha > 0).float()
    perfect = (true_fgr - src) * inside
    assert losses.foreground_loss(perfect, src, true_fgr, alpha).item() < 1e-6
    invented = perfect + 0.3 * (1 - inside)
    wrong = perfect + 0.3 * inside
    small, large = (losses.foreground_loss(x, src, true_fgr, alpha) for x in (invented, wrong))
    assert 0 < small < large


def test_error_loss_does_not_move_alpha():
    pha = torch.rand(1, 1, 8, 8, requires_grad=True)
    err = torch.rand(1, 1, 8, 8, requires_grad=True)
    losses.error_loss(err, pha, torch.rand(1, 1, 8, 8)).backward()
    assert pha.grad is None and err.grad is not None


@pytest.mark.parametrize("size", [(3, 5), (8, 8), (1, 2)])
def test_doubling_has_value_and_gradient_of_bilinear_upsampling(size):
    x = torch.randn(2, 4, *size, dtype=torch.float64, requires_grad=True)
    assert doubles(x, 2 * size[0], 2 * size[1]) and not doubles(x, 2 * size[0] + 1, 2 * size[1])
    plain = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
    fast = double(x)
    torch.testing.assert_close(fast, plain)
    weight = torch.randn_like(plain)
    (wanted,) = torch.autograd.grad(plain, x, weight)
    (found,) = torch.autograd.grad(fast, x, weight)
    torch.testing.assert_close(found, wanted)


def test_windows_lie_inside_and_mostly_on_edges():
    alpha = F.pad(disc(256, 100), (64, 64, 64, 64)).repeat(40, 1, 1, 1)
    corners = choose_windows(alpha, np.random.default_rng(1), 2)
    quarter = 384 // 4
    with_edge = 0
    for picture, top, left in corners:
        assert 0 <= top <= quarter - WINDOW and 0 <= left <= quarter - WINDOW
        part = alpha[picture, 0, 4 * top : 4 * (top + WINDOW), 4 * left : 4 * (left + WINDOW)]
        with_edge += bool(((part > 0) & (part < 1)).any())
    assert len(corners) == 80 and with_edge > 56


def test_the_base_network_is_shown_odd_sides_as_often_as_even_ones():
    rng = np.random.default_rng(2)
    sides = []
    for height, width in STAGES["refine"].plan.sizes:
        assert height % 4 == 0 and width % 4 == 0
        for _ in range(50):
            scale = choose_base_scale(max(height, width), rng)
            sides += [int(height * scale), int(width * scale)]
    assert 0.4 < np.mean(np.array(sides) % 2) < 0.6
    assert min(sides) >= 140 and max(sides) <= 639
