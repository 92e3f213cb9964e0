"""Random scenes for training: `random_scene(seed, width, height)`. Plain Python, no numpy."""

import random

from .parameters import (
    CameraParameters,
    ClothesParameters,
    DevelopParameters,
    HairParameters,
    LightParameters,
    PersonParameters,
    PoseParameters,
    RoomParameters,
    SceneParameters,
)

# Morph targets that come in decreasing and increasing pairs.
_FACE = (
    "nose/nose-scale-horiz",
    "nose/nose-scale-vert",
    "nose/nose-width2",
    "nose/nose-hump",
    "mouth/mouth-scale-horiz",
    "mouth/mouth-lowerlip-volume",
    "mouth/mouth-upperlip-volume",
    "chin/chin-width",
    "chin/chin-prominent",
    "chin/chin-height",
    "head/head-fat",
    "head/head-scale-horiz",
    "head/head-scale-vert",
)
_SMILES = ("mouthSmileLeft", "mouthSmileRight")
# style: (length range, curl radius range, curl turns range)
_HAIR = {
    "straight": ((0.15, 0.50), (0.0, 0.0), (1.0, 1.0)),
    "wavy": ((0.18, 0.48), (0.004, 0.011), (2.0, 5.0)),
    "curly": ((0.14, 0.36), (0.008, 0.016), (4.0, 9.0)),
    "coily": ((0.05, 0.13), (0.003, 0.006), (5.0, 9.0)),
    "short": ((0.025, 0.07), (0.0, 0.0), (1.0, 1.0)),
    "bun": ((0.12, 0.16), (0.0, 0.0), (1.0, 1.0)),
    "bald": ((0.0, 0.0), (0.0, 0.0), (1.0, 1.0)),
}
_LONG = ("straight", "wavy", "curly", "coily", "bun")
_CLOTHES = ("tee", "sweater", "shirt", "tank")
_PATTERNS = ("plain", "plain", "plain", "stripes", "checks", "dots")
_POSES = ("relaxed", "relaxed", "hips", "one_hip", "hold", "fold", "wave", "touch_hair")
_WALLS = ("plain", "plain", "plaster", "stripes", "brick", "panels", "paper")
_FURNITURE = ("shelf", "wall_shelf", "frames", "lamp", "plant", "sofa", "window", "door", "desk")


def _colour(rng):
    """Linear RGB: greys and whites often, saturated colours less so."""
    value = rng.choice((rng.uniform(0.02, 0.15), rng.uniform(0.15, 0.5), rng.uniform(0.55, 0.78)))
    saturation = rng.choice((0.05, 0.25, 0.8)) * rng.random()
    return tuple(value * (1.0 - saturation * rng.random()) for _ in range(3))


def _near(colour, rng):
    """A colour close to `colour`: the hard case of clothes before a like wall."""
    gain = rng.uniform(0.85, 1.15)
    return tuple(min(0.8, c * gain * rng.uniform(0.95, 1.05)) for c in colour)


def _hair(rng, gender):
    long = rng.random() < (0.9 if gender < 0.5 else 0.25)
    style = rng.choice(_LONG) if long else rng.choice(("short", "short", "short", "coily", "bald"))
    length, radius, turns = (rng.uniform(*span) for span in _HAIR[style])
    return HairParameters(
        style=style,
        length=length,
        curl_radius=radius,
        curl_turns=turns,
        melanin=rng.choice((rng.uniform(0.05, 0.3), rng.uniform(0.3, 0.7), rng.uniform(0.8, 1.0))),
        redness=rng.uniform(0.0, 0.8),
        strands=rng.randint(9000, 13000),
        guides=260,
        frizz=rng.uniform(0.4, 2.2),
        flyaways=rng.uniform(0.01, 0.12),
        parting=rng.uniform(-0.04, 0.04),
        volume=rng.uniform(0.4, 1.6),
        thickness=rng.uniform(1.1, 1.7),
    )


def _clothes(rng, wall):
    colour = _near(wall, rng) if rng.random() < 0.3 else _colour(rng)
    return ClothesParameters(
        kind=rng.choice(_CLOTHES),
        colour=colour,
        second_colour=_colour(rng),
        pattern=rng.choice(_PATTERNS),
        trousers=_colour(rng),
        looseness=rng.uniform(0.008, 0.02),
        wrinkles=rng.uniform(0.6, 1.8),
    )


def _pose(rng):
    return PoseParameters(
        name=rng.choice(_POSES),
        turn=rng.uniform(-25, 25),
        lean=rng.uniform(-5, 5),
        head_yaw=rng.uniform(-30, 30),
        head_pitch=rng.uniform(-10, 10),
        head_roll=rng.uniform(-8, 8),
        finger_curl=rng.uniform(5, 25),
    )


