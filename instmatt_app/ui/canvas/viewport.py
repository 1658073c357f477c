"""Viewport: which part of the photo is seen, and how large."""

from __future__ import annotations

from dataclasses import dataclass, replace

ZOOM_MIN, ZOOM_MAX = 0.01, 64.0


@dataclass(frozen=True)
class Viewport:
    """``zoom`` is widget pixels per photo pixel; (``left``, ``top``) the photo point at the widget's upper left."""

    zoom: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def to_photo(self, x: float, y: float) -> tuple[float, float]:
        """The photo point under a widget point."""
        return x / self.zoom + self.left, y / self.zoom + self.top

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """The widget point over a photo point."""
        return (x - self.left) * self.zoom, (y - self.top) * self.zoom

    def zoomed(self, x: float, y: float, factor: float) -> Viewport:
        """Nearer or farther by that factor; the photo point under the widget point (x, y) stays there."""
        zoom = min(max(self.zoom * factor, ZOOM_MIN), ZOOM_MAX)
        px, py = self.to_photo(x, y)
        return Viewport(zoom, px - x / zoom, py - y / zoom)

    def panned(self, dx: float, dy: float) -> Viewport:
        """The photo moved by that many widget pixels."""
        return replace(self, left=self.left - dx / self.zoom, top=self.top - dy / self.zoom)

    @classmethod
    def showing(cls, width: int, height: int, box: tuple[float, float, float, float]) -> Viewport:
        """That box of the photo — left, top, right, bottom — as large as it fits into a widget of that size."""
        left, top, right, bottom = box
        zoom = min(width / max(right - left, 1e-3), height / max(bottom - top, 1e-3))
        zoom = min(max(zoom, ZOOM_MIN), ZOOM_MAX)
        return cls(zoom, (left + right - width / zoom) / 2, (top + bottom - height / zoom) / 2)

    @classmethod
    def fitting(cls, width: int, height: int, photo_width: int, photo_height: int, margin: int = 24) -> Viewport:
        """The whole photo in the middle of a widget of that size; small photos are not enlarged."""
        room = max(1, width - 2 * margin), max(1, height - 2 * margin)
        zoom = min(room[0] / photo_width, room[1] / photo_height, 1.0)
        zoom = min(max(zoom, ZOOM_MIN), ZOOM_MAX)
        return cls(zoom, (photo_width - width / zoom) / 2, (photo_height - height / zoom) / 2)
