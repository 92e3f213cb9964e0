"""matting video split, run-chunk, join: the files of one process, whatever happens to chunks."""

import json
import shlex
import shutil
import signal
import time

from conftest import FRAMES, ffmpeg


def test_joined_chunks_are_the_files_of_one_process(job, undisturbed):
    assert job.split() == 3
    for number in (2, 0, 1):
        job.run_chunk(number)
    done = job.succeed("join", "job.json")
    assert done.stdout.split() == ["com.mp4", "cut/%03d.png", "alpha.mkv"]
    job.assert_joined(undisturbed.files())
    for name in ("com.mp4", "alpha.mkv"):
        hashes = ["-i", name, "-fps_mode", "passthrough", "-f", "framemd5", "-"]
        frames = ffmpeg(job.folder, *hashes)
        assert frames == ffmpeg(undisturbed.folder, *hashes)
        video = [line for line in frames.splitlines() if line.startswith("0,")]
        assert len(video) == FRAMES


def test_a_chunk_that_is_there_is_not_made_again(job):
    job.split()
    assert "already" not in job.run_chunk(1).stderr
    part = job.chunk(8) / "0_00000000.part"
    made = part.stat().st_mtime_ns
    assert "chunk 1 is there already" in job.run_chunk(1).stderr
    assert part.stat().st_mtime_ns == made


def test_two_processes_may_make_the_same_chunk_at_once(job, undisturbed):
    job.split(chunk_parts=6)
    both = [job.start("run-chunk", "job.json", 0) for _ in range(2)]
    for process in both:
        errors = process.communicate(timeout=120)[1]
        assert process.returncode == 0, errors
    assert [path.name for path in (job.folder / "com.mp4.farm").iterdir()] == ["00000000-00000022"]
    job.succeed("join", "job.json")
    job.assert_joined(undisturbed.files())


def kill_in_the_middle(job, number):
    """Runs a chunk and kills the process as soon as a first part of it is there."""
    process = job.start("run-chunk", "job.json", number)
    while not list(job.folder.glob("com.mp4.farm/*.tmp-*/0_00000000.part")):
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode


def test_a_killed_process_leaves_nothing_that_counts(job, undisturbed):
    job.split(chunk_parts=6)
    if kill_in_the_middle(job, 0) != 0:  # else it was faster than the signal
        assert not list(job.folder.glob("com.mp4.farm/????????-????????"))
        job.fail("join", "job.json", code=1, says="run-chunk job.json 0  # missing")
    job.run_chunk(0)
    job.succeed("join", "job.json")
    job.assert_joined(undisturbed.files())


def test_ctrl_c_leaves_nothing(job):
    job.split(chunk_parts=6)
    process = job.start("run-chunk", "job.json", 0)
    while not list(job.folder.glob("com.mp4.farm/*.tmp-*/frames.jsonl")):
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=60)[1]
    if process.returncode != 0:  # else it was faster than the signal
        assert "interrupted; the same call makes the chunk" in errors
        assert list((job.folder / "com.mp4.farm").iterdir()) == []


def test_json_tells_what_was_made(job):
    count = job.split()
    for resumed in (0, 8):
        report = json.loads(job.succeed("run-chunk", "job.json", 0, "--json").stdout)
        assert (report["frames"], report["resumed_frames"]) == (8, resumed)
    for number in range(1, count):
        job.run_chunk(number)
    report = json.loads(job.succeed("join", "job.json", "--json").stdout)
    assert report == {"frames": 23, "chunks": 3, "files": ["com.mp4", "cut/%03d.png", "alpha.mkv"]}


def test_ctrl_c_while_joining_keeps_the_chunks(job, undisturbed):
    for number in range(job.split()):
        job.run_chunk(number)
    process = job.start("join", "job.json")
    while "joining" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=60)[1]
    if process.returncode != 0:  # else it was faster than the signal
        assert "the same call joins them" in errors
        job.succeed("join", "job.json")
    job.assert_joined(undisturbed.files())


def test_join_names_what_is_missing_or_damaged_and_how_it_is_made(job, undisturbed):
    job.split()
    for number in range(3):
        job.run_chunk(number)
    shutil.rmtree(job.chunk(0))
    part = job.chunk(16) / "2_00000001.part"
    data = part.read_bytes()
    part.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    errors = job.fail("join", "job.json", code=1, says="not all chunks are there").stderr
    lines = [line.strip() for line in errors.splitlines()]
    commands = lines[lines.index("matting: not all chunks are there; make these first:") + 1 :]
    assert commands == [
        "matting video run-chunk job.json 0  # missing",
        "matting video run-chunk job.json 2  # damaged",
    ]
    assert not (job.folder / "com.mp4").exists()
    for command in commands:
        job.succeed(*shlex.split(command, comments=True)[2:])
    job.succeed("join", "job.json")
    job.assert_joined(undisturbed.files())


def test_a_picture_that_is_missing_is_a_damaged_chunk(job):
    job.split()
    for number in range(3):
        job.run_chunk(number)
    next(job.chunk(8).glob("1_00000000.part/*.png")).unlink()
    job.fail("join", "job.json", code=1, says="run-chunk job.json 1  # damaged")


def change_parameters(plan):
    plan["arguments"].append("--set=model_refine_mode=full")


def change_parts(plan):
    plan["arguments"] = [a for a in plan["arguments"] if not a.startswith("--part-frames")]


