"""Tests the start of the program with real virtual environments, a real pip and no network."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from instmatt_app import bootstrap
from instmatt_app.bootstrap import Options, environment, installing, libraries
from instmatt_app.bootstrap.environment import Project, Stamp
from instmatt_app.bootstrap.messages import Failure

SOURCE = Path(bootstrap.__file__).resolve().parents[2]
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
EXIT_CODE = 7
posix = pytest.mark.skipif(os.name != "posix", reason="uses POSIX programs or signals")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="concerns Linux")

CLI = f"""
import json, os, sys, tinydep
print(json.dumps({{"args": sys.argv[1:], "cwd": os.getcwd(), "prefix": sys.prefix, "path": sys.path}}))
sys.exit({EXIT_CODE})
"""


# --- a small project, with packages that come from a folder ---------------------------------------------------------


def make_wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    """Write a wheel by hand, which needs no build program."""
    info = f"{name}-1.0.dist-info"
    files = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(path, text)


def make_project(folder: Path, dependencies: list[str], tests: list[str]) -> Path:
    """Copy what a start needs into a folder, with a small program in place of the real one."""
    package = folder / "instmatt_app"
    package.mkdir(parents=True)
    shutil.copy(SOURCE / "main.py", folder)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SOURCE / "instmatt_app" / "bootstrap", package / "bootstrap", ignore=ignored)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(CLI if dependencies else CLI.replace(", tinydep", ""))
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "x"\nversion = "1"\ndependencies = {dependencies}\n'
        f"[project.optional-dependencies]\ntest = {tests}\n"
    )
    (folder / "constraints.txt").write_text("tinydep==1.0\n")
    return folder


def start(folder: Path, *arguments: str, cwd: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run main.py as a user does."""
    return subprocess.run(
        [sys.executable, str(folder / "main.py"), *arguments],
        cwd=cwd or folder,
        env=variables(**changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def variables(**changes: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "INSTMATT_", "PYTHON")) and name not in ("XDG_CACHE_HOME", "TMPDIR")
    }
    # The system's libraries are looked at in tests of their own: here a missing one must not be installed.
    common = {"PIP_CONFIG_FILE": os.devnull, "INSTMATT_SKIP_LIBRARIES": "1", "PYTHONUTF8": "1"}
    return {**kept, **common, **changes}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return pip's settings for installing from a folder with two small packages, one in place of pytest."""
    folder = tmp_path_factory.mktemp("wheels")
    make_wheel(folder, "tinydep", {"tinydep/__init__.py": "", "tinydep/data.txt": "here"})
    script = "import json, os, sys\nprint(json.dumps([sys.argv[1:], os.getcwd()]))\nsys.exit(5)\n"
    make_wheel(folder, "pytest", {"pytest/__init__.py": "", "pytest/__main__.py": script})
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start") / "Fotos für Łódź & 写真"
    return make_project(folder, ["tinydep"], ["pytest"])


