import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from linkwork import runner

SLEEPS_WITH_A_CHILD = [sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '300'])"]
IGNORES_BEING_ASKED = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(300)",
]


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(runner, "VAR", tmp_path)
    monkeypatch.setattr(runner, "CHILDREN", tmp_path / "children.lock")


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind((runner.HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def is_anything_left() -> bool:
    with runner.CHILDREN.open("a+") as lock:
        return runner.is_held_elsewhere(lock)


def test_named_port_that_is_taken_is_said(monkeypatch, taken_port):
    monkeypatch.setenv("PORT", str(taken_port))

    with pytest.raises(runner.CannotRun, match=f"Port {taken_port} is taken by another program"):
        runner.free_port()


def test_port_that_is_no_number_is_said(monkeypatch):
    monkeypatch.setenv("PORT", "http")

    with pytest.raises(runner.CannotRun, match="PORT is 'http', which is not a number"):
        runner.free_port()


def test_next_port_is_used_when_the_usual_one_is_taken(monkeypatch, capsys, taken_port):
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(runner, "FIRST_PORT", taken_port)

    port = runner.free_port()

    assert port > taken_port
    assert capsys.readouterr().out == f"Port {taken_port} is taken by another program; using {port}.\n"


def test_children_and_theirs_end_with_the_run():
    with runner.Children() as children:
        children.launch(SLEEPS_WITH_A_CHILD)

    assert is_anything_left() is False


def test_child_that_will_not_end_is_ended(monkeypatch):
    monkeypatch.setattr(runner, "SECONDS_TO_END", 0.5)
    with runner.Children() as children:
        child = children.launch(IGNORES_BEING_ASKED)
        time.sleep(0.3)

    assert child.returncode == -signal.SIGKILL


def test_what_a_killed_run_left_is_ended(capsys, tmp_path):
    code = f"""
import os, pathlib
from linkwork import runner
runner.CHILDREN = pathlib.Path({str(runner.CHILDREN)!r})
children = runner.Children().__enter__()
children.launch({SLEEPS_WITH_A_CHILD!r})
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", code], cwd=runner.BASE_DIR)
    left_behind = is_anything_left()

    runner.end_what_a_killed_run_left()

    assert (left_behind, is_anything_left()) == (True, False)
    assert capsys.readouterr().out == "The last run was killed; ending what it left behind.\n"


def test_second_run_is_told_where_the_first_is(tmp_path):
    with (tmp_path / "run.lock").open("a+") as first, (tmp_path / "run.lock").open("a+") as second:
        runner.refuse_a_second_run(first)
        runner.write(first, {"pid": os.getpid(), "address": "http://127.0.0.1:8000"})

        with pytest.raises(runner.CannotRun, match="running from here already: http://127.0.0.1:8000"):
            runner.refuse_a_second_run(second)


def test_failed_command_ends_the_run():
    with pytest.raises(subprocess.CalledProcessError), runner.Children() as children:
        children.manage("check", "--no-such-option")


def test_service_that_ends_by_itself_ends_everything():
    with runner.Children() as children, pytest.raises(runner.CannotRun, match=r"The beat has ended by itself"):
        runner.wait_until_one_ends({"beat": children.launch(["false"])})
