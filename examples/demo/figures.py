# SPDX-License-Identifier: Apache-2.0
"""Points and votes that come out at a wanted score.

All arithmetic is exact (integers and fractions); scores are counted in half
points, as committees give them. Random numbers only shape the figures.
"""

from dataclasses import dataclass
from fractions import Fraction

WEIGHTS = {"committee": Fraction(1, 2), "ballots": Fraction(3, 10), "self": Fraction(1, 5)}
OPTION_POINTS = (100, 60, 30, 10)

# What residents and the branch itself say of an organisation of a given score:
# (score, ballots, self), in percent; straight lines between.
TYPICAL = ((50, 42, 70), (57, 51, 75), (61, 57, 76), (71, 63, 80), (76, 70, 84), (80, 76, 87),
           (84, 80, 90), (88, 85, 92), (90, 87, 94), (93, 92, 96), (95, 93, 97), (99, 97, 98))


@dataclass
class Figures:
    committee: int         # half points of all raters together
    raters: int
    self_half: int
    good: int
    fair: int
    average: int
    poor: int

    @property
    def valid(self):
        return self.good + self.fair + self.average + self.poor

    @property
    def votes(self):
        return (self.good, self.fair, self.average, self.poor)

    @property
    def ballots(self):
        return Fraction(sum(p * n for p, n in zip(OPTION_POINTS, self.votes)), self.valid)

    @property
    def composite(self):
        return (WEIGHTS["committee"] * Fraction(self.committee, 2 * self.raters)
                + WEIGHTS["ballots"] * self.ballots + WEIGHTS["self"] * Fraction(self.self_half, 2))


def rounded(value):
    """Hundredths, half up."""
    return int(value * 100 + Fraction(1, 2))


def line(target, column):
    """The typical ballots (1) or self (2) score at a composite score."""
    for low, high in zip(TYPICAL, TYPICAL[1:]):
        if target <= high[0]:
            return low[column] + (high[column] - low[column]) * (target - low[0]) / (high[0] - low[0])
    return Fraction(TYPICAL[-1][column])


def votes_near(ballots, valid, rng):
    """[good, fair, average, poor] of `valid` ballots whose score is about `ballots`."""
    ballots = min(ballots, Fraction(99))
    poor = max(Fraction(0), (80 - ballots) / 260) * rng.randint(6, 13) / 10
    average = max(Fraction(1, 100), (97 - ballots) / 180) * rng.randint(6, 13) / 10
    good = (ballots - 30 * average - 10 * poor - 60 * (1 - average - poor)) / 40
    good = min(max(good, Fraction(0)), 1 - average - poor)
    n_good, n_average, n_poor = (int(x * valid + Fraction(1, 2)) for x in (good, average, poor))
    n_poor = min(n_poor, valid - n_good - n_average)
    return [n_good, valid - n_good - n_average - n_poor, n_average, max(n_poor, 0)]


def first_guess(target, valid, raters, rng):
    ballots = line(target, 1) + Fraction(rng.randint(-30, 30), 10)
    self_half = round(2 * (line(target, 2) + Fraction(rng.randint(-25, 20), 10)))
    figures = Figures(0, raters, min(self_half, 197), *votes_near(ballots, valid, rng))
    settle(figures, target)
    return figures


def settle(figures, target):
    """The committee's sum that brings the composite nearest to the target."""
    figures.committee = 0
    rest = (Fraction(target) - figures.composite) / WEIGHTS["committee"]
    figures.committee = round(rest * 2 * figures.raters)


def sound(figures):
    return min(figures.votes) >= 0 and figures.good + figures.fair > 0 \
        and 0 < figures.committee <= 197 * figures.raters and 0 < figures.self_half <= 198


def at(target, valid, raters, rng, hit):
    """Figures near `target` for which hit(composite) holds. Goes through votes
    moved from one option to the next and through self scores, the nearest first."""
    for _ in range(30):
        base = first_guess(target, valid, raters, rng)
        for step in range(600):
            moved, self_step = divmod(step, 25)
            figures = Figures(base.committee, raters, base.self_half + zigzag(self_step),
                              base.good + zigzag(moved % 6), base.fair - zigzag(moved % 6)
                              - zigzag(moved // 6), base.average + zigzag(moved // 6), base.poor)
            settle(figures, target)
            if sound(figures) and hit(figures.composite):
                return figures
    raise ValueError(f"no figures for {target} with {valid} ballots")


def zigzag(n):
    """0, 1, -1, 2, -2 …"""
    return (n + 1) // 2 if n % 2 else -(n // 2)


def spread(total, maxima, rng):
    """Half points per indicator, within 0 and twice its maximum, that add to `total`."""
    full = sum(maxima)
    points = [max(0, min(2 * m, round(Fraction(total * m, full)) + rng.choice((-1, 0, 0, 0, 1))))
              if m else 0 for m in maxima]
    while sum(points) != total:
        step = 1 if sum(points) < total else -1
        at_ = rng.choices(range(len(maxima)), weights=maxima)[0]
        if 0 <= points[at_] + step <= 2 * maxima[at_]:
            points[at_] += step
    return points


def share_out(total, raters, rng):
    """The committee's half points for each rater; no two differ by much."""
    each = [total // raters + (1 if i < total % raters else 0) for i in range(raters)]
    for _ in range(2):
        if raters > 1:
            give, take = rng.sample(range(raters), 2)
            step = rng.randint(0, 3)
            if each[take] + step <= 198 and each[give] - step >= 0:
                each[give] -= step
                each[take] += step
    rng.shuffle(each)
    return each


def split_votes(votes, members, rng):
    """(members' votes, residents' votes): `members` ballots drawn from all."""
    ballots = [i for i, n in enumerate(votes) for _ in range(n)]
    rng.shuffle(ballots)
    first = [ballots[:members].count(i) for i in range(len(votes))]
    return first, [n - m for n, m in zip(votes, first)]
