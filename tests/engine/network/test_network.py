"""The network against the published one: names, shapes and numbers."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
import torch
from golden_rule import GOLDEN, bits, checksums, differences, fill, golden, noise
from numpy.typing import NDArray
from torch import Tensor, nn

from instmatt_app.core.interfaces import silent
from instmatt_app.engine.multi_instance import State, parallel, survey
from instmatt_app.engine.network.folding import fold
from instmatt_app.engine.network.instmatt import InstMatt, Prediction
from instmatt_app.engine.network.spectral_norm import SpectralNormConv, fold_spectral_norm
from instmatt_app.engine.progressive import fuse, keep_known

MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
MARGIN = 32
HEADS = [f"decoder.refine_OS{scale}.3." for scale in (8, 4, 1)]


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    """As many threads as the golden numbers' tolerances were measured with."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def steep() -> InstMatt:
    """The network with the rule's weights, heads steep."""
    network = InstMatt().eval()
    fill(network)
    return network


@pytest.fixture(scope="module")
def plain(steep: InstMatt) -> InstMatt:
    """The same weights but for the heads, which are as drawn."""
    network = InstMatt().eval()
    network.load_state_dict(steep.state_dict())
    for head in HEADS:
        fill(network.get_submodule(head[:-1]), head, steep=False)
    return network


class Case(NamedTuple):
    """One golden picture, run through everything."""

    stored: Callable[[str], NDArray[Any]]
    image: Tensor
    guidance: Tensor
    prediction: Prediction


