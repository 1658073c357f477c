"""What turns guidance into mattes and photos into people."""