def test_another_job_is_refused(job):
    job.split()
    job.run_chunk(0)
    text = (job.folder / "job.json").read_text()
    for change, says in ((change_parameters, "parameters"), (change_parts, "part_frames")):
        plan = json.loads(text)
        change(plan)
        (job.folder / "job.json").write_text(json.dumps(plan))
        for call in (("run-chunk", "job.json", 0), ("join", "job.json")):
            job.fail(*call, code=2, says=f"changed since the plan was made: {says};")


def test_other_inputs_are_refused(job):
    job.split()
    ffmpeg(job.folder, "-i", "plate.png", "-vf", "eq=brightness=0.1", "other.png")
    (job.folder / "other.png").rename(job.folder / "plate.png")
    says = "changed since the plan was made: plate; bring back what was there"
    job.fail("run-chunk", "job.json", 0, code=2, says=says)
    with (job.folder / "clip.mp4").open("ab") as file:
        file.write(b"\0")
    says = "changed since the plan was made: video, plate;"
    job.fail("join", "job.json", code=2, says=says)


def test_chunks_of_another_job_are_not_taken(job, undisturbed):
    job.split("--set", "model_refine_mode=full")
    for number in range(3):
        job.run_chunk(number)
    job.split()
    job.fail("join", "job.json", code=1, says="run-chunk job.json 0  # damaged")
    for number in range(3):
        job.run_chunk(number)
    job.succeed("join", "job.json")
    job.assert_joined(undisturbed.files())


def test_relative_paths_count_from_the_folder_of_the_call(job, undisturbed):
    job.split()
    home, job.folder = job.folder, job.folder.parent
    for number in range(3):
        job.succeed("run-chunk", home / "job.json", number)
    job.succeed("join", home / "job.json")
    job.folder = home
    job.assert_joined(undisturbed.files())


def test_the_plan_goes_to_the_true_end(job):
    data = (job.folder / "clip.mp4").read_bytes()
    (job.folder / "clip.mp4").write_bytes(data[: len(data) * 3 // 4])
    assert job.split(chunk_parts=1) < 6, "the header promises 23 frames"
    plan = json.loads((job.folder / "job.json").read_text())
    for number in range(len(plan["chunks"])):
        job.run_chunk(number)
    job.succeed("join", "job.json")
    joined = job.files()
    frames = sum(chunk["frames"] for chunk in plan["chunks"])
    assert 0 < frames == len(joined["log"]) < FRAMES
    job.succeed(*job.arguments)
    assert job.files() == joined


def test_pictures_and_a_limit(job):
    (job.folder / "in").mkdir()
    ffmpeg(job.folder, "-i", "clip.mp4", "-fps_mode", "passthrough", "in/%02d.png")
    outputs = ["--alpha", "a/%02d.png", "--plate", "plate.png", "--part-frames", 3]
    arguments = ["--video", "in", *outputs, "--frames", 11, "--set", "cuda=cpu", "threads=1"]
    chunks = int(job.succeed("split", "--plan", "p.json", *arguments).stdout)
    assert chunks == 4
    for number in range(chunks):
        job.succeed("run-chunk", "p.json", number)
    job.succeed("join", "p.json")
    joined = {path.name: path.read_bytes() for path in (job.folder / "a").iterdir()}
    assert sorted(joined) == [f"{i:02d}.png" for i in range(1, 12)]
    job.succeed(*arguments)
    assert {path.name: path.read_bytes() for path in (job.folder / "a").iterdir()} == joined


def test_repairs_of_the_plate_are_those_of_one_process(job):
    arguments = ["--video", "clip.mp4", "--auto-plate", "--no-align", "--smooth", 0.5, "--alpha",
                 "a.mkv", "--part-frames", 8, "--set", "cuda=cpu", "threads=1"]  # fmt: skip
    job.succeed(*arguments)
    whole = (job.folder / "a.mkv").read_bytes()
    for name in ("a.mkv", "a.plate.png"):
        (job.folder / name).unlink()
    chunks = int(job.succeed("split", "--plan", "p.json", *arguments).stdout)
    made = (job.folder / "a.plate.png").stat().st_mtime_ns
    for number in range(chunks):
        job.succeed("run-chunk", "p.json", number)
    job.succeed("join", "p.json")
    assert (job.folder / "a.mkv").read_bytes() == whole
    assert (job.folder / "a.plate.png").stat().st_mtime_ns == made, "split alone makes the plate"


def test_wrong_calls(job):
    base = ("split", "--plan", "job.json", "--video", "clip.mp4", "--plate", "plate.png")
    job.fail(*base, code=2, says="names its outputs")
    job.fail(*base, "-o", "out.mp4", code=2, says="H.264 in MP4 has no alpha")
    job.fail("split", *base[3:], "-o", "o.mov", code=2, says="--plan is required")
    job.fail("run-chunk", "job.json", 0, code=1, says="job.json")
    assert not (job.folder / "job.json").exists()
    job.split()
    job.fail("run-chunk", "job.json", 3, code=2, says="has chunks 0 to 2, not 3")
    for text in ("{}", "no JSON", '{"farm_plan": 1}', '{"farm_plan": 1, "arguments": ["--x"]}'):
        (job.folder / "bad.json").write_text(text)
        job.fail("join", "bad.json", code=2, says="bad.json")
