"""The numbers that, together with the backbone's name, rebuild a network."""

from dataclasses import asdict, dataclass
from typing import Any, Dict, Mapping, Tuple

BACKBONES = ("mobilenetv2", "resnet50", "resnet101")

# Channels of the feature maps at 1/16, 1/8, 1/4 and 1/2 of the input size.
FEATURE_CHANNELS = {
    "mobilenetv2": (320, 32, 24, 16),
    "resnet50": (2048, 512, 256, 64),
    "resnet101": (2048, 512, 256, 64),
}


@dataclass(frozen=True)
class Dimensions:
    """Widths of a network; the defaults are those of the published checkpoints.

    backbone: one of BACKBONES.
    aspp: channels that each branch of the pyramid pooling, and its projection, put out.
    decoder: channels after the decoder's three first convolutions.
    hidden: features that the base network hands to the refiner.
    refiner: channels after the refiner's three first convolutions.
    """

    backbone: str = "mobilenetv2"
    aspp: int = 256
    decoder: Tuple[int, int, int] = (128, 64, 48)
    hidden: int = 32
    refiner: Tuple[int, int, int] = (24, 16, 12)

    def __post_init__(self) -> None:
        if self.backbone not in BACKBONES:
            raise ValueError(f"unknown backbone {self.backbone!r}: choose one of {BACKBONES}")

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Dimensions":
        """The inverse of to_dict, also after a trip through JSON, which turns tuples into lists."""
        fields: Dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
        }
        return cls(**fields)
