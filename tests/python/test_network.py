"""The network: names, shapes, semantics of its settings."""

import json

import pytest
import torch

from matting_models.network import (
    BACKBONES,
    Dimensions,
    MattingBase,
    MattingRefine,
    Refinement,
    clamp_coarse,
)
from matting_models.network.depthwise import DepthwiseConv2d
from matting_models.network.patches import crop_patches, paste_patches, select_patches
from matting_models.network.refiner import Coarse


def pictures(batch=1, height=96, width=128, seed=0):
    generator = torch.Generator().manual_seed(seed)
    shape = (batch, 3, height, width)
    return torch.rand(shape, generator=generator), torch.rand(shape, generator=generator)


@pytest.mark.parametrize("backbone", BACKBONES)
def test_names_and_shapes_are_those_of_the_published_checkpoints(backbone, shared):
    wanted = json.loads((shared / "fixtures" / f"state_dict_{backbone}.json").read_text())
    found = {k: list(v.shape) for k, v in MattingRefine(backbone).state_dict().items()}
    assert found == wanted
    assert list(found) == list(wanted)


def test_an_unknown_backbone_is_refused_by_name():
    with pytest.raises(ValueError, match="resnet18.*mobilenetv2"):
        MattingBase("resnet18")


def test_dimensions_survive_json():
    dimensions = Dimensions("resnet50", decoder=(64, 32, 24))
    assert Dimensions.from_dict(json.loads(json.dumps(dimensions.to_dict()))) == dimensions


@torch.no_grad()
@pytest.mark.parametrize("backbone", ["mobilenetv2", "resnet50"])
def test_features_halve_down_to_a_sixteenth(backbone):
    x4, x3, x2, x1, x0 = MattingBase(backbone).eval().backbone(torch.rand(1, 6, 64, 96))
    sizes = [tuple(x.shape[2:]) for x in (x4, x3, x2, x1, x0)]
    assert sizes == [(4, 6), (8, 12), (16, 24), (32, 48), (64, 96)]


@torch.no_grad()
def test_shapes_and_ranges_of_the_outputs(lively_network):
    lively_network.backbone_scale = 0.3
    out = lively_network(*pictures(2))
    lively_network.backbone_scale = 0.25
    assert [tuple(x.shape[1:]) for x in out] == [
        (1, 96, 128),
        (3, 96, 128),
        (1, 28, 38),
        (3, 28, 38),
        (1, 28, 38),
        (1, 24, 32),
    ]
    assert all(0 <= x.min() and x.max() <= 1 for x in out)
    base = MattingBase.forward(lively_network, *pictures(1, 61, 47))
    assert [tuple(x.shape[1:]) for x in base] == [(c, 61, 47) for c in (1, 3, 1, 32)]


@torch.no_grad()
def test_refining_every_patch_is_refining_in_full(lively_network):
    src, bgr = pictures(2)
    full = lively_network.matte(src, bgr, 0.5, Refinement("full", 0, 0.0, True))
    more = lively_network.matte(src, bgr, 0.5, Refinement("sampling", 10**9, 0.0, False))
    assert more[5].min() == 1
    for wanted, found in zip(full, more, strict=True):
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=0)


@torch.no_grad()
def test_without_patches_the_coarse_matte_is_enlarged(lively_network):
    src, bgr = pictures()
    none = lively_network.matte(src, bgr, 0.25, Refinement("thresholding", 0, 1.0, True))
    coarse = torch.nn.functional.interpolate(none[2], src.shape[2:], mode="bilinear")
    assert none[5].sum() == 0
    torch.testing.assert_close(none[0], coarse)


@torch.no_grad()
def test_only_selected_patches_differ_from_the_coarse_matte(lively_network):
    src, bgr = pictures()
    none = lively_network.matte(src, bgr, 0.25, Refinement("sampling", 0, 0.0, True))
    some = lively_network.matte(src, bgr, 0.25, Refinement("sampling", 1600, 0.0, True))
    assert some[5].sum() == 100
    changed = torch.nn.functional.max_pool2d((some[0] != none[0]).float(), 4)
    assert torch.equal(changed.bool() | some[5].bool(), some[5].bool())
    assert changed.sum() > 50


def test_thresholding_takes_what_is_above():
    err = torch.tensor([0.0, 0.2, 0.5, 0.7]).view(1, 1, 2, 2)
    chosen = select_patches(err, Refinement("thresholding", 0, 0.2, True))
    assert chosen.flatten().tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("prevent, wanted", [(True, [0, 1, 1, 1]), (False, [1, 1, 1, 1])])
def test_patches_without_error_are_left_out_when_oversampling_is_prevented(prevent, wanted):
    err = torch.tensor([0.0, 0.2, 0.5, 0.7]).view(1, 1, 2, 2)
    chosen = select_patches(err, Refinement("sampling", 1_000_000, 0.0, prevent))
    assert chosen.flatten().tolist() == wanted


def test_sampling_takes_the_worst_of_each_picture():
    err = torch.tensor([[0.1, 0.9, 0.5, 0.7], [0.9, 0.8, 0.1, 0.2]]).view(2, 1, 2, 2)
    chosen = select_patches(err, Refinement("sampling", 47, 0.0, True))
    assert chosen.flatten(1).tolist() == [[0, 1, 0, 1], [1, 1, 0, 0]]


