"""What a camera does to a picture, and how the plate's exposure differs from the image's."""

import math

import cv2
import numpy as np

from matting_models.data.fields import F32, blur, to_bytes, to_float

_NOISE = np.random.default_rng(7).standard_normal(1 << 23, F32)


def expose(
    rng: np.random.Generator,
    image: np.ndarray,
    exposure: float = 0.045,
    balance: float = 0.018,
    gamma: float = 0.04,
) -> np.ndarray:
    """Other exposure, white balance, gamma and black level; the arguments are spreads."""
    gain = math.exp(rng.normal(0, exposure)) * (1 + rng.normal(0, balance, 3))
    image = np.clip(image * gain.astype(F32), 0, 1)
    power = math.exp(rng.normal(0, gamma))
    if abs(power - 1) > 0.01:
        curve = (np.linspace(0, 1, 1024) ** power).astype(F32)
        image = curve[(image * 1023).astype(np.int16)]
    if rng.random() < 0.3:
        image = image * F32(1 - abs(rng.normal(0, 0.02))) + F32(abs(rng.normal(0, 0.01)))
    return image


def misalign(rng: np.random.Generator, image: np.ndarray, scale: float, large: bool) -> np.ndarray:
    """The camera moved a little between plate and image: shift, turn, zoom, perspective."""
    height, width = image.shape[:2]
    factor = 4.0 if large else 1.0
    shift = scale * abs(rng.normal(0, 5.0 if large else 1.0))
    angle, zoom = rng.normal(0, 0.001 * factor), math.exp(rng.normal(0, 0.001 * factor))
    cos, sin = zoom * math.cos(angle), zoom * math.sin(angle)
    middle = np.array([width, height]) / 2
    transform = np.eye(3)
    transform[:2, :2] = [[cos, -sin], [sin, cos]]
    transform[:2, 2] = middle - transform[:2, :2] @ middle + rng.normal(0, shift, 2)
    transform[2, :2] = rng.normal(0, 0.0015 * factor, 2) / width
    border = cv2.BORDER_REFLECT if rng.random() < 0.85 else cv2.BORDER_CONSTANT
    return cv2.warpPerspective(
        image, transform, (width, height), flags=cv2.INTER_LINEAR, borderMode=border
    )


def sensor_noise(rng: np.random.Generator, shape: tuple, level: float) -> np.ndarray:
    """Noise HxWx3 of standard deviation `level`; half of it mostly grey, some of it coarse."""
    height, width = shape[:2]
    size = height * width * 3
    if size >= _NOISE.size:
        noise = rng.standard_normal((height, width, 3), F32)
    else:
        start = int(rng.integers(_NOISE.size - size))
        noise = _NOISE[start : start + size].reshape(height, width, 3)
    if rng.random() < 0.5:
        noise = noise.mean(-1, keepdims=True) * F32(1.5) + F32(0.3) * noise
    if rng.random() < 0.4:
        sigma = rng.uniform(0.4, 1.1)
        noise = blur(noise, sigma) * F32(1 + 1.6 * sigma * sigma)
    return noise * F32(level)


def add_noise(rng: np.random.Generator, image: np.ndarray, level: float) -> np.ndarray:
    """More noise in the shadows than in the lights, as after gamma."""
    return image + sensor_noise(rng, image.shape, level) * (F32(1.4) - F32(0.8) * image)


def jpeg(image: np.ndarray, quality: float) -> np.ndarray:
    """Float RGB through JPEG at this quality (0 to 100) and back."""
    code = cv2.imencode(".jpg", to_bytes(image), [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1]
    decoded = cv2.imdecode(code, cv2.IMREAD_COLOR)
    assert decoded is not None  # it was encoded just above
    return to_float(decoded)
