"""Amounts as people write them, and what may be wrong with the price of a bid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from egide.exchange.vocabulary import fold
from egide.finding import Finding, Severity
from egide.message import Message, message

CURRENCIES: Mapping[str, str] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP", "chf": "CHF",
    "cad": "CAD", "xpf": "XPF", "f cfp": "XPF",
}  # fmt: skip
MOST = Decimal(10) ** 15
"""No price of a contract reaches it: a larger number is a slip, and would not survive a spreadsheet."""

Problem = tuple[Severity, Message, Message]
_AGAIN = message("Indiquer le prix total hors taxes en chiffres, par exemple 1234567,89.")
PROBLEMS: Mapping[str, Problem] = {
    "price.missing": (Severity.ERROR, message("aucun prix n'a été trouvé"), _AGAIN),
    "price.text": (Severity.ERROR, message("« {read} » n'est pas un montant"), _AGAIN),
    "price.not_finite": (Severity.ERROR, message("« {read} » n'est pas un nombre fini"), _AGAIN),
    "price.negative": (Severity.ERROR, message("le prix « {read} » est négatif"), _AGAIN),
    "price.currency": (
        Severity.ERROR,
        message("le prix « {read} » n'est pas dans la monnaie de la consultation ({currency})"),
        message("Donner le prix dans la monnaie de la consultation."),
    ),
    "price.zero": (
        Severity.DOUBT,
        message("le prix total est nul"),
        message("Confirmer et justifier le prix nul, ou donner le prix (procédure de l'offre anormalement basse)."),
    ),
    "price.ambiguous": (
        Severity.DOUBT,
        message("« {read} » peut se lire de deux façons : compris comme {amount}"),
        message("Confirmer le montant, sans séparateur de milliers."),
    ),
    "price.multiplied": (
        Severity.DOUBT,
        message("« {read} » est compris comme {amount}"),
        message("Confirmer le montant, écrit en entier."),
    ),
    "price.sum": (
        Severity.DOUBT,
        message("la somme des lignes ({sum}) diffère du total ({amount})"),
        message("Dire lequel des deux vaut et corriger l'autre."),
    ),
    "price.line": (
        Severity.DOUBT,
        message("la ligne « {label} » n'a pas de montant lisible : « {read} »"),
        message("Donner le montant de la ligne en chiffres."),
    ),
    "price.basis": (
        Severity.DOUBT,
        message("le total ne dit pas s'il est hors taxes : compris comme hors taxes"),
        message("Confirmer que le total est hors taxes."),
    ),
    "price.tax_included": (
        Severity.ERROR,
        message("seul un total toutes taxes comprises a été trouvé : « {read} »"),
        message("Donner le total hors taxes."),
    ),
    "price.several": (
        Severity.DOUBT,
        message("plusieurs totaux hors taxes différents : le dernier est proposé ({amount})"),
        message("Dire quel total est celui de l'offre."),
    ),
    "price.no_schedule": (
        Severity.DOUBT,
        message("la ligne « {label} » donne un prix unitaire, mais la consultation n'a pas de cadre de prix : elle n'est pas comptée"),
        message("Donner le montant de la ligne (amount), ou publier le cadre de prix (schedule dans tender.yaml)."),
    ),
}  # fmt: skip


def problem(code: str, file: str, place: str = "", read: str = "", **values: object) -> Finding:
    """Return the finding of one thing wrong with a price."""
    return finding(PROBLEMS[code], code, file, place, read, **values)


def finding(of: Problem, code: str, file: str, place: str = "", read: str = "", **values: object) -> Finding:
    """Return the finding that a row of a table of problems describes, its places filled."""
    severity, said, remedy = of
    return Finding(code, severity, Message(said.text, {"read": read, **values}), remedy, file, place, read=read)


# ------------------------------------------------------------------------------------------------------------- amounts
@dataclass(frozen=True, slots=True)
class Amount:
    """A text read as an amount: `problem` is a key of PROBLEMS; a doubtful amount still has a value."""

    value: Decimal | None = None
    currency: str = ""
    problem: str = ""


_NUMBER = re.compile(r"[-+]?\d[\d.,']*")
_NOT_FINITE = re.compile(r"^[-+]?(nan|inf|infini|infinity|∞|#.+)$")
_GROSS = re.compile(r"\bttc\b|\bt\.t\.c|taxes comprises|\btax incl|\bincl(\.|uding)? tax")


def amount(text: str, *, number: bool = False) -> Amount:
    """Return the amount written in a text, in French or English; `number` tells that the cell held a number."""
    folded = fold(text)
    if not folded or folded in {"-", "/"}:
        return Amount(problem="price.missing")
    if _NOT_FINITE.match(folded):
        return Amount(problem="price.not_finite")
    if _GROSS.search(folded):
        return Amount(problem="price.tax_included")
    folded, factor = _factor(folded)
    currency = next((code for sign, code in CURRENCIES.items() if re.search(_sign(sign), folded)), "")
    bare = re.sub(r"\b(eur(os?)?|usd|gbp|chf|cad|xpf|ht|h\.t\.?|hors taxes?)\b|[€$£]", "", folded)
    bare = re.sub(r"[\s_]", "", bare).strip(".:")
    negative = bare.startswith("-") or bare.endswith("-") or (bare.startswith("(") and bare.endswith(")"))
    bare = bare.strip("()+-")
    digits, ambiguous = (bare, False) if number and _is_decimal(bare) else (None, False)
    if not number and _NUMBER.fullmatch(bare):
        digits, ambiguous = _digits(bare, decimals=factor > 1)
    if digits is None:
        return Amount(problem="price.text")
    value = Decimal(digits) if factor == 1 else _whole(Decimal(digits) * factor)
    if value >= MOST:
        return Amount(problem="price.text")
    doubt = "price.ambiguous" if ambiguous else "price.multiplied" if factor > 1 else ""
    return Amount(-value if negative else value, currency, doubt)


def _whole(value: Decimal) -> Decimal:
    """Return a number without the decimals that say nothing."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


