"""The ruler: people's mattes scored against exact ones, and methods compared on a benchmark. Knows no window."""
