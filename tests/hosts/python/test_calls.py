"""Parameters, outputs on demand, errors, progress, cancel, threads."""

import ctypes
import functools
import json
import os
import pathlib
import pickle
import signal
import sys
import threading

import numpy
import pytest
from memory_growth import growth_mib

import infer_background_matting as ibm
from infer_background_matting import ErrorCode, Matting, MattingError


@pytest.fixture(scope="module")
def matting():
    return Matting(cuda="cpu")


def error_of(function, *arguments, **keywords):
    with pytest.raises(MattingError) as failed:
        function(*arguments, **keywords)
    return failed.value


def test_parameters_as_keywords_texts_and_numbers():
    matting = Matting(
        {"model_refine_pixels": " 42 "}, model_backbone_scale="2e-1", threads=numpy.int64(1)
    )
    matting.set_parameters(model_path=pathlib.Path("/a/model.pt"), model_refine_threshold=0.5)
    values = matting.parameters
    assert values["model_refine_pixels"] == "42"
    assert float(values["model_backbone_scale"]) == 0.2
    assert values["threads"] == "1"
    assert values["model_path"] == "/a/model.pt"
    assert values["model_refine_threshold"] == "0.5"


def test_the_types_know_every_parameter():
    rows = ibm.parameter_table()
    assert [row.key for row in rows] == list(ibm.Parameters.__annotations__)
    assert Matting().parameters == {row.key: row.default for row in rows}
    for row in rows:
        if row.type != "choice":
            continue
        choices = row.allowed.split(", ")
        annotation = ibm.Parameters.__annotations__[row.key]
        text = getattr(annotation, "__forward_arg__", annotation)
        assert text.replace("'", '"') == f"Literal[{', '.join(map(json.dumps, choices))}]"


def test_a_wrong_parameter_changes_nothing():
    matting = Matting()
    before = matting.parameters
    unknown = error_of(matting.set_parameters, threads=2, colour="red")
    assert unknown.code == ErrorCode.UNKNOWN_PARAMETER and "colour" in str(unknown)
    wrong = error_of(matting.set_parameters, {"threads": 2, "model_refine_threshold": "nan"})
    assert wrong.code == ErrorCode.BAD_PARAMETER_VALUE and "model_refine_threshold" in str(wrong)
    with pytest.raises(TypeError, match="threads: wanted a text, a number or a path"):
        matting.set_parameters(threads=None)
    assert matting.parameters == before


def test_only_what_is_asked_is_computed(matting, scene):
    result = matting(scene.image, scene.plate, outputs=["alpha", "error"])
    assert [output["name"] for output in result.info["outputs"]] == ["alpha", "error"]
    assert repr(result) == "Result(alpha (93, 161) uint8, error (93, 161) uint8)"
    missing = error_of(lambda: result.composite)
    assert missing.code == ErrorCode.INVALID_ARGUMENT
    assert "composite was not computed: this run was asked for alpha, error" == str(missing)
    assert "'beta'" in str(error_of(matting, scene.image, scene.plate, outputs="beta"))


def test_info_tells_of_its_own_run(matting, scene):
    first = matting(scene.image, scene.plate, outputs="alpha")
    matting(scene.image[:64], scene.plate[:64], outputs="alpha")
    assert first.info["size"] == {"width": 161, "height": 93}
    assert first.info["engine"] == "native"


def test_background_by_parameter_and_mask(scene):
    matting = Matting(cuda="cpu", background="#00ff00")
    result = matting(scene.image, scene.plate, mask=scene.trimap)
    assert result.composite.shape == (93, 161, 3)
    assert (result.alpha[scene.trimap == 0] == 0).all()
    assert (result.composite[scene.trimap == 0] == [0, 255, 0]).all()


def test_a_missing_model_and_a_recovery(scene):
    matting = Matting(cuda="cpu", model_path="/no/such/model.pt")
    error = error_of(matting, scene.image, scene.plate)
    assert error.code == ErrorCode.MODEL_NOT_FOUND and "/no/such/model.pt" in str(error)
    matting.set_parameters(model_path="")
    assert matting(scene.image, scene.plate).alpha.any()


def test_errors_travel_between_processes():
    error = pickle.loads(pickle.dumps(MattingError(ErrorCode.TOO_LARGE, "text")))
    assert error.code is ErrorCode.TOO_LARGE and str(error) == "text"


