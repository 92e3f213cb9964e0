"""Training in several processes that average their gradients (started by torchrun, say).

On a busy machine two processes of one thread each get more done than one of two threads, which
wait for each other at every operation.
"""

import os
from typing import Iterable

import torch
from torch import Tensor, distributed


def join() -> None:
    """Join the group that the environment names (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT)."""
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not distributed.is_initialized():
        distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")


def rank() -> int:
    return distributed.get_rank() if distributed.is_initialized() else 0


def count() -> int:
    return distributed.get_world_size() if distributed.is_initialized() else 1


def average_gradients(parameters: Iterable[Tensor]) -> None:
    """Replace every gradient by its mean over the processes; all must have the same ones."""
    if count() == 1:
        return
    gradients = [p.grad for p in parameters if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in gradients])
    distributed.all_reduce(flat)
    flat /= count()
    sizes = [gradient.numel() for gradient in gradients]
    for gradient, mean in zip(gradients, flat.split(sizes), strict=True):
        gradient.copy_(mean.view_as(gradient))


def any_process(flag: bool) -> bool:
    """True in all processes if it is true in one."""
    if count() == 1:
        return flag
    value = torch.tensor([float(flag)])
    distributed.all_reduce(value)
    return bool(value.item() > 0)
