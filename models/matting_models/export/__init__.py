"""TorchScript files of the networks: written, compared with eager mode, described."""

from matting_models.export.write import export_network

__all__ = ["export_network"]
