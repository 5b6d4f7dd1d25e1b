#!/usr/bin/env python3
"""Recomputes what Core computed with statsmodels, scipy, numpy and krippendorff, and compares.

Reads JSON lines, each one case: its kind, its random inputs and what Core made of them (null: no value). Closed forms
must agree within 1e-9 of the larger of 1 and the value.

usage: check_statistics.py FILE   (run with a Python that has the packages statsmodels, scipy and krippendorff)
Exit status 0: all agree; 1: some differ, or a kind has too few cases.
"""

import json
import math
import sys
import warnings
from collections import Counter

import krippendorff
import numpy as np
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson_2indep

TOLERANCE = 1e-9
# Fewer cases of a kind than these mean that the comparison did not take place.
LEAST = {
    "normal": 2,
    "wilson": 200,
    "funnel": 100,
    "binomial": 200,
    "quantile": 200,
    "rate-ratio": 200,
    "kappa": 200,
    "alpha": 200,
    "concentration": 100,
    "bootstrap": 10,
    "triangle": 100,
    "correlation": 200,
}


class SplitMix64:
    """Written from the paper, doi 10.1145/2660193.2660195, not from Core."""

    MASK = (1 << 64) - 1

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & self.MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & self.MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & self.MASK
        return z ^ (z >> 31)

    def index(self, count):
        return (self.next() * count) >> 64


def finite(value):
    """None for what the packages print where there is no value."""
    return None if value is None or not math.isfinite(value) else float(value)


def normal(case):
    return [stats.norm.ppf(1 - case["alpha"] / 2)]


def wilson(case):
    if case["total"] == 0:
        return [None, None]
    return list(proportion_confint(case["count"], case["total"], alpha=case["alpha"], method="wilson"))


def funnel(case):
    # The score test's own inversion: the proportions that the test does not reject at the centre.
    half = stats.norm.ppf(1 - case["alpha"] / 2) * math.sqrt(case["centre"] * (1 - case["centre"]) / case["total"])
    return [max(0.0, case["centre"] - half), min(1.0, case["centre"] + half)]


def binomial(case):
    distribution = stats.binom(case["trials"], case["probability"])
    return [distribution.pmf(case["successes"]), distribution.cdf(case["successes"])]


def quantile(case):
    values = np.array(case["values"], dtype=float)
    interval = stats.quantile_test(values, p=case["quantile"]).confidence_interval(1 - case["alpha"])
    low, high = finite(interval.low), finite(interval.high)
    if low is None or high is None:
        low = high = None
    return [np.quantile(values, case["quantile"]), low, high]


def rate_ratio(case):
    a, n, b, m = case["events"], case["population"], case["base"], case["basePopulation"]
    if b == 0:
        return [None, None, None]
    ratio = (a / n) / (b / m)
    if a == 0:
        return [ratio, None, None]
    return [ratio, *confint_poisson_2indep(a, n, b, m, method="wald-log", compare="ratio", alpha=case["alpha"])]


def kappa(case):
    table = np.zeros((case["categories"], case["categories"]))
    for a, b in zip(case["first"], case["second"]):
        table[a, b] += 1
    # Its variance, which is not compared, may not exist where kappa does.
    return [
        finite(cohens_kappa(table, return_results=False)),
        finite(cohens_kappa(table, wt="quadratic", return_results=False)),
    ]


def alpha(case):
    units = [[math.nan if rating is None else rating for rating in unit] for unit in case["units"]]
    answers = []
    for level in ("nominal", "ordinal"):
        try:
            answer = krippendorff.alpha(
                reliability_data=np.array(units).T,
                level_of_measurement=level,
                value_domain=list(range(case["categories"])),
            )
        except ValueError:
            answer = None
        answers.append(finite(answer))
    return answers


def concentration(case):
    parts = np.array(case["parts"], dtype=float)
    if parts.sum() == 0:
        return [None, None]
    top = np.sort(parts)[::-1][: math.ceil(len(parts) / 10)]
    return [float(np.sum((parts / parts.sum()) ** 2)), float(top.sum() / parts.sum())]


def bootstrap(case):
    random = SplitMix64(case["seed"])
    counts, totals = np.array(case["counts"]), np.array(case["totals"])
    replicates = []
    for _ in range(case["replicates"]):
        drawn = [random.index(len(counts)) for _ in counts]
        replicates.append(counts[drawn].sum() / totals[drawn].sum())
    return [counts.sum() / totals.sum(), *np.quantile(replicates, [case["alpha"] / 2, 1 - case["alpha"] / 2])]


def triangle(case):
    shares = np.array(case["resolved"]) / sum(case["resolved"])
    shape = 1 - 2 / 3 * float(np.dot([0, 1, 2, 3], shares))
    parts = [(shape + 1) / 2, case["local"], 1 - case["siphon"], case["down"]]
    return [shape, 100 * stats.gmean(np.maximum(parts, 0.01)), 100 * np.mean(np.maximum(parts, 0.01))]


def correlation(case):
    if len(case["first"]) < 10:
        return [None]
    return [finite(stats.spearmanr(case["first"], case["second"]).statistic)]


KINDS = {
    "normal": normal,
    "wilson": wilson,
    "funnel": funnel,
    "binomial": binomial,
    "quantile": quantile,
    "rate-ratio": rate_ratio,
    "kappa": kappa,
    "alpha": alpha,
    "concentration": concentration,
    "bootstrap": bootstrap,
    "triangle": triangle,
    "correlation": correlation,
}


def agrees(ours, theirs):
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return abs(ours - theirs) <= TOLERANCE * max(1, abs(theirs))


def main():
    # Both are said where there is no value, which is compared.
    for category in (RuntimeWarning, stats.ConstantInputWarning):
        warnings.simplefilter("ignore", category)
    passed, failed = Counter(), Counter()
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            theirs = [None if value is None else float(value) for value in KINDS[case["kind"]](case)]
            ours = case["result"]
            if len(ours) == len(theirs) and all(map(agrees, ours, theirs)):
                passed[case["kind"]] += 1
            else:
                failed[case["kind"]] += 1
                if failed[case["kind"]] <= 3:
                    print(f"differs: {line.strip()[:600]}\n  expected {theirs}")
    few = [kind for kind, least in LEAST.items() if passed[kind] + failed[kind] < least]
    for kind in KINDS:
        print(f"{kind}: {passed[kind]} agree, {failed[kind]} differ")
    if few:
        print("too few cases of " + ", ".join(few))
    print(f"{passed.total()} passed, {failed.total()} failed")
    return 1 if few or failed.total() else 0


if __name__ == "__main__":
    sys.exit(main())