def _person(rng, wall, position):
    gender = rng.choice((rng.uniform(0.0, 0.15), rng.uniform(0.85, 1.0)))
    mix = [rng.random() ** 2 for _ in range(3)]
    face = {
        f"{name}-{rng.choice(('decr', 'incr'))}": rng.uniform(0.0, 0.6)
        for name in rng.sample(_FACE, 7)
    }
    smile = rng.uniform(0.0, 0.7)
    pose = _pose(rng)
    return PersonParameters(
        gender=gender,
        age=rng.random() ** 2 * 0.9,
        weight=rng.uniform(0.25, 0.85),
        race=tuple(part / sum(mix) for part in mix),
        skin=min(1.0, max(0.0, rng.gauss(0.15 + 0.75 * mix[0] / sum(mix), 0.1))),
        eye_colour=rng.choice(((0.05, 0.025, 0.01), (0.10, 0.06, 0.03), (0.06, 0.10, 0.14))),
        face=face,
        expression={f"faceunits/{name}": smile for name in _SMILES},
        hair=_hair(rng, gender),
        clothes=_clothes(rng, wall),
        pose=pose,
        position=position,
        heading=rng.uniform(-35, 35) if rng.random() < 0.85 else rng.uniform(90, 270),
        prop=rng.choice(("mug", "book", "ball")) if pose.name == "hold" else "",
    )


def _room(rng):
    wall = _colour(rng)
    places = [-1.2, -0.4, 0.4, 1.2]
    names = rng.sample(_FURNITURE, rng.randint(0, 4))
    return RoomParameters(
        wall=rng.choice(_WALLS),
        wall_colour=wall,
        second_colour=_colour(rng),
        floor_colour=_colour(rng),
        wall_distance=rng.uniform(0.45, 2.0),
        furniture=tuple(
            (name, x + rng.uniform(-0.3, 0.3)) for name, x in zip(names, places, strict=False)
        ),
    )


def _camera(rng, width, height, top):
    """Head and shoulders, half body or most of it; the visible height decides the distance.

    top: height of the tallest head in metres.
    """
    visible = rng.choice((rng.uniform(0.6, 0.9), rng.uniform(0.8, 1.2), rng.uniform(1.2, 1.9)))
    focal = rng.uniform(35.0, 70.0)
    sensor_height = 36.0 * (height / width if width >= height else 1.0)
    return CameraParameters(
        width=width,
        height=height,
        focal=focal,
        distance=min(max(visible * focal / sensor_height, 0.9), 3.2),
        height_m=rng.uniform(1.2, 1.65),
        aim=top - visible * rng.uniform(0.33, 0.45),
        shift=rng.uniform(-0.12, 0.12),
        fstop=rng.choice((2.8, 4.0, 5.6, 8.0)),
    )


def _people_count(rng):
    return rng.choices((0, 1, 2, 3), weights=(0.04, 0.74, 0.17, 0.05))[0]


def _light(rng):
    return LightParameters(
        key_azimuth=rng.uniform(-65, 65),
        key_elevation=rng.uniform(10, 55),
        key_power=rng.uniform(60, 130),
        key_size=rng.choice((0.15, 0.4, 0.8, 1.5)),
        key_kelvin=rng.uniform(3200, 7500),
        fill=rng.uniform(0.05, 0.6),
        lamp=rng.uniform(5, 25),
    )


def _develop(rng):
    return DevelopParameters(
        exposure=rng.uniform(0.75, 1.35),
        tone=rng.choice(("filmic", "soft", "standard")),
        noise=rng.uniform(0.0, 0.012),
        kelvin_shift=rng.uniform(-0.08, 0.08),
    )


def random_scene(seed, width, height, samples=24, people_counts=None):
    """SceneParameters that depend on nothing but the arguments.

    people_counts: how many people there may be, each as likely; None: mostly one.
    """
    rng = random.Random(f"matting scene {seed}")
    room = _room(rng)
    count = rng.choice(people_counts) if people_counts else _people_count(rng)
    spots = [
        (
            0.52 * (k - (count - 1) / 2) + rng.uniform(-0.1, 0.1),
            rng.uniform(-0.1, min(0.3, room.wall_distance - 0.4)),
        )
        for k in range(count)
    ]
    people = [_person(rng, room.wall_colour, spot) for spot in spots]
    top = 1.66 + 0.14 * max((person.gender for person in people), default=0.0)
    return SceneParameters(
        seed=seed,
        people=people,
        room=room,
        light=_light(rng),
        camera=_camera(rng, width, height, top),
        develop=_develop(rng),
        samples=samples,
    )
