"""Options of an export: kept as plain values and taken back value by value; what cannot go together says so."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instmatt_app.files.export_options import ExportOptions, check_template, options_from_json
from instmatt_app.files.formats import DOCUMENTS, FORMATS

OPTIONS = st.builds(
    ExportOptions,
    format=st.sampled_from([*FORMATS, *DOCUMENTS]),
    layers=st.sampled_from(["cutout", "alpha", "both", "trimap", "trimatte"]),
    background=st.sampled_from(["photo", "clean", "none"]),
    colours=st.sampled_from(["clean", "photo"]),
    cleaning=st.integers(0, 100),
    recomposable=st.booleans(),
    canvas=st.sampled_from([None, "full", "cropped"]),
    profile=st.sampled_from(["keep", "srgb", "p3"]),
    metadata=st.booleans(),
    name=st.sampled_from(["{index:02}", "{photo} – {name}", "{number}"]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
)


@given(OPTIONS)
def test_options_come_back(options: ExportOptions) -> None:
    assert options_from_json(json.loads(json.dumps(options.to_json()))) == options


@given(OPTIONS, st.sampled_from(sorted(ExportOptions().to_json())), JSON)
def test_a_value_that_an_option_cannot_have_is_refused(options: ExportOptions, name: str, value: object) -> None:
    content = {**options.to_json(), name: value}
    try:
        read = options_from_json(content)
    except ValueError:
        return
    assert getattr(read, name) == value
    assert type(getattr(read, name)) is type(value)


def test_what_is_not_named_is_as_it_always_is() -> None:
    assert options_from_json({"format": "ora", "from": "a newer program"}) == ExportOptions(format="ora")
    for wrong in (None, [], "png", {"format": "bmp"}, {"format": 1}, {"name": "{photo.path}"}, {"metadata": 1}):
        with pytest.raises(ValueError, match=r"."):
            options_from_json(wrong)


@given(OPTIONS)
def test_what_has_no_effect_is_no_problem_alone(options: ExportOptions) -> None:
    if options.problem() is None:
        assert options.effective()["recomposable"] or not options.recomposable


def test_problems_are_sentences() -> None:
    whole = ExportOptions(format="psd", recomposable=True)
    assert whole.problem() is None
    for wrong, words in (
        (replace(whole, format="png"), "choose a format such as psd"),
        (replace(whole, format="exr"), "background layer: psd,"),
        (replace(whole, background="none"), "need their background"),
        (ExportOptions(format="webp", canvas="cropped"), "choose png"),
    ):
        assert words in wrong.problem()


@pytest.mark.parametrize("template", ["{name}", "{photo} {number:03}", "x{index}"])
def test_templates(template: str) -> None:
    check_template(template)


@pytest.mark.parametrize("template", ["", "{index:>99}", "{0}", "{name.path}", "a/b", "{photo", "..", "{other}", " "])
def test_wrong_templates(template: str) -> None:
    with pytest.raises(ValueError, match=r"template|file name"):
        check_template(template)
