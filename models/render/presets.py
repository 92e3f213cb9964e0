"""The three pairs of sample_image, as fixed parameters."""

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

_SMILE = {"faceunits/mouthSmileLeft": 0.35, "faceunits/mouthSmileRight": 0.30}


def portrait():
    """Young woman with long wavy hair before a shelf, pictures and a lamp; 1920x1080."""
    person = PersonParameters(
        gender=0.0,
        race=(0.15, 0.25, 0.60),
        skin=0.22,
        expression=_SMILE,
        hair=HairParameters(
            style="wavy",
            length=0.36,
            melanin=0.62,
            redness=0.55,
            strands=26000,
            flyaways=0.05,
            volume=1.0,
            parting=0.018,
        ),
        clothes=ClothesParameters(kind="sweater", colour=(0.04, 0.13, 0.16)),
        pose=PoseParameters(turn=10.0, head_yaw=-9.0, head_roll=3.0),
        position=(-0.02, 0.0),
    )
    return SceneParameters(
        seed=20,
        people=[person],
        room=RoomParameters(
            wall="plaster",
            wall_colour=(0.50, 0.46, 0.38),
            wall_distance=0.7,
            furniture=(("shelf", -1.0), ("frames", 0.25), ("lamp", 0.72), ("plant", -0.42)),
        ),
        light=LightParameters(
            key_azimuth=-27.0,
            key_elevation=25.0,
            key_power=110.0,
            key_size=0.4,
            fill=0.2,
            lamp=12.0,
        ),
        camera=CameraParameters(focal=50.0, distance=1.5, height_m=1.46, aim=1.38),
        develop=DevelopParameters(exposure=1.0),
        samples=30,
    )


def light_clothes():
    """Man with short hair and a white shirt before a white panelled wall, window light."""
    person = PersonParameters(
        gender=1.0,
        age=0.25,
        weight=0.5,
        race=(0.75, 0.05, 0.20),
        skin=0.72,
        eye_colour=(0.05, 0.025, 0.01),
        expression=_SMILE,
        hair=HairParameters(
            style="coily",
            length=0.085,
            melanin=0.97,
            redness=0.2,
            strands=26000,
            curl_radius=0.004,
            curl_turns=7.0,
            flyaways=0.08,
            thickness=1.1,
        ),
        clothes=ClothesParameters(
            kind="shirt", colour=(0.72, 0.71, 0.68), trousers=(0.45, 0.42, 0.36)
        ),
        pose=PoseParameters(turn=-14.0, head_yaw=10.0),
        position=(0.06, 0.0),
    )
    return SceneParameters(
        seed=41,
        people=[person],
        room=RoomParameters(
            wall="panels",
            wall_colour=(0.74, 0.73, 0.70),
            wall_distance=0.9,
            furniture=(("window", -1.05), ("wall_shelf", 0.95), ("plant", 1.15)),
        ),
        light=LightParameters(key_azimuth=48.0, key_power=95.0, key_size=0.6, fill=0.3),
        camera=CameraParameters(focal=50.0, distance=1.75, height_m=1.58, aim=1.525, fstop=4.5),
        develop=DevelopParameters(exposure=1.0, kelvin_shift=-0.02),
        samples=30,
    )


def odd():
    """Woman with curly hair, hands on her hips, before a sofa and a brick wall; 1277x719."""
    person = PersonParameters(
        gender=0.05,
        age=0.15,
        weight=0.5,
        race=(0.10, 0.75, 0.15),
        skin=0.30,
        eye_colour=(0.035, 0.018, 0.01),
        expression={name: 1.4 * weight for name, weight in _SMILE.items()},
        hair=HairParameters(
            style="curly",
            length=0.27,
            melanin=0.93,
            redness=0.2,
            strands=20000,
            curl_radius=0.011,
            curl_turns=5.0,
            frizz=0.5,
            flyaways=0.05,
            volume=1.3,
            parting=-0.025,
        ),
        clothes=ClothesParameters(
            kind="tee",
            colour=(0.55, 0.10, 0.06),
            second_colour=(0.65, 0.62, 0.55),
            pattern="stripes",
            trousers=(0.04, 0.07, 0.14),
        ),
        pose=PoseParameters(name="hips", turn=8.0, head_yaw=-6.0, head_roll=-4.0),
    )
    return SceneParameters(
        seed=63,
        people=[person],
        room=RoomParameters(
            wall="brick",
            wall_colour=(0.34, 0.13, 0.08),
            second_colour=(0.42, 0.38, 0.34),
            wall_distance=1.3,
            furniture=(("sofa", 0.5), ("frames", -0.75), ("lamp", 1.45), ("plant", -1.3)),
        ),
        light=LightParameters(key_azimuth=-35.0, key_power=105.0, key_size=0.7, lamp=20.0),
        camera=CameraParameters(
            width=1277, height=719, focal=45.0, distance=2.35, height_m=1.45, aim=1.16, fstop=5.6
        ),
        develop=DevelopParameters(tone="soft", exposure=0.8),
        samples=30,
    )


PRESETS = {"portrait": portrait, "light_clothes": light_clothes, "odd": odd}
