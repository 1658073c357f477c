from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from instmatt_app.engine.network.mobilenet import STRIDES, WIDTHS, MobileNetV2


@pytest.fixture
def released() -> dict[str, Tensor]:
    """Weights as an ImageNet file holds them: BatchNorm folded into the convolutions, layers that we leave out."""
    torch.manual_seed(0)
    network = MobileNetV2()
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.bias, 0.5, 0.2)
            nn.init.constant_(layer.running_var, 1 - 1e-5)
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
    return {**network.state_dict(), "features.18.0.weight": torch.zeros(1280, 320, 1, 1)}


@pytest.fixture
def statistics(released: dict[str, Tensor]) -> dict[str, Tensor]:
    """Mean and variance of what goes into each BatchNorm, for the pictures below."""
    network = MobileNetV2()
    network.start_from(released)
    found = {}
    for name, layer in network.named_modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.register_forward_pre_hook(lambda _, x, name=name: found.update({name: x[0]}))
    with torch.inference_mode():
        network.eval()(next(pictures()))
    measured = {}
    for name, x in found.items():
        measured[f"{name}.mean"] = x.mean((0, 2, 3))
        measured[f"{name}.var"] = x.var((0, 2, 3), unbiased=False)
    return measured


def pictures() -> Iterator[Tensor]:
    random = torch.Generator().manual_seed(1)
    while True:
        yield torch.rand(4, 3, 64, 96, generator=random) * 2 - 1


def test_features_at_five_strides() -> None:
    with torch.inference_mode():
        taps = MobileNetV2().eval()(torch.zeros(1, 3, 64, 96))
    assert [tuple(tap.shape) for tap in taps] == [
        (1, width, 64 // stride, 96 // stride) for stride, width in zip(STRIDES, WIDTHS, strict=True)
    ]


def test_stride_two_looks_right_and_down_only() -> None:
    network = MobileNetV2(folded=True)
    first = network.features[0][0]
    picture = torch.zeros(1, 3, 32, 32)
    picture[:, :, 8, 8] = 1
    with torch.inference_mode():
        reached = (first(picture) - first(torch.zeros_like(picture))).abs().amax(1)[0].nonzero()
    # The window of output 3 is pixels 6..8, that of 4 is 8..10.
    assert sorted({int(place) for place in reached.flatten()}) == [3, 4]


def test_folded_batchnorm_computes_the_same(released: dict[str, Tensor]) -> None:
    random = torch.Generator().manual_seed(2)
    for name in [name for name in released if name.endswith("running_mean")]:
        norm = name.removesuffix("running_mean")
        released[name] = torch.rand(released[name].shape, generator=random)
        released[norm + "running_var"] = torch.rand(released[name].shape, generator=random) + 0.5
        released[norm + "weight"] = torch.rand(released[name].shape, generator=random) + 0.5
    plain, folded = MobileNetV2().eval(), MobileNetV2(folded=True).eval()
    plain.start_from(released)
    folded.start_from(released)
    with torch.inference_mode():
        for a, b in zip(plain(next(pictures())), folded(next(pictures())), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-3)


def test_statistics_keep_the_function_in_training_too(
    released: dict[str, Tensor], statistics: dict[str, Tensor]
) -> None:
    as_released, unfolded = MobileNetV2(), MobileNetV2()
    as_released.start_from(released)
    unfolded.start_from(released, statistics)
    picture = next(pictures())
    with torch.no_grad():
        truth = as_released.eval()(picture)[2]
        torch.testing.assert_close(unfolded.eval()(picture)[2], truth, rtol=1e-3, atol=1e-3)
        torch.testing.assert_close(unfolded.train()(picture)[2], truth, rtol=1e-2, atol=1e-2)
        assert (as_released.train()(picture)[2] - truth).abs().mean() > 0.1


def test_further_channels_begin_without_effect(released: dict[str, Tensor]) -> None:
    plain, wide = MobileNetV2(), MobileNetV2(channels=6)
    plain.start_from(released)
    wide.start_from(released)
    picture = next(pictures())
    with torch.inference_mode():
        seen = wide.eval()(torch.cat([picture, torch.ones_like(picture)], 1))
        for a, b in zip(plain.eval()(picture), seen, strict=True):
            torch.testing.assert_close(a, b)


def test_weights_that_lack_an_entry_are_refused(released: dict[str, Tensor]) -> None:
    del released["features.17.conv.2.weight"]
    with pytest.raises(KeyError, match=r"features.17.conv.2.weight"):
        MobileNetV2().start_from(released)
