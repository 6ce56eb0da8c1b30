"""A purchase and two fictitious bids for tests: the imaging service of RISK_MODEL 10."""

from functools import cache

from egide import reference
from egide.risk.draws import Draws, drawn
from egide.risk.exposure import exposed
from egide.risk.supplier import HEADS, Profile, Purchase, Retained, purchase
from egide.tender.risk_terms import SheetPoint

CREDIT = 0.6
SCENARIOS = ("S01", "S02", "S03", "S04", "S05", "S06")

# Point -> measure, weight, what is retained of A and of B (value, whether a proof was seen). RISK_MODEL 10 names the
# points that make the difference and not the 24: the list is made again from those names, levels and weights are ours.
POINTS = {
    "immutable backup": ("backup", 3, (1, True), (0, True)),
    "restore test": ("backup", 2, (0.5, True), (0.5, True)),
    "copy at end": ("backup", 2, (1, True), (0.7, True)),
    "patch delays": ("components", 3, (1, True), (0, True)),
    "inventory": ("components", 2, (0.5, True), (0.5, True)),
    "administration MFA": ("mfa", 3, (1, True), (0.5, True)),
    "access to logs": ("detection", 3, (1, True), (0.5, True)),
    "logs": ("detection", 2, (1, True), (0.5, True)),
    "fallback and extract": ("continuity", 3, (1, True), (0.5, True)),
    "degraded mode": ("continuity", 2, (1, True), (0.6, False)),
    "SSO": ("pam", 2, (1, True), (0.5, True)),
    "strong authentication": ("pam", 2, (1, True), (0.5, True)),
    "rights": ("pam", 3, (0.5, True), (0.5, True)),
    "hospital gateway": ("interventions", 3, (1, True), (0.5, True)),
    "no other tool": ("interventions", 2, (1, True), (0.6, True)),
    "named access": ("interventions", 2, (1, True), (1, False)),
    "OWASP audit": ("development", 3, (0.5, True), (1, True)),
    "database encryption": ("cryptography", 2, (0.5, True), (1, True)),
    "keys": ("cryptography", 2, (0.5, True), (0.5, True)),
    "hardening": ("hard", 3, (0.5, True), (0.5, True)),
    "EDR": ("edr", 3, (0.5, True), (0.5, True)),
    "committee": ("governance", 2, (1, True), (0.5, True)),
    "chain": ("data", 2, (1, True), (0.5, True)),
    "training": ("people", 1, (1, True), (1, False)),
}
ASKED = {name: SheetPoint(measure, weight) for name, (measure, weight, _, _) in POINTS.items()}
A = {name: Retained(*given[2]) for name, given in POINTS.items()}
B = {name: Retained(*given[3]) for name, given in POINTS.items()}


@cache
def draws(count: int = 32, seed: int = 2026) -> Draws:
    return drawn(reference.risk_library(), count=count, seed=seed)


def profile(scenarios: tuple[str, ...] = SCENARIOS, heads: tuple[str, ...] = HEADS, years: float = 5.0) -> Profile:
    exposure = exposed(
        reference.risk_library(), "support", revenue=600e6, activity_share=0.65, persons=1e6, beds=1400, places=180
    )
    return Profile(exposure, years, (0.06, 0.15, 0.30), scenarios, heads)


@cache
def bought(count: int = 32, seed: int = 2026) -> Purchase:
    return purchase(profile(), draws(count, seed))
