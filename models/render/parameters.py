"""What a scene is made of, as plain data: drawn from a seed, or one of the fixed presets.

Everything random about a render is decided here or comes from `SceneParameters.seed`, so the same
parameters give the same pictures. Colours are linear RGB in [0, 1]; lengths metres; angles degrees.
"""

from dataclasses import asdict, dataclass, field


@dataclass
class HairParameters:
    """Scalp hair. style: straight, wavy, curly, coily, short, bun or bald."""

    style: str = "wavy"
    length: float = 0.35
    melanin: float = 0.7
    redness: float = 0.4
    strands: int = 24000
    guides: int = 420
    curl_radius: float = 0.008
    curl_turns: float = 3.0
    frizz: float = 1.0
    flyaways: float = 0.04
    parting: float = 0.02
    volume: float = 1.0
    thickness: float = 1.0


@dataclass
class ClothesParameters:
    """Upper garment and trousers. kind: tee, sweater, shirt or tank."""

    kind: str = "sweater"
    colour: tuple = (0.05, 0.12, 0.16)
    second_colour: tuple = (0.5, 0.45, 0.4)
    pattern: str = "plain"
    trousers: tuple = (0.03, 0.04, 0.07)
    looseness: float = 0.012
    wrinkles: float = 1.0


@dataclass
class PoseParameters:
    """A name of pose.POSES plus turns of spine and head."""

    name: str = "relaxed"
    turn: float = 0.0
    lean: float = 0.0
    head_yaw: float = 0.0
    head_pitch: float = 0.0
    head_roll: float = 0.0
    finger_curl: float = 12.0


@dataclass
class PersonParameters:
    """One person. gender 0 female .. 1 male; age 0 young .. 1 old; race mixes RACES of body.py."""

    gender: float = 0.0
    age: float = 0.1
    weight: float = 0.45
    race: tuple = (0.2, 0.2, 0.6)
    skin: float = 0.3
    eye_colour: tuple = (0.10, 0.05, 0.02)
    face: dict = field(default_factory=dict)
    expression: dict = field(default_factory=dict)
    hair: HairParameters = field(default_factory=HairParameters)
    clothes: ClothesParameters = field(default_factory=ClothesParameters)
    pose: PoseParameters = field(default_factory=PoseParameters)
    position: tuple = (0.0, 0.0)
    heading: float = 0.0
    prop: str = ""


@dataclass
class RoomParameters:
    """The plate. wall_distance: from the first person to the back wall."""

    wall: str = "plain"
    wall_colour: tuple = (0.55, 0.55, 0.5)
    second_colour: tuple = (0.4, 0.42, 0.4)
    floor_colour: tuple = (0.25, 0.15, 0.08)
    wall_distance: float = 1.1
    furniture: tuple = ("shelf", "frames", "lamp", "plant")
    clutter: float = 0.8


@dataclass
class LightParameters:
    """key: a soft area light (azimuth from the camera axis, positive to its right)."""

    key_azimuth: float = -40.0
    key_elevation: float = 35.0
    key_power: float = 90.0
    key_size: float = 0.8
    key_kelvin: float = 5200.0
    fill: float = 0.35
    lamp: float = 25.0


@dataclass
class CameraParameters:
    """focal in mm on a 36 mm wide sensor; aim: height that the image centre shows."""

    width: int = 1920
    height: int = 1080
    focal: float = 50.0
    distance: float = 1.7
    height_m: float = 1.5
    aim: float = 1.45
    shift: float = 0.0
    fstop: float = 4.0


@dataclass
class DevelopParameters:
    """What the camera does to the light: exposure, tone curve, sensor noise (see develop.py)."""

    exposure: float = 1.0
    tone: str = "filmic"
    noise: float = 0.006
    kelvin_shift: float = 0.0


@dataclass
class SceneParameters:
    """A whole picture pair. samples: Cycles paths a pixel for subject and room."""

    seed: int = 0
    people: list = field(default_factory=lambda: [PersonParameters()])
    room: RoomParameters = field(default_factory=RoomParameters)
    light: LightParameters = field(default_factory=LightParameters)
    camera: CameraParameters = field(default_factory=CameraParameters)
    develop: DevelopParameters = field(default_factory=DevelopParameters)
    samples: int = 64

    def to_dict(self):
        """Plain dictionaries, lists and numbers, ready for JSON."""
        return asdict(self)

    @staticmethod
    def from_dict(data):
        """The inverse of to_dict; lists that stood for tuples stay lists."""
        people = [_person(person) for person in data["people"]]
        return SceneParameters(
            seed=data["seed"],
            people=people,
            room=RoomParameters(**data["room"]),
            light=LightParameters(**data["light"]),
            camera=CameraParameters(**data["camera"]),
            develop=DevelopParameters(**data["develop"]),
            samples=data["samples"],
        )


def _person(data):
    parts = dict(data)
    parts["hair"] = HairParameters(**data["hair"])
    parts["clothes"] = ClothesParameters(**data["clothes"])
    parts["pose"] = PoseParameters(**data["pose"])
    return PersonParameters(**parts)
