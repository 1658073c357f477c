"""Weights files: the layouts that are understood, and one sentence for each that is not."""

from __future__ import annotations

import collections
import hashlib
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from instmatt_app.engine.network.instmatt import InstMatt
from instmatt_app.engine.weights import WeightsError, load_network, read_pickle, read_state, sha256

Checkpoint = dict[str, Any]


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    torch.manual_seed(0)
    return dict(InstMatt().state_dict())


def released(state: dict[str, Tensor]) -> Checkpoint:
    """The layout of the published file: keys as several processes write them, counters as floats, training notes."""
    return {
        "iter": 25000,
        "loss": np.float64(0.125),
        "state_dict": collections.OrderedDict((f"module.{key}", value) for key, value in state.items()),
        "opt_state_dict": {"param_groups": [{"lr": 1e-4, "betas": (0.5, 0.999)}]},
        "lr_state_dict": {"T_max": 95000},
    }


def assert_same(network: InstMatt, state: dict[str, Tensor]) -> None:
    own = network.state_dict()
    assert own.keys() == state.keys()
    assert all(torch.equal(own[key], value) for key, value in state.items())
    assert not network.training


def test_the_released_layout(tmp_path: Path, state: dict[str, Tensor]) -> None:
    torch.save(released(state), tmp_path / "released.pth")
    network = load_network(tmp_path / "released.pth")
    assert_same(network, state)
    assert network.activation == "tanh"


def test_a_first_stage_checkpoint_has_no_refiner(tmp_path: Path, state: dict[str, Tensor]) -> None:
    first = {key: value for key, value in state.items() if not key.startswith("refiner.")}
    torch.save(released(first), tmp_path / "stage1.pth")
    network = load_network(tmp_path / "stage1.pth", activation="softmax")
    assert_same(network, first)
    assert network.refiner is None
    assert network.activation == "softmax"


def test_mask_guided_matting_is_recognised_by_its_shapes(tmp_path: Path) -> None:
    baseline = InstMatt(mask_channels=1, alpha_channels=1, refiner=False).state_dict()
    torch.save(released(baseline), tmp_path / "baseline.pth")
    assert_same(load_network(tmp_path / "baseline.pth"), baseline)


def test_our_own_files_and_half_precision(tmp_path: Path, state: dict[str, Tensor]) -> None:
    save_file(state, tmp_path / "own.safetensors")
    assert_same(load_network(tmp_path / "own.safetensors"), state)
    halves = {key: value.half() if value.is_floating_point() else value for key, value in state.items()}
    save_file(halves, tmp_path / "half.safetensors")
    read = read_state(tmp_path / "half.safetensors")
    assert read["refiner.head.bias"].dtype == torch.float32
    assert read["encoder.bn1.num_batches_tracked"].dtype == torch.int64


