"""Who may import whom: the layering rule of docs/architecture.md, read off the import statements."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "instmatt_app"
QT = {"PySide6", "shiboken6", "qtawesome", "qtpy"}
TORCH = {"torch", "torchvision", "safetensors"}

MAY_IMPORT = {
    "core": {"numpy", "scipy", "cv2", "PIL"},
    "engine": {
        "numpy",
        "scipy",
        "cv2",
        "PIL",
        "psutil",
        "torch",
        "torchvision",
        "detectron2",
        "pymatting",
        "safetensors",
    },
    "files": {
        "numpy",
        "cv2",
        "PIL",
        "pillow_heif",
        "rawpy",
        "imagecodecs",
        "tifffile",
        "psd_tools",
        "psdtags",
        "OpenEXR",
        "mmh3",
    },
    "api": {"numpy", "cv2"},
    "training": {"numpy", "scipy", "cv2", "torch", "safetensors"},
    "evaluation": {"numpy", "scipy", "cv2", "pymatting", "torch", "onnxruntime", "segmentation_refinement"},
    "ui": {"numpy", "cv2", "PySide6", "qtawesome", "pymatting", "psutil"},
    "desktop": set(),
    "cli": {"rich", "numpy", "psutil", "torch"},
}
INNER = {
    "core": set(),
    "engine": {"core"},
    "files": {"core"},
    "api": {"core", "engine", "files", "layering", "options"},
    "training": {"core", "engine"},
    "evaluation": {"core", "engine", "files", "api"},
    "desktop": set(),
    "ui": {"core", "files", "api", "desktop", "diagnosis", "model_store", "options"},
    "cli": {"core", "engine", "files", "api", "diagnosis", "model_store", "evaluation", "training"},
}
EVERYWHERE = {"places", "__version__"}
# Writing whole files needs the standard library only.
BESIDE = {"training": {"instmatt_app.files.atomic"}}


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports by a relative name"
            module = node.module or ""
            if module == "instmatt_app":
                yield from ((f"instmatt_app.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield module, node.lineno


@pytest.mark.parametrize("ring", sorted(MAY_IMPORT))
def test_a_ring_imports_only_what_it_may(ring: str) -> None:
    files = sorted((PACKAGE / ring).rglob("*.py"))
    assert files
    wrong = []
    for path in files:
        for name, line in imports(path):
            top, _, rest = name.partition(".")
            if top == "instmatt_app":
                inner = rest.split(".")[0]
                fine = inner in INNER[ring] | EVERYWHERE | {ring} or (ring == "cli" and inner == "bootstrap")
                fine = fine or name in BESIDE.get(ring, set())
            else:
                fine = top in MAY_IMPORT[ring] or top in sys.stdlib_module_names
            if not fine:
                wrong.append(f"{path.relative_to(PACKAGE)}:{line} imports {name}")
    assert not wrong


def test_bootstrap_needs_only_the_standard_library() -> None:
    files = [PACKAGE.parent / "main.py", PACKAGE / "bootstrap.py", *PACKAGE.glob("bootstrap/*.py")]
    names = [(path, name) for path in files if path.is_file() for name, _ in imports(path)]
    assert names
    outside = [
        (path.name, name)
        for path, name in names
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("instmatt_app")
    ]
    assert not outside


def test_nothing_but_the_window_knows_qt() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] != "ui":
            assert not [name for name, _ in imports(path) if name.split(".")[0] in QT], path


def test_importing_the_package_loads_nothing_heavy() -> None:
    import subprocess

    heavy = sorted(TORCH | QT | {"cv2", "numpy", "pymatting"})
    code = f"import sys, instmatt_app; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


WITHOUT_OTHERS = """
import importlib, importlib.abc, pkgutil, sys
class Nothing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {barred!r}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Nothing())
import instmatt_app.engine, instmatt_app.training
for package in (instmatt_app.engine, instmatt_app.training):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name.removeprefix("instmatt_app.engine.") not in {more!r}:
            importlib.import_module(module.name)
"""
# Mask R-CNN is put together from torchvision's parts, and no training needs it.
NEED_MORE = {"network.mask_rcnn", "recognisers.mask_rcnn", "recognisers.detectron2_library", "conversion"}


def test_engine_and_training_can_be_imported_with_little_installed() -> None:
    import subprocess

    little = {"torch", "numpy", "scipy", "safetensors", "cv2"}
    barred = (set().union(*MAY_IMPORT.values()) | QT | TORCH) - little
    assert "PIL" in barred
    code = WITHOUT_OTHERS.format(barred=sorted(barred), more=sorted(NEED_MORE))
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
