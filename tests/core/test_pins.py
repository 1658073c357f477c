"""Pins: who may pin what where, and that pinned alphas are exact while everybody still adds up to one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from instmatt_app.core.hints import Hint, Pin
from instmatt_app.core.instance import Instance
from instmatt_app.core.pins import hold_pins, pinned, pinned_pixels
from instmatt_app.core.planes import TilePlane
from instmatt_app.core.rect import Rect

AREA = Rect(0, 0, 3, 2)
EVERYWHERE = np.ones((2, 3), bool)


def person(number: int, mask: int = 0, pins: int | None = None, locked: bool = False) -> Instance:
    plane = None if pins is None else TilePlane.of(np.full((2, 3), pins, np.uint8))
    return Instance(
        number, f"P{number}", TilePlane.of(np.full((2, 3), mask, np.uint8)), AREA, locked=locked, pins=plane
    )


def stroke(people: list[Instance], hint: Hint, fixed: bool = True) -> dict[int, list[list[int]]]:
    planes = pinned(people, 1, hint, fixed, AREA, EVERYWHERE)
    return {number: plane.full().tolist() for number, plane in planes.items()}


def everywhere(pin: Pin) -> list[list[int]]:
    return [[pin] * 3] * 2


def test_a_fixed_stroke_pins_one_or_zero() -> None:
    assert stroke([person(1)], Hint.THIS_PERSON) == {1: everywhere(Pin.ONE)}
    assert stroke([person(1)], Hint.NOT_THIS_PERSON) == {1: everywhere(Pin.ZERO)}
    assert stroke([person(1)], Hint.ANOTHER_PERSON) == {1: everywhere(Pin.ZERO)}


def test_the_newest_word_counts() -> None:
    for hint in (Hint.NONE, Hint.UNDECIDED):
        assert stroke([person(1, pins=Pin.ONE)], hint) == {1: everywhere(Pin.NONE)}
    assert stroke([person(1, pins=Pin.ZERO)], Hint.THIS_PERSON, fixed=False) == {1: everywhere(Pin.NONE)}
    assert stroke([person(1)], Hint.THIS_PERSON, fixed=False) == {}


def test_a_new_one_takes_the_place_of_anothers_one_but_not_of_a_zero() -> None:
    one, zero = [person(1), person(2, pins=Pin.ONE)], [person(1), person(2, pins=Pin.ZERO)]
    assert stroke(one, Hint.THIS_PERSON) == {1: everywhere(Pin.ONE), 2: everywhere(Pin.NONE)}
    assert stroke(zero, Hint.THIS_PERSON) == {1: everywhere(Pin.ONE)}
    assert stroke(one, Hint.NOT_THIS_PERSON) == {1: everywhere(Pin.ZERO)}


def test_a_locked_person_keeps_pins_and_pixels() -> None:
    assert stroke([person(1, locked=True)], Hint.THIS_PERSON) == {}
    assert stroke([person(1), person(2, pins=Pin.ONE, locked=True)], Hint.THIS_PERSON) == {}
    assert stroke([person(1), person(2, mask=9, locked=True)], Hint.THIS_PERSON) == {}


kinds = arrays(np.uint8, (2, 7, 5), elements=st.integers(0, 2))
alphas = arrays(np.float32, (3, 7, 5), elements=st.floats(0, 1, width=32))


@settings(deadline=None)
@given(kinds, alphas)
def test_pinned_alphas_are_exact_and_everybody_adds_up_to_one(kind: np.ndarray, values: np.ndarray) -> None:
    # At most one person has a pin of 1 at a pixel: the strokes see to that.
    kind[1][kind[0] == Pin.ONE] = np.where(kind[1][kind[0] == Pin.ONE] == Pin.ONE, Pin.NONE, 0)
    values = values + np.float32(0.01)
    values /= values.sum(axis=0)
    held = hold_pins(values, [TilePlane.of(plane) for plane in kind])
    pixels = pinned_pixels([TilePlane.of(plane) for plane in kind], lambda number, box: values[number][box.slices])
    native = values.copy()
    if pixels is not None:
        native.reshape(3, -1)[:, pixels.places] = pixels.values
    for result in (held, native):
        assert (result[:2][kind == Pin.ONE] == 1).all()
        assert (result[:2][kind == Pin.ZERO] == 0).all()
        np.testing.assert_allclose(result.sum(axis=0), 1, atol=1e-5)
        free = ~(kind > 0).any(axis=0)
        np.testing.assert_array_equal(result[:, free], values[:, free])


def test_a_smaller_size_holds_only_what_is_pinned_throughout() -> None:
    kind = np.zeros((4, 4), np.uint8)
    kind[:2, :2] = Pin.ONE
    kind[0, 2] = Pin.ONE
    values = np.stack([np.full((2, 2), 0.25, np.float32), np.full((2, 2), 0.75, np.float32)])
    held = hold_pins(values, [TilePlane.of(kind)])
    assert held[0].tolist() == [[1, 0.25], [0.25, 0.25]]
    assert held[1].tolist() == [[0, 0.75], [0.75, 0.75]]
    assert hold_pins(values, [None]) is values


def test_a_smaller_size_has_no_gaps_where_all_is_pinned() -> None:
    kind = TilePlane.of(np.full((1000, 1500), Pin.ONE, np.uint8))
    values = np.stack([np.zeros((853, 1280), np.float32), np.ones((853, 1280), np.float32)])
    assert (hold_pins(values, [kind])[0] == 1).all()
