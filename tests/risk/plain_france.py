"""France told in the plainest way: establishment by establishment, affair by affair, event by event, one draw at a time.

Slow, and written from the specification alone: nothing of `rates`, `national`, `national_cost` or `backtest` is used.
"""

from math import erf, exp, log, sqrt

import numpy as np

SEVERE = {"H01", "H02", "S03"}
MALICIOUS = {"H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H13", "S01", "S02", "S03", "S04"}
RANSOM = ("H01", "H02", "H03")
PUBLIC = {"university", "support", "hospital", "psychiatry", "local"}
PRIVATE = {"non_profit", "clinic"}
SOCIAL = {"care_home", "social"}
COMES_BACK_SLOWLY = {"H01", "H02", "S01", "S02", "S03", "S04"} - {"S02"}
TOUCHED = {
    "grave": {"H01", "H02", "S03"},
    "outage": {"H10", "H11", "H12", "H13", "H14", "S01", "S04", "S05", "S06"},
    "intrusion": {"H03", "H04", "H05", "H06"},
    "paper": {"H07", "H08", "H09", "S02"},
}


def below(z):
    return (1 + erf(z / sqrt(2))) / 2


class Plain:
    """One draw of all parameters, `p[id]`, and the rates that follow from them."""

    def __init__(self, draws, j):
        self.p = {name: float(draws[name][j]) for name in draws}
        p = self.p
        self.scenarios = [f"H{n:02}" for n in range(1, 15)] + [f"S{n:02}" for n in range(1, 7)]
        self.categories = sorted(PUBLIC | PRIVATE | SOCIAL)
        self.hospitals = sorted(PUBLIC | PRIVATE)
        ransom = {s: p["national.ransomware"] * p[f"{s}.declared"] for s in RANSOM}
        others = {s: p[f"{s}.declared"] for s in self.scenarios if s not in RANSOM}
        left = (p["national.declared"] - sum(ransom.values())) / sum(others.values())
        self.declared = ransom | {s: value * left for s, value in others.items()}
        self.rate, self.reports, self.events = {}, {}, {}
        for s in self.scenarios:
            share = p["national.hospital_share_severe" if s in SEVERE else "national.hospital_share"]
            share = p["national.hospital_share_remote"] if s == "S03" else share
            chance = p["declaration.severe" if s in SEVERE else "declaration.minor"]
            seen = {c: self.times(s, c) * (self.seen(s) if c in PRIVATE else 1) for c in self.hospitals}
            self.rate[s] = self.declared[s] * share / chance / sum(seen.values())
            for c in self.hospitals:
                self.reports[s, c] = self.declared[s] * share * seen[c] / sum(seen.values())
            social = {c: self.times(s, c) for c in SOCIAL}
            for c in SOCIAL:
                self.reports[s, c] = self.declared[s] * (1 - share) * social[c] / sum(social.values())
            for c in self.categories:
                true = p["social.rate"] if c in SOCIAL else 1
                true = p["private.malicious"] if c in PRIVATE and s in MALICIOUS else true
                self.events[s, c] = self.rate[s] * self.times(s, c) * true

    def times(self, s, c):
        exponent = self.p["size.malicious" if s in MALICIOUS else "size.accidental"]
        return (
            self.p[f"category.{c}.count"] * (self.p[f"category.{c}.revenue"] / self.p["reference.revenue"]) ** exponent
        )

    def seen(self, s):
        return self.p["private.severe_seen" if s in SEVERE else "private.malicious"]

    def count(self, c):
        return round(self.p[f"category.{c}.count"])

    # ------------------------------------------------------------------------------------------------------- one year
    def year(self, rng):
        """Return reports by (scenario, category) out of shocks, reports of each establishment, reports by scenario."""
        p = self.p
        theta, spread = max(p["frequency.series"], 1e-9), p["frequency.year_sd"]
        factor = exp(spread * rng.standard_normal() - spread**2 / 2)
        of_affair = -theta / ((1 - theta) * log(1 - theta))
        alone = dict.fromkeys(self.reports, 0)
        each = {}
        for c in self.categories:
            own = rng.gamma(p["frequency.shape"], 1 / p["frequency.shape"], self.count(c))
            each[c] = np.zeros(self.count(c), dtype=int)
            for grave in (True, False):
                kinds = [s for s in self.scenarios if (s in SEVERE) is grave]
                means = np.array([self.alone(s, c) for s in kinds]) * factor / (1 if grave else of_affair)
                affairs = rng.poisson(means.sum() / self.count(c) * own)
                for place in np.flatnonzero(affairs):
                    for kind in rng.choice(len(kinds), affairs[place], p=means / means.sum()):
                        made = 1 if grave else rng.logseries(theta)
                        each[c][place] += made
                        alone[kinds[kind], c] += made
        whole = {s: sum(alone[s, c] for c in self.categories) for s in self.scenarios}
        self.shocks(rng, each, whole)
        return factor, alone, each, whole

    def alone(self, s, c):
        return self.reports[s, c] * (1 - self.p["shock.share"] if s.startswith("S") else 1)

    def shocks(self, rng, each, whole):
        p = self.p
        by = {
            s: sum(self.reports[s, c] for c in self.categories) * p["shock.share"]
            for s in self.scenarios
            if s[0] == "S"
        }
        mean, spread = sum(by.values()) / p["shock.rate"], p["shock.sd"]
        places = np.array([sum(self.reports[s, c] for s in by) for c in self.categories])
        for _ in range(rng.poisson(p["shock.rate"])):
            reached = min(round(mean * exp(spread * rng.standard_normal() - spread**2 / 2)), round(p["shock.most"]))
            whole[rng.choice(list(by), p=np.array(list(by.values())) / sum(by.values()))] += reached
            for c, some in zip(self.categories, rng.multinomial(reached, places / places.sum()), strict=True):
                each[c][rng.choice(self.count(c), min(some, self.count(c)), replace=False)] += 1

    # ---------------------------------------------------------------------------------------------------------- events
    def law(self, s, c):
        """Return what an event draws from: medians and spreads of days and own cost, EUR a day, leak, notice, claim."""
        p = self.p
        size = p[f"category.{c}.revenue"] / p["reference.revenue"]
        tail = 1 + (p["severity.recovery"] / 2 if s in COMES_BACK_SLOWLY else 0)
        gross = p[f"category.{c}.revenue"] / 365 * p[f"category.{c}.activity_share"] * min(p[f"{s}.lost"], 1) * tail
        return {
            "days": p[f"{s}.days"] * size ** p["size.days"],
            "days_sd": p[f"{s}.days_sd"] * p["severity.sd_factor"],
            "own": p[f"{s}.own"] * size ** p["size.cost"],
            "own_sd": p[f"{s}.own_sd"] * p["severity.sd_factor"],
            "gross": gross,
            "net": gross * (1 - p["severity.catch_up"]) * (1 - p["severity.unspent"]),
            "leak": min(p[f"{s}.leak"], 1),
            "notice": p[f"category.{c}.persons"] * min(p[f"{s}.records"], 1) * p["leak.notification"],
            "claim": p["claim.amount"] * size ** p["size.cost"],
        }

    def costs(self, rng, s, c, count):
        """Return own cost, interruption and liability of `count` events, and their days."""
        law, p = self.law(s, c), self.p
        one, two, three = rng.standard_normal((3, count))
        rho = p["severity.correlation"]
        days = np.minimum(law["days"] * np.exp(law["days_sd"] * one), p["severity.days_cut"])
        own = law["own"] * np.exp(law["own_sd"] * (rho * one + sqrt(1 - rho**2) * two))
        claims = law["claim"] * np.exp(p["claim.sd"] * p["severity.sd_factor"] * three)
        claims *= rng.random(count) < p["claim.probability"]
        return own, law["net"] * days, (law["notice"] + claims) * (rng.random(count) < law["leak"]), days
