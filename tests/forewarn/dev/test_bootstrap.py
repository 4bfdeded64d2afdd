"""Laws of bootstrap.sh and packages.sh: what is asked, what is installed, and that nothing else changes."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

DEV = Path(__file__).parents[3] / "forewarn" / "dev"
TOOLS = ["sh", "awk", "cat", "chmod", "cksum", "cmp", "cp", "dirname", "grep", "mkdir", "mv", "readlink", "rm", "sleep"]
GIVEN = {"FOREWARN_RABBITMQ_URL": "given", "FOREWARN_DATABASE_URL": "given"}  # leaves Redis to be found
APT_GET = """#!/bin/sh
echo "apt-get $*" >>"$RECORD"
case "$*" in *--simulate*) exit 0 ;; esac
cat "$FOREWARN_POLICY_RC" >>"$RECORD"
sleep "${APT_TAKES:-0}"
"""
MACHINE = {
    "apt-get": APT_GET,
    "dpkg": "#!/bin/sh\n",
    "id": '#!/bin/sh\necho "${AM_I:-1000}"\n',
    "sudo": '#!/bin/sh\necho "sudo $*" >>"$RECORD"\nAM_I=0 exec "$@"\n',
}


class Machine:
    """A checkout on a pretended machine that lacks Redis."""

    def __init__(self, directory: Path) -> None:
        self.checkout = directory / "checkout"
        self.programs = directory / "programs"
        self.record = directory / "record"
        self.policy = directory / "policy-rc.d"
        (self.checkout / "forewarn" / "dev").mkdir(parents=True)
        self.programs.mkdir()
        self.record.touch()
        for script in DEV.glob("*.sh"):
            shutil.copy(script, self.checkout / "forewarn" / "dev")
        (self.checkout / "requirements.lock").touch()
        for name in TOOLS:
            (self.programs / name).symlink_to(shutil.which(name) or name)
        for name, text in MACHINE.items():
            (self.programs / name).write_text(text)
            (self.programs / name).chmod(0o755)

    def with_everything_made(self) -> Machine:
        """Pretend that .venv is there, so that packages are all there is to do."""
        made = self.checkout / ".venv" / "bin"
        made.mkdir(parents=True)
        for name in ("python", "forewarn"):
            (made / name).write_text("#!/bin/sh\n")
            (made / name).chmod(0o755)
        stamp = 'printf "%s %s\\n" "$(cksum <requirements.lock)" "$PWD" >.venv/forewarn.stamp'
        subprocess.run(["sh", "-c", stamp], cwd=self.checkout, check=True)
        return self

    def start(self, *words: str, script: str = "bootstrap.sh", **settings: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["sh", str(self.checkout / "forewarn" / "dev" / script), *words],
            env={**self.environment(), **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, **settings: str) -> tuple[int, str]:
        with self.start(*words, **settings) as process:
            said, _ = process.communicate()
        return process.returncode, said

    def environment(self) -> dict[str, str]:
        where = {"PATH": str(self.programs), "PYTHON": sys.executable, "HOME": str(self.checkout)}
        return {**where, **GIVEN, "RECORD": str(self.record), "FOREWARN_POLICY_RC": str(self.policy)}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path).with_everything_made()


INSTALLED = "--no-install-recommends -o Dpkg::Use-Pty=0 install redis-server"


def test_somebody_without_a_terminal_is_told_the_command_and_nothing_is_installed(machine: Machine) -> None:
    status, said = machine.run()

    assert status == 1
    assert "  sudo apt-get install --no-install-recommends redis-server\n" in said
    assert machine.record.read_text() == ""


def test_root_without_a_terminal_is_not_asked(machine: Machine) -> None:
    status, said = machine.run(AM_I="0")

    assert status == 0
    assert INSTALLED in machine.record.read_text()
    assert "To remove them: apt-get purge --autoremove redis-server" in said


def test_who_says_so_beforehand_is_not_asked_and_goes_through_sudo(machine: Machine) -> None:
    status, _ = machine.run(FOREWARN_DEV_INSTALL="1")

    assert status == 0
    assert machine.record.read_text().startswith("sudo sh ")
    assert INSTALLED in machine.record.read_text()


@pytest.mark.parametrize(("answer", "installs"), [("", True), ("y", True), ("n", False), ("what?", False)])
def test_on_a_terminal_the_answer_counts(machine: Machine, answer: str, installs: bool) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    script = str(machine.checkout / "forewarn" / "dev" / "bootstrap.sh")

    status = subprocess.run(["sh", script], env=machine.environment(), stdin=theirs, stdout=theirs).returncode

    os.close(theirs)
    said = all_of(ours)
    assert "Install them? [Y/n]" in said
    assert (status == 0) is installs
    assert (INSTALLED in machine.record.read_text()) is installs


def all_of(terminal: int) -> str:
    """What was said on it, which comes in pieces, and the answer's echo among them."""
    said = b""
    with suppress(OSError), os.fdopen(terminal, "rb", buffering=0) as pieces:  # EIO: nobody has it open any more
        while piece := pieces.read(4096):
            said += piece
    return said.decode()


