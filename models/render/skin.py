"""Materials of a body: skin, eyes, lashes."""

import bpy
import numpy as np

from .body_assets import asset_folder
from .nodes import Shader, plain

# Linear skin colours from fair to dark, after the look of measured skin under D65.
_TONES = np.array(
    [
        [0.66, 0.40, 0.30],
        [0.54, 0.30, 0.20],
        [0.38, 0.19, 0.11],
        [0.20, 0.09, 0.05],
        [0.09, 0.04, 0.025],
    ]
)


def skin_colour(tone):
    """Linear RGB of skin; tone 0 fair .. 1 dark."""
    position = np.clip(tone, 0.0, 1.0) * (len(_TONES) - 1)
    first = min(int(position), len(_TONES) - 2)
    return _TONES[first] + (position - first) * (_TONES[first + 1] - _TONES[first])


def _mask(shader, name):
    """Red channel of one of the base mesh's region masks, through the UV map."""
    path = asset_folder() / "mpfb2" / "textures" / f"mpfb_{name}.jpg"
    image = bpy.data.images.load(str(path), check_existing=True)
    image.colorspace_settings.name = "Non-Color"
    return shader.node("TexImage", {"image": image}).outputs["Color"]


def skin_material(person, seed):
    """Subsurface skin with redder lips, cheeks and ears, blotches, pores and freckles."""
    shader = Shader("skin")
    base = skin_colour(person.skin)
    red = tuple(base * np.array([0.98, 0.62, 0.60]))
    lip = tuple(base * np.array([0.80, 0.42, 0.42]))
    place = shader.coordinates("Object")
    offset = shader.node("VectorMath", {"operation": "ADD"})
    shader.feed(offset.inputs[0], place)
    offset.inputs[1].default_value = (seed % 97, seed % 89, seed % 83)
    place = offset.outputs[0]
    blotch = shader.ramp(
        shader.noise(place, 14.0, 5.0, 0.6), [(0.35, (0, 0, 0)), (0.75, (1, 1, 1))]
    )
    colour = shader.mix(shader.math("MULTIPLY", blotch, 0.55), tuple(base), red)
    freckle = shader.ramp(shader.noise(place, 420.0, 2.0), [(0.60, (0, 0, 0)), (0.70, (1, 1, 1))])
    colour = shader.mix(
        shader.math("MULTIPLY", freckle, 0.25), colour, tuple(base * np.array([0.72, 0.6, 0.5]))
    )
    colour = shader.mix(shader.math("MULTIPLY", _mask(shader, "ears"), 0.45), colour, red)
    colour = shader.mix(shader.math("MULTIPLY", _mask(shader, "eyelids"), 0.30), colour, red)
    lips = _mask(shader, "lips")
    colour = shader.mix(shader.math("MULTIPLY", lips, 0.85), colour, lip)
    pores = shader.bump(shader.noise(place, 900.0, 3.0), 0.12, 0.002)
    gloss = shader.math("SUBTRACT", 0.52, shader.math("MULTIPLY", lips, 0.15))
    return shader.surface(
        shader.node(
            "BsdfPrincipled",
            Base_Color=colour,
            Subsurface=0.12 if person.skin < 0.6 else 0.06,
            Subsurface_Radius=(0.010, 0.004, 0.002),
            Subsurface_Color=tuple(base * np.array([1.0, 0.7, 0.6])),
            Roughness=gloss,
            Specular=0.35,
            Normal=pores,
        )
    )


def eye_material(iris):
    """Eyeball whose object origin is its centre and whose -y axis is the gaze."""
    shader = Shader("eye")
    place = shader.coordinates("Object")
    normal = shader.node("VectorMath", {"operation": "NORMALIZE"})
    shader.feed(normal.inputs[0], place)
    dot = shader.node("VectorMath", {"operation": "DOT_PRODUCT"})
    shader.feed(dot.inputs[0], normal.outputs[0])
    dot.inputs[1].default_value = (0.0, -1.0, 0.0)
    angle = shader.math("ARCCOSINE", dot.outputs["Value"])
    iris = np.array(iris)
    white = (0.62, 0.55, 0.50)
    colour = shader.ramp(
        angle,
        [
            (0.0, (0.002,) * 3),
            (0.19, (0.002,) * 3),
            (0.21, tuple(iris)),
            (0.38, tuple(iris * 1.6)),
            (0.43, tuple(iris * 0.25)),
            (0.47, white),
            (1.0, (0.55, 0.40, 0.34)),
        ],
    )
    return shader.surface(
        shader.node(
            "BsdfPrincipled",
            Base_Color=colour,
            Roughness=0.06,
            Specular=0.6,
            Clearcoat=1.0,
            Clearcoat_Roughness=0.02,
        )
    )


def lash_material():
    """Nearly black, for lashes."""
    return plain("lashes", (0.012, 0.008, 0.006), 0.7)
