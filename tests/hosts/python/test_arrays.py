"""Which arrays are taken, which are copied, and what is said about the others."""

import numpy
import pytest

import infer_background_matting as ibm
from infer_background_matting import ErrorCode, Matting, MattingError, _native


@pytest.fixture(scope="module")
def matting():
    return Matting(cuda="cpu")


def copied(array):
    return _native.Picture(array, "image", "rgb", 0).copied


def test_outputs_have_the_images_size_and_type(matting, scene):
    result = matting(scene.image, scene.plate)
    assert result.composite.shape == (93, 161, 4)
    assert result.alpha.shape == result.error.shape == (93, 161)
    assert result.foreground.shape == (93, 161, 3)
    for name in ("composite", "alpha", "foreground", "error"):
        assert getattr(result, name).dtype == numpy.uint8
    assert result.alpha[46, 80] > 200 and result.alpha[:5].max() < 50


def test_sixteen_bits_in_and_out(matting, scene):
    image, plate = scene.deep()
    result = matting(image, plate, scene.background)
    assert result.alpha.dtype == result.composite.dtype == numpy.uint16
    assert result.composite.shape == (93, 161, 3)
    eight = matting(scene.image, scene.plate).alpha.astype(int)
    difference = numpy.abs(result.alpha / 257 - eight)
    # The projection takes the colours of pixels whose alpha is sure; one can be so in one depth.
    assert difference.max() < 12 and difference.mean() < 0.3


@pytest.mark.parametrize("shape", ["(H, W)", "(H, W, 1)", "(H, W, 4)"])
def test_grey_and_rgba(matting, scene, shape):
    def convert(array):
        if shape == "(H, W, 4)":
            return numpy.dstack([array, numpy.full(array.shape[:2], 255, numpy.uint8)])
        return array[..., 0] if shape == "(H, W)" else array[..., :1]

    result = matting(convert(scene.image), convert(scene.plate))
    assert result.alpha.shape == (93, 161) and result.foreground.shape == (93, 161, 3)
    assert result.alpha[46, 80] > 200


LAYOUTS = {
    "whole": (lambda a: a, False),
    "rows and columns of a larger one": (
        lambda a: numpy.pad(a, ((2, 3), (5, 4), (0, 0)))[2:-3, 5:-4],
        False,
    ),
    "every second row": (lambda a: numpy.repeat(a, 2, axis=0)[::2], False),
    "a read-only one": (lambda a: numpy.frombuffer(a.tobytes(), a.dtype).reshape(a.shape), False),
    "upside down": (lambda a: a[::-1].copy()[::-1], True),
    "mirrored": (lambda a: a[:, ::-1].copy()[:, ::-1], True),
    "channels reversed": (lambda a: a[..., ::-1].copy()[..., ::-1], True),
    "three of four channels": (lambda a: numpy.dstack([a, a[..., 0]])[..., :3], True),
    "planar": (lambda a: numpy.ascontiguousarray(a.transpose(2, 0, 1)).transpose(1, 2, 0), True),
    "Fortran order": (numpy.asfortranarray, True),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_result(matting, scene, layout):
    view, is_copied = LAYOUTS[layout]
    image, plate = view(scene.image), view(scene.plate)
    assert numpy.array_equal(image, scene.image) and copied(image) is is_copied
    expected = matting(scene.image, scene.plate, outputs="alpha").alpha
    assert numpy.array_equal(matting(image, plate, outputs="alpha").alpha, expected)


def test_layouts_of_sixteen_bits(matting, scene):
    image, plate = scene.deep()
    expected = matting(image, plate).alpha
    wide = numpy.pad(image, ((0, 0), (3, 3), (0, 0)))[:, 3:-3]
    swapped = plate.astype(plate.dtype.newbyteorder())
    misaligned = numpy.frombuffer(b"." + image.tobytes(), numpy.uint8)[1:].view(image.dtype)
    assert not copied(wide) and copied(swapped)
    assert copied(misaligned.reshape(image.shape))
    assert numpy.array_equal(matting(wide, swapped).alpha, expected)


def test_blue_first(matting, scene):
    red_first = matting(scene.image, scene.plate, scene.background)
    swap = [a[..., ::-1].copy() for a in (scene.image, scene.plate, scene.background)]
    blue_first = matting(*swap, order="bgr")
    assert numpy.array_equal(blue_first.alpha, red_first.alpha)
    assert numpy.array_equal(blue_first.composite, red_first.composite[..., ::-1])
    assert numpy.array_equal(blue_first.foreground, red_first.foreground[..., ::-1])


def test_inputs_and_earlier_results_stay_as_they_are(matting, scene):
    before = scene.image.copy(), scene.plate.copy()
    first = matting(scene.image, scene.plate)
    kept = first.alpha.copy()
    matting(scene.plate, scene.image)
    assert numpy.array_equal(first.alpha, kept)
    assert numpy.array_equal(scene.image, before[0]) and numpy.array_equal(scene.plate, before[1])


@pytest.mark.parametrize(
    "wrong, says",
    [
        ([[1, 2], [3, 4]], "found <class 'list'>"),
        (None, "found <class 'NoneType'>"),
        (numpy.zeros((32, 32, 3), numpy.float32), "float32; numbers of 0..1 become"),
        (numpy.zeros((32, 32, 3), numpy.int16), "values of int16"),
        (numpy.zeros((32, 32), bool), "values of bool"),
        (numpy.zeros((32, 32, 2), numpy.uint8), "the shape (32, 32, 2)"),
        (numpy.zeros((32, 32, 3, 1), numpy.uint8), "the shape (32, 32, 3, 1)"),
        (numpy.zeros(32, numpy.uint8), "the shape (32,)"),
        (numpy.zeros((8, 32, 3), numpy.uint8), "32x8"),
        (numpy.zeros((0, 0, 3), numpy.uint8), "0x0"),
    ],
)
def test_other_arrays_are_refused_by_name(matting, scene, wrong, says):
    for call in (lambda: matting(wrong, scene.plate), lambda: matting(scene.image, wrong)):
        with pytest.raises(MattingError) as failed:
            call()
        assert failed.value.code == ErrorCode.BAD_IMAGE
        assert says in str(failed.value)
        assert ("image" in str(failed.value)) or ("plate" in str(failed.value))


def test_too_large_a_picture_is_refused(matting, scene):
    row = numpy.zeros((1, 16400, 3), numpy.uint8)
    with pytest.raises(MattingError) as failed:
        matting(numpy.repeat(row, 16, axis=0), scene.plate)
    assert failed.value.code == ErrorCode.TOO_LARGE


def test_a_still_is_a_copy_that_stays(matting, scene):
    plate = scene.plate.copy()
    still = ibm.Still(plate)
    expected = matting(scene.image, scene.plate).alpha
    plate[:] = 0
    for _ in range(2):
        assert numpy.array_equal(matting(scene.image, still).alpha, expected)
    # Another still with other pixels is not mistaken for the first.
    assert not numpy.array_equal(matting(scene.image, ibm.Still(scene.image)).alpha, expected)


def test_a_plate_of_another_size_is_fitted_with_a_warning(matting, scene):
    for plate in (scene.plate[::2], ibm.Still(scene.plate[:, ::2])):
        result = matting(scene.image, plate)
        assert any("plate" in text for text in result.info["warnings"])
