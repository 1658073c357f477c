"""Makes the environment the program runs in, on the first start, and hands the command over to it.

Used by main.py with nothing but Python there: only the standard library is imported, and what the second start does
not need (subprocess, shutil, ctypes, …) is imported where it is used, because every start passes through here.

The environment is a virtual environment with the packages of pyproject.toml at the versions of constraints.txt. The
stamp in it says what it was made from. The stamp's key is filled in last, so that an environment whose set-up was
interrupted is recognised and finished by the next start. Everything here is said on stderr: stdout is the command's.

This file reads the options and hands over; environment.py finds and judges environments, installing.py makes them,
libraries.py looks after the libraries of Linux. The last two are imported by the starts that need them.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from instmatt_app.bootstrap.environment import (
    PYPI,
    check_foreign_env,
    child_environment,
    env_python,
    find_env,
    is_ready,
    read_project,
    remember_libraries,
    requirements,
)
from instmatt_app.bootstrap.messages import HELP, Failure, say

if TYPE_CHECKING:
    from instmatt_app.bootstrap.libraries import libraries_sentence, missing_system_libraries

__all__ = ["ROOT", "libraries_sentence", "main", "missing_system_libraries", "requirements"]

ROOT = Path(__file__).resolve().parents[2]


def __getattr__(name: str) -> Any:
    if name in ("libraries_sentence", "missing_system_libraries"):
        from instmatt_app.bootstrap import libraries

        return getattr(libraries, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class Options(NamedTuple):
    """main.py's own options, and the command that follows them."""

    env: str = ""
    torch: str = ""
    yes: bool = False
    command: tuple[str, ...] = ()


def main(arguments: Sequence[str]) -> int:
    """Start the program, turning every failure into a sentence and an exit code."""
    try:
        return start(ROOT, parse_options(arguments, os.environ))
    except Failure as failure:
        say(str(failure))
        code = failure.code
    except KeyboardInterrupt:
        say("stopped. The same command goes on from here.")
        code = 130
    except OSError as error:
        say(f"the start failed: {error}.")
        code = 1
    keep_console_open(arguments)
    return code


def start(root: Path, options: Options) -> int:
    """Find or make the environment, check the system's libraries, run the command."""
    project = read_project(root)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    # Only the window and the tests of it need the libraries that show one.
    level = "all" if options.command[:1] in ((), ("test",)) else "core"
    if options.env:
        env = Path(options.env).expanduser()
        check_foreign_env(env, project, with_tests=options.command[:1] == ("test",))
        from instmatt_app.bootstrap.libraries import check_libraries

        check_libraries(level, options.yes)
    else:
        env, stamp = find_env(project, options.torch, version)
        if stamp is None or not is_ready(env, stamp, project, options.torch, version):
            if options.command[:1] in (("--help",), ("-h",)):
                # Who asks what this is has not asked for gigabytes yet.
                sys.stdout.write(HELP)
                return 0
            from instmatt_app.bootstrap.installing import set_up

            torch = options.torch or (stamp.torch if stamp else "") or PYPI
            stamp = set_up(project, env, torch, version, options.yes)
            level = "all"
        if stamp.libraries not in ("all", level):
            from instmatt_app.bootstrap.libraries import check_libraries

            remember_libraries(env, stamp, check_libraries(level, options.yes))
    return hand_over(env_python(env), root, options.command)


def parse_options(arguments: Sequence[str], environ: dict[str, str] | os._Environ[str]) -> Options:
    """Split main.py's own options from the command after them."""
    values = {"--env": "", "--torch": ""}
    yes = False
    rest = list(arguments)
    while rest:
        name, equals, value = rest[0].partition("=")
        if rest[0] == "--yes":
            yes = True
        elif name in values:
            if not equals:
                rest.pop(0)
                value = rest[0] if rest else ""
            if not value:
                raise Failure(f"{name} needs a value, as in `main.py {name} {'DIR' if name == '--env' else 'cpu'}`.", 2)
            values[name] = value
        else:
            break
        rest.pop(0)
    torch = values["--torch"]
    if torch and not re.fullmatch(r"[a-z0-9.]+", torch):
        raise Failure(f"--torch takes a name such as cpu, cu130 or {PYPI}, not {torch!r}.", 2)
    env = values["--env"] or environ.get("INSTMATT_ENV", "")
    if env and torch:
        raise Failure("--torch installs PyTorch, and --env (or INSTMATT_ENV) installs nothing: give one of them.", 2)
    return Options(env, torch, yes, tuple(rest))


def hand_over(python: Path, root: Path, command: Sequence[str]) -> int:
    """Become the command (on Windows: run it and return its exit code)."""
    environment = child_environment()
    outer = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = f"{root}{os.pathsep}{outer}" if outer else str(root)
    module = ["instmatt_app", *command]
    if command[:1] == ("test",):
        module = ["pytest", *command[1:]]
        os.chdir(root)
    # -P: the folder the user works in must not be searched for modules.
    arguments = [str(python), "-P", "-m", *module]
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name == "posix":
        os.execve(python, arguments, environment)
    import subprocess

    with subprocess.Popen(arguments, env=environment) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue  # the command has been told too, and ends in its own way


def keep_console_open(arguments: Sequence[str]) -> None:
    """Wait for Enter where a double-click opened a console on Windows that would close with the message."""
    if sys.platform == "win32" and not arguments and sys.stdin is not None and sys.stdin.isatty():
        input("Press Enter to close this window.")
