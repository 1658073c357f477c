"""InstMatt Studio: one fine alpha matte per person, from a photo of several people.

The public names are those of :mod:`instmatt_app.api`::

    import instmatt_app as im
    result = im.matte("photo.jpg", boxes=[(120, 40, 300, 500)])

They are loaded on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from instmatt_app.api import Edge, MatteOptions, Result, matte, read_photo

__all__ = ["Edge", "MatteOptions", "Result", "__version__", "matte", "read_photo"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from instmatt_app import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