class Mischief:
    """Writes a file as soon as a pickle of it is read the careless way."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


def refusal(path: Path) -> str:
    """The sentence with which the file is refused."""
    with pytest.raises(WeightsError) as caught:
        load_network(path)
    message = str(caught.value)
    assert path.name in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 250
    return message


def test_missing_and_empty(tmp_path: Path) -> None:
    assert "missing" in refusal(tmp_path / "nowhere.pth")
    (tmp_path / "empty.pth").touch()
    assert "empty" in refusal(tmp_path / "empty.pth")


@pytest.mark.parametrize("name", ["cut.pth", "cut.safetensors"])
@pytest.mark.parametrize("share", [0.0001, 0.5, 0.999])
def test_truncated(tmp_path: Path, name: str, share: float, state: dict[str, Tensor]) -> None:
    few = {key: value for key, value in state.items() if value.numel() < 50_000}
    if name.endswith(".pth"):
        torch.save(released(few), tmp_path / name)
    else:
        save_file(few, tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(share * len(whole))])
    assert "damaged or incomplete" in refusal(tmp_path / name)


def test_truncated_in_the_old_layout(tmp_path: Path, state: dict[str, Tensor]) -> None:
    few = {key: value for key, value in state.items() if value.numel() < 50_000}
    torch.save(released(few), tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    whole = (tmp_path / "old.pth").read_bytes()
    for share in (0.01, 0.5, 0.999):
        (tmp_path / "old.pth").write_bytes(whole[: int(share * len(whole))])
        assert "damaged or incomplete" in refusal(tmp_path / "old.pth")


@pytest.mark.parametrize("page", [b"<!DOCTYPE html><title>Quota</title>", b"\n\n <html><body>", b"\xef\xbb\xbf<HTML>"])
@pytest.mark.parametrize("name", ["page.pth", "page.safetensors"])
def test_a_web_page_instead(tmp_path: Path, name: str, page: bytes) -> None:
    (tmp_path / name).write_bytes(page * 50)
    assert "web page" in refusal(tmp_path / name)


def test_noise(tmp_path: Path) -> None:
    (tmp_path / "noise.pth").write_bytes(np.random.default_rng(0).bytes(5000))
    assert "damaged" in refusal(tmp_path / "noise.pth")


def test_weights_of_another_network(tmp_path: Path, state: dict[str, Tensor]) -> None:
    torch.save({"state_dict": {"backbone.conv.weight": torch.zeros(3)}}, tmp_path / "other.pth")
    assert "some other network" in refusal(tmp_path / "other.pth")
    torch.save({"epoch": 3, "state_dict": {}}, tmp_path / "nothing.pth")
    assert "no network weights" in refusal(tmp_path / "nothing.pth")
    torch.save([torch.zeros(3)], tmp_path / "list.pth")
    assert "no network weights" in refusal(tmp_path / "list.pth")
    torch.save({"epoch": 3, "weight": torch.zeros(3)}, tmp_path / "mixed.pth")
    assert "something else" in refusal(tmp_path / "mixed.pth")


def test_foreign_lacking_and_misshapen_entries(tmp_path: Path, state: dict[str, Tensor]) -> None:
    save_file({**state, "decoder.extra.weight": torch.zeros(2)}, tmp_path / "extra.safetensors")
    assert "'decoder.extra.weight'" in refusal(tmp_path / "extra.safetensors")
    save_file({key: value for key, value in state.items() if key != "aspp.bn2.bias"}, tmp_path / "less.safetensors")
    assert "'aspp.bn2.bias' is missing" in refusal(tmp_path / "less.safetensors")
    save_file({**state, "aspp.bn2.bias": torch.zeros(511)}, tmp_path / "shape.safetensors")
    assert "[511] instead of [512]" in refusal(tmp_path / "shape.safetensors")
    save_file({**state, "encoder.conv1.module.weight_bar": torch.zeros(32, 7, 3, 3)}, tmp_path / "wide.safetensors")
    assert "[32, 7, 3, 3]" in refusal(tmp_path / "wide.safetensors")


@pytest.mark.parametrize("zipped", [True, False])
def test_a_checkpoint_that_needs_code_is_refused_and_not_run(tmp_path: Path, zipped: bool) -> None:
    content = {"state_dict": {"weight": torch.zeros(2)}, "extra": Mischief(tmp_path / "done")}
    torch.save(content, tmp_path / "code.pth", _use_new_zipfile_serialization=zipped)
    assert "program code" in refusal(tmp_path / "code.pth")
    assert not (tmp_path / "done").exists()


def test_sha256(tmp_path: Path) -> None:
    data = np.random.default_rng(1).bytes(3_000_000)
    (tmp_path / "file").write_bytes(data)
    assert sha256(tmp_path / "file") == hashlib.sha256(data).hexdigest()


# --- Pickled arrays ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_arrays_of_all_plain_kinds_come_back(tmp_path: Path, protocol: int) -> None:
    generator = np.random.default_rng(2)
    codes = ("f4", "f2", "f8", "i8", "u1", "i2", "c8", "?")
    arrays: dict[str, np.ndarray[Any, Any]] = {code: (generator.random((3, 4, 5)) * 100).astype(code) for code in codes}
    arrays["big endian"] = arrays["f4"].astype(">f4")
    arrays["by columns"] = np.asfortranarray(arrays["f4"])
    arrays["single"] = np.array(7, "i4")
    arrays["none"] = np.zeros((0, 3), "f4")
    content = {
        "model": collections.OrderedDict(arrays),
        "__author__": "someone",
        "notes": [1, 2.5, True, None, b"bytes", b"", ("a", {"b"}, frozenset())],
    }
    (tmp_path / "zoo.pkl").write_bytes(pickle.dumps(content, protocol))
    read = read_pickle(tmp_path / "zoo.pkl")
    assert list(read) == list(arrays)
    for name, array in arrays.items():
        assert read[name].dtype == array.dtype
        np.testing.assert_array_equal(read[name], array)
        assert read[name].flags.writeable
        assert read[name].flags.owndata


def test_arrays_that_python_2_wrote_come_back(tmp_path: Path) -> None:
    # What numpy under Python 2 made of {"w": array([1, 254], uint8)}: bytes are text there.
    old = (
        b"\x80\x02}U\x01wcnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
        b"(K\x01K\x02\x85cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        b"\x89U\x02\x01\xfetbs."
    )
    (tmp_path / "old.pkl").write_bytes(old)
    assert read_pickle(tmp_path / "old.pkl")["w"].tolist() == [1, 254]


def pickle_refusal(tmp_path: Path, data: bytes) -> str:
    (tmp_path / "bad.pkl").write_bytes(data)
    with pytest.raises(WeightsError) as caught:
        read_pickle(tmp_path / "bad.pkl")
    return str(caught.value)


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_objects_are_refused(tmp_path: Path, protocol: int) -> None:
    objects = np.array([1, None, "x"], dtype=object)
    record = np.zeros(2, dtype=[("a", "f4"), ("b", "O")])
    for content in (Mischief(tmp_path / "done"), objects, record, Path("x"), np.array(["text"]), int, np.float64(1)):
        message = pickle_refusal(tmp_path, pickle.dumps({"model": {"w": content}}, protocol))
        assert "program code" in message, content
    assert not (tmp_path / "done").exists()


def array_pickle(shape: bytes, data: bytes) -> bytes:
    """A hand-made pickle of a float32 array that claims this shape and has these bytes."""
    start = b"\x80\x03}X\x01\x00\x00\x00wcnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R"
    kind = b"cnumpy\ndtype\nX\x02\x00\x00\x00f4K\x00K\x01\x87R"
    order = b"(K\x03X\x01\x00\x00\x00<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    return start + b"(K\x01" + shape + kind + order + b"\x89C" + bytes([len(data)]) + data + b"tbs."


def test_sizes_that_do_not_match_are_refused(tmp_path: Path) -> None:
    (tmp_path / "good.pkl").write_bytes(array_pickle(b"K\x02\x85", bytes(8)))
    assert read_pickle(tmp_path / "good.pkl")["w"].tolist() == [0, 0]
    minus_one = b"J\xff\xff\xff\xff"
    for shape in (b"K\x03\x85", b"K\x01\x85", minus_one + minus_one + b"K\x02\x87", minus_one + b"\x85", b"N\x85"):
        assert "damaged" in pickle_refusal(tmp_path, array_pickle(shape, bytes(8)))


def test_damaged_pickles_and_pages_are_refused(tmp_path: Path) -> None:
    whole = pickle.dumps({"model": {"w": np.zeros(100, "f4")}})
    for length in (1, 30, len(whole) // 2, len(whole) - 1):
        assert "damaged" in pickle_refusal(tmp_path, whole[:length])
    assert "web page" in pickle_refusal(tmp_path, b"<!doctype html>")
    assert "no named arrays" in pickle_refusal(tmp_path, pickle.dumps([1, 2]))


def test_a_pickle_cannot_change_the_reader(tmp_path: Path) -> None:
    # Sets attributes of what a name stands for, as BUILD allows: the reader must read the next file as before.
    for name in (b"numpy\nndarray", b"numpy\ndtype", b"_codecs\nencode", b"numpy.core.numeric\n_frombuffer"):
        poison = b"\x80\x02c" + name + b"\n" + b"N}X\x0c\x00\x00\x00__defaults__K\x01\x85s\x86b."
        assert "damaged" in pickle_refusal(tmp_path, poison)
    (tmp_path / "good.pkl").write_bytes(array_pickle(b"K\x02\x85", bytes(8)))
    assert read_pickle(tmp_path / "good.pkl")["w"].tolist() == [0, 0]
