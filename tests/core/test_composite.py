import numpy as np

from instmatt_app.core.composite import checkerboard, over


def test_over_blends_straight_alpha() -> None:
    colours = np.full((1, 3, 3), 200, np.uint8)
    alpha = np.array([[0, 0.5, 1]], np.float32)
    assert over(colours, alpha, (100, 100, 100))[0, :, 0].tolist() == [100, 150, 200]
    below = np.full((1, 3, 3), 50, np.uint8)
    assert over(colours, alpha, below)[0, :, 0].tolist() == [50, 125, 200]


def test_checkerboard_alternates() -> None:
    board = checkerboard(24, 36, 12)
    assert board.shape == (24, 36, 3)
    assert board[0, 0, 0] == board[12, 12, 0] != board[0, 12, 0]
    assert np.unique(board).size == 2
