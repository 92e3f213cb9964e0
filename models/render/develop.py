"""From linear light to the 8-bit pictures of a camera.

All layers of a pair go through the same white balance, exposure and tone curve, each on its own:
the image is then composed in display space, so that

    image = foreground * alpha + shadowed plate * (1 - alpha)

holds exactly before noise, which is the identity that matting networks are trained on. (A real
sensor mixes in linear light; the difference shows only in the brightness of soft edges.)
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np


class LayerError(RuntimeError):
    """A rendered layer is missing or unreadable."""


@dataclass(frozen=True)
class Pair:
    """Display-referred float32 pictures in [0, 1]: RGB (h, w, 3); alpha (h, w, 1)."""

    image: np.ndarray
    plate: np.ndarray
    alpha: np.ndarray
    foreground: np.ndarray


def read_layer(folder, name):
    """RGBA float32 (h, w, 4) of `<name>.npy`; raises LayerError naming the file."""
    path = Path(folder) / f"{name}.npy"
    if not path.is_file():
        raise LayerError(f"no layer {path}: render the scene again")
    return np.load(path).astype(np.float32)


def denoise(colour, albedo, normal):
    """Open Image Denoise on linear RGB where the optional package pyoidn is installed.

    Without it the picture stays as grainy as its few samples made it, and a warning says so.
    """
    try:
        import pyoidn
    except ImportError:
        warnings.warn(
            "pictures stay grainy: pip install pyoidn cffi for Open Image Denoise", stacklevel=2
        )
        return colour
    ready = [
        np.ascontiguousarray(part[..., :3], dtype=np.float32) for part in (colour, albedo, normal)
    ]
    return pyoidn.denoise(ready[0], np.clip(ready[1], 0, 1), np.clip(ready[2], -1, 1), hdr=True)


def read_denoised(folder, name):
    """A layer whose colour went through `denoise` with its own guides."""
    layer = read_layer(folder, name)
    guides = [read_layer(folder, f"{name}_{kind}") for kind in ("albedo", "normal")]
    layer[..., :3] = denoise(layer[..., :3], *guides)
    return layer


def straight_subject(folder):
    """(foreground RGB linear straight (h, w, 3), alpha (h, w, 1)).

    Alpha is the finely sampled coverage, never denoised. Colour and the guides are divided by the
    subject layer's own coverage and carried on beyond the edge first, and denoised then: that
    picture has no silhouette, so the denoiser cannot leave a fringe along it.
    """
    raw = read_layer(folder, "subject")
    share = np.clip(raw[..., 3:4], 0.0, 1.0)
    colour, albedo, normal = (
        extend_colour(layer[..., :3] / np.maximum(share, 1e-3), share)
        for layer in (
            raw,
            read_layer(folder, "subject_albedo"),
            read_layer(folder, "subject_normal"),
        )
    )
    alpha = np.clip(read_layer(folder, "coverage")[..., 3:4], 0.0, 1.0)
    return np.maximum(denoise(np.clip(colour, 0.0, 60.0), albedo, normal), 0.0), alpha


def extend_colour(colour, share):
    """Straight colour (h, w, c) where it is covered, its neighbours' elsewhere (push-pull pyramid).

    Gortler et al., "The Lumigraph" (1996), section 3.4. Pixels covered by more than 0.3 keep their
    colour; thinly covered ones, whose few samples say little, lean on their neighbours.
    """
    weight = share**2
    return _push_pull(colour * weight, weight, colour, np.clip(4.0 * share - 0.2, 0.0, 1.0))


def _push_pull(weighted, weight, own, keep):
    height, width = weight.shape[:2]
    if min(height, width) <= 2:
        return weighted / np.maximum(weight, 1e-6)
    half = ((width + 1) // 2, (height + 1) // 2)
    small = cv2.resize(weighted, half, interpolation=cv2.INTER_AREA)
    share = cv2.resize(weight, half, interpolation=cv2.INTER_AREA)[..., None]
    full = np.minimum(1.0, 4.0 * share)
    mean = small / np.maximum(share, 1e-6)
    coarse = _push_pull(mean * full, full, mean, full)
    coarse = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return own * keep + coarse * (1.0 - keep)


def tone_curve(linear, tone):
    """Linear light to display values in [0, 1].

    standard: the sRGB transfer function. filmic: ACES fit by K. Narkowicz (2016), then sRGB.
    soft: a gentle shoulder (1 - exp(-x)), then sRGB.
    """
    linear = np.maximum(linear, 0.0)
    if tone == "filmic":
        x = 0.8 * linear
        linear = x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)
    elif tone == "soft":
        linear = 1.0 - np.exp(-1.2 * linear)
    linear = np.clip(linear, 0.0, 1.0)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def display(linear, develop):
    """White balance, exposure and tone curve of one linear RGB picture."""
    warm = develop.kelvin_shift
    balance = np.array([1.0 + warm, 1.0, 1.0 - warm], dtype=np.float32)
    return tone_curve(linear * balance * develop.exposure, develop.tone).astype(np.float32)


def sensor_noise(picture, level, rng):
    """Add shot and read noise (standard deviation about `level`), a little coloured and grainy."""
    if level <= 0.0:
        return picture
    shape = picture.shape
    grey = rng.normal(size=(*shape[:2], 1)).astype(np.float32)
    grain = 0.8 * grey + 0.6 * rng.normal(size=shape).astype(np.float32)
    grain = 0.6 * grain + 0.9 * cv2.GaussianBlur(grain, (0, 0), 0.8).reshape(shape)
    gain = level * (0.5 + np.sqrt(np.clip(picture, 0.0, 1.0)) * 0.6)
    return np.clip(picture + gain * grain, 0.0, 1.0)


def develop_pair(folder, develop, seed):
    """The Pair of a rendered folder; a scene with nobody gives alpha 0 everywhere."""
    rng = np.random.default_rng([seed, 23])
    plate = display(read_denoised(folder, "plate")[..., :3], develop)
    if (Path(folder) / "subject.npy").is_file():
        colour, alpha = straight_subject(folder)
        foreground = display(colour, develop)
        behind = display(read_denoised(folder, "shadowed")[..., :3], develop)
        image = foreground * alpha + behind * (1.0 - alpha)
    else:
        alpha, foreground, image = np.zeros_like(plate[..., :1]), np.zeros_like(plate), plate
    noisy = sensor_noise(image, develop.noise, rng)
    plate = sensor_noise(plate, develop.noise, rng)
    # The foreground carries the image's noise, so that it is what the camera saw of the subject.
    foreground = np.clip(foreground + (noisy - image), 0.0, 1.0)
    return Pair(noisy, plate, alpha, foreground)


def write_picture(path, picture):
    """Write float [0, 1] RGB or one-channel as PNG or JPEG (quality 92, 4:4:4)."""
    pixels = np.round(np.clip(picture, 0.0, 1.0) * 255.0).astype(np.uint8)
    if pixels.ndim == 3 and pixels.shape[2] == 3:
        pixels = pixels[..., ::-1]
    options = [cv2.IMWRITE_PNG_COMPRESSION, 9]
    if str(path).endswith(".jpg"):
        options = [cv2.IMWRITE_JPEG_QUALITY, 92, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
        if hasattr(cv2, "IMWRITE_JPEG_SAMPLING_FACTOR"):
            options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    if not cv2.imwrite(str(path), np.ascontiguousarray(pixels), options):
        raise OSError(f"could not write {path}: is the folder there and writable?")
