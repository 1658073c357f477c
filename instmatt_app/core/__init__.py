"""What a picture and its people are. NumPy, SciPy and OpenCV only."""
