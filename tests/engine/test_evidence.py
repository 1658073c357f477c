"""Evidence: windows and recomputed features give the numbers of one run over everything."""

import pytest
import torch
from golden_rule import fill

from instmatt_app.core.rect import Rect
from instmatt_app.engine.evidence import RIM, Evidence, Room, Staged, look
from instmatt_app.engine.multi_instance import REACH
from instmatt_app.engine.network.instmatt import Coarse, Fine, InstMatt
from instmatt_app.engine.network.lite import InstMattLite
from instmatt_app.engine.network.spectral_norm import fold_spectral_norm

HEIGHT, WIDTH = 192, 288


@pytest.fixture(scope="module", params=[InstMatt, InstMattLite])
def network(request: pytest.FixtureRequest) -> InstMatt | InstMattLite:
    network: InstMatt | InstMattLite = request.param().eval()
    fill(network)
    if isinstance(network, InstMattLite):
        # Made steep and shifted as the rule does the other's, so that all of known and unknown pixels occur.
        with torch.no_grad():
            network.head8[-1].weight.mul_(2)
            network.head8[-1].bias.copy_(torch.tensor([-3.0, -3.0, 3.0]))
    return fold_spectral_norm(network).to(memory_format=torch.channels_last)


@pytest.fixture(scope="module")
def scene() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    guidance = torch.zeros(2, 3, HEIGHT, WIDTH)
    guidance[0, 0, 40:110, 30:100] = guidance[1, 1, 100:180, 150:230] = 1
    return torch.randn(3, HEIGHT, WIDTH), guidance


@pytest.fixture(scope="module")
def whole(network: InstMatt | InstMattLite, scene: tuple[torch.Tensor, torch.Tensor]) -> list[Evidence]:
    """From a network of which nothing is known but how to call it."""
    with torch.inference_mode():
        return look(lambda image, guidance: network(image, guidance), *scene, 512, Room(0), False, True)


@pytest.mark.parametrize(
    "window",
    [Rect(64, 64, 128, 128), Rect(0, 0, 64, 64), Rect(224, 128, WIDTH, HEIGHT), Rect(80, 72, 168, 112)],
)
def test_a_window_shows_what_the_whole_photo_shows_there(
    network: InstMatt | InstMattLite, scene: tuple[torch.Tensor, torch.Tensor], window: Rect
) -> None:
    image, guidance = scene[0][None], scene[1][:1]
    with torch.inference_mode():
        seen, coarse = network(image, guidance), network.coarse(image, guidance)
        fine = network.fine(image, guidance, coarse, window)
    torch.testing.assert_close(coarse.os8, seen.os8, atol=1e-6, rtol=0)
    place = (slice(None), slice(None), *window.slices)
    for part, everywhere in zip(fine, (seen.os4, seen.os1, seen.feature), strict=True):
        torch.testing.assert_close(part, everywhere[place], atol=2e-5, rtol=1e-5)


@pytest.mark.parametrize("room", [0, 2**22, 2**30])
def test_two_stages_give_what_one_gives_with_or_without_room(
    network: InstMatt | InstMattLite, scene: tuple[torch.Tensor, torch.Tensor], whole: list[Evidence], room: int
) -> None:
    assert isinstance(network, Staged)
    left = Room(room)
    with torch.inference_mode():
        for one, other in zip(look(network, *scene, 128, left, False, True), whole, strict=True):
            assert 0 < other.fused.unknown.float().mean() < 0.5, "the test shows nothing"
            assert torch.equal(one.fused.unknown, other.fused.unknown)
            torch.testing.assert_close(one.fused.trimatte, other.fused.trimatte, atol=2e-5, rtol=0)
            for rows, columns in ((slice(3, 150), slice(110, 270)), (slice(0, HEIGHT), slice(0, WIDTH))):
                place = (slice(None), rows, columns)
                torch.testing.assert_close(one.feature[place], other.feature[place], atol=2e-5, rtol=1e-5)
    assert 0 <= left.left <= room
    assert (left.left < room) == (room > 0)


def test_features_that_nobody_will_ask_for_are_not_kept(
    network: InstMatt | InstMattLite, scene: tuple[torch.Tensor, torch.Tensor]
) -> None:
    room = Room(2**30)
    with torch.inference_mode():
        look(network, *scene, 128, room, False, False)
        (half, _) = look(lambda *given: network(*given), *scene, 128, room, True, True)
        (none, _) = look(lambda *given: network(*given), *scene, 128, room, False, False)
    assert room.left == 2**30
    everything = (slice(None), slice(0, HEIGHT), slice(0, WIDTH))
    assert half.feature[everything].dtype == torch.float16
    assert none.feature[everything].numel() == 0


def test_what_the_refinement_sees_beyond_a_window_is_there(
    network: InstMatt | InstMattLite, scene: tuple[torch.Tensor, torch.Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Rect] = []
    fine = network.fine

    def noted(image: torch.Tensor, guidance: torch.Tensor, coarse: Coarse, window: Rect) -> Fine:
        asked.append(window)
        return fine(image, guidance, coarse, window)

    monkeypatch.setattr(network, "fine", noted)
    with torch.inference_mode():
        (one,) = look(network, scene[0], scene[1][:1], 128, Room(2**30), False, True)
        windows = list(asked)
        for window in windows:
            core = window.grow(-RIM)
            patch = core.grow(REACH).clip(WIDTH, HEIGHT)
            assert one.feature[(slice(None), *patch.slices)].shape[1:] == (patch.height, patch.width)
        assert asked == windows
        held = torch.zeros(HEIGHT // 8, WIDTH // 8, dtype=torch.bool)
        for window in windows:
            held[window.top // 8 : window.bottom // 8, window.left // 8 : window.right // 8] = True
        row, column = (~held).nonzero()[0].tolist()
        for _ in range(2):
            place = (slice(None), slice(8 * row + 1, 8 * row + 8), slice(8 * column, 8 * column + 5))
            assert one.feature[place].shape[1:] == (7, 5)
    assert asked == [*windows, Rect.of_size(8 * column, 8 * row, 8, 8)]
