"""Makes the environment, or finishes or updates the one that is there: lock, venv, pip."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from instmatt_app.bootstrap.environment import (
    PYPI,
    Project,
    Stamp,
    child_environment,
    env_key,
    env_python,
    is_ready,
    package_name,
    read_stamp,
    write_stamp,
)
from instmatt_app.bootstrap.libraries import apt_install, distribution, read_os_release
from instmatt_app.bootstrap.messages import Failure, last_line, say

LOCK = "instmatt.lock"
TORCH_INDEX = "https://download.pytorch.org/whl/"
# What PyTorch brings along. Its own wheel index has builds with other versions of these than PyPI's build.
BROUGHT_BY_TORCH = ("nvidia-", "cuda-", "triton", "pytorch-triton")


def set_up(project: Project, env: Path, torch: str, version: str, yes: bool) -> Stamp:
    """Make the environment, or finish or update the one that is there; return its stamp."""
    try:
        env.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"{env} cannot be made ({error.strerror}); give a folder with XDG_CACHE_HOME.") from error
    if os.pathsep in str(project.root):
        raise Failure(f"the folder name {project.root} contains {os.pathsep!r}, which Python cannot work with.")
    with locked(env):
        before = read_stamp(env)
        if is_ready(env, before, project, torch, version):
            assert before is not None
            return before  # made by another start while this one waited
        announce(env, torch, before)
        if not is_reusable(env, before, torch, version):
            clear(env)
            write_stamp(env, Stamp("", torch, version))
            make_venv(env, yes)
        else:
            write_stamp(env, Stamp("", torch, version))
            drop_half_installed(env)
        install(project, env, torch)
        stamp = Stamp(env_key(project, torch, version), torch, version)
        write_stamp(env, stamp)
    say("the environment is ready.")
    return stamp


def announce(env: Path, torch: str, before: Stamp | None) -> None:
    """Say what the set-up does, how much comes, and when the disk looks too small for it."""
    import shutil

    # Measured: 3.4 GB come over the network and are kept until the 6.4 GB they unpack to are there. PyTorch with CUDA
    # is what makes it large; on Windows and macOS PyPI's build comes without.
    large = torch.startswith(("cu", "rocm", "xpu")) or (torch == PYPI and sys.platform == "linux")
    download, size, space = ("3.4", "6.5", 10) if large else ("0.6", "2", 3)
    task, most = ("first start: making", "about") if before is None else ("finishing or updating", "up to")
    say(f"{task} the environment in {env}; {most} {download} GB come over the network, {size} GB stay on the disk.")
    say("with a fast connection the whole takes 2 to 4 minutes.")
    if torch == PYPI and sys.platform == "win32":
        say("this PyTorch computes on the processor; for an NVIDIA GPU start once with --torch cu130.")
    free = shutil.disk_usage(env).free / 1e9
    if free < space:
        say(f"this needs about {space} GB, and the disk has {free:.1f} GB free: it may not fit.")


def is_reusable(env: Path, before: Stamp | None, torch: str, version: str) -> bool:
    """Say whether pip can go on in the environment; refuse a folder that is neither usable nor made here."""
    if before is not None and (before.torch, before.python) != (torch, version):
        return False
    if before is None and {child.name for child in env.iterdir()} <= {LOCK}:
        return False
    if works(env_python(env), version):
        return True
    if before is None:
        raise Failure(
            f"{env} was not made by this program and cannot be used (it needs Python {version} and pip): "
            "remove it, or give another environment with --env."
        )
    return False


def works(python: Path, version: str) -> bool:
    """Say whether an environment's Python runs, is of the version, and has pip."""
    import subprocess

    script = "import sys, pip; sys.exit('%d.%d' % sys.version_info[:2] != sys.argv[1])"
    try:
        command = [str(python), "-I", "-c", script, version]
        return subprocess.run(command, env=child_environment(), capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def clear(env: Path) -> None:
    """Empty the environment's folder, apart from the lock that is held on it."""
    import shutil

    for child in env.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        elif child.name != LOCK:
            child.unlink()


def make_venv(env: Path, yes: bool) -> None:
    """Make an empty virtual environment with pip."""
    import subprocess

    if not has_ensurepip():
        bring_ensurepip(yes)
    # From inside another environment its base is used, which stays when that environment goes.
    python = getattr(sys, "_base_executable", None) or sys.executable
    command = [python, "-I", "-m", "venv", str(env)]
    made = subprocess.run(
        command, env=child_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if made.returncode:
        sys.stderr.write(made.stdout)
        raise Failure(f"`{python} -m venv` failed: {last_line(made.stdout)}")


def has_ensurepip() -> bool:
    """Say whether this Python can put pip into an environment; Debian packs that part separately."""
    import importlib

    importlib.invalidate_caches()
    try:
        importlib.import_module("ensurepip")
        importlib.import_module("venv")
    except ImportError:
        return False
    return True


def bring_ensurepip(yes: bool) -> None:
    """Install Debian's package with ensurepip where that is possible, else say what to install."""
    package = f"python3.{sys.version_info[1]}-venv"
    if distribution(read_os_release()) != "debian" or sys.base_prefix != "/usr":
        raise Failure(f"this Python ({sys.executable}) lacks venv or ensurepip; use a complete one from python.org.")
    reason = f"This Python lacks ensurepip, which comes with {package}"
    if not (apt_install([package], reason, yes) and has_ensurepip()):
        raise Failure(f"{reason}: install it with `sudo apt-get install {package}`, and start again.")


def drop_half_installed(env: Path) -> None:
    """Remove the metadata of packages whose installation was cut off, so that pip installs them again.

    RECORD is the last file pip writes for a package; without it pip would still take the package for installed.
    """
    import shutil

    for metadata in [*env.glob("lib/python3*/site-packages/*.dist-info"), *env.glob("Lib/site-packages/*.dist-info")]:
        if not (metadata / "RECORD").exists():
            shutil.rmtree(metadata)


def install(project: Project, env: Path, torch: str) -> None:
    """Install the packages at the tested versions, pip's own messages going through."""
    import shutil
    import subprocess

    pins = env / "constraints.txt"
    pins.write_text(constraints_for(project.constraints, torch), encoding="utf-8")
    environment = child_environment()
    scratch = env / "tmp"
    if os.name == "posix" and "TMPDIR" not in environment:
        # /tmp is often a small disk in memory; pip unpacks its downloads here instead.
        shutil.rmtree(scratch, ignore_errors=True)  # what a killed set-up left: gigabytes
        scratch.mkdir()
        environment["TMPDIR"] = str(scratch)
    for arguments in pip_arguments(project, torch, pins):
        # -I: packages elsewhere (PYTHONPATH, the user's own) must not count as installed.
        command = [str(env_python(env)), "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        code = subprocess.run([*command, *arguments], env=environment, stdout=2, check=False).returncode
        if code:
            free = shutil.disk_usage(env).free / 1e9
            cause = (
                f"the disk is nearly full ({free:.1f} GB free): make room"
                if free < 1
                else "pip's message is above: look at the network (a proxy goes in HTTPS_PROXY)"
            )
            raise Failure(f"the packages could not be installed. {cause}, then start again; it goes on from here.")
    shutil.rmtree(scratch, ignore_errors=True)


def pip_arguments(project: Project, torch: str, pins: Path) -> list[list[str]]:
    """Return the arguments of pip's runs: PyTorch from its own index where that is asked for, then everything."""
    runs = []
    if torch != PYPI:
        pinned = {package_name(line): line for line in pins.read_text(encoding="utf-8").splitlines()}
        names = [package_name(requirement) for requirement in project.requirements]
        wanted = [pinned.get(name, name) for name in ("torch", "torchvision") if name in names]
        runs.append(["--index-url", TORCH_INDEX + torch, *wanted])
    runs.append(["-c", str(pins), *project.requirements])
    return [run for run in runs if run[2:]]


def constraints_for(constraints: str, torch: str) -> str:
    """Return the pins for a choice of PyTorch: a build from its own index has its own versions of what it brings."""
    lines = constraints.splitlines()
    if torch != PYPI:
        lines = [line.partition("+")[0] if package_name(line).startswith("torch") else line for line in lines]
        lines = [line for line in lines if not package_name(line).startswith(BROUGHT_BY_TORCH)]
    return "\n".join(lines) + "\n"


@contextmanager
def locked(env: Path) -> Iterator[None]:
    """Hold the environment's lock, waiting for another start that holds it; it ends with the process."""
    import time

    with (env / LOCK).open("a+b") as handle:
        waiting = False
        while not try_lock(handle.fileno()):
            if not waiting:
                say("another start is making the environment; waiting for it.")
                waiting = True
            time.sleep(0.3)
        yield


def try_lock(descriptor: int) -> bool:
    """Take a file's lock; False where another process has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a network disk without locks: two first starts at the same moment are rare enough
    return True
