"""How photos and layers reach the disk and come from it."""
