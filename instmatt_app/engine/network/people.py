"""People: a small network that finds the people in a picture and draws one mask for each.

Two questions, asked of one MobileNetV2: where people are, answered at every place of a grid of 16 pixels by a score and
the box's four sides (Tian et al., FCOS, ICCV 2019; one level as Chen et al., YOLOF, CVPR 2021), and which pixels inside
a box belong to the one whose box it is (He et al., Mask R-CNN, ICCV 2017). The second is drawn in three steps from
coarse to fine, each with features of its own size, and is told by the place whom it is to draw. Everything is plain
torch: features inside a box are taken with ``grid_sample``.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from instmatt_app.engine.network.mobilenet import WIDTHS, MobileNetV2

STRIDE = 16  # of the grid of places
WIDTH, FINE_WIDTH = 128, 32
# Cells across a box: where features are first looked at, in between, and in the mask.
COARSE, MIDDLE, MASK = 14, 28, 56
# A mask is drawn on its box made this much larger, so that a box that is a little too small cuts nothing off.
MARGIN = 0.1
# So far from one place may a side of its box be, in strides: e^4 × 16 pixels. More would only overflow.
_REACH = 4.0


class Found(NamedTuple):
    """What the network says of N pictures; P places lie row by row."""

    scores: Tensor  # [N, P], logits: a person is here
    boxes: Tensor  # [N, P, 4]: left, top, right, bottom in pixels of the picture
    places: Tensor  # [N, WIDTH, H / 16, W / 16]
    context: Tensor  # [N, WIDTH, H / 8, W / 8]
    fine: Tensor  # [N, FINE_WIDTH, H / 4, W / 4]
    anybody: Tensor  # [N, H / 8, W / 8], logits: some person's pixel; asked in training only


def _block(inputs: int, outputs: int, kernel: int = 3, dilation: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2 * dilation, dilation=dilation, bias=False)
    return nn.Sequential(conv, nn.GroupNorm(8, outputs), nn.ReLU())


class _Join(nn.Module):
    """Finer features and coarser ones of WIDTH channels, brought together at the finer ones' size."""

    def __init__(self, finer: int, width: int, outputs: int) -> None:
        super().__init__()
        self.finer = nn.Conv2d(finer, width, 1, bias=False)
        self.coarser = nn.Conv2d(WIDTH, width, 1, bias=False)
        self.mixed = nn.Sequential(nn.GroupNorm(8, width), nn.ReLU(), _block(width, outputs))

    def forward(self, finer: Tensor, coarser: Tensor) -> Tensor:
        # Widened before it is made narrower, the sum would be the same and cost more.
        x: Tensor = self.mixed(self.finer(finer) + _twice(self.coarser(coarser)))
        return x


