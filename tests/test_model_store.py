"""Models from a server that misbehaves, from files and from other programs' caches, to ready ones."""

import hashlib
import json
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import mask_rcnn_rule as rule
import numpy as np
import pytest
import torch
from misbehaving_server import Server, serving
from safetensors.torch import load_file, save_file

from instmatt_app.cli import main
from instmatt_app.core.interfaces import Cancelled, NotReady
from instmatt_app.engine import conversion
from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.engine.recognisers.mask_rcnn import network_v2
from instmatt_app.engine.weights import WeightsError
from instmatt_app.model_store import ModelError, ModelStore

CONTENT = os.urandom(300_000)
MD5, SHA256 = (hashlib.new(name, CONTENT).hexdigest() for name in ("md5", "sha256"))


class Stores:
    """Makes stores in a folder of their own, whose catalogue is given."""

    def __init__(self, folder: Path) -> None:
        self.shipped, self.own = folder / "shipped", folder / "own"
        self.shipped.mkdir()

    def store(self, **entries: dict[str, object]) -> ModelStore:
        lines = []
        for name, entry in entries.items():
            whole = {"kind": "mask-rcnn-detectron2", "title": "finds people", "licence": "CC", **entry}
            whole.setdefault("file", f"{name}.safetensors")
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in whole.items())]
        (self.shipped / "models.toml").write_text("\n".join(lines))
        return ModelStore(self.shipped, self.own)


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stores:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return Stores(tmp_path)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(CONTENT) as made:
        yield made


