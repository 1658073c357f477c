"""The window: the only ring that knows Qt."""