class People(nn.Module):
    """Pictures to places and boxes (``forward``), boxes to masks (``draw``)."""

    def __init__(self) -> None:
        super().__init__()
        _, at4, at8, at16, at32 = WIDTHS
        self.trunk = MobileNetV2(folded=True)
        self.top = nn.Sequential(_block(at32, WIDTH, 1), _block(WIDTH, WIDTH, dilation=2))
        self.whole = nn.Linear(WIDTH, WIDTH)
        self.join16 = _Join(at16, WIDTH, WIDTH)
        self.join8 = _Join(at8, WIDTH // 2, WIDTH)
        self.join4 = _Join(at4, FINE_WIDTH, FINE_WIDTH)
        self.score_tower = nn.Sequential(_block(WIDTH, WIDTH), _block(WIDTH, WIDTH))
        self.box_tower = nn.Sequential(_block(WIDTH, WIDTH), _block(WIDTH, WIDTH))
        self.score = nn.Conv2d(WIDTH, 1, 3, padding=1)
        self.sides = nn.Conv2d(WIDTH, 4, 3, padding=1)
        self.anybody = nn.Conv2d(WIDTH, 1, 1)
        self.whose = nn.Linear(WIDTH, WIDTH)
        self.coarse = nn.ModuleList([_block(WIDTH, WIDTH), _block(WIDTH, WIDTH)])
        self.narrow = nn.Conv2d(WIDTH, 48, 1)
        self.middle = _block(48 + FINE_WIDTH, 48)
        self.mask = nn.Sequential(_block(48 + FINE_WIDTH, 24), nn.Conv2d(24, 1, 1))
        for last in (self.score, self.sides):
            nn.init.normal_(last.weight, std=0.01)
        # Hardly any place is a person's; without this the first steps go into saying so (Lin et al., RetinaNet, 2017).
        nn.init.constant_(self.score.bias, -4.0)  # type: ignore[arg-type]
        nn.init.constant_(self.sides.bias, 1.5)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Found:
        """x: float32 [N, 3, H, W], RGB from -1 to 1; H and W multiples of 32."""
        _, at4, at8, at16, at32 = self.trunk(x)
        top = self.top(at32)
        top = top + self.whole(top.mean((2, 3)))[:, :, None, None]
        places = self.join16(at16, top)
        context = self.join8(at8, places)
        fine = self.join4(at4, context)
        reach = STRIDE * self.sides(self.box_tower(places)).clamp(max=_REACH).exp()
        middle = place_middles(places.shape[2], places.shape[3], places)
        return Found(
            self.score(self.score_tower(places)).flatten(1),
            torch.cat([middle - reach[:, :2].flatten(2).mT, middle + reach[:, 2:].flatten(2).mT], 2),
            places,
            context,
            fine,
            self.anybody(context)[:, 0],
        )

    def draw(self, found: Found, picture: Tensor, boxes: Tensor, place: Tensor) -> Tensor:
        """Mask logits [B, MASK, MASK], each spread over its box widened by MARGIN.

        picture: int64 [B], which of the N pictures; boxes: [B, 4] in pixels; place: int64 [B], index into the P places.
        """
        whose = found.places.flatten(2)[picture, :, place]
        x = inside(found.context, 8, picture, boxes, COARSE) + self.whose(whose)[:, :, None, None]
        for block in self.coarse:
            x = x + block(x)
        x = self.middle(torch.cat([_twice(self.narrow(x)), inside(found.fine, 4, picture, boxes, MIDDLE)], 1))
        x = self.mask(torch.cat([_twice(x), inside(found.fine, 4, picture, boxes, MASK)], 1))
        drawn: Tensor = x[:, 0]
        return drawn


def _twice(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def place_middles(rows: int, columns: int, like: Tensor) -> Tensor:
    """x and y of the places' middles in pixels of the picture, [rows × columns, 2]."""
    y, x = ((torch.arange(n, device=like.device, dtype=torch.float32) + 0.5) * STRIDE for n in (rows, columns))
    return torch.stack([x.expand(rows, columns), y[:, None].expand(rows, columns)], 2).flatten(0, 1)


def widened(boxes: Tensor) -> Tensor:
    """Boxes [B, 4] made larger by MARGIN on every side: what masks are drawn on."""
    margin = (boxes[:, 2:] - boxes[:, :2]) * MARGIN
    return torch.cat([boxes[:, :2] - margin, boxes[:, 2:] + margin], 1)


def inside(planes: Tensor, stride: int, picture: Tensor, boxes: Tensor, cells: int) -> Tensor:
    """Planes [N, C, H, W] of the given stride, sampled in the cells of B widened boxes: [B, C, cells, cells].

    Bilinear, zero outside of the picture; picture and boxes as in ``People.draw``.
    """
    height, width = planes.shape[2:]
    left, top, right, bottom = widened(boxes)[:, :, None].unbind(1)
    along = (torch.arange(cells, device=planes.device, dtype=torch.float32) + 0.5) / cells
    # grid_sample counts from -1 at the first pixel's left edge to 1 at the last one's right edge.
    x = (left + along * (right - left)) * (2 / (stride * width)) - 1
    y = (top + along * (bottom - top)) * (2 / (stride * height)) - 1
    grid = torch.stack([x[:, None].expand(-1, cells, cells), y[:, :, None].expand(-1, cells, cells)], 3)
    sampled = planes.new_zeros(len(boxes), planes.shape[1], cells, cells)
    for number in range(len(planes)):
        of_this = (picture == number).nonzero().flatten()
        if len(of_this):
            # All boxes of a picture in one tall grid: the planes are not copied per box.
            tall = grid[of_this].flatten(0, 1)[None].to(planes.dtype)
            taken = F.grid_sample(planes[number : number + 1], tall, mode="bilinear", align_corners=False)
            sampled = sampled.index_copy(0, of_this, taken[0].view(-1, len(of_this), cells, cells).transpose(0, 1))
    return sampled