_FACTORS = (
    (1_000, re.compile(r"(?<=\d)\s*(?:k(?=\s*(?:€|eur|\$|£))|milliers?(?:\s*d'|\b))")),
    (1_000_000, re.compile(r"(?<=\d)\s*(?:m(?=\s*(?:€|eur|\$|£))|millions?(?:\s*d'|\b))")),
)


def _factor(folded: str) -> tuple[str, int]:
    """Return a text without its k, M, thousands or millions, and what they multiply by."""
    for factor, words in _FACTORS:
        if words.search(folded):
            return words.sub(" ", folded, count=1), factor
    return folded, 1


def _sign(sign: str) -> str:
    return re.escape(sign) if not sign.isalpha() else rf"(?<![a-z]){sign}(?![a-z])"


def _is_decimal(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d*)?(e[-+]?\d{1,3})?", text) is not None


def _digits(text: str, *, decimals: bool = False) -> tuple[str | None, bool]:
    """Return a number without separators, its decimals after a dot; and whether it could be read otherwise.

    `decimals` tells that a lone separator stands before decimals, as in 1,234 M€.
    """
    text = text.replace("'", "")
    marks = [char for char in text if char in ".,"]
    if len(set(marks)) == 2:
        last = marks[-1]
        whole, _, rest = text.rpartition(last)
        other = "," if last == "." else "."
        groups = whole.split(other)
        regular = last not in whole and all(len(group) == 3 for group in groups[1:])
        return (f"{''.join(groups)}.{rest}" if regular else None), False
    if len(marks) > 1:
        groups = text.split(marks[0])
        return ("".join(groups) if all(len(group) == 3 for group in groups[1:]) else None), False
    if not marks:
        return text, False
    whole, _, rest = text.partition(marks[0])
    if not decimals and len(rest) == 3 and len(whole) <= 3 and whole.strip("0"):
        return whole + rest, True
    return f"{whole}.{rest}", False
