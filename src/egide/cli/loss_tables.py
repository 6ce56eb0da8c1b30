"""The figures of a loss study as tables on a terminal, from the plain data of the desk."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from egide.cli import console, table
from egide.finding import Finding
from egide.locale.loss_text import name
from egide.message import Message, message
from egide.report.papers.typography import Setter, plain_text

Data = Mapping[str, Any]
COLUMNS = {"gross": message("Perte brute"), "retained": message("Conservée"), "ceded": message("Cédée")}
NOTHING = "—"
HALF = 0.5
LOOSE = 0.05
"""Bound of an exact figure, as a part of it, past which it says less than the simulation: it is left out."""
TAIL = "0.99"
"""The level at which parts in the worst years are shown."""
RARE = (0.1, 0.05, 0.02, 0.01, 0.005, 0.001)
"""Frequencies a year at which single events are shown."""


class Figures:
    """Writes the figures of a study in the manner of the language of this run."""

    def __init__(self) -> None:
        self.language = console.language()
        self.set = Setter(self.language, plain_text)
        self.say = self.set.say

    def name(self, code: str) -> str:
        """Return the name of a part of a study."""
        return name(code, self.language)

    def amount(self, value: float, error: float = 0.0) -> str:
        """Return an amount without decimals nor currency, with its error when there is one."""
        said = self.set.number(Decimal(value), 0)
        return f"{said} ± {self.set.number(Decimal(error), 0)}" if error >= HALF else said

    def told(self, read: Data) -> str:
        """Return a figure and its error."""
        return self.amount(read["value"], read["error"])

    def percent(self, share: float, decimals: int | None = 1) -> str:
        """Return a share from 0 to 1 in per cent."""
        value = Decimal(format(100 * share, ".6f"))
        return self.say(message("{value} %", value=self.set.number(value, decimals)))

    def part(self, value: float, whole: float) -> str:
        """Return the share of a whole in per cent, a dash of nothing."""
        return self.percent(value / whole) if whole else NOTHING

    def rarity(self, share: float) -> str:
        """Return a probability as one year in so many."""
        years = Decimal(format(1 / share, ".4g"))
        return self.say(message("1 année sur {years}", years=self.set.number(years, None)))

    def show(self, head: Sequence[Message], rows: Sequence[Sequence[str]], words: int = 1) -> None:
        """Print a table after an empty line; nothing when it has no row."""
        if rows:
            console.tell("")
            for line in table.lines([self.say(each) for each in head], rows, words):
                console.tell(line)


def heading(figures: Figures, data: Data, findings: Iterable[Finding]) -> None:
    """Say what was simulated, and what the reading of the file has to say."""
    for line in console.lines(findings):
        console.tell(line)
    if data["title"]:
        console.tell(data["title"])
    said = message(
        "{years} années simulées · graine {seed} · {manner} · montants en {currency} · Égide {program} · empreinte {fingerprint}",
        years=Decimal(data["years"]),
        seed=data["seed"],
        manner=message("tirage stratifié") if data["stratified"] else message("tirage simple"),
        currency=data["currency"],
        program=data["version"],
        fingerprint=data["fingerprint"][:12],
    )
    console.tell(figures.say(said))


def ending(figures: Figures) -> None:
    """Say how to read an error."""
    said = message("± : erreur type ; la vraie valeur est presque toujours à moins de deux fois cette erreur.")
    console.tell("")
    console.tell(figures.say(said))


def measures(figures: Figures, data: Data, *, insured: bool) -> None:
    """Print the measures of a year, and the chance that it passes each budget; `insured` adds retained and ceded."""
    shown = tuple(COLUMNS) if insured else ("gross",)
    told = [data["measures"][key] for key in shown]
    head = [COLUMNS[key] for key in shown]

    def row(said: Message, measure: str, level: str = "") -> list[str]:
        values = [(each[measure], each["standard_error"][measure]) for each in told]
        read = [(value[level], error[level]) if level else (value, error) for value, error in values]
        return [figures.say(said), *(figures.amount(*each) for each in read)]

    rows = [row(message("Moyenne"), "mean"), row(message("Écart type"), "sd")]
    for level in told[0]["var"]:
        percent, rarity = figures.percent(float(level), None), figures.rarity(1 - float(level))
        rows.append(row(message("VaR {level} ({rarity})", level=percent, rarity=rarity), "var", level))
    for level in told[0]["tvar"]:
        percent = figures.percent(float(level), None)
        rows.append(row(message("TVaR {level} (moyenne au-delà)", level=percent), "tvar", level))
    figures.show([message("Coût d'une année"), *head], rows)
    rows = [
        [figures.amount(each["amount"]), *(_chance(figures, one["budgets"][place]) for one in told)]
        for place, each in enumerate(told[0]["budgets"])
    ]
    figures.show([message("Probabilité de dépasser"), *head], rows)


def exact(figures: Figures, data: Data, *, insured: bool) -> None:
    """Print what was computed without drawing, and why the rest was not."""
    shown = [key for key in COLUMNS if insured or key == "gross"]
    laws = [data.get(key) or {} for key in shown]
    rows = [_exact_row(figures, message("Moyenne"), [law.get("mean") for law in laws])]
    rows.append(_exact_row(figures, message("Écart type"), [law.get("sd") for law in laws]))
    known = [law for law in laws if law.get("var")]
    for level in known[0]["var"] if known else ():
        percent, rarity = figures.percent(float(level), None), figures.rarity(1 - float(level))
        said = message("VaR {level} ({rarity})", level=percent, rarity=rarity)
        rows.append(_exact_row(figures, said, [(law.get("var") or {}).get(level) for law in laws]))
    for level in known[0]["tvar"] if known else ():
        said = message("TVaR {level} (moyenne au-delà)", level=figures.percent(float(level), None))
        rows.append(_exact_row(figures, said, [(law.get("tvar") or {}).get(level) for law in laws]))
    rows = [row for row in rows if set(row[1:]) != {NOTHING}]
    figures.show([message("Calcul exact (± borne)"), *(COLUMNS[key] for key in shown)], rows)
    reasons: dict[str, list[str]] = {}
    for each in data["not_covered"]:
        reasons.setdefault(each["understood"], []).append(each["place"])
    for why, places in reasons.items():
        more = len([place for place in places if place]) - 1
        where = figures.say(COLUMNS.get(places[0], places[0]))
        where = where if more < 1 else figures.say(message("{place} et {more} autre(s)", place=where, more=more))
        console.tell(figures.say(message("Pas de calcul exact – {place} : {why}", place=where, why=why)))


def _exact_row(figures: Figures, said: Message, read: Iterable[Data | None]) -> list[str]:
    firm = [each if each and each["error"] <= LOOSE * abs(each["value"]) else None for each in read]
    return [figures.say(said), *(figures.told(each) if each else NOTHING for each in firm)]


def _chance(figures: Figures, read: Data) -> str:
    said = figures.percent(read["probability"], 2)
    return f"{said} ± {figures.percent(read['error'], 2)}" if read["error"] else said


def shares(figures: Figures, what: Message, parts: Sequence[Data], data: Data, *, insured: bool) -> None:
    """Print what each part weighs in the mean of a year: gross, its share, its share of the worst years when known."""
    gross = data["measures"]["gross"]
    head = [what, message("Brute"), message("Part")]
    tail = bool(parts) and TAIL in parts[0]["tail"]
    head += [message("Pire 1 %")] if tail else []
    head += [message("Cédée"), message("Conservée")] if insured else []
    rows = []
    for each in parts:
        row = [
            figures.name(each["name"]),
            figures.told(each["gross"]),
            figures.part(each["gross"]["value"], gross["mean"]),
        ]
        row += [figures.part(each["tail"][TAIL]["value"], gross["tvar"][TAIL])] if tail else []
        row += [figures.amount(each["ceded"]["value"]), figures.amount(each["retained"])] if insured else []
        rows.append(row)
    figures.show(head, rows)


def layers(figures: Figures, parts: Sequence[Data]) -> None:
    """Print what each layer pays in a year."""
    rows = [[figures.name(each["policy"]), figures.name(each["name"]), figures.told(each["ceded"])] for each in parts]
    figures.show([message("Contrat"), message("Tranche"), message("Moyenne cédée")], rows, words=2)
