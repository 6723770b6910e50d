"""Drawing by weight."""

from itertools import accumulate
from random import Random


class Weighted:
    """Things to draw from, each with its weight, which are added up once and not at every draw."""

    def __init__(self, weights: dict):
        self.things, self.up_to = list(weights), list(accumulate(weights.values()))

    def draw(self, rng: Random):
        return rng.choices(self.things, cum_weights=self.up_to)[0]

    def draw_some(self, rng: Random, how_many: int) -> list:
        return rng.choices(self.things, cum_weights=self.up_to, k=how_many)
