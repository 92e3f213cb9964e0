"""Networks out of weight files; always strict: every tensor is there and fits, and none is left."""

from typing import List, Mapping

from torch import Tensor

from matting_models.network import MattingBase, MattingRefine
from matting_models.weights.calibration import split_calibration
from matting_models.weights.files import PathLike, read_weights
from matting_models.weights.recognise import has_refiner, recognise_dimensions

NAMED_AT_MOST = 5  # tensors that one error message lists


def load_network(path: PathLike) -> MattingBase:
    """The network of a weight file, float32, in evaluation mode.

    A MattingRefine if the file has a refiner, else a MattingBase. Raises OSError or ValueError.
    """
    try:
        return build_network(read_weights(path).tensors)
    except ValueError as error:
        text = str(error)
        raise ValueError(text if text.startswith(str(path)) else f"{path}: {text}") from error


def build_network(tensors: Mapping[str, Tensor]) -> MattingBase:
    """The network that these tensors, named as published, belong to, as load_network gives it.

    Calibration tensors are none of its own and left out.
    """
    tensors, _ = split_calibration(tensors)
    kind = MattingRefine if has_refiner(tensors) else MattingBase
    network = kind(recognise_dimensions(tensors))
    check_tensors(network.state_dict(), tensors)
    network.load_state_dict(dict(tensors), strict=True)
    return network.eval()


def check_tensors(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> None:
    """Raises ValueError naming the tensors that are missing, unknown, misshapen or not finite."""
    faults = [fault for name in wanted for fault in tensor_faults(name, wanted[name], found)]
    faults += [f"{name}: unknown to this network" for name in found if name not in wanted]
    if faults:
        more = len(faults) - NAMED_AT_MOST
        tail = f"; and {more} more" if more > 0 else ""
        raise ValueError("; ".join(faults[:NAMED_AT_MOST]) + tail)


def tensor_faults(name: str, wanted: Tensor, found: Mapping[str, Tensor]) -> List[str]:
    if name not in found:
        return [f"{name}: wanted shape {tuple(wanted.shape)}, found no such tensor"]
    if found[name].shape != wanted.shape:
        return [f"{name}: wanted shape {tuple(wanted.shape)}, found {tuple(found[name].shape)}"]
    if not found[name].isfinite().all():
        return [f"{name}: wanted finite numbers, found infinities or NaN"]
    return []
