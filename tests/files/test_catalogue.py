from pathlib import Path

import pytest

from instmatt_app import places
from instmatt_app.files.catalogue import read_catalogue


def test_every_entry_says_what_it_is_and_under_what_terms() -> None:
    models = read_catalogue(places.models_folder() / "models.toml")
    assert {"mask-rcnn-r50-fpn-3x", "mask-rcnn-r50-fpn-v2", "instmatt-released"} <= models.keys()
    for model in models.values():
        assert model.title
        assert model.licence
        assert model.file.endswith(".safetensors")
        assert not model.url or model.url.startswith("https://")
    files = [name for model in models.values() for name in {model.file, model.published}]
    assert len(files) == len(set(files))


def test_files_of_other_programs_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = read_catalogue(places.models_folder() / "models.toml")
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("FVCORE_CACHE", "TORCH_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    detectron2 = (
        tmp_path / ".torch/iopath_cache/detectron2/COCO-InstanceSegmentation/mask_rcnn_R_50_FPN_3x/137849600"
    ) / "model_final_f10217.pkl"
    hub = tmp_path / ".cache/torch/hub/checkpoints/maskrcnn_resnet50_fpn_v2_coco-73cbd019.pth"
    for name, path in (("mask-rcnn-r50-fpn-3x", detectron2), ("mask-rcnn-r50-fpn-v2", hub)):
        assert models[name].cached() is None
        path.parent.mkdir(parents=True)
        path.touch()
        assert models[name].cached() == path
    assert models["instmatt-released"].cached() is None
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "elsewhere"))
    assert models["mask-rcnn-r50-fpn-v2"].cached() is None


def test_an_entry_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    entry = '[a]\nkind = "people"\ntitle = "t"\nlicence = "l"\nfile = "../a.safetensors"\n'
    (tmp_path / "models.toml").write_text(entry)
    with pytest.raises(ValueError, match="outside"):
        read_catalogue(tmp_path / "models.toml")