@pytest.fixture(scope="module")
def failed(project: Path) -> subprocess.CompletedProcess[str]:
    """Start for the first time with nothing at the other end of the network."""
    return start(project, "matte", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0")


@pytest.fixture(scope="module")
def finished(
    project: Path, failed: subprocess.CompletedProcess[str], wheels: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Start again after the failure, with a package whose installation was cut off before its last file."""
    cut_off = site_packages(project) / "tinydep-1.0.dist-info"
    cut_off.mkdir()
    (cut_off / "METADATA").write_text("Metadata-Version: 2.1\nName: tinydep\nVersion: 1.0\n")
    return start(project, "matte", "my photo.png", "--out", "ä b", cwd=str(project.parent), **wheels)


def site_packages(project: Path) -> Path:
    return next(path for path in (project / ".venv").rglob("site-packages") if not path.parent.is_symlink())


def stamp_of(project: Path) -> Stamp:
    stamp = environment.read_stamp(project / ".venv")
    assert stamp is not None
    return stamp


# --- first start, interruption, second start ------------------------------------------------------------------------


def test_who_asks_for_help_first_gets_it_and_nothing_is_installed(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project", ["tinydep"], [])
    for asked in ("--help", "-h"):
        done = start(folder, asked, PIP_INDEX_URL="http://127.0.0.1:9/simple")
        assert (done.returncode, done.stderr) == (0, "")
        assert "main.py matte" in done.stdout
        assert "--torch" in done.stdout
    assert not (folder / ".venv").exists()


def test_a_failing_network_ends_in_a_sentence(project: Path, failed: subprocess.CompletedProcess[str]) -> None:
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    last = failed.stderr.strip().splitlines()[-1]
    assert last.startswith("InstMatt Studio: the packages could not be installed.")
    assert "start again" in last
    assert "first start: making the environment" in failed.stderr
    assert stamp_of(project) == Stamp("", "pypi", VERSION, "")


def test_the_next_start_finishes_and_hands_the_command_over(
    project: Path, finished: subprocess.CompletedProcess[str]
) -> None:
    assert finished.returncode == EXIT_CODE, finished.stderr
    assert "finishing or updating the environment" in finished.stderr
    assert "Successfully installed" in finished.stderr, "pip's own messages go through"
    answer = json.loads(finished.stdout)
    assert answer["args"] == ["matte", "my photo.png", "--out", "ä b"]
    assert Path(answer["cwd"]) == project.parent
    assert Path(answer["prefix"]) == project / ".venv"
    assert answer["path"][0] == str(project), "the working folder must not be searched for modules"
    assert (site_packages(project) / "tinydep" / "data.txt").read_text() == "here", "the cut-off package is whole"
    assert stamp_of(project).key == environment.env_key(environment.read_project(project), "pypi", VERSION)


def test_the_second_start_runs_no_pip_and_says_nothing(
    project: Path, finished: subprocess.CompletedProcess[str]
) -> None:
    pip = site_packages(project) / "pip"
    pip.rename(pip.with_name("no-pip"))
    try:
        again = start(project)
    finally:
        pip.with_name("no-pip").rename(pip)
    assert again.returncode == EXIT_CODE
    assert again.stderr == ""
    assert json.loads(again.stdout)["args"] == []


def test_an_interrupted_set_up_is_recognised_by_its_stamp(
    project: Path, finished: subprocess.CompletedProcess[str], wheels: dict[str, str]
) -> None:
    environment.write_stamp(project / ".venv", stamp_of(project)._replace(key=""))
    (project / ".venv" / "tmp" / "pip-unpack-of-a-killed-start").mkdir(parents=True)
    again = start(project, "doctor", **wheels)
    assert again.returncode == EXIT_CODE
    assert "finishing or updating the environment" in again.stderr
    assert stamp_of(project).key
    assert not (project / ".venv" / "tmp").exists()


def test_the_command_test_runs_pytest_in_the_project_folder(
    project: Path, finished: subprocess.CompletedProcess[str]
) -> None:
    tested = start(project, "test", "-k", "alpha", cwd=str(project.parent))
    assert tested.returncode == 5
    assert json.loads(tested.stdout) == [["-k", "alpha"], str(project)]


def test_env_takes_another_environment_and_names_what_it_lacks(
    project: Path, finished: subprocess.CompletedProcess[str], tmp_path: Path
) -> None:
    other = make_project(tmp_path / "other", ["tinydep", "never-heard-of", "elsewhere; sys_platform == 'x'"], [])
    refused = start(other, "--env", str(project / ".venv"), "doctor")
    assert refused.returncode == 1
    assert "lacks never-heard-of;" in refused.stderr
    other = make_project(tmp_path / "good", ["tinydep>=1"], ["never-heard-of"])
    assert start(other, "doctor", INSTMATT_ENV=str(project / ".venv")).returncode == EXIT_CODE
    assert "lacks never-heard-of;" in start(other, f"--env={project / '.venv'}", "test").stderr
    assert "is not an environment" in start(other, "--env", str(tmp_path), "doctor").stderr
    assert not (other / ".venv").exists()


@posix
def test_ctrl_c_ends_the_set_up_with_a_sentence(project: Path, finished: subprocess.CompletedProcess[str]) -> None:
    before = stamp_of(project)
    environment.write_stamp(project / ".venv", before._replace(key=""))
    (site_packages(project) / "tinydep-1.0.dist-info" / "RECORD").unlink()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        running = subprocess.Popen(
            [sys.executable, str(project / "main.py"), "doctor"],
            env=variables(PIP_INDEX_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/simple"),
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        silent.settimeout(60)
        connection, _address = silent.accept()  # pip is asking, and gets no answer
        os.killpg(running.pid, signal.SIGINT)
        _output, errors = running.communicate(timeout=60)
        connection.close()
    assert running.returncode == 130
    assert errors.strip().splitlines()[-1].startswith("InstMatt Studio: stopped.")
    assert "Traceback" not in errors
    assert stamp_of(project).key == ""


@posix
def test_a_broken_environment_is_made_again(
    project: Path, finished: subprocess.CompletedProcess[str], wheels: dict[str, str]
) -> None:
    (project / ".venv" / "bin" / "python").unlink()
    (project / ".venv" / "leftover").mkdir()
    again = start(project, "doctor", **wheels)
    assert again.returncode == EXIT_CODE, again.stderr
    assert not (project / ".venv" / "leftover").exists()
    assert (site_packages(project) / "tinydep" / "data.txt").exists()


def test_two_first_starts_at_once_make_one_environment(tmp_path: Path) -> None:
    folder = make_project(tmp_path, [], [])
    command = [sys.executable, str(folder / "main.py"), "doctor"]
    both = [
        subprocess.Popen(command, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    messages = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [EXIT_CODE, EXIT_CODE], messages
    assert sum("making the environment in" in message for message in messages) == 1
    assert sum("the environment is ready" in message for message in messages) == 1


def test_an_environment_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    folder = make_project(tmp_path, [], [])
    (folder / ".venv").mkdir()
    (folder / ".venv" / "notes.txt").write_text("mine")
    refused = start(folder, "doctor")
    assert refused.returncode == 1
    assert "was not made by this program" in refused.stderr
    assert (folder / ".venv" / "notes.txt").read_text() == "mine"


# --- options, key, stamp ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], Options()),
        (["matte", "--env", "x"], Options(command=("matte", "--env", "x"))),
        (["--help"], Options(command=("--help",))),
        (["--env", "a b", "test", "-k", "y"], Options(env="a b", command=("test", "-k", "y"))),
        (["--env=a", "--yes", "--version"], Options(env="a", yes=True, command=("--version",))),
        (["--torch", "cu130", "doctor"], Options(torch="cu130", command=("doctor",))),
    ],
)
def test_own_options_end_where_the_command_begins(arguments: list[str], expected: Options) -> None:
    assert bootstrap.parse_options(arguments, {}) == expected


@pytest.mark.parametrize(
    "arguments", [["--env"], ["--torch="], ["--torch", "../x"], ["--torch", "cpu", "--env", "somewhere"]]
)
def test_wrong_options_are_refused(arguments: list[str]) -> None:
    with pytest.raises(Failure, match=r"--torch|--env") as refusal:
        bootstrap.parse_options(arguments, {})
    assert refusal.value.code == 2


def test_the_variable_stands_for_the_option_and_gives_way_to_it() -> None:
    given = {"INSTMATT_ENV": "from-variable"}
    assert bootstrap.parse_options(["doctor"], given).env == "from-variable"
    assert bootstrap.parse_options(["--env", "given", "doctor"], given).env == "given"


def test_the_key_changes_with_everything_the_environment_is_made_from() -> None:
    project = Project(Path("a"), ("torch",), ("pytest",), "torch==1\n")
    keys = {
        environment.env_key(project, "pypi", "3.11"),
        environment.env_key(project, "cpu", "3.11"),
        environment.env_key(project, "pypi", "3.12"),
        environment.env_key(project._replace(constraints="torch==2\n"), "pypi", "3.11"),
        environment.env_key(project._replace(dependencies=("torch", "numpy")), "pypi", "3.11"),
        environment.env_key(project._replace(test_dependencies=()), "pypi", "3.11"),
    }
    assert len(keys) == 6
    moved = project._replace(root=Path("b"))
    assert environment.env_key(moved, "pypi", "3.11") == environment.env_key(project, "pypi", "3.11")


def test_an_environment_is_ready_only_with_its_python_and_a_filled_in_key(tmp_path: Path) -> None:
    project = Project(tmp_path, (), (), "")
    python = environment.env_python(tmp_path)
    complete = Stamp(environment.env_key(project, "cpu", "3.11"), "cpu", "3.11", "all")
    assert environment.read_stamp(tmp_path) is None
    environment.write_stamp(tmp_path, complete)
    assert environment.read_stamp(tmp_path) == complete
    assert not environment.is_ready(tmp_path, complete, project, "", "3.11")
    python.parent.mkdir()
    python.touch()
    assert environment.is_ready(tmp_path, complete, project, "", "3.11"), "without --torch the installed one is kept"
    assert environment.is_ready(tmp_path, complete, project, "cpu", "3.11")
    assert not environment.is_ready(tmp_path, complete, project, "pypi", "3.11")
    assert not environment.is_ready(tmp_path, complete, project, "", "3.12")
    assert not environment.is_ready(tmp_path, complete._replace(key=""), project, "", "3.11")
    (tmp_path / environment.STAMP).write_text('{"key": "abc')
    assert environment.read_stamp(tmp_path) == Stamp()


@linux
def test_a_read_only_folder_sends_the_environment_to_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    project = Project(Path("/proc"), (), (), "")  # not even root can write there
    env, stamp = environment.find_env(project, "", "3.11")
    assert env == tmp_path / "instmatt-studio" / f"env-{environment.env_key(project, 'pypi', '3.11')}"
    assert stamp is None
    assert f"it goes to {env}" in capsys.readouterr().err
    cpu = tmp_path / "instmatt-studio" / "env-cpu"
    environment.env_python(cpu).parent.mkdir(parents=True)
    environment.env_python(cpu).touch()
    environment.write_stamp(cpu, Stamp(environment.env_key(project, "cpu", "3.11"), "cpu", "3.11"))
    assert environment.find_env(project, "", "3.11")[0] == cpu
    assert environment.find_env(project, "pypi", "3.11")[0] == env


def test_pytorch_of_its_own_index_keeps_the_pins_it_can(tmp_path: Path) -> None:
    constraints = "numpy==2.0\ntorch==2.1+cu1\ntorchvision==0.2\nnvidia-cublas==13\ntriton==3\ncuda-toolkit==13\n"
    pins = tmp_path / "pins.txt"
    pins.write_text(installing.constraints_for(constraints, "cpu"))
    assert pins.read_text().split() == ["numpy==2.0", "torch==2.1", "torchvision==0.2"]
    assert installing.constraints_for(constraints, "pypi") == constraints
    project = Project(tmp_path, ("torch>=2", "torchvision", "numpy"), (), constraints)
    everything = ["-c", str(pins), "torch>=2", "torchvision", "numpy"]
    index = "https://download.pytorch.org/whl/cpu"
    assert installing.pip_arguments(project, "cpu", pins) == [
        ["--index-url", index, "torch==2.1", "torchvision==0.2"],
        everything,
    ]
    assert installing.pip_arguments(project, "pypi", pins) == [everything]


def test_a_small_disk_is_named_before_the_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=2_000_000_000))
    installing.announce(tmp_path, "cu130", None)
    assert "about 10 GB, and the disk has 2.0 GB free" in capsys.readouterr().err


def test_the_command_gets_no_settings_of_another_python_or_of_cv2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONHOME", "/somewhere")
    monkeypatch.setenv("QT_QPA_PLATFORM_PLUGIN_PATH", "/x/site-packages/cv2/qt/plugins")
    monkeypatch.setenv("QT_QPA_FONTDIR", "/usr/share/fonts")
    monkeypatch.setenv("PIP_INDEX_URL", "https://example.org/simple")
    child = environment.child_environment()
    assert "PYTHONHOME" not in child
    assert "QT_QPA_PLATFORM_PLUGIN_PATH" not in child
    assert child["QT_QPA_FONTDIR"] == "/usr/share/fonts"
    assert child["PIP_INDEX_URL"] == "https://example.org/simple"


# --- which Python -----------------------------------------------------------------------------------------------------


def start_as_old_python(path: str) -> subprocess.CompletedProcess[str]:
    """Run the real main.py while Python says that it is 3.6."""
    script = (
        "import runpy, sys; sys.version_info = (3, 6, 0, 'final', 0); sys.argv = [sys.argv[1], 'doctor']; "
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    command = [sys.executable, "-c", script, str(SOURCE / "main.py")]
    settings = variables(PATH=path, INSTMATT_ENV="/not/there")
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=False)


@posix
def test_an_old_python_is_told_what_is_needed(tmp_path: Path) -> None:
    ast.parse((SOURCE / "main.py").read_text(encoding="utf-8"), feature_version=(3, 6))
    answer = start_as_old_python(str(tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.startswith("InstMatt Studio: this is Python 3.6, and Python 3.11, 3.12 or 3.13 is needed")
    assert answer.stderr.count("\n") == 1


@posix
def test_an_old_python_passes_on_to_a_supported_one(tmp_path: Path) -> None:
    # A stand-in that only fails must not be taken for a Python.
    for name, text in (("python3.13", "exit 127"), (f"python{VERSION}", f"exec '{sys.executable}' \"$@\"")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    answer = start_as_old_python(str(tmp_path))
    assert f"this is Python 3.6; using python{VERSION} instead" in answer.stderr
    assert "/not/there is not an environment" in answer.stderr


def test_a_python_without_ensurepip_is_named(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project", [], [])
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking" / "ensurepip.py").write_text("raise ImportError")
    answer = start(folder, "doctor", PYTHONPATH=str(tmp_path / "lacking"), PATH=str(tmp_path))
    assert answer.returncode == 1
    assert "lacks" in answer.stderr
    assert "ensurepip" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_debian_is_told_the_package_with_ensurepip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(installing, "read_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure, match=rf"apt-get install python{VERSION}-venv`"):
        installing.bring_ensurepip(yes=True)


# --- the system's libraries -------------------------------------------------------------------------------------------

BOOKWORM = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
MISSING = ["libEGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0", "libxcb-icccm.so.4"]


@pytest.mark.parametrize(
    ("release", "command"),
    [
        (BOOKWORM, "sudo apt-get install libegl1 libglib2.0-0 libxcb-icccm4`"),
        ('ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n', "apt-get install libegl1 libglib2.0-0t64 libxcb-i"),
        ("ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=jammy\nUBUNTU_CODENAME=jammy\n", "libegl1 libglib2.0-0 libxcb"),
        ("ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble\n", "libegl1 libglib2.0-0t64 libx"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=virginia\nUBUNTU_CODENAME=jammy\n', "libglib2.0-0 "),
        ("# made by hand\nID=fedora\nVERSION_ID=42\n", "sudo dnf install libglvnd-egl glib2 xcb-util-wm`"),
        ("ID='rocky'\nID_LIKE='rhel centos fedora'\n", "sudo dnf install libglvnd-egl glib2 xcb-util-wm`"),
        ("ID=arch\n", "sudo pacman -S libglvnd glib2 xcb-util-wm`"),
        ("ID=manjaro\nID_LIKE=arch\n", "sudo pacman -S libglvnd glib2 xcb-util-wm`"),
        (
            'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n',
            "sudo zypper install Mesa-libEGL1 libglib-2_0-0 libgthread-2_0-0 libxcb-icccm4`",
        ),
        ("ID=gentoo\n", "the packages of your system that contain them"),
        ("", "the packages of your system that contain them"),
    ],
)
def test_missing_libraries_are_named_with_the_command_of_the_system(release: str, command: str) -> None:
    sentence = libraries.libraries_sentence(MISSING, libraries.parse_os_release(release))
    assert command in sentence
    assert "(libEGL.so.1, " in sentence


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Pretend that the program needs libraries no system has, on Debian, as root, with an apt-get that takes notes."""
    core = ("libno-core.so.9", False, "libno-core9", "", "", "")
    window = ("libno-window.so.9", True, "libno-window9", "", "", "")
    monkeypatch.setattr(libraries, "LIBRARIES", (core, window))
    monkeypatch.setattr(libraries, "WINDOW_ONLY", frozenset({window[0]}))
    monkeypatch.setattr(libraries, "read_os_release", lambda: libraries.parse_os_release(BOOKWORM))
    monkeypatch.delenv("INSTMATT_SKIP_LIBRARIES", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> "{tmp_path}/notes"\n')
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "notes"


@linux
def test_root_gets_the_libraries_installed_and_what_stays_missing_stops_the_start(
    lacking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Failure, match=r"libno-core\.so\.9, libno-window\.so\.9.*sudo apt-get install libno-core9"):
        libraries.check_libraries("all", yes=True)
    notes = lacking.read_text().splitlines()
    assert notes == ["update", "install -y --no-install-recommends libno-core9 libno-window9"]
    assert "installing libno-core9 libno-window9 with apt-get" in capsys.readouterr().err


@linux
def test_others_get_a_sentence_and_go_on_without_the_window(
    lacking: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(libraries, "LIBRARIES", libraries.LIBRARIES[1:])
    assert libraries.check_libraries("all", yes=True) == "core"
    assert "the window needs system libraries that are not there (libno-window.so.9)" in capsys.readouterr().err
    assert libraries.check_libraries("core", yes=True) == "core"
    assert capsys.readouterr().err == ""
    assert not lacking.exists()


@linux
def test_on_a_terminal_no_is_an_answer(
    lacking: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        controller, terminal = os.openpty()
    except OSError:
        pytest.skip("there are no terminals here")
    os.write(controller, b"n\n")
    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert libraries.apt_install(["libno-window9"], "the reason", yes=False) is False
    os.close(controller)
    assert "Install libno-window9 with apt-get now? [Y/n]" in capsys.readouterr().err
    assert not lacking.exists()


# --- the time of a start ----------------------------------------------------------------------------------------------


def test_importing_the_start_does_not_import_the_program() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from instmatt_app import bootstrap; "
        "loaded = [n for n in sys.modules if n.startswith(('instmatt_app.', 'numpy', 'torch', 'subprocess'))]; "
        "print(sorted(loaded))"
    )
    began = time.perf_counter()
    answer = subprocess.run(
        [sys.executable, "-I", "-c", script, str(SOURCE)], capture_output=True, text=True, check=True
    )
    needed_always = ["instmatt_app.bootstrap", "instmatt_app.bootstrap.environment", "instmatt_app.bootstrap.messages"]
    assert answer.stdout.strip() == str(needed_always)
    assert time.perf_counter() - began < 5
