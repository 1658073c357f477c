"""From near the canvas shows the detail that will be exported, and nothing else where there is none."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QPainter

from instmatt_app.api import Result
from instmatt_app.core.detail import Detail, Whose, levels_of
from instmatt_app.core.edits import State
from instmatt_app.core.hints import Pin
from instmatt_app.core.instance import Instance
from instmatt_app.core.photo import Photo
from instmatt_app.core.planes import TILE, TilePlane, tiles_of
from instmatt_app.core.rect import Rect
from instmatt_app.core.trimatte import resized
from instmatt_app.ui.canvas import fine
from instmatt_app.ui.canvas.fine import Place
from instmatt_app.ui.canvas.rendering import Backdrop, Rendering
from instmatt_app.ui.canvas.views import View
from instmatt_app.ui.images import array_of

HEIGHT, WIDTH = 300, 600
SMALL = (75, 150)
EVERYTHING = QRectF(0, 0, WIDTH, HEIGHT)


def exact_alphas() -> np.ndarray:
    """Two people as stripes that the working size knows nothing of, float32 (2, H, W)."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    first = ((x // 3 % 2 == 0) & (x > 40) & (x < 280)).astype(np.float32)
    second = ((y // 3 % 2 == 0) & (x > 330) & (x < 560)).astype(np.float32)
    return np.stack([first, second])


def rendering(whose: tuple[int, ...] = (1, 2), left_out: tuple[int, int] = (-1, -1)) -> Rendering:
    """Two people, grey all over at the working size, with tiles of these people's detail but for one tile."""
    exact = exact_alphas()
    tiles: dict[tuple[int, int], dict[Whose, np.ndarray]] = {}
    for place, box in tiles_of(Rect(0, 0, WIDTH, HEIGHT), HEIGHT, WIDTH):
        if place != left_out:
            tiles[place] = {number: levels_of(exact[number - 1][box.slices]) for number in whose}
    people = [Instance(n, str(n), TilePlane(HEIGHT, WIDTH), Rect(0, 0, WIDTH, HEIGHT)) for n in (1, 2)]
    photo = Photo(np.full((HEIGHT, WIDTH, 3), 255, np.uint8))
    alphas = np.full((3, *SMALL), 0.2, np.float32)
    detail = Detail(HEIGHT, WIDTH, tiles, 1)
    result = Result(photo, people, alphas, "", "", "", {}, {})
    return Rendering(State(tuple(people)), result, SMALL, detail=detail)


def painted(
    shown: Rendering, view: View, area: QRectF = EVERYTHING, selected: tuple[int, ...] = (), seen: QRectF | None = None
) -> np.ndarray:
    """The view on a widget of the photo's size, a white photo before black: uint8 (H, W, 3)."""
    picture = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.black)
    painter = QPainter(picture)
    painter.setClipRect(seen or EVERYTHING)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    backdrop = Backdrop(QBrush(Qt.GlobalColor.black))
    shown.paint(
        painter, area, view, selected, None, backdrop, lambda inner, box: inner.fillRect(box, Qt.GlobalColor.white),
        (QSize(WIDTH, HEIGHT), 1.0),
    )  # fmt: skip
    painter.end()
    return array_of(picture)


@pytest.mark.parametrize("view", [View.ALPHA, View.BLACK, View.CUTOUT, View.BACKDROP])
def test_from_near_alphas_are_those_of_the_photo_s_own_resolution(qapp: object, view: View) -> None:
    wanted = np.rint(exact_alphas().sum(axis=0) * 255)
    assert np.abs(painted(rendering(), view)[..., 0].astype(float) - wanted).max() <= 1
    alone = np.rint(exact_alphas()[0] * 255)
    if view is View.ALPHA:
        assert np.abs(painted(rendering(), view, selected=(1,))[..., 0].astype(float) - alone).max() <= 1


def test_a_part_is_painted_as_it_is_in_the_whole(qapp: object) -> None:
    area = QRectF(-170, -60, 2 * WIDTH, 2 * HEIGHT)
    whole = painted(rendering(), View.OVERLAY, area)
    part = QRectF(100, 20, 250, 120)
    again = painted(rendering(), View.OVERLAY, area, seen=part)
    assert (again[20:140, 100:350] == whole[20:140, 100:350]).all()
    assert (again[160:] == 0).all()


def test_from_far_the_working_size_is_all_there_is_to_see(qapp: object) -> None:
    far = QRectF(0, 0, *SMALL[::-1])
    seen = painted(rendering(), View.ALPHA, far)[: SMALL[0], : SMALL[1], 0]
    assert (seen == 2 * 51).all()


def test_in_between_the_tiles_are_as_small_as_the_screen(qapp: object) -> None:
    half = QRectF(0, 0, WIDTH / 2, HEIGHT / 2)
    seen = painted(rendering(), View.ALPHA, half)[: HEIGHT // 2, : WIDTH // 2, 0].astype(float)
    wanted = resized(exact_alphas().sum(axis=0).reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean(axis=(1, 3)), 150, 300)
    assert np.abs(seen - 255 * wanted).max() <= 2


def test_where_nothing_finer_is_known_the_working_size_shows(qapp: object) -> None:
    shown = painted(rendering(left_out=(0, 1)), View.ALPHA)[..., 0]
    assert (shown[:TILE, TILE : 2 * TILE] == 2 * 51).all()
    assert set(np.unique(shown[:TILE, :TILE])) <= {0, 255}
    # Of one person something finer is known, of the other not: both are seen.
    both = painted(rendering((1,)), View.ALPHA)[..., 0].astype(float)
    assert np.abs(both - np.minimum(np.rint(exact_alphas()[0] * 255) + 51, 255)).max() <= 1


def test_tints_and_outlines_follow_it(qapp: object) -> None:
    bare = painted(rendering(), View.OVERLAY)
    is_tinted = (bare != 255).any(axis=2)
    assert (is_tinted == (exact_alphas().sum(axis=0) > 0)).all()
    place = Place(QRectF(-100, -50, 2 * WIDTH, 2 * HEIGHT), EVERYTHING, 1.0)
    shown = rendering()
    assert shown._fine is not None
    box = shown._fine.outline(1, place).boundingRect()
    # The stripes of the first begin at photo column 42 or 41; the line goes through the middles of their outer pixels.
    assert abs(box.left() - (2 * 42.5 - 100)) <= 1
    line = shown._fine.outline(1, place)
    crossings = [x for x in range(0, 100) if line.intersects(QRectF(x, 100, 1, 1))]
    assert len(crossings) > 10, "a line for every stripe"
    assert shown._fine.outline(1, place) == line


def test_pins_hold_in_it(qapp: object) -> None:
    shown = rendering()
    pins = np.zeros((HEIGHT, WIDTH), np.uint8)
    pins[10:20, 10:20], pins[10:20, 345:350] = Pin.ONE, Pin.ONE
    pins[50:60, 50:60] = Pin.ZERO
    shown.state.instances[0].pins = TilePlane.of(pins)
    assert shown._fine is not None
    again = Rendering(shown.state, shown.result, SMALL, detail=shown._fine.detail)
    first, second = (painted(again, View.ALPHA, selected=(n,))[..., 0] for n in (1, 2))
    assert (first[10:20, 10:20] == 255).all()
    assert (first[10:20, 345:350] == 255).all()
    assert (second[10:20, 345:350] == 0).all()
    assert (first[50:60, 50:60] == 0).all()


def test_pictures_are_kept_within_a_budget_and_for_the_next_state(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = rendering()
    painted(shown, View.ALPHA)
    kept = shown._fine
    assert kept is not None
    assert len(kept._pictures) == 6
    renamed = Rendering(State(shown.state.instances), shown.result, SMALL, shown, kept.detail)
    assert renamed._fine is kept
    painted(renamed, View.ALPHA)
    assert len(kept._pictures) == 6
    monkeypatch.setattr(fine, "BUDGET", 2 * TILE * TILE)
    painted(renamed, View.OVERLAY)
    assert sum(picture.sizeInBytes() for picture in kept._pictures.values()) <= max(fine.BUDGET, 4 * TILE * TILE)


def test_a_point_between_two_tiles_shows_no_seam(qapp: object) -> None:
    shown = rendering()
    assert shown._fine is not None
    flat = {place: {1: np.full_like(tile[1], 40000)} for place, tile in shown._fine.detail.tiles.items()}
    again = Rendering(shown.state, shown.result, SMALL, detail=Detail(HEIGHT, WIDTH, flat, 1))
    corner = QPointF(-61.3, -37.7)
    seen = painted(again, View.ALPHA, QRectF(corner.x(), corner.y(), 1.37 * WIDTH, 1.37 * HEIGHT), (1,))[..., 0]
    assert np.ptp(seen[: int(1.37 * HEIGHT - 40)]) <= 1