def test_a_given_server_needs_no_package(machine: Machine) -> None:
    status, said = machine.run(FOREWARN_REDIS_URL="redis://given")

    assert (status, said) == (0, "")


def test_only_the_tests_need_an_alertmanager_and_a_prometheus(machine: Machine) -> None:
    given = {"FOREWARN_REDIS_URL": "redis://given"}

    assert machine.run("all", **given) == (0, "")
    said = machine.run("test", **given)[1]
    assert "apt-get install --no-install-recommends prometheus-alertmanager prometheus\n" in said


def test_the_libraries_alone_need_no_server(machine: Machine) -> None:
    assert machine.run("venv") == (0, "")


def test_a_machine_that_is_not_debian_is_told_what_is_needed(machine: Machine) -> None:
    (machine.programs / "apt-get").unlink()

    status, said = machine.run(AM_I="0")

    assert status == 1
    assert "Python 3.11 or newer with venv, RabbitMQ" in said
    assert "redis-server" in said


@pytest.fixture(params=["none", "file", "link"])
def before(machine: Machine, request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever policy the machine has is there again after the test, as it was."""
    if request.param == "file":
        machine.policy.write_text("theirs")
        machine.policy.chmod(0o751)
    if request.param == "link":
        machine.policy.symlink_to("/nowhere/at-all")
    found = seen(machine)
    yield
    assert seen(machine) == found


def seen(machine: Machine) -> list[tuple[str, int, int, str]]:
    """Name, mode, time of change and content of the policy and whatever lies beside it."""
    return [
        (p.name, p.lstat().st_mode, p.lstat().st_mtime_ns, str(p.readlink()) if p.is_symlink() else p.read_text())
        for p in sorted(machine.policy.parent.glob("policy-rc.d*"))
    ]


@pytest.mark.usefixtures("before")
def test_no_service_may_start_while_installing(machine: Machine) -> None:
    machine.run(AM_I="0")

    assert "exit 101" in machine.record.read_text()


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_install_puts_the_policy_back(machine: Machine, number: signal.Signals) -> None:
    with machine.start(AM_I="0", APT_TAKES="30") as process:
        wait_for_apt(machine)

        os.killpg(process.pid, number)
        process.communicate()  # until the last of them has ended

    assert process.returncode != 0


@pytest.mark.usefixtures("before")
def test_a_killed_install_is_put_right_by_the_next(machine: Machine) -> None:
    with machine.start(AM_I="0", APT_TAKES="30") as process:
        wait_for_apt(machine)
        os.killpg(process.pid, signal.SIGKILL)
    assert "forewarn" in machine.policy.read_text()

    assert machine.run(AM_I="0")[0] == 0


def wait_for_apt(machine: Machine) -> None:
    until = time.monotonic() + 5
    while "exit 101" not in machine.record.read_text() and time.monotonic() < until:
        time.sleep(0.02)


@pytest.mark.slow  # every clean clone does it too
def test_the_libraries_are_made_once_and_anew_if_broken(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    python = machine.checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("half made")

    status, said = machine.run("venv")
    began = time.monotonic()
    again = machine.run("venv")

    assert status == 0, said
    assert "Making .venv" in said
    assert again == (0, "")
    assert time.monotonic() - began < 1
    assert (machine.checkout / ".venv" / "bin" / "forewarn").exists()


def test_a_changed_lock_is_installed_and_a_failure_is_tried_again(machine: Machine) -> None:
    (machine.checkout / "requirements.lock").write_text("changed")
    python = machine.checkout / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\ncase "$*" in *"pip install"*) exit 1 ;; esac\n')

    first, second = machine.run("venv"), machine.run("venv")

    assert first == second
    assert first[0] == 1
    assert "pip failed" in first[1]


def test_the_command_is_put_in_place_of_a_link_and_not_through_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path).with_everything_made()
    precious = tmp_path / "precious"
    precious.write_text("as it was")
    command = machine.checkout / ".venv" / "bin" / "forewarn"
    command.unlink()
    command.symlink_to(precious)
    (machine.checkout / ".venv" / "forewarn.stamp").unlink()
    python = machine.checkout / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\ncase "$*" in *purelib*) echo "{tmp_path}" ;; esac\n')

    assert machine.run("venv")[0] == 0

    assert precious.read_text() == "as it was"
    assert not command.is_symlink()
