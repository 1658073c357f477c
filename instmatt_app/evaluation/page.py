"""Evaluations and comparisons as one HTML page that needs nothing beside it: well-formed, pictures inlined as JPEG."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

STYLE = (
    "body{font:15px/1.4 sans-serif;margin:2em;color:#222;background:#fff}table{border-collapse:collapse;margin:1em 0}"
    "th,td{padding:.25em .7em;border-bottom:1px solid #ddd;text-align:right}"
    "th:first-child,td:first-child{text-align:left}"
    "figure{display:inline-block;margin:.3em;vertical-align:top}figcaption{font-size:12px;color:#555;max-width:320px}"
)
# One colour a person, RGB; the seventh gets the first again.
COLOURS = np.array([(239, 83, 80), (66, 165, 245), (102, 187, 106), (255, 202, 40), (171, 71, 188), (38, 198, 218)])
JPEG_QUALITY = 85


def page(title: str, parts: Sequence[str]) -> bytes:
    """A whole page, UTF-8, with a heading and these parts below it."""
    head = f'<head><meta charset="utf-8"/><title>{escape(title)}</title><style>{STYLE}</style></head>'
    body = "\n".join(parts)
    return f'<!DOCTYPE html>\n<html lang="en">{head}<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n'.encode()


def heading(text: str) -> str:
    """A heading below the page's own."""
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; the first column holds names, the others figures."""
    head = "".join(f"<th>{escape(text)}</th>" for text in columns)
    lines = "\n".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def figure(picture: NDArray[np.uint8], caption: str) -> str:
    """A picture, uint8 (h, w, 3) RGB, with the words below it."""
    parameters = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    _, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), parameters)
    text = base64.b64encode(data.tobytes()).decode()
    said = escape(caption)
    return f'<figure><img src="data:image/jpeg;base64,{text}" alt="{said}"/><figcaption>{said}</figcaption></figure>'


def reduced(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture with its long side at most ``side`` pixels."""
    scale = side / max(picture.shape[:2])
    if scale >= 1:
        return picture
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    small: NDArray[np.uint8] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return small


def coloured(alphas: Sequence[NDArray[np.uint8]], height: int, width: int, side: int) -> NDArray[np.uint8]:
    """The people's alphas (H, W), each in a colour of its own, added up on black: uint8 (h, w, 3), reduced."""
    small = [reduced(alpha, side) for alpha in alphas]
    shape = small[0].shape if small else reduced(np.zeros((height, width), np.uint8), side).shape
    total = np.zeros((*shape, 3))
    for number, alpha in enumerate(small):
        total += alpha[..., None] / 255 * COLOURS[number % len(COLOURS)]
    return np.clip(total, 0, 255).astype(np.uint8)