def test_patches_come_back_to_where_they_were_cut():
    x = torch.rand(2, 4, 12, 16)
    index = torch.tensor([[0, 0, 0], [0, 2, 3], [1, 1, 2]])
    patches = crop_patches(x, index, 4, 0)
    torch.testing.assert_close(patches[2], x[1, :, 4:8, 8:12])
    assert torch.equal(paste_patches(x, patches, index), x)
    changed = paste_patches(x, patches + 1, index) - x
    assert changed.sum().round() == 3 * 4 * 16
    assert crop_patches(x, index, 4, 2)[0, :, :2].abs().max() == 0


@pytest.mark.parametrize("shapes", [((1, 3, 64, 64), (1, 3, 64, 60)), ((1, 3, 62, 64),) * 2])
def test_wrong_sizes_are_refused(lively_network, shapes):
    with pytest.raises(ValueError, match="same shape|multiples of 4"):
        lively_network(*(torch.zeros(shape) for shape in shapes))


@torch.no_grad()
def test_a_new_refiner_hands_on_the_coarse_matte():
    torch.manual_seed(6)
    refiner = MattingRefine("mobilenetv2").eval().refiner
    assert not refiner.passes_coarse_maps()
    refiner.pass_coarse_maps()
    src, bgr = pictures()
    slope = torch.linspace(0, 1, 32).expand(1, 4, 24, 32)
    coarse = Coarse(slope[:, :1], slope[:, 1:] - 0.5, slope[:, :1], torch.rand(1, 32, 24, 32))
    found = refiner(src, bgr, coarse)[:, :, 8:-8, 8:-8]
    wanted = torch.cat([slope[:, :1], slope[:, 1:] - 0.5], 1)
    wanted = torch.nn.functional.interpolate(wanted, (96, 128), mode="bilinear")[:, :, 8:-8, 8:-8]
    assert (found - wanted).abs().max() < 0.6 / 31  # half a coarse pixel: it does not interpolate
    assert refiner.passes_coarse_maps()
    refiner.conv2.weight[5] += 1  # nothing reads it
    assert refiner.passes_coarse_maps()
    refiner.conv4.weight[2, 7, 0, 1] = 1e-4
    assert not refiner.passes_coarse_maps()


@pytest.mark.parametrize("scale", [0.25, 0.4])
@torch.no_grad()
def test_windows_are_cut_outs_of_the_full_refinement(lively_network, scale):
    src, bgr = pictures(2)
    small = [torch.nn.functional.interpolate(x, scale_factor=scale) for x in (src, bgr)]
    coarse = clamp_coarse(lively_network.coarse(*small))
    full = lively_network.refiner(src, bgr, coarse)
    corners = [
        (0, 0, 0),
        (1, 16, 24),
        (0, 3, 24),
        (1, 7, 5),
    ]  # three of them at the border
    windows = lively_network.refiner.windows(src, bgr, coarse, corners, 8)
    for window, (b, top, left) in zip(windows, corners, strict=True):
        wanted = full[b, :, 4 * top : 4 * top + 32, 4 * left : 4 * left + 32]
        torch.testing.assert_close(window, wanted, atol=1e-6, rtol=0)


def test_windows_outside_of_the_image_are_refused(lively_network):
    src, bgr = pictures()
    small = [torch.nn.functional.avg_pool2d(x, 4) for x in (src, bgr)]
    coarse = lively_network.coarse(*small)
    with pytest.raises(ValueError, match=r"\(0, 17, 0\)"):
        lively_network.refiner.windows(src, bgr, coarse, [(0, 17, 0)], 8)


@torch.no_grad()
def test_the_maps_alone_are_those_of_the_whole(lively_network):
    src, bgr = pictures(1, 64, 64)
    whole = lively_network.coarse(src, bgr)
    for found, wanted in zip(lively_network.coarse_maps(src, bgr), whole[:3], strict=True):
        torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("stride, dilation", [(1, 1), (2, 1), (1, 2)])
def test_depthwise_training_on_the_cpu_is_a_plain_convolution(stride, dilation):
    torch.manual_seed(0)
    conv = DepthwiseConv2d(8, stride, dilation)
    x = torch.rand(2, 8, 7, 9).bfloat16().float().requires_grad_()
    with torch.no_grad():
        conv.weight.copy_(conv.weight.bfloat16())
    wanted = conv.eval()(x)
    gradient = torch.rand_like(wanted)
    (wanted_x,) = torch.autograd.grad(wanted, x, gradient)
    with torch.autocast("cpu", torch.bfloat16):
        found = conv.train()(x)
    (found_x,) = torch.autograd.grad(found.float(), x, gradient)
    assert found.dtype == torch.bfloat16
    torch.testing.assert_close(found.float(), wanted, atol=0.01, rtol=0.01)
    torch.testing.assert_close(found_x, wanted_x, atol=0.01, rtol=0.02)


def test_one_step_of_mixed_precision_training_reaches_every_parameter():
    torch.manual_seed(0)
    network = MattingRefine("mobilenetv2").to(memory_format=torch.channels_last).train()
    src, bgr = pictures(2, 128, 128)
    small = [torch.nn.functional.avg_pool2d(x, 4) for x in (src, bgr)]
    with torch.autocast("cpu", torch.bfloat16):
        coarse = network.coarse(*small)
        fine = network.refiner.windows(src, bgr, clamp_coarse(coarse), [(0, 0, 0), (1, 9, 3)], 16)
    loss = fine.float().square().mean() + sum(m.float().square().mean() for m in coarse)
    loss.backward()
    without = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert without == []
