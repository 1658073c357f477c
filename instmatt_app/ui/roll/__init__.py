"""The roll: several photos that are open together, one of them in the window, the others on the disk."""
