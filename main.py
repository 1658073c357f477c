"""Starts InstMatt Studio: `python3 main.py [--env DIR] [--torch NAME] [--yes] [COMMAND ...]`.

The first start makes the environment the program needs, in `.venv` beside this file; every start then runs the
command in it. `test` runs the tests; every other command, and none at all, goes to the program. The options:

    --env DIR      use an environment that is there already (or set INSTMATT_ENV); nothing is installed
    --torch NAME   take PyTorch from its own wheel index: cpu, cu130, ...; pypi goes back to the usual one
    --yes          install missing system libraries without asking (Debian and Ubuntu, as root)

Any Python must be able to read this file, however old, so that it can say what is wrong in a sentence: hence no
f-strings, no annotations, and nothing imported from the program before the version is known.
"""

import os
import subprocess
import sys

SUPPORTED = ((3, 13), (3, 12), (3, 11))


def supported_python():
    # type: () -> list[str]
    """Find the command of a supported Python on this computer; empty where there is none."""
    # The version is asked for, not trusted: a name on PATH may be a stand-in that only prints an error.
    question = "import sys; sys.exit(sys.version_info[:2] not in " + repr(SUPPORTED) + ")"
    for major, minor in SUPPORTED:
        version = str(major) + "." + str(minor)
        command = ["py", "-" + version] if os.name == "nt" else ["python" + version]
        try:
            ask = command + ["-c", question]  # noqa: RUF005 - Python 2 must be able to read this
            probe = subprocess.Popen(ask, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            probe.communicate()
        except OSError:
            continue
        if probe.returncode == 0:
            return command
    return []


def start_with_another_python():
    # type: () -> int
    """Run this file again with a supported Python, or say that one is needed."""
    running = str(sys.version_info[0]) + "." + str(sys.version_info[1])
    command = supported_python()
    if not command:
        sys.stderr.write(
            "InstMatt Studio: this is Python " + running + ", and Python 3.11, 3.12 or 3.13 is needed; "
            "install one of them (python.org, or your system's packages) and start main.py with it.\n"
        )
        return 1
    sys.stderr.write("InstMatt Studio: this is Python " + running + "; using " + " ".join(command) + " instead.\n")
    sys.stderr.flush()
    arguments = command + [__file__] + sys.argv[1:]  # noqa: RUF005
    if os.name == "nt":
        return subprocess.call(arguments)
    os.execvp(arguments[0], arguments)


if __name__ == "__main__":
    if sys.version_info[:2] not in SUPPORTED:
        sys.exit(start_with_another_python())
    from instmatt_app import bootstrap

    sys.exit(bootstrap.main(sys.argv[1:]))
