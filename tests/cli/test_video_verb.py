"""matting video and bench --video: outputs, log, wrong calls, Ctrl-C, kill, resume."""

import json
import os
import shutil
import signal
import subprocess
import time
import unittest

from command import MATTING, CommandTest, person, png_bytes

FFMPEG = shutil.which("ffmpeg") and shutil.which("ffprobe")
FRAMES = 12


def ffprobe(path, entries, *options):
    """Values that ffprobe prints of the film's stream, as a list of lines."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v:0", *options,
               "-show_entries", entries, "-of", "csv=p=0", str(path)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line.strip(",") for line in done.stdout.split()]


@unittest.skipUnless(FFMPEG, "needs the commands ffmpeg and ffprobe (Debian: ffmpeg)")
class VideoTest(CommandTest):
    def setUp(self):
        super().setUp()
        # A ball on a wall that moves by two pixels a frame, with a tone beside it.
        for i in range(FRAMES):
            frame = png_bytes(96, 80, lambda x, y, i=i: person((x - 2 * i) % 96, y))
            (self.folder / f"frame_{i:02d}.png").write_bytes(frame)
        self.ffmpeg("-framerate", "25", "-i", "frame_%02d.png", "-f", "lavfi", "-i", "sine=d=0.48",
                    "-c:v", "libx264", "-crf", "10", "-pix_fmt", "yuv420p", "-c:a", "aac",
                    "clip.mp4")  # fmt: skip

    def ffmpeg(self, *arguments):
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True).stdout

    def video_arguments(self, *extra, video="clip.mp4"):
        # Two threads: two frames at once.
        return ["video", "--video", video, "--plate", "plate.png", "--set", "cuda=cpu",
                "threads=2", *extra]  # fmt: skip

    def times(self, name):
        return sorted(map(int, ffprobe(self.folder / name, "packet=pts")))


class Results(VideoTest):
    def test_every_result_from_one_pass(self):
        done = self.succeed(*self.video_arguments(
            "--background", "#00ff00", "-o", "out.mp4", "--cutout", "cut.mov", "--alpha", "a.mkv",
            "--foreground", "f.webm", "--error", "errors/%03d.png", "--log", "log.jsonl", "--json",
        ))  # fmt: skip
        summary = json.loads(done.stdout)
        self.assertEqual(summary["frames"], FRAMES)
        self.assertFalse(summary["interrupted"])
        self.assertEqual(self.times("out.mp4"), self.times("clip.mp4"))
        for name in ("cut.mov", "a.mkv", "f.webm"):
            self.assertEqual(len(self.times(name)), FRAMES, name)
        self.assertEqual(ffprobe(self.folder / "cut.mov", "stream=pix_fmt"), ["yuva444p10le"])
        self.assertEqual(len(list((self.folder / "errors").iterdir())), FRAMES)
        self.assertIn("f.webm: stream 1 (audio, aac)", done.stderr)
        lines = [json.loads(line) for line in (self.folder / "log.jsonl").read_text().splitlines()]
        self.assertEqual([line["frame"] for line in lines], list(range(FRAMES)))
        self.assertEqual([line["timestamp"] for line in lines], self.times("clip.mp4"))
        self.assertIn("refined_share", lines[0])
        self.assertEqual(list(self.folder.glob("*.parts")), [])

    def test_a_matte_of_a_video_is_the_matte_of_its_pictures(self):
        self.ffmpeg("-i", "clip.mp4", "-c:v", "ffv1", "-pix_fmt", "bgr0", "-an", "clip.mkv")
        self.ffmpeg("-i", "clip.mkv", "-frames:v", "1", "image.png")
        unrepaired = ["--no-align", "--no-photometric"]  # as `matting image` takes the plate
        self.succeed(*self.video_arguments("--alpha", "alpha/%d.png", "--frames", 1, *unrepaired,
                                           video="clip.mkv"))  # fmt: skip
        self.succeed(*self.image_arguments(
            extra=["--set", "cuda=cpu", "threads=1", "model_backbone_min_side=auto",
                   "plate_projection_passes=1"]
        ))
        decode = ["-f", "rawvideo", "-pix_fmt", "gray", "-"]
        self.assertEqual(self.ffmpeg("-i", "alpha/1.png", *decode),
                         self.ffmpeg("-i", "out/alpha.png", *decode))  # fmt: skip

    def test_a_folder_gets_the_usual_results(self):
        self.succeed(*self.video_arguments("-o", "out"))
        self.assertEqual(self.listing(), {"cutout.mov", "alpha.mov", "result.json"})
        self.succeed(*self.video_arguments("-o", "com", "--background", "blur:4"))
        self.assertEqual(self.listing("com"), {"composite.mp4", "alpha.mov", "result.json"})

    def test_several_videos_get_a_folder_each(self):
        (self.folder / "clips").mkdir()
        for name in ("one.mp4", "two.mp4"):
            shutil.copy(self.folder / "clip.mp4", self.folder / "clips" / name)
        self.succeed(*self.video_arguments("-o", "out", "--frames", 2, video="clips"))
        self.assertEqual(self.listing(), {"one", "two"})
        self.assertEqual(self.listing("out/two"), {"cutout.mov", "alpha.mov", "result.json"})

    def test_pictures_in_and_out_keep_their_numbers(self):
        (self.folder / "in").mkdir()
        for i in (2, 3, 4):
            shutil.copy(self.folder / f"frame_{i:02d}.png", self.folder / "in" / f"shot.{i:04d}.png")
        self.succeed(*self.video_arguments("--cutout", "out/c_%04d.png", video="in"))
        self.assertEqual(self.listing(), {"c_0002.png", "c_0003.png", "c_0004.png"})

    def test_a_video_as_background_and_as_plate(self):
        self.ffmpeg("-f", "lavfi", "-i", "testsrc2=s=48x40:r=25:d=0.2", "-c:v", "ffv1", "new.mkv")
        self.ffmpeg("-loop", "1", "-i", "plate.png", "-frames:v", "4", "-c:v", "ffv1", "p.mkv")
        self.succeed("video", "--video", "clip.mp4", "--plate", "p.mkv", "--background", "new.mkv",
                     "-o", "out.mp4", "--set", "cuda=cpu", "threads=1")  # fmt: skip
        self.assertEqual(len(self.times("out.mp4")), FRAMES)

    def test_frames_side_by_side_are_those_of_one_at_a_time(self):
        results = set()
        threads = [("--set", f"threads={count}") for count in (1, 2, 8)]
        for i, extra in enumerate([*threads, ("--one-at-a-time",)]):
            self.succeed(*self.video_arguments("--smooth", 0.5, "--drift", "--part-frames", 5, "-o",
                                               f"{i}.mkv", *extra))  # fmt: skip
            results.add((self.folder / f"{i}.mkv").read_bytes())
        self.assertEqual(len(results), 1)

    def test_another_number_of_threads_goes_on_with_the_job(self):
        self.succeed(*self.video_arguments("--alpha", "whole.mkv", "--part-frames", 4))
        call = self.video_arguments("--alpha", "a.mkv", "--part-frames", 4, "--log", "log.jsonl")
        process = subprocess.Popen([MATTING, *map(str, call)], cwd=self.folder,
                                   env=self.environment, stderr=subprocess.DEVNULL)  # fmt: skip
        part = self.folder / "a.mkv.parts" / "0_00000001.part"
        while process.poll() is None and not part.exists():
            time.sleep(0.001)
        process.kill()
        if process.wait() == 0:
            self.skipTest("this machine finished the job before it could be stopped")
        done = self.succeed(*call, "--set", "threads=1", "--resume", "--json")
        self.assertGreaterEqual(json.loads(done.stdout)["resumed_frames"], 4)
        self.assertEqual((self.folder / "a.mkv").read_bytes(),
                         (self.folder / "whole.mkv").read_bytes())  # fmt: skip

    def test_bench_prints_both_rates_and_their_ratio(self):
        call = ("bench", "--video", "clip.mp4", "--plate", "plate.png", "--background", "#00ff00",
                "--json", "--warmup", 1, "--set", "cuda=cpu", "threads=2")  # fmt: skip
        result = json.loads(self.succeed(*call).stdout)
        self.assertEqual(result["frames_at_once"], 2)
        more = self.succeed(*call, "threads=8")
        self.assertEqual(json.loads(more.stdout)["frames_at_once"], 3)
        kept = self.succeed(*call, "model_refine_change=0.5")
        self.assertEqual(json.loads(kept.stdout)["frames_at_once"], 1)
        self.assertAlmostEqual(result["ratio"], result["job_fps"] / result["engine_fps"], 6)
        self.assertEqual(result["frames"], FRAMES)
        self.fail("bench", "--plate", "plate.png", code=2, says="one of --image and --video")


class Memory(VideoTest):
    def peak_kib(self, frames):
        self.ffmpeg("-f", "lavfi", "-i", f"testsrc2=s=64x48:r=25:d={frames / 25}", "-f", "lavfi",
                    "-i", f"sine=d={frames / 25}", "-c:v", "ffv1", "-c:a", "aac",
                    "long.mkv")  # fmt: skip
        arguments = self.video_arguments("-o", "out.mp4", "--background", "#00ff00", "--alpha",
                                         "a.mov", "--part-frames", 20, video="long.mkv")  # fmt: skip
        process = subprocess.Popen([MATTING, *map(str, arguments)], cwd=self.folder,
                                   env=self.environment, stderr=subprocess.DEVNULL)  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(len(self.times("out.mp4")), frames)
        return usage.ru_maxrss

    def test_does_not_grow_with_the_length(self):
        self.assertLess(self.peak_kib(400), 1.05 * self.peak_kib(40))


class WrongCalls(VideoTest):
    def test_are_found_before_the_first_frame(self):
        call = self.video_arguments
        for arguments, says in [
            (call(), "no output is named"),
            (call("-o", "out.mp4"), ["H.264 in MP4 has no alpha", ".mov", ".webm"]),
            (call("-o", "out.avi"), "'.avi' is not one of"),
            (call("--composite", "out.mp4"), "new background"),
            (call("--alpha", "a.mkv", "--cutout", "a.mkv"), "twice"),
            (call("--alpha", "clip.mp4"), "is the source"),
            (call("-o", "out.mov", "--codec", "h265"), "takes prores"),
            (call("-o", "out.mov", "--resume"), "nothing to resume"),
        ]:
            with self.subTest(arguments=arguments):
                before = set(self.folder.iterdir())
                self.fail(*arguments, code=2, says=says)
                self.assertEqual(set(self.folder.iterdir()), before)

    def test_work_that_cannot_be_done(self):
        (self.folder / "text.mp4").write_text("not a video")
        self.fail(*self.video_arguments("-o", "o.mov", video="text.mp4"), says="text.mp4")
        self.fail(*self.video_arguments("-o", "none/o.mov"), says="none/o.mov")
        self.fail(*self.video_arguments("-o", "o.mov", video="none.mp4"), says="none.mp4")

    def test_a_full_disk_leaves_nothing_under_the_name(self):
        self.fail(*self.video_arguments("-o", "out.mkv"), says="free some space", file_limit=4000)
        self.assertFalse((self.folder / "out.mkv").exists())


class Interruptions(VideoTest):
    ARGUMENTS = ("-o", "out.mov", "--alpha", "a.mkv", "--error", "e/%02d.png", "--part-frames", 3,
                 "--log", "log.jsonl")  # fmt: skip
    FILES = ("out.mov", "a.mkv", "e/01.png", "e/12.png")

    def undisturbed(self):
        self.succeed(*self.video_arguments(*self.ARGUMENTS))
        files = {name: (self.folder / name).read_bytes() for name in self.FILES}
        for name in self.FILES:
            (self.folder / name).unlink()
        (self.folder / "log.jsonl").unlink()
        return files

    def start(self):
        return subprocess.Popen([MATTING, *map(str, self.video_arguments(*self.ARGUMENTS))],
                                cwd=self.folder, env=self.environment,
                                stderr=subprocess.PIPE, text=True)  # fmt: skip

    def wait_for_frames(self, process, count):
        log = self.folder / "log.jsonl"
        deadline = time.monotonic() + 120
        while not (log.exists() and log.read_bytes().count(b"\n") >= count):
            self.assertIsNone(process.poll(), "it ended before it could be stopped")
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.001)

    def stop_with(self, number):
        """Starts the job and sends it a signal once half of its frames are in the log."""
        process = self.start()
        self.wait_for_frames(process, FRAMES // 2)
        process.send_signal(number)
        errors = process.communicate(timeout=60)[1]
        if process.returncode == 0:
            self.skipTest("this machine finished the job before the signal came")
        return process, errors

    def expect_same_after_resume(self, wanted):
        self.succeed(*self.video_arguments(*self.ARGUMENTS, "--resume"))
        for name, data in wanted.items():
            self.assertEqual((self.folder / name).read_bytes(), data, name)
        log = (self.folder / "log.jsonl").read_text().splitlines()
        self.assertEqual([json.loads(line)["frame"] for line in log], list(range(FRAMES)))
        self.assertFalse((self.folder / "out.mov.parts").exists())

    def test_ctrl_c_leaves_what_plays_and_resumes(self):
        wanted = self.undisturbed()
        process, errors = self.stop_with(signal.SIGINT)
        self.assertEqual(process.returncode, 1)
        self.assertIn("--resume goes on", errors)
        self.assertFalse((self.folder / "out.mov").exists())
        frames = len(self.times("out.partial.mov"))
        self.assertIn(f"interrupted after {frames} frames", errors)
        self.assertEqual(len(self.ffmpeg("-i", "out.partial.mov", "-f", "rawvideo", "-pix_fmt",
                                         "gray", "-")), frames * 96 * 80)  # fmt: skip
        self.expect_same_after_resume(wanted)

    def test_kill_leaves_no_file_and_resumes(self):
        wanted = self.undisturbed()
        process, _ = self.stop_with(signal.SIGKILL)
        self.assertEqual(process.returncode, -signal.SIGKILL)
        for name in self.FILES:
            self.assertFalse((self.folder / name).exists(), name)
        # Whatever stands half done is no obstacle.
        parts = self.folder / "out.mov.parts"
        (parts / "0_00000099.part").write_bytes(b"half")
        self.expect_same_after_resume(wanted)

    def test_two_jobs_do_not_write_into_the_same_parts(self):
        first = self.start()
        self.wait_for_frames(first, 1)
        first.send_signal(signal.SIGSTOP)
        try:
            for more in ((), ("--resume",)):
                self.fail(*self.video_arguments(*self.ARGUMENTS, *more),
                          says=["out.mov.parts is in use", f"process {first.pid}"])  # fmt: skip
        finally:
            first.send_signal(signal.SIGCONT)
        errors = first.communicate(timeout=60)[1]
        self.assertEqual(first.returncode, 0, errors)
        self.assertEqual(len(self.times("out.mov")), FRAMES)

    def test_a_part_that_was_damaged_is_made_again(self):
        wanted = self.undisturbed()
        self.stop_with(signal.SIGKILL)
        first = self.folder / "out.mov.parts" / "0_00000000.part"
        if not first.exists():
            self.skipTest("the job was stopped before its first part")
        first.write_bytes(first.read_bytes()[:-1] + b"x")
        self.expect_same_after_resume(wanted)

    def test_another_job_does_not_take_the_parts(self):
        self.stop_with(signal.SIGKILL)
        arguments = self.video_arguments(*self.ARGUMENTS, "--resume", "--quality", 30)
        done = self.call(*arguments, "--set", "model_refine_mode=full")
        self.assertEqual(done.returncode, 2)
        self.assertIn("belongs to a job with other files, parameters or outputs", done.stderr)


if __name__ == "__main__":
    unittest.main()
