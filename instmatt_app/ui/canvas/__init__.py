"""The canvas: the photo, what is known about it, and the tools on it."""
