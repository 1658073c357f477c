"""The light network: the interface of the published one, any multiple of 32, and weights that say what they are."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from instmatt_app.engine.network.lite import FEATURE, InstMattLite
from instmatt_app.engine.network.refiner import SATURATED
from instmatt_app.engine.weights import WeightsError, load_network


@pytest.mark.parametrize(("height", "width"), [(64, 96), (96, 64), (32, 32)])
def test_it_answers_like_the_published_network(height: int, width: int) -> None:
    network = InstMattLite().eval()
    with torch.inference_mode():
        seen = network(torch.randn(2, 3, height, width), torch.rand(2, 3, height, width))
    for alphas in (seen.os8, seen.os4, seen.os1):
        assert alphas.shape == (2, 3, height, width)
        assert alphas.min() >= 0
        assert alphas.max() <= 1
    assert seen.feature.shape == (2, FEATURE, height, width)


def test_other_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="multiples of 32"):
        InstMattLite()(torch.zeros(1, 3, 40, 64), torch.zeros(1, 3, 40, 64))


def test_people_of_a_batch_do_not_see_each_other() -> None:
    network = InstMattLite().eval()
    image, guidance = torch.randn(2, 3, 64, 64), torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        together = network(image, guidance).os1
        alone = network(image[1:], guidance[1:]).os1
    torch.testing.assert_close(together[1:], alone, atol=1e-5, rtol=0)


@pytest.mark.parametrize("refiner", [True, False])
def test_weights_say_which_network_they_are_of(tmp_path: Path, refiner: bool) -> None:
    network = InstMattLite(refiner=refiner)
    path = tmp_path / "lite.safetensors"
    save_file(
        {key: tensor.half() if tensor.is_floating_point() else tensor for key, tensor in network.state_dict().items()},
        path,
    )
    loaded = load_network(path)
    assert isinstance(loaded, InstMattLite)
    assert (loaded.refiner is not None) == refiner
    assert torch.equal(loaded.head1.weight, network.head1.weight.half().float())


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    state = InstMattLite().state_dict()
    state["head1.weight"] = torch.zeros(2, FEATURE, 3, 3)
    save_file(state, tmp_path / "lite.safetensors")
    with pytest.raises(WeightsError, match="does not fit"):
        load_network(tmp_path / "lite.safetensors")


def test_an_untrained_refiner_changes_nothing() -> None:
    refiner = InstMattLite().refiner
    assert refiner is not None
    trimatte = torch.rand(3, 3, 24, 24)
    with torch.inference_mode():
        same = refiner(trimatte, torch.randn(3, FEATURE, 24, 24), torch.randn(3, 24, 24))
        one = refiner(trimatte, torch.randn(3, FEATURE, 24, 24), torch.randn(3, 24, 24), wanted=[2])
    torch.testing.assert_close(same, trimatte.clamp(SATURATED, 1 - SATURATED), atol=1e-5, rtol=0)
    torch.testing.assert_close(one, same[2:], atol=1e-5, rtol=0)