def prepared(picture: NDArray[np.uint8], masks: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """The published input: mirrored to multiples of 32 with a margin, normalised; masks summed without clipping."""
    height, width = masks.shape[1:]
    pad = ((MARGIN, MARGIN - height % -32), (MARGIN, MARGIN - width % -32))
    rgb = np.pad(picture, (*pad, (0, 0)), "reflect")[..., ::-1].astype(np.float32) / 255
    image = ((rgb - MEAN) / DEVIATION).transpose(2, 0, 1)
    target = np.pad(masks.astype(np.float32) / 255, ((0, 0), *pad), "reflect")
    union = target.sum(0)
    guidance = np.stack([target, union - target, np.broadcast_to(1 - union, target.shape)], 1)
    return torch.from_numpy(np.ascontiguousarray(image)), torch.from_numpy(guidance)


@pytest.fixture(scope="module", params=["A", "B", "C", "A folded", "B folded", "C folded"])
def case(request: pytest.FixtureRequest) -> Case:
    numbers = golden("golden_net")
    name, *folded = request.param.split()
    network: InstMatt = request.getfixturevalue("plain" if name == "C" else "steep")
    image, guidance = prepared(numbers[f"{name}/image_bgr"], numbers[f"{name}/masks"])
    image, guidance = image.expand(len(guidance), -1, -1, -1), guidance
    if folded:
        network = fold(copy.deepcopy(network)).to(memory_format=torch.channels_last)
        assert not any(isinstance(module, SpectralNormConv) for module in network.modules())
        # What is left follows a ReLU.
        assert sum(isinstance(module, nn.BatchNorm2d) for module in network.modules()) == 10

    def stored(entry: str) -> NDArray[Any]:
        return numbers[f"{name}/{entry}"]

    with torch.inference_mode():
        return Case(stored, image[0], guidance, network(image, guidance))


def test_every_entry_has_the_published_name_shape_and_place() -> None:
    rows = json.loads((GOLDEN / "state_dict_keys.json").read_text())
    network = InstMatt()
    state, parameters = network.state_dict(), dict(network.named_parameters())
    assert list(state) == [row["key"] for row in rows]
    for row in rows:
        key = row["key"]
        assert list(state[key].shape) == row["shape"], key
        assert str(state[key].dtype) == f"torch.{row['dtype']}", key
        assert (key in parameters) == (row["kind"] == "parameter"), key
        assert key not in parameters or parameters[key].requires_grad == row["trainable"], key
    assert sum(entry.numel() for entry in state.values()) == 29_767_764


def test_without_refiner_the_other_entries_stay_the_same() -> None:
    whole, first_stage = InstMatt().state_dict(), InstMatt(refiner=False).state_dict()
    assert list(first_stage) == [key for key in whole if not key.startswith("refiner.")]
    assert len(first_stage) == 596


def test_mask_guided_matting_has_one_channel_in_and_one_out() -> None:
    network = InstMatt(mask_channels=1, alpha_channels=1, refiner=False).eval()
    assert network.state_dict()["encoder.conv1.module.weight_bar"].shape == (32, 4, 3, 3)
    with torch.inference_mode():
        prediction = network(torch.zeros(1, 3, 32, 64), torch.zeros(1, 1, 32, 64))
    assert [tuple(alpha.shape) for alpha in prediction[:3]] == [(1, 1, 32, 64)] * 3


def test_encoder_and_pyramid_give_the_published_features(case: Case, request: pytest.FixtureRequest) -> None:
    network: InstMatt = request.getfixturevalue("steep")  # encoder and pyramid are the same in all cases
    with torch.inference_mode():
        features = network.encoder(torch.cat((case.image, case.guidance[0]))[None])
        context = network.aspp(features.embedding)
    np.testing.assert_allclose(case.image[:, ::16, ::16], case.stored("net_in_image_sub"), atol=1e-6)
    np.testing.assert_allclose(case.guidance[..., ::8, ::8], case.stored("net_in_trimask_sub"), atol=1e-6)
    np.testing.assert_allclose(features.embedding[0, ::8], case.stored("inst0_embedding_sub"), atol=2e-4, rtol=1e-4)
    np.testing.assert_allclose(context[0, ::8], case.stored("inst0_aspp_sub"), atol=2e-4, rtol=1e-4)
    for number, shortcut in enumerate(features[:5], start=1):
        np.testing.assert_allclose(checksums(shortcut[0]), case.stored(f"inst0_fea{number}_cs"), atol=1e-4, rtol=1e-4)


def test_decoder_gives_the_published_alphas_and_features(case: Case) -> None:
    for name, alpha in zip(("os8", "os4", "os1"), case.prediction[:3], strict=True):
        assert differences(alpha, case.stored(f"alpha_{name}_s2"), 2).max() < 2e-4
        np.testing.assert_allclose(checksums(alpha), case.stored(f"alpha_{name}_cs"), atol=1e-5)
    sample = case.prediction.feature[:, :, 5::24, 7::24]
    np.testing.assert_allclose(sample, case.stored("feature_sub"), atol=2e-4, rtol=1e-4)
    np.testing.assert_allclose(checksums(case.prediction.feature), case.stored("feature_cs"), atol=1e-4, rtol=1e-4)


def test_everything_together_gives_the_published_result(case: Case, request: pytest.FixtureRequest) -> None:
    network: InstMatt = request.getfixturevalue("steep")  # the refiner is the same in all cases
    refiner = network.refiner
    assert refiner is not None
    fused = fuse(*case.prediction[:3])
    assert differences(fused.trimatte, case.stored("trimatte_s2"), 2).max() < 2e-4
    unknown = bits(case.stored("weight_os1"), fused.unknown.shape[-1])
    assert (fused.unknown[:, 0].numpy() != unknown).mean() <= 1e-4
    with torch.inference_mode():
        scene = survey(refiner, fused.trimatte, case.prediction.feature, case.image, published=True)
        states = list(parallel(scene, State.start(fused.trimatte), silent))
    boxes = [[box.area.left, box.area.top, box.area.right, box.area.bottom] for box in scene.boxes]
    np.testing.assert_array_equal(boxes, case.stored("refine_boxes")[:, :4])
    # The scores are sums of alphas, and have their tolerance.
    np.testing.assert_allclose([box.score for box in scene.boxes], case.stored("refine_boxes")[:, 4], atol=2e-4)
    assert scene.members == tuple(np.flatnonzero(case.stored("bad") == 0))
    for after, moved in zip(states[1:], case.stored("refine_maxdiff_per_iter"), strict=True):
        np.testing.assert_allclose(after.moved, moved, atol=5e-4)
    final = keep_known(states[-1].trimattes, fused)
    assert (differences(final, case.stored("final_s2"), 2) < 5e-4).mean() >= 0.998
    np.testing.assert_allclose(checksums(final), case.stored("final_cs"), atol=1e-4)
    published = case.stored("result_u8").astype(int)
    height, width = published.shape[:2]
    levels = (final[:, 0] * 255).to(torch.uint8).permute(1, 2, 0)[MARGIN:, MARGIN:][:height, :width].numpy()
    apart = np.abs(levels - published)
    assert (apart == 0).mean() >= 0.998
    assert (apart > 1).mean() <= 0.0005


def drawn_input(people: int) -> tuple[Tensor, Tensor]:
    """Some image and guidance of 64×96 pixels."""
    image = torch.from_numpy(noise("photo", 3 * 64 * 96).reshape(1, 3, 64, 96)).float()
    guidance = torch.from_numpy(noise("guidance", people * 3 * 64 * 96).reshape(people, 3, 64, 96)).float()
    return image.expand(people, -1, -1, -1), guidance


def test_people_may_be_matted_one_by_one_or_together(plain: InstMatt) -> None:
    image, guidance = drawn_input(3)
    with torch.inference_mode():
        for alone, together in zip(plain(image[1:2], guidance[1:2]), plain(image, guidance), strict=True):
            torch.testing.assert_close(alone[0], together[1], atol=1e-4, rtol=1e-4)


def test_folding_changes_no_bit(steep: InstMatt) -> None:
    folded = InstMatt().eval()
    folded.load_state_dict(steep.state_dict())
    assert fold_spectral_norm(folded) is folded
    assert not any(isinstance(module, SpectralNormConv) for module in folded.modules())
    assert not any("weight_bar" in key for key in folded.state_dict())
    image, guidance = drawn_input(1)
    with torch.inference_mode():
        for before, after in zip(steep(image, guidance), folded(image, guidance), strict=True):
            assert torch.equal(before, after)


def conv1_input() -> Tensor:
    return torch.from_numpy(noise("sn/x", 6 * 16 * 16).astype(np.float32).reshape(1, 6, 16, 16))


def copied(conv: nn.Module, like: SpectralNormConv) -> SpectralNormConv:
    wrapper = SpectralNormConv(conv)  # type: ignore[arg-type]
    wrapper.load_state_dict(like.state_dict())
    return wrapper


def test_spectral_norm_in_use_and_after_one_training_step(steep: InstMatt) -> None:
    numbers = golden("golden_train")
    first = copied(nn.Conv2d(6, 32, 3, 2, 1, bias=False), steep.encoder.conv1).eval()
    u_before = first.module.get_parameter("weight_u").clone()
    with torch.no_grad():
        sigma = (first.module.get_parameter("weight_bar") / first.kernel()).median()
        np.testing.assert_allclose(sigma, numbers["sn/conv1_sigma_eval"], rtol=1e-5)
        np.testing.assert_allclose(first(conv1_input())[0, ::4], numbers["sn/conv1_eval_out"], atol=1e-5)
        assert torch.equal(first.module.get_parameter("weight_u"), u_before)
        # The step is part of every training forward, of frozen layers and without gradients too.
        np.testing.assert_allclose(first.train()(conv1_input())[0, ::4], numbers["sn/conv1_train_out"], atol=1e-5)
    np.testing.assert_allclose(first.module.get_parameter("weight_u"), numbers["sn/conv1_u_after_1"], atol=1e-6)
    np.testing.assert_allclose(first.module.get_parameter("weight_v"), numbers["sn/conv1_v_after_1"], atol=1e-6)


def test_spectral_norm_of_a_transposed_convolution(steep: InstMatt) -> None:
    numbers = golden("golden_train")
    original = steep.get_submodule("decoder.layer1.0.conv1")
    assert isinstance(original, SpectralNormConv)
    grow = copied(nn.ConvTranspose2d(512, 512, 4, 2, 1, bias=False), original).eval()
    x = torch.from_numpy(noise("sn/y", 512 * 16).astype(np.float32).reshape(1, 512, 4, 4))
    with torch.no_grad():
        np.testing.assert_allclose(grow(x)[0, ::64], numbers["sn/dec_layer1_0_conv1_eval_out_sub"], atol=1e-5)
        np.testing.assert_allclose(grow.train()(x)[0, ::64], numbers["sn/dec_layer1_0_conv1_train_out_sub"], atol=1e-5)


def test_spectral_norm_gradient_passes_through_sigma() -> None:
    torch.manual_seed(0)
    conv = SpectralNormConv(nn.Conv2d(6, 32, 3, 2, 1, bias=False))
    bar = conv.module.get_parameter("weight_bar")
    # Two forwards before the backward, as with two people in one step.
    (conv(conv1_input()).square().sum() + conv(conv1_input()).square().sum()).backward()
    assert bar.grad is not None
    # A kernel twice as large is divided by a sigma twice as large: along the kernel itself nothing changes.
    along = (bar.grad * bar.detach()).sum() / (bar.grad.norm() * bar.detach().norm())
    assert abs(float(along)) < 1e-4
    assert bar.grad.norm() > 1


def test_softmax_makes_the_alphas_of_a_pixel_sum_to_one_and_tanh_does_not(plain: InstMatt) -> None:
    network = InstMatt(activation="softmax").eval()
    network.load_state_dict(plain.state_dict())
    image, guidance = torch.ones(1, 3, 32, 32), torch.ones(1, 3, 32, 32)
    with torch.inference_mode():
        torch.testing.assert_close(network(image, guidance).os8.sum(dim=1), torch.ones(1, 32, 32))
        assert (plain(image, guidance).os8.sum(dim=1) - 1).abs().max() > 0.01


def test_impossible_settings_and_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="softmax"):
        InstMatt(mask_channels=1, alpha_channels=1, activation="softmax")
    with pytest.raises(ValueError, match="multiples of 32"):
        InstMatt(refiner=False)(torch.zeros(1, 3, 32, 48), torch.zeros(1, 3, 32, 48))
