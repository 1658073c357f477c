"""The launcher on each system, against folders and a registry that are not the real ones."""

import configparser
import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from instmatt_app import desktop
from instmatt_app.__main__ import main
from instmatt_app.desktop.icons import icns, ico, size_of
from instmatt_app.desktop.linux import LinuxLauncher, quoted
from instmatt_app.desktop.macos import MacLauncher
from instmatt_app.desktop.windows import PHOTO, PROJECT, WindowsLauncher
from instmatt_app.places import resources_folder

COMMAND = ["/opt/my python/python3", "/home/ada/100%/main.py", "--env", '/a"b$c`d\\e']


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- Linux ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def renewed() -> list[Sequence[str]]:
    return []


@pytest.fixture
def linux(tmp_path: Path, renewed: list[Sequence[str]]) -> LinuxLauncher:
    return LinuxLauncher(COMMAND, tmp_path, renewed.append)


def test_linux_has_entry_icon_and_type_and_loses_them_again(
    linux: LinuxLauncher, tmp_path: Path, renewed: list[Sequence[str]]
) -> None:
    assert not linux.is_installed()
    linux.install()
    there = ["applications/instmatt-studio.desktop", "icons/hicolor/scalable/apps/instmatt-studio.svg",
             "mime/packages/instmatt-studio.xml"]  # fmt: skip
    assert files(tmp_path) == there
    assert linux.is_installed()
    assert [one[0] for one in renewed] == ["update-desktop-database", "update-mime-database", "gtk-update-icon-cache"]
    assert linux.install()
    assert files(tmp_path) == there
    assert len(linux.remove()) == 3
    assert files(tmp_path) == []
    assert linux.remove() == []


def test_the_entry_says_what_it_opens_and_how(linux: LinuxLauncher, tmp_path: Path) -> None:
    linux.install()
    parser = configparser.RawConfigParser(strict=True, delimiters="=")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(tmp_path / "applications" / "instmatt-studio.desktop", "utf-8")
    entry = parser["Desktop Entry"]
    types = entry["MimeType"].split(";")
    assert {"application/x-instmatt", "image/jpeg", "image/tiff", "image/heif"} <= set(types)
    assert types[-1] == ""
    assert entry["Exec"].endswith(" %F")
    assert parser["Desktop Action new-window"]["Exec"].endswith(" --new-window")
    assert entry["Actions"] == "new-window;"
    mime = ElementTree.parse(tmp_path / "mime" / "packages" / "instmatt-studio.xml").getroot()
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    kind = mime.find(f"{space}mime-type")
    assert kind is not None
    assert kind.get("type") == "application/x-instmatt"
    glob = kind.find(f"{space}glob")
    assert glob is not None
    assert glob.get("pattern") == "*.instmatt"


def test_words_of_the_command_survive_the_entry() -> None:
    for word in COMMAND:
        value = quoted(word)
        # First the escapes of a string value, then the quoting of Exec, as the specification has them.
        unescaped = value.replace("\\\\", "\\").replace("%%", "%")
        done = subprocess.run(["sh", "-c", f"printf %s {unescaped}"], capture_output=True, text=True, check=True)
        assert done.stdout == word


def test_an_entry_of_somebody_else_is_left_alone(linux: LinuxLauncher, tmp_path: Path) -> None:
    path = tmp_path / "applications" / "instmatt-studio.desktop"
    path.parent.mkdir()
    path.write_text("[Desktop Entry]\nName=Mine\n")
    with pytest.raises(FileExistsError):
        linux.install()
    assert linux.remove() == []
    assert path.read_text() == "[Desktop Entry]\nName=Mine\n"


# --- Windows ----------------------------------------------------------------------------------------------------------


