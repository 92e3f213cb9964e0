#!/usr/bin/env python3
"""Makes the chunks of a plan on a Dask cluster, then joins them.

    matting video split --plan job.json --video clip.mp4 --plate plate.jpg -o out.mov
    python3 scripts/farm/matting_farm.py job.json --workers 2
    python3 scripts/farm/matting_farm.py job.json --scheduler tcp://head:8786

Needs `pip install distributed` (Debian's python3-distributed does too), the plan's files under the
same path on every worker, and the command `matting` there. Chunks that are there are not made
again: after Ctrl-C, or when machines were lost, the same call goes on.
"""

import argparse
import contextlib
import ctypes
import json
import logging
import pathlib
import signal
import subprocess
import sys
import time

import dask
from distributed import Client, LocalCluster, as_completed, get_worker

PR_SET_PDEATHSIG = 1


def end_with_parent():
    """The command ends with its worker: a worker that was killed leaves nothing running."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def make_chunk(matting, plan, number):
    """Runs on a worker. The worker's address."""
    command = [matting, "video", "run-chunk", plan, str(number)]
    done = subprocess.run(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=end_with_parent, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"chunk {number}: {done.stderr.strip() or done.returncode}")
    return get_worker().address


@contextlib.contextmanager
def cluster_client(arguments):
    """A client of the scheduler that was named, or of workers of our own on this machine."""
    if arguments.scheduler:
        with Client(arguments.scheduler) as client:
            yield client
        return
    with (
        LocalCluster(
            n_workers=arguments.workers,
            threads_per_worker=1,  # a chunk uses as many threads as its parameter says
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=logging.ERROR,  # the messages here say what matters
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def make_chunks(client, arguments, count):
    """Submits all chunks and tells of each that is done."""
    plan = str(arguments.plan.resolve())
    # A chunk is no pure function to Dask: its result lies in files, that it looks for each time.
    futures = [
        client.submit(
            make_chunk, arguments.matting, plan, number, pure=False, retries=arguments.retries
        )
        for number in range(count)
    ]
    number_of = {future.key: number for number, future in enumerate(futures)}
    begin = time.monotonic()
    try:
        for done, (future, worker) in enumerate(as_completed(futures, with_results=True), 1):
            left = (time.monotonic() - begin) / done * (count - done)
            print(
                f"chunk {number_of[future.key]} by {worker}: "
                f"{done} of {count}, about {left:.0f} s left",
                flush=True,
            )
    except BaseException:
        client.cancel(futures, force=True)
        raise


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("plan", type=pathlib.Path, help="what matting video split wrote")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, default=2, help="processes on this machine (2)")
    where.add_argument("--scheduler", help="address of a Dask scheduler instead")
    parser.add_argument("--matting", default="matting", help="the command, as workers find it")
    parser.add_argument(
        "--retries", type=int, default=2, help="times that a chunk which failed is tried again (2)"
    )
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    # A chunk that loses its worker goes to another one. How often that may happen is a setting of
    # the scheduler: with --workers that is one of our own.
    dask.config.set({"distributed.scheduler.allowed-failures": 10})
    try:
        count = len(json.loads(arguments.plan.read_text())["chunks"])
        with cluster_client(arguments) as client:
            make_chunks(client, arguments, count)
        return subprocess.run(
            [arguments.matting, "video", "join", arguments.plan], check=False
        ).returncode
    except KeyboardInterrupt:
        print("matting_farm: stopped; the same call goes on", file=sys.stderr)
    except (OSError, KeyError, ValueError) as error:
        print(f"matting_farm: {arguments.plan}: {error}", file=sys.stderr)
    except Exception as error:
        print(f"matting_farm: {error}; the same call tries again", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
