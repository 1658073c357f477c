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


@pytest.mark.parametrize("wrong", ['trimap = "three"', "multiple = 0", "mean = [1, 2]", "colour = 1", "= no toml"])
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
    file.write_text('model = "blue.pt"\njoined = true\noutput = 2\n')
    with pytest.raises(BenchmarkError, match="output 2 is no alpha"):
        load_trimap_network(file).alpha(np.zeros((16, 16, 3), np.uint8), np.full((16, 16), 0.5))


def test_it_is_a_method(file: Path, tmp_path: Path) -> None:
    mask = np.zeros((90, 150), np.uint8)
    mask[20:70, 40:110] = 255
    Image.fromarray(mask).save(tmp_path / "00.png")
    pixels = np.full((90, 150, 3), (51, 0, 0), np.uint8)
    (alpha,) = make_method(f"trimap:{file}", None, 150).run(Photo(pixels), [tmp_path / "00.png"], silent)
    assert sorted(np.unique(alpha)) == [0, 51, 255]
