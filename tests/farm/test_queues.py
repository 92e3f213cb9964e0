"""The scripts that give chunks to machines: Dask, Slurm, GNU parallel. All on this machine."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from conftest import MATTING, SCRIPTS

# The command as workers call it; in the middle of the first chunk it ends its worker, once.
KILLS_ITS_WORKER = """#!{python}
import os, pathlib, signal, subprocess, sys, time
marker = pathlib.Path("killed")
command = ["{matting}", *sys.argv[1:]]
if sys.argv[2:] != ["run-chunk", os.path.abspath("job.json"), "0"] or marker.exists():
    os.execv(command[0], command)
marker.touch()
process = subprocess.Popen(command)
while process.poll() is None and not list(pathlib.Path().glob("*.farm/*-00000007.tmp-*/0_*0.part")):
    time.sleep(0.001)
process.kill()
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(60)
"""


def heed_ctrl_c():
    """Also where these tests run in the background of a shell, which has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def driver():
    """Starts the Dask driver in a job's folder."""
    pytest.importorskip("distributed", reason="needs Dask: pip install distributed")

    def start(job, *arguments):
        command = [sys.executable, SCRIPTS / "matting_farm.py", "job.json", *arguments]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        return subprocess.Popen(
            list(map(str, command)), cwd=job.folder, env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=heed_ctrl_c,
        )  # fmt: skip

    return start


def test_a_worker_that_is_killed_costs_nothing_but_time(job, undisturbed, driver):
    job.split()
    command = job.folder / "command"
    command.write_text(KILLS_ITS_WORKER.format(python=sys.executable, matting=MATTING))
    command.chmod(0o755)
    process = driver(job, "--workers", 2, "--matting", command)
    output, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    assert (job.folder / "killed").exists()
    assert output.count("chunk ") == 3 and "3 of 3" in output
    job.assert_joined(undisturbed.files())


def test_ctrl_c_stops_and_the_same_call_goes_on(job, undisturbed, driver):
    job.split(chunk_parts=1)
    process = driver(job, "--workers", 1, "--matting", MATTING)
    first = process.stdout.readline()
    assert "1 of 6" in first
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    if process.returncode == 0:
        pytest.skip("this machine finished the job before the signal came")
    assert "stopped; the same call goes on" in errors
    assert list(job.folder.glob("com.mp4.farm/????????-????????"))
    process = driver(job, "--workers", 1, "--matting", MATTING)
    _, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    job.assert_joined(undisturbed.files())


def test_a_chunk_that_cannot_be_made_is_told(job, driver):
    job.split()
    (job.folder / "plate.png").unlink()
    process = driver(job, "--workers", 1, "--matting", MATTING, "--retries", 0)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "plate.png" in errors and "the same call tries again" in errors


def test_the_slurm_script_makes_the_chunk_of_its_task(job, undisturbed):
    subprocess.run(["bash", "-n", SCRIPTS / "slurm_array.sh"], check=True)
    call = [SCRIPTS / "slurm_array.sh", "job.json"]
    for number in range(job.split()):
        environment = os.environ | {"SLURM_ARRAY_TASK_ID": str(number), "MATTING": MATTING}
        subprocess.run(call, cwd=job.folder, env=environment, check=True, capture_output=True)
    job.succeed("join", "job.json")
    job.assert_joined(undisturbed.files())
    outside = subprocess.run(call, cwd=job.folder, capture_output=True, text=True)
    assert outside.returncode != 0 and "run this with sbatch --array" in outside.stderr


@pytest.mark.skipif(not shutil.which("parallel"), reason="needs GNU parallel (Debian: parallel)")
def test_gnu_parallel_makes_all_chunks(job, undisturbed):
    numbers = "\n".join(map(str, range(job.split())))
    command = ["parallel", "--will-cite", "--jobs", "2", "--retries", "3", MATTING, "video",
               "run-chunk", "job.json"]  # fmt: skip
    subprocess.run(command, cwd=job.folder, input=numbers, text=True, check=True)
    job.succeed("join", "job.json")
    job.assert_joined(undisturbed.files())