class FakeRegistry:
    """Keys and values in a dictionary, names without regard to case, as in the real one."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str] = {}

    def get(self, key: str, name: str) -> str | None:
        return self.values.get((key.lower(), name.lower()))

    def set(self, key: str, name: str, value: str) -> None:
        self.values[(key.lower(), name.lower())] = value

    def delete_value(self, key: str, name: str) -> None:
        self.values.pop((key.lower(), name.lower()), None)

    def delete_key(self, key: str) -> None:
        low = key.lower()
        self.values = {
            place: value for place, value in self.values.items() if not (place[0] + "\\").startswith(low + "\\")
        }


def test_windows_has_classes_shortcut_and_icon_and_loses_them_again(tmp_path: Path) -> None:
    registry, made = FakeRegistry(), list[dict[str, str]]()
    registry.set(".jpg\\OpenWithProgids", "Other.Viewer", "")
    registry.set(".jpg", "", "Other.Viewer")

    def shortcut(variables: dict[str, str]) -> None:
        made.append(variables)
        Path(variables["IMS_LINK"]).write_text("")

    python = tmp_path / "my python" / "python.exe"
    python.parent.mkdir()
    python.with_name("pythonw.exe").touch()
    command = [str(python), "C:\\Program Files\\x\\main.py"]
    launcher = WindowsLauncher(command, registry, tmp_path / "roaming", tmp_path / "local", shortcut)
    assert not launcher.is_installed()
    launcher.install()
    assert launcher.is_installed()
    opens = registry.get(f"{PROJECT}\\shell\\open\\command", "")
    assert opens is not None
    assert opens == f'"{python.with_name("pythonw.exe")}" "C:\\Program Files\\x\\main.py" "%1"'
    assert registry.get(".instmatt", "") == PROJECT
    assert registry.get(".jpg\\OpenWithProgids", PHOTO) == ""
    assert registry.get(".jpg", "") == "Other.Viewer", "photos keep their program"
    assert made[0]["IMS_TARGET"].endswith("pythonw.exe")
    assert made[0]["IMS_LINK"].endswith("InstMatt Studio.lnk")
    icon = (tmp_path / "local" / "instmatt-studio" / "instmatt-studio.ico").read_bytes()
    assert icon[:4] == b"\0\0\1\0"
    launcher.remove()
    assert registry.values == {
        (".jpg\\openwithprogids", "other.viewer"): "",
        (".jpg", ""): "Other.Viewer",
    }
    assert [name for name in files(tmp_path) if name.endswith((".lnk", ".ico"))] == []


def test_a_suffix_that_another_program_has_taken_is_left_to_it(tmp_path: Path) -> None:
    registry = FakeRegistry()
    launcher = WindowsLauncher(["python"], registry, tmp_path, tmp_path, lambda variables: None)
    launcher.install()
    registry.set(".instmatt", "", "Another.Program")
    launcher.remove()
    assert registry.get(".instmatt", "") == "Another.Program"


# --- macOS ------------------------------------------------------------------------------------------------------------


def test_macos_has_a_bundle_and_loses_it_again(tmp_path: Path) -> None:
    told: list[Path] = []
    launcher = MacLauncher(["/usr/bin/printf", "%s,", "a b", "it's"], tmp_path, told.append)
    assert not launcher.is_installed()
    launcher.install()
    launcher.install()
    bundle = tmp_path / "InstMatt Studio.app"
    assert told == [bundle, bundle]
    assert files(bundle) == ["Contents/Info.plist", "Contents/MacOS/instmatt-studio",
                             "Contents/Resources/instmatt-studio.icns"]  # fmt: skip
    information = plistlib.loads((bundle / "Contents" / "Info.plist").read_bytes())
    program = bundle / "Contents" / "MacOS" / information["CFBundleExecutable"]
    done = subprocess.run([program, "my photo.jpg"], capture_output=True, text=True, check=True)
    assert done.stdout == "a b,it's,my photo.jpg,"
    kinds = {one["LSHandlerRank"]: one for one in information["CFBundleDocumentTypes"]}
    assert kinds["Owner"]["LSItemContentTypes"] == [
        information["UTExportedTypeDeclarations"][0]["UTTypeIdentifier"],
    ]
    assert {"jpg", "png", "heic", "dng"} <= set(kinds["Alternate"]["CFBundleTypeExtensions"])
    assert launcher.remove() == [str(bundle)]
    assert list(tmp_path.iterdir()) == []
    assert launcher.remove() == []


def test_a_bundle_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "InstMatt Studio.app").mkdir()
    launcher = MacLauncher(["python"], tmp_path, lambda bundle: None)
    with pytest.raises(FileExistsError):
        launcher.install()
    assert launcher.remove() == []
    assert (tmp_path / "InstMatt Studio.app").is_dir()


# --- All --------------------------------------------------------------------------------------------------------------


def test_icons_hold_the_picture_as_it_is() -> None:
    png = (resources_folder() / "app-256.png").read_bytes()
    assert size_of(png) == (256, 256)
    assert ico(png).endswith(png)
    assert icns(png).endswith(png)
    assert int.from_bytes(icns(png)[4:8], "big") == len(icns(png))
    with pytest.raises(ValueError, match="not a PNG"):
        ico(b"GIF89a" + bytes(30))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the words are those of Linux here")
def test_the_command_line_installs_and_removes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    assert main(["--install-launcher"]) == 0
    assert str(tmp_path / "applications" / "instmatt-studio.desktop") in capsys.readouterr().out
    assert main(["--remove-launcher"]) == 0
    assert files(tmp_path) == []
    (tmp_path / "applications").rmdir()
    (tmp_path / "applications").write_text("")
    assert main(["--install-launcher"]) == 1
    assert "could not be changed" in capsys.readouterr().err


def test_a_checkout_starts_by_main_py(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    monkeypatch.setattr(sys, "prefix", str(root / ".venv"))
    assert desktop.command()[1:] == [str(root / "main.py")]
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert desktop.command()[1:] == [str(root / "main.py"), "--env", str(tmp_path)]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert desktop.command() == [sys.executable]


def test_projects_are_the_zip_files_that_the_type_says() -> None:
    from instmatt_app.desktop.linux import MIME
    from instmatt_app.files.project_file import SUFFIX

    assert desktop.PROJECT_SUFFIX == SUFFIX
    assert 'sub-class-of type="application/zip"' in MIME