def test_progress_hears_every_step(matting, scene):
    steps = []
    matting(scene.image, scene.plate, progress=lambda *step: steps.append(step))
    assert [(number, count) for number, count, _ in steps] == [(n, 7) for n in range(1, 8)]
    assert steps[0][2] == "check" and steps[-1][2] == "report"


@pytest.mark.parametrize("step", range(1, 8))
def test_what_progress_raises_comes_through(matting, scene, step):
    def stop(number, _count, _stage):
        if number == step:
            raise LookupError(f"at {number}")

    with pytest.raises(LookupError, match=f"at {step}"):
        matting(scene.image, scene.plate, progress=stop)
    assert matting(scene.image, scene.plate).alpha.any()


@pytest.fixture
def python_hears_control_c():
    # Shells start programs in the background with the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("python_hears_control_c")
def test_control_c_ends_a_run(matting, scene):
    # A callback without a line of Python: only the run itself can notice the signal.
    interrupt = functools.partial(ctypes.CDLL(None).kill, os.getpid(), int(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        matting(scene.image, scene.plate, progress=interrupt)
    assert matting(scene.image, scene.plate).alpha.any()


def test_cancel_from_another_thread(matting, scene):
    inside, cancelled = threading.Event(), threading.Event()

    def wait(step, _count, _stage):
        if step == 3:
            inside.set()
            assert cancelled.wait(60)

    def cancel():
        assert inside.wait(60)
        matting.cancel()
        cancelled.set()

    thread = threading.Thread(target=cancel)
    thread.start()
    error = error_of(matting, scene.image, scene.plate, progress=wait)
    thread.join()
    assert error.code == ErrorCode.CANCELLED
    matting.cancel()  # nothing is running: forgotten
    assert matting(scene.image, scene.plate).alpha.any()


def test_one_object_refuses_a_second_thread_and_itself(matting, scene):
    errors = []

    def call_again(step, _count, _stage):
        if step != 3:
            return
        thread = threading.Thread(
            target=lambda: errors.append(error_of(matting, scene.image, scene.plate))
        )
        thread.start()
        thread.join()
        errors.append(error_of(matting.set_parameters, threads=1))

    matting(scene.image, scene.plate, progress=call_again)
    assert [error.code for error in errors] == [ErrorCode.INVALID_ARGUMENT] * 2
    assert all("running already" in str(error) for error in errors)


def test_objects_run_at_once_and_agree(scene):
    expected = Matting(cuda="cpu", threads=1)(scene.image, scene.plate).alpha
    together = threading.Barrier(3)
    alphas = []

    def work():
        matting = Matting(cuda="cpu", threads=1)

        def meet(step, _count, _stage):
            if step == 2:
                together.wait(60)

        alphas.append(matting(scene.image, scene.plate, progress=meet).alpha)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(alphas) == 3 and all(numpy.array_equal(a, expected) for a in alphas)


def test_a_forked_child_runs_too(matting, scene):
    matting(scene.image, scene.plate)
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        matting(scene.image, scene.plate)
        Matting(cuda="cpu")(scene.image, scene.plate)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    matting(scene.image, scene.plate)


def test_the_gil_is_free_during_a_run(matting, scene):
    """Python threads never switch by themselves here, so only the run can let this one in."""

    def enter_and_leave(stages):
        stages.append("entered")
        matting(scene.image, scene.plate)
        stages.append("left")

    interval = sys.getswitchinterval()
    sys.setswitchinterval(3600)
    try:
        for _ in range(100):
            stages = []
            thread = threading.Thread(target=enter_and_leave, args=(stages,))
            thread.start()
            seen = stages == ["entered"]
            thread.join()
            if seen:
                return
    finally:
        sys.setswitchinterval(interval)
    pytest.fail("no Python ran during any of 100 runs")


@pytest.mark.parametrize("rounds, model_stays, mib", [(1000, True, 0.5), (100, False, 1)])
def test_objects_that_come_and_go_do_not_grow(scene, rounds, model_stays, mib):
    image, plate = scene.image[:32, :48], scene.plate[:32, :48]

    def one_round():
        matting = Matting(cuda="cpu", threads=1)
        matting(image, plate, progress=lambda *_: None)
        return matting

    # Else each round loads the model, 20 MiB, again, and memory goes up and down.
    kept = one_round() if model_stays else None
    assert growth_mib(50, rounds, one_round) < mib
    del kept
