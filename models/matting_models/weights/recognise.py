"""Which network a set of tensors belongs to, told by its names and shapes."""

from typing import Mapping

from torch import Tensor

from matting_models.network.dimensions import Dimensions

# A tensor that only this backbone has; of two that match, the first.
BACKBONE_MARKS = (
    ("backbone.features.0.0.weight", "mobilenetv2"),
    ("backbone.layer3.22.conv1.weight", "resnet101"),
    ("backbone.layer3.5.conv1.weight", "resnet50"),
)
MAP_CHANNELS = 5  # the decoder puts out pha, fgr and err before the hidden features


def has_refiner(tensors: Mapping[str, Tensor]) -> bool:
    return any(name.startswith("refiner.") for name in tensors)


def recognise_dimensions(tensors: Mapping[str, Tensor]) -> Dimensions:
    """Raises ValueError, naming what is missing, if no known network has such tensors."""
    backbone = next((name for mark, name in BACKBONE_MARKS if mark in tensors), None)
    if backbone is None:
        marks = ", ".join(f"{mark} ({name})" for mark, name in BACKBONE_MARKS)
        found = ", ".join(list(tensors)[:3]) or "nothing"
        raise ValueError(f"not a matting network: wanted one of {marks}; found {found}, ...")
    decoder = tuple(outputs(tensors, f"decoder.conv{i}.weight") for i in (1, 2, 3))
    dimensions = {
        "backbone": backbone,
        "aspp": outputs(tensors, "aspp.project.0.weight"),
        "decoder": decoder,
        "hidden": outputs(tensors, "decoder.conv4.weight") - MAP_CHANNELS,
    }
    if has_refiner(tensors):
        refiner = tuple(outputs(tensors, f"refiner.conv{i}.weight") for i in (1, 2, 3))
        dimensions["refiner"] = refiner
    return Dimensions.from_dict(dimensions)


def outputs(tensors: Mapping[str, Tensor], name: str) -> int:
    """Output channels of the convolution with these weights."""
    if name not in tensors:
        raise ValueError(f"{name} is missing")
    if tensors[name].dim() != 4:
        raise ValueError(f"{name}: wanted four dimensions, found {tuple(tensors[name].shape)}")
    return int(tensors[name].shape[0])
