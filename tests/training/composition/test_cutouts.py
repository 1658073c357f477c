"""Cut-outs: the outline is matted anew, colours are the person's own."""

import numpy as np

from instmatt_app.training.composition.cutouts import Band, Labelled, cut_out, is_held_out, without_haze


def test_a_wrong_label_is_mended_and_colours_are_clean() -> None:
    photo = np.full((90, 90, 3), (20, 160, 40), np.uint8)
    photo[25:65, 30:60] = (220, 30, 30)
    photo[25:65, 29] = (120, 95, 35)  # half person, half background
    mask = np.zeros((90, 90), bool)
    mask[28:65, 27:58] = True  # off by two pixels
    made = cut_out(Labelled("a", photo, mask, np.zeros_like(mask), Band(5, 5)))
    assert made is not None
    rgba, hair = made
    assert not hair.any()
    left = 30 - (27 - 24)  # the crop starts 24 pixels beside the label
    row = rgba[40]
    assert row[left + 5, 3] == 255
    assert row[left - 6, 3] == 0
    assert 60 < row[left - 1, 3] < 200
    assert np.abs(row[left - 1, :3].astype(int) - (220, 30, 30)).max() < 40


def test_specks_are_gone_and_nothing_is_none() -> None:
    photo = np.zeros((60, 60, 3), np.uint8)
    mask = np.zeros((60, 60), bool)
    assert cut_out(Labelled("a", photo, mask, mask, Band(2, 2))) is None
    mask[10:50, 10:30] = True
    mask[5, 55] = True
    made = cut_out(Labelled("a", photo, mask, np.zeros_like(mask), Band(2, 2)))
    assert made is not None
    assert made[0][:, 45:, 3].max(initial=0) == 0


def test_frames_of_a_sequence_belong_to_one_split() -> None:
    for sequence in ("hike", "lucia", "dance-twirl", "tennis"):
        assert len({is_held_out(f"davis-{sequence}-{frame:05}") for frame in range(0, 90, 6)}) == 1
    assert len({is_held_out(f"ccp-{number:04}") for number in range(100)}) == 2


def test_haze_is_gone_but_hair_stays_soft() -> None:
    alpha = np.zeros((60, 60), np.float32)
    alpha[:, 30:] = 1
    alpha[:, 10:20] = 0.15  # haze
    alpha[:, 26:30] = 0.4
    hair = np.zeros((60, 60), bool)
    hair[:20, 20:40] = True
    made = without_haze(alpha, hair, Band(4, 4, 4, 4))
    assert made[:, 12:18].max() == 0
    assert made[8, 28] > 0.3
    assert (made[:, 35:] == 1).all()
    assert made.min() >= 0
    assert made.max() <= 1
