"""The multi-instance refiner: people in one patch correct each other's tri-mattes (supplementary, Fig. 1)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

# Alphas nearer to 0 or 1 than this are taken for this near: their logits must stay within reach.
SATURATED = 1 / 1024


def exchange(own: Tensor, sums: Tensor, people: int) -> Tensor:
    """Features of m people after hearing the others': [m, 48, h, w], target, reference and background one third each.

    own are the features of these m before, and sums those of all people together, [48, h, w].

    * My target is what the others' references see of me, less what the others claim for themselves. As published, the
      sum of the references includes my own although it is divided by the number of the others.
    * My reference also hears the others' targets.
    * The background is everybody's: the mean.
    """
    target, reference, _ = own.chunk(3, dim=1)
    targets, references, backgrounds = sums.chunk(3, dim=0)
    new_target = references / max(people - 1, 1) - targets + 2 * target
    new_reference = targets - target + reference
    new_background = (backgrounds / people).expand_as(target)
    return torch.cat((new_target, new_reference, new_background), dim=1)


class Refiner(nn.Module):
    """Four learnable 3×3 layers: split and head, and between them two that merge what was exchanged.

    ``features`` is the number of channels of the decoder's features, 32 as published. ``residual``: what the layers say
    is added to the alphas as they are (as logits) instead of taking their place. It begins as no change at all, so that
    a short training can only learn to help.
    """

    def __init__(self, features: int = 32, residual: bool = False) -> None:
        super().__init__()
        self.residual = residual
        self.split = nn.Conv2d(3 * features, 3 * 16, 3, padding=1, groups=3)
        # No activation after the second layer: the head reads its sums as they are.
        self.merge = nn.Sequential(
            nn.Conv2d(3 * 16 + 3, 32, 3, padding=1), nn.LeakyReLU(0.2), nn.Conv2d(32, 32, 3, padding=1)
        )
        self.head = nn.Conv2d(32, 3, 3, padding=1)
        if residual:
            nn.init.zeros_(self.head.weight)
            nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    def forward(self, trimatte: Tensor, feature: Tensor, image: Tensor, wanted: Sequence[int] | None = None) -> Tensor:
        """New tri-mattes for one patch, [n, 3, h, w] in 0..1; with `wanted` only those of these people, in that order.

        trimatte [n, 3, h, w] in 0..1 and the decoder's feature [n, features, h, w] of all n people who take part; image
        [3, h, w], normalised. The edge of the patch is the edge of the world: convolutions see zeros beyond it.
        """
        heard = self.listen(trimatte, feature)
        chosen = list(range(len(trimatte))) if wanted is None else list(wanted)
        return self.answer(heard[chosen], heard.sum(dim=0), len(trimatte), trimatte[chosen], image)

    def listen(self, trimatte: Tensor, feature: Tensor) -> Tensor:
        """What each person has to say, from their tri-matte and features alone: [n, 48, h, w]."""
        masked = torch.cat([feature * trimatte[:, channel : channel + 1] for channel in range(3)], dim=1)
        said: Tensor = self.split(masked)
        return said

    def answer(self, own: Tensor, sums: Tensor, people: int, trimatte: Tensor, image: Tensor) -> Tensor:
        """New tri-mattes, [m, 3, h, w], of m people from what they said, and the sums of what all people said."""
        heard = exchange(own, sums, people)
        logits = self.head(self.merge(torch.cat((heard, image.expand(len(heard), -1, -1, -1)), dim=1)))
        if self.residual:
            # (tanh(x) + 1) / 2 is the inverse of half the logit.
            logits = logits + torch.logit(trimatte, SATURATED) / 2
        return (torch.tanh(logits) + 1) / 2