@pytest.fixture
def any_content(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a file holds fits."""
    monkeypatch.setattr(conversion, "convert", lambda source, kind, target: target.write_bytes(source.read_bytes()))


@pytest.fixture
def command(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Stores:
    """The command line uses this catalogue and these folders."""
    monkeypatch.setattr("instmatt_app.places.models_folder", lambda: stores.shipped)
    monkeypatch.setattr("instmatt_app.places.user_models_folder", lambda: stores.own)
    return stores


# --- Fetching ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("any_content")
@pytest.mark.parametrize("known", [{"md5": MD5[:6]}, {"sha256": SHA256[:8]}, {"sha256": SHA256}, {}], ids=str)
def test_a_fetched_model_is_checked_noted_and_ready(stores: Stores, server: Server, known: dict[str, object]) -> None:
    store = stores.store(found={"url": server.url, "download": "published.pkl", **known})
    assert not store.is_ready("found")
    with pytest.raises(NotReady, match="instmatt models fetch found"):
        store.prepare("found")
    path = store.fetch("found")
    assert path == stores.own / "found.safetensors" == store.prepare("found")
    assert {file.name for file in stores.own.iterdir()} == {"found.safetensors", "found.json"}
    origin = store.origin("found")
    assert origin is not None
    assert origin.source == server.url
    assert origin.source_sha256 == SHA256
    assert ("as published" if known else "structure only") in origin.checked
    assert "is whole" in store.verify("found")
    path.write_bytes(CONTENT[1:])
    with pytest.raises(ModelError, match="has changed"):
        store.verify("found")


@pytest.mark.parametrize("known", [{"md5": "000000"}, {"sha256": "00000000"}], ids=str)
def test_another_file_than_the_published_one_is_refused(
    stores: Stores, server: Server, known: dict[str, object]
) -> None:
    store = stores.store(found={"url": server.url, "download": "published.pkl", **known})
    with pytest.raises(ModelError, match=r"is not the published file: its .* begins with"):
        store.fetch("found")
    assert list(stores.own.iterdir()) == [], "it would not pass the next time either"


@pytest.mark.usefixtures("any_content")
def test_cancelling_the_check_keeps_what_was_downloaded(stores: Stores, server: Server) -> None:
    store = stores.store(found={"url": server.url, "download": "published.pkl"})

    def step(done: int, total: int, what: str) -> None:
        if what.startswith("converting"):
            raise Cancelled

    with pytest.raises(Cancelled):
        store.fetch("found", step)
    assert store.is_ready("found")
    store.fetch("found")
    assert len(server.requests) == 1


def test_a_model_that_nobody_publishes_cannot_be_fetched(stores: Stores) -> None:
    with pytest.raises(ModelError, match="published nowhere"):
        stores.store(found={}).fetch("found")


@pytest.mark.usefixtures("any_content")
def test_what_another_program_has_is_taken(stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FVCORE_CACHE", str(tmp_path / "cache"))
    cached = tmp_path / "cache" / "detectron2" / "some" / "published.pkl"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(CONTENT)
    cache = {"cache": "detectron2:some/published.pkl"}
    store = stores.store(
        found={"url": "https://x.invalid", "download": "published.pkl", "md5": MD5[:6], **cache},
    )
    assert store.is_ready("found")
    assert store.prepare("found") == stores.own / "found.safetensors"
    assert cached.read_bytes() == CONTENT
    assert store.fetch("found") == stores.own / "found.safetensors", "nothing is downloaded"


def test_a_shipped_model_is_held_against_the_catalogue(stores: Stores) -> None:
    store = stores.store(whole={"sha256": SHA256}, other={"sha256": "0" * 64}, silent={})
    for name in ("whole", "other", "silent"):
        (stores.shipped / f"{name}.safetensors").write_bytes(CONTENT)
    assert "as published" in store.verify("whole")
    assert "nobody noted a checksum" in store.verify("silent")
    with pytest.raises(ModelError, match="has changed"):
        store.verify("other")


# --- What is in the files ---------------------------------------------------------------------------------------------


def test_detectron2s_file_is_converted_once_to_plain_tensors(stores: Stores, tmp_path: Path) -> None:
    published = tmp_path / "published.pkl"
    weights = rule.weights()
    constants = {"pixel_mean": np.zeros(3), "proposal_generator.anchor_generator.cell_anchors.0": np.zeros((3, 4))}
    with published.open("wb") as file:
        pickle.dump({"model": weights | constants, "__author__": "somebody"}, file)
    store = stores.store(found={"url": "https://x.invalid", "download": "published.pkl"})
    assert store.recognise(published) == "found"
    ready = store.take(published, "found")
    assert ready.stat().st_mode == published.stat().st_mode, "whoever may read new files here may read it"
    tensors = load_file(ready)
    assert tensors.keys() == weights.keys()
    assert all(np.array_equal(tensors[name].numpy(), array) for name, array in weights.items())
    # The same weights as the library's own .pth, and what was converted before, under any name.
    torch.save({"model": tensors}, tmp_path / "as_library.pth")
    assert store.recognise(tmp_path / "as_library.pth") == "found"
    store.take(tmp_path / "as_library.pth", "found")
    origin = store.origin("found")
    assert origin is not None
    assert "no longer in the published layout" in origin.checked
    del tensors["roi_heads.box_head.fc1.bias"]
    save_file(tensors, tmp_path / "less.safetensors")
    with pytest.raises(WeightsError, match="does not fit Mask R-CNN"):
        store.take(tmp_path / "less.safetensors", "found")
    assert "is whole" in store.verify("found"), "what was there before stays"


def test_a_pickle_that_would_run_code_is_refused(stores: Stores, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, ("touch " + str(tmp_path / "ran"),)

    (tmp_path / "published.pkl").write_bytes(pickle.dumps({"model": Evil()}))
    store = stores.store(found={"download": "published.pkl"})
    with pytest.raises(WeightsError, match="program code"):
        store.take(tmp_path / "published.pkl", "found")
    assert not (tmp_path / "ran").exists()


def test_torchvisions_and_instmatts_files_are_told_by_their_names(stores: Stores, tmp_path: Path) -> None:
    torch.save(network_v2().state_dict(), tmp_path / "some.pth")
    released = {f"module.{name}": tensor for name, tensor in InstMatt().state_dict().items()}
    torch.save({"iter": 1, "state_dict": released}, tmp_path / "latest.pth")
    store = stores.store(
        v2={"kind": "mask-rcnn-torchvision", "url": "https://x.invalid"},
        paper={"kind": "instmatt", "url": "https://x.invalid"},
        shipped={"kind": "instmatt"},
    )
    assert store.recognise(tmp_path / "some.pth") == "v2"
    assert store.recognise(tmp_path / "latest.pth") == "paper"
    ready = load_file(store.take(tmp_path / "latest.pth", "paper"))
    assert ready.keys() == {name.removeprefix("module.") for name in released}
    with pytest.raises(WeightsError, match="does not fit Mask R-CNN"):
        store.take(tmp_path / "latest.pth", "v2")
    save_file({"something": torch.zeros(1)}, tmp_path / "else.safetensors")
    with pytest.raises(ModelError, match="none of the models"):
        store.recognise(tmp_path / "else.safetensors")


# --- The command ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("any_content")
def test_the_command_fetches_shows_the_licence_verifies_and_lists(
    command: Stores, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    command.store(found={"url": server.url, "download": "p.pkl", "md5": MD5[:6], "licence": "CC BY-SA 3.0"})
    assert main(["models", "verify"]) == 0
    assert main(["models", "path", "found"]) == 1
    assert main(["models", "fetch", "found"]) == 0
    out, err = capsys.readouterr()
    path = command.own / "found.safetensors"
    assert out.splitlines()[-1] == str(path)
    for word in ("licence: CC BY-SA 3.0", server.url, f"MD5 begins with {MD5[:6]}", SHA256):
        assert word in err
    assert main(["models", "verify"]) == 0
    assert main(["models", "path", "found"]) == 0
    assert main(["models", "path"]) == 0
    assert main(["models", "list"]) == 0
    out, _ = capsys.readouterr()
    assert "found is whole" in out
    assert f"{path}\n{command.own}\n" in out
    assert f"found  (ready: {path})" in out
    path.write_bytes(b"")
    assert main(["models", "verify", "found"]) == 1
    assert "has changed" in capsys.readouterr().out


def test_the_command_explains_what_goes_wrong(
    command: Stores, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(CONTENT, "quota") as server:
        command.store(found={"url": server.url, "download": "p.pkl"})
        assert main(["models", "fetch", "found"]) == 1
        assert "quota" in capsys.readouterr().err
    assert main(["models", "fetch", "unknown"]) == 2
    assert "there are found" in capsys.readouterr().err
    assert main(["models", "import", str(tmp_path / "none.pkl")]) == 1
    assert "is not there" in capsys.readouterr().err
    (tmp_path / "page.pkl").write_bytes(b"<html>sign in</html>")
    assert main(["models", "import", str(tmp_path / "page.pkl"), "--as", "found"]) == 1
    assert "is a web page" in capsys.readouterr().err


@pytest.mark.usefixtures("any_content")
def test_the_command_imports(command: Stores, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.store(found={"url": "https://x.invalid", "download": "p.pkl", "md5": MD5[:6]})
    (tmp_path / "p.pkl").write_bytes(CONTENT)
    assert main(["models", "import", str(tmp_path / "p.pkl")]) == 0
    assert capsys.readouterr().out == f"{command.own / 'found.safetensors'}\n"
