"""The matting weights that come with the program: small, taken by themselves, better than their masks."""

import cv2
import numpy as np
import pytest
from photos import GroupPhoto
from PIL import Image

import instmatt_app as im
from instmatt_app import places

WEIGHTS = places.models_folder() / "instmatt-lite.safetensors"


def test_they_are_small() -> None:
    assert WEIGHTS.stat().st_size <= 10e6


@pytest.mark.usefixtures("default_engine")
def test_a_photo_needs_nothing_but_itself(group: GroupPhoto, tmp_path) -> None:  # type: ignore[no-untyped-def]
    Image.fromarray(group.pixels).save(tmp_path / "group.png")
    result = im.matte(tmp_path / "group.png")
    assert result.engine.startswith("instmatt:")
    assert len(result.people) == 2
    total = sum(result.alpha(person) for person in range(2))
    assert total.max() <= 1 + 1e-5


def test_they_mend_a_mask_that_is_off() -> None:
    # A figure before a plain wall, and a mask that lies six pixels beside it.
    photo = np.full((256, 256, 3), (70, 120, 170), np.uint8)
    truth = np.zeros((256, 256), np.uint8)
    cv2.ellipse(truth, (128, 90), (36, 46), 0, 0, 360, 255, -1)
    cv2.rectangle(truth, (70, 140), (186, 255), 255, -1)
    photo[truth > 0] = (190, 60, 50)
    mask = np.roll(truth, 6, axis=1)
    alpha = _matted(photo, mask)
    assert np.abs(alpha - truth / 255).mean() < 0.7 * np.abs(mask / 255 - truth / 255).mean()


def _matted(photo: np.ndarray, mask: np.ndarray) -> np.ndarray:
    import torch

    from instmatt_app.core.trimask import trimasks
    from instmatt_app.engine.progressive import fuse
    from instmatt_app.engine.tensors import cropped, guidance_tensor, image_tensor
    from instmatt_app.engine.weights import load_network

    network = load_network(WEIGHTS)
    (tri,) = trimasks([(mask > 127).astype(np.float32)])
    with torch.inference_mode():
        seen = network(image_tensor(photo)[None], guidance_tensor(tri)[None])
    return cropped(fuse(seen.os8, seen.os4, seen.os1).trimatte[0], *mask.shape)[0]
