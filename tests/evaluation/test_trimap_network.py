"""A trimap network from a file: it is fed as its TOML says, or turned away in a sentence."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from instmatt_app.core.interfaces import silent
from instmatt_app.core.photo import Photo
from instmatt_app.evaluation.folders import BenchmarkError
from instmatt_app.evaluation.methods import make_method
from instmatt_app.evaluation.trimap_network import load_trimap_network


class Blue(torch.nn.Module):
    """Answers with the channel that it was given last among the colours."""

    def forward(self, joined: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        return joined[:, 3:4], joined[:, 2:3], joined


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(Blue()).save(str(tmp_path / "blue.pt"))
    path = tmp_path / "blue.toml"
    path.write_text(
        'model = "blue.pt"\nchannels = "bgr"\nmean = [0, 0, 0]\nstd = [1, 1, 1]\ntrimap = "grey"\njoined = true\n'
        "multiple = 16\noutput = 1\n"
    )
    return path


def test_it_is_fed_as_described_and_the_trimap_is_kept(file: Path) -> None:
    image = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    trimap = np.full((20, 30), 0.5)
    trimap[:5], trimap[15:] = 1, 0
    alpha = load_trimap_network(file).alpha(image, trimap)
    # In the order blue, green, red the last one is red.
    assert np.allclose(alpha[5:15], image[5:15, :, 0] / 255, atol=1e-6)
    assert (alpha[:5] == 1).all()
    assert (alpha[15:] == 0).all()


def field(number: int, value: bytes | int) -> bytes:
    """One field of a protocol buffer (numbers below 128 only)."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value)]) + value


def an_onnx_file(path: Path, operation: str, inputs: int) -> None:
    """A network of one operation over all its inputs, in ONNX's format."""

    def plane(name: str) -> bytes:
        shape = b"".join(field(1, field(2, side)) for side in (b"n", b"c", b"h", b"w"))
        return field(1, name.encode()) + field(2, field(1, field(1, 1) + field(2, shape)))

    names = [chr(ord("a") + number) for number in range(inputs)]
    node = b"".join(field(1, name.encode()) for name in names) + field(2, b"out") + field(4, operation.encode())
    graph = field(1, node) + field(2, b"g") + b"".join(field(11, plane(name)) for name in names)
    graph += field(12, plane("out"))
    path.write_bytes(
        field(1, 7) + field(8, field(2, 13)) + bytes([7 << 3 | 2, len(graph) & 127 | 128, len(graph) >> 7]) + graph
    )


def test_onnx_networks_answer_too(tmp_path: Path) -> None:
    an_onnx_file(tmp_path / "n.onnx", "Identity", 1)
    path = tmp_path / "n.toml"
    path.write_text('model = "n.onnx"\nmean = [0, 0, 0]\nstd = [1, 1, 1]\njoined = true\nmultiple = 8\nchannel = 2\n')
    image = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
    alpha = load_trimap_network(path).alpha(image, np.full((20, 30), 0.5))
    assert np.allclose(alpha, image[..., 2] / 255, atol=1e-6)


def test_onnx_networks_are_given_as_many_inputs_as_they_want(tmp_path: Path) -> None:
    an_onnx_file(tmp_path / "n.onnx", "Identity", 1)
    (tmp_path / "n.toml").write_text('model = "n.onnx"\n')
    with pytest.raises(BenchmarkError, match="wants 1 inputs"):
        load_trimap_network(tmp_path / "n.toml").alpha(np.zeros((16, 16, 3), np.uint8), np.full((16, 16), 0.5))
    (tmp_path / "n.onnx").write_bytes(b"something else")
    with pytest.raises(BenchmarkError, match="no ONNX file"):
        load_trimap_network(tmp_path / "n.toml")


class Fba(torch.nn.Module):
    """Answers with the last plane it was given: how far known foreground is, at the widest width."""

    def forward(
        self, image: torch.Tensor, known: torch.Tensor, normal: torch.Tensor, near: torch.Tensor
    ) -> torch.Tensor:
        return torch.cat((image[:, :1], known[:, 1:], normal[:, :1], near[:, 5:]), 1)


def test_fba_sees_how_near_the_known_areas_are(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.script(Fba()).save(str(tmp_path / "fba.pt"))
    (tmp_path / "fba.toml").write_text('model = "fba.pt"\ntrimap = "fba"\nmultiple = 8\nchannel = 3\n')
    trimap = np.full((16, 96), 0.5)
    trimap[:, :4], trimap[:, 90:] = 1, 0
    alpha = load_trimap_network(tmp_path / "fba.toml").alpha(np.zeros((16, 96, 3), np.uint8), trimap)
    # The distance of column 54 to known foreground is 51 pixels, FBA's widest width.
    assert alpha[8, 54] == pytest.approx(np.exp(-(51**2) / (2 * 51.2**2)), abs=1e-3)
    assert (np.diff(alpha[8, 4:90]) < 0).all()


@pytest.mark.parametrize(
    "wrong", ['trimap = "three"', "multiple = 0", "mean = [1, 2]", "colour = 1", "channel = -1", "= no toml"]
)
def test_entries_that_make_no_sense(file: Path, wrong: str) -> None:
    file.write_text(f'model = "blue.pt"\n{wrong}\n')
    with pytest.raises(BenchmarkError, match=r"blue\.toml"):
        load_trimap_network(file)


def test_files_that_are_no_torchscript(file: Path) -> None:
    (file.parent / "blue.pt").write_bytes(b"something else")
    with pytest.raises(BenchmarkError, match="no TorchScript"):
        load_trimap_network(file)
    (file.parent / "blue.pt").unlink()
    with pytest.raises(BenchmarkError, match="cannot be read"):
        load_trimap_network(file)


def test_an_output_that_is_no_alpha(file: Path) -> None:
    file.write_text('model = "blue.pt"\njoined = true\noutput = 3\n')
    with pytest.raises(BenchmarkError, match="no output 3"):
        load_trimap_network(file).alpha(np.zeros((16, 16, 3), np.uint8), np.full((16, 16), 0.5))


def test_it_is_a_method(file: Path, tmp_path: Path) -> None:
    mask = np.zeros((90, 150), np.uint8)
    mask[20:70, 40:110] = 255
    Image.fromarray(mask).save(tmp_path / "00.png")
    pixels = np.full((90, 150, 3), (51, 0, 0), np.uint8)
    (alpha,) = make_method(f"trimap:{file}", None, 150).run(Photo(pixels), [tmp_path / "00.png"], silent)
    assert sorted(np.unique(alpha)) == [0, 51, 255]
