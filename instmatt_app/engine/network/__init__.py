"""The published InstMatt network, one file per box of the paper's figure."""
