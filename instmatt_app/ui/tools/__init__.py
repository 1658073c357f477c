"""Tools: what the pointer does on the canvas."""
