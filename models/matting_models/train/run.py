"""The training loop: the same on a CPU and on one GPU, and resumable at any step.

Every step depends on the seed and the step's number only (data, dropout, windows) and on the state,
so a run that was stopped and resumed gives the losses of one that was not.
"""

import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Iterator, Optional

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from matting_models.data.dataset import Steps
from matting_models.train import parallel
from matting_models.train.averaging import Average
from matting_models.train.log import Log, draw_curves
from matting_models.train.replay import Replay
from matting_models.train.stages import Stage
from matting_models.train.state import load_state, save_state

WEIGHT_DECAY = 1e-2
LARGEST_GRADIENT = 1.0
NEVER = 1 << 40  # a step that no run comes to


def rate_at(step: int, stage: Stage) -> float:
    """Learning rate: linear warm-up, constant, then linear to (nearly) 0 at the last step."""
    left = (stage.steps - step) / max(1.0, stage.anneal * stage.steps)
    return stage.rate * min(1.0, (step + 1) / stage.warm_up, max(left, 0.01))


def make_optimizer(network: nn.Module, stage: Stage) -> torch.optim.Optimizer:
    """AdamW; biases and normalisation are not decayed, the small refiner learns faster."""
    groups = []
    for refiner in (False, True):
        for decay in (WEIGHT_DECAY, 0.0):
            members = [
                parameter
                for name, parameter in network.named_parameters()
                if name.startswith("refiner.") == refiner and (parameter.ndim > 1) == (decay > 0)
            ]
            factor = stage.refiner_factor if refiner else 1.0
            groups.append({"params": members, "weight_decay": decay, "factor": factor})
    return torch.optim.AdamW(groups, lr=stage.rate, betas=(0.9, 0.98), foreach=True)


def computes_bfloat16(device: torch.device) -> bool:
    """False on CPUs without bfloat16 instructions, where emulation costs six times the time."""
    return device.type != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()


def to_device(batch: dict, device: torch.device) -> dict:
    """uint8 (B, H, W, C) -> float (B, C, H, W) in [0, 1], channels-last."""
    return {
        name: x.to(device, non_blocking=True)
        .permute(0, 3, 1, 2)
        .float()
        .div(255)
        .contiguous(memory_format=torch.channels_last)
        for name, x in batch.items()
    }


class Clock:
    """How many steps a run that began at `step` will have done when its minutes are over."""

    def __init__(self, minutes: float, step: int):
        self.minutes, self.first_step, self.began = minutes, step, time.monotonic()

    def last_step(self, step: int) -> int:
        """At the speed so far; `step` at least."""
        used = (time.monotonic() - self.began) / (60 * self.minutes)
        return max(step, self.first_step + round((step - self.first_step) / used))


class Run:
    """One stage of training in a folder.

    Holds network, average, optimizer and the number of steps done; `go` trains until the stage's
    last step or until `stop` is called (SIGTERM and SIGINT do so), and saves.
    """

    def __init__(
        self,
        network: nn.Module,
        stage: Stage,
        folder: Path,
        seed: int,
        device: Optional[torch.device] = None,
    ):
        self.device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = network.to(self.device).to(memory_format=torch.channels_last)  # type: ignore
        self.stage, self.folder, self.seed = stage, Path(folder), seed
        self.average = Average(self.network, stage.ema)
        self.optimizer = make_optimizer(self.network, stage)
        self.step, self._stopped = 0, False
        self._log_sums: Dict[str, float] = {}
        self._restore()

    def _restore(self) -> None:
        state = load_state(self.folder, self.device)
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.average.network.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self._log_sums = state["step"], state.get("log", {})

    def save(self, log_sums: Optional[Dict[str, float]] = None) -> None:
        if parallel.rank() > 0:
            return
        average = self.average.network.state_dict()
        state = {
            "step": self.step,
            "network": self.network.state_dict(),
            "average": average,
            "optimizer": self.optimizer.state_dict(),
            "log": {name: float(total) for name, total in (log_sums or {}).items()},
        }
        save_state(self.folder, state, average)

    def stop(self, *_: Any) -> None:
        self._stopped = True

    def train_step(self, batch: dict) -> dict:
        """One update; returns the logged values as 0-dimensional tensors."""
        sample = self.step * parallel.count() + parallel.rank()
        torch.manual_seed(self.seed * 1_000_003 + sample)
        rng = np.random.default_rng([self.seed, sample])
        rate = rate_at(self.step, self.stage)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group["factor"]
        self.network.train()
        fast = computes_bfloat16(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=fast):
            loss, parts = self.stage.loss(self.network, to_device(batch, self.device), rng)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        parallel.average_gradients(self.network.parameters())
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        self.optimizer.step()
        self.step += 1
        self.average.update(self.network, self.step)
        values: dict[str, Tensor] = {"loss": loss.detach(), **parts, "gradient": norm}
        return {
            **{name: value.detach() for name, value in values.items()},
            "rate": rate,
        }

    def go(
        self,
        data: Dataset,
        workers: int = 1,
        save_minutes: float = 2,
        log_every: int = 10,
        minutes: Optional[float] = None,
    ) -> int:
        """Train on data[step] until the end of the stage; returns the number of steps done.

        minutes: lets the stage end by the clock, with as many steps as this machine does in the
            time. Its losses repeat no more than its speed does.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        log = self._open_log(log_every)
        clock = Clock(minutes, self.step) if minutes else None
        saved = began = time.monotonic()
        for batch in self._batches(data, workers, NEVER if clock else self.stage.steps):
            waited = time.monotonic() - began
            values = self.train_step(batch)
            log.add(
                self.step,
                {**values, "seconds": time.monotonic() - began, "waited": waited},
            )
            if clock and self.step % log_every == 0:
                self.stage = replace(self.stage, steps=clock.last_step(self.step))
            if parallel.any_process(self._stopped or self.step >= self.stage.steps):
                break
            if time.monotonic() - saved > 60 * save_minutes:
                self.save(log.sums)
                saved = time.monotonic()
            began = time.monotonic()
        self.save(log.sums)
        if parallel.rank() == 0 and log.file.exists():
            draw_curves(log.file, self.folder / "curves.png")
        return self.step

    def _batches(self, data: Dataset, workers: int, last: int) -> Iterator[Dict[str, Tensor]]:
        """What the steps from the present one to the last train on, uint8 on the device."""
        replay = Replay(self.stage.plan, self.seed, self.device, parallel.rank())
        first = replay.first_needed(self.step)
        for step, scenes in enumerate(self._loader(data, workers, Steps(first, last)), first):
            replay.add(step, scenes)
            if step >= self.step:
                yield replay.batch(step)

    def _open_log(self, every: int) -> Log:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"log{parallel.rank()}.csv" if parallel.rank() else "log.csv"
        log = Log(self.folder / name, every, self._log_sums)
        log.forget_after(self.step)
        return log

    def _loader(self, data: Dataset, workers: int, steps: Steps) -> DataLoader:
        return DataLoader(
            data,
            batch_size=None,
            sampler=steps,
            num_workers=workers,
            prefetch_factor=4 if workers else None,
            worker_init_fn=_calm_worker,
        )


def _calm_worker(_: int) -> None:
    """Workers leave signals to the trainer, which stops them, and use one thread each."""
    torch.set_num_threads(1)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
