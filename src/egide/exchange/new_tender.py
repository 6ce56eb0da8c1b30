"""The first tender.yaml of a consultation, from its purchase: complete enough to be read, with what remains to be set."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from egide.clausier.model import Clausier
from egide.locale import say
from egide.message import Language, Message, Text, message

SHARES = {"price": 40, "security": 30, "value": 20, "environment": 10}
"""Weights proposed, a choice of Égide: the buyer sets them and tries them on the test bench."""
MONTHS = 48


@dataclass(frozen=True)
class Wish:
    """What the buyer says of the consultation to begin. `facets` are those stated, without those of the profiles."""

    title: str
    buyer: str
    sent_on: date
    deadline: datetime
    profiles: Sequence[str] = ()
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    level: str = ""
    lots: Sequence[str] = ()
    formalised: bool = True
    siret: str = ""
    estimate: str = ""


def written(
    wish: Wish,
    clausier: Clausier,
    purchase: Mapping[str, Sequence[str]],
    roles: Mapping[str, Text],
    language: Language,
) -> str:
    """Return the text of tender.yaml; `clausier` is narrowed to the purchase, whose facets are all in `purchase`."""
    parts = (
        _head(wish, language),
        _purchase(wish, language),
        _lots(wish, language),
        _criteria(clausier, language),
        _evaluators(clausier, roles, language),
        _contract(purchase, language),
    )
    return "\n".join(line for part in parts for line in (*part, "")).rstrip() + "\n"


def _comment(said: Message, language: Language) -> str:
    return f"# {say(said, language)}"


def _blank(language: Language) -> str:
    return say(message("À COMPLÉTER"), language)


def _head(wish: Wish, language: Language) -> Iterator[str]:
    blank = _blank(language)
    said = message("Consultation au format d'Égide (docs/formats.md). Ce qui est écrit « {blank} » reste à fixer.", blank=blank)  # fmt: skip
    yield _comment(said, language)
    yield "format: 1"
    yield f"title: {_quoted(wish.title or blank)}"
    yield f"buyer: {{name: {_quoted(wish.buyer or blank)}, siret: {_quoted(wish.siret)}}}"
    yield 'reference: ""'
    yield _comment(message("Le jour d'envoi à la publication décide des règles applicables."), language)
    yield f"sent_on: {wish.sent_on.isoformat()}"
    yield f"deadline: {wish.deadline.isoformat()}"
    yield f"formalised: {str(wish.formalised).lower()}"
    yield f"procedure: {'open' if wish.formalised else 'adapted'}"
    if wish.estimate:
        yield f"estimate: {_quoted(wish.estimate)}"
    yield "currency: EUR"
    yield f"language: {language}"
    yield "variants_allowed: false"


def _purchase(wish: Wish, language: Language) -> Iterator[str]:
    chosen = message("L'achat : ses caractéristiques choisissent les points du clausier (egide clausier select).")
    yield _comment(chosen, language)
    yield "purchase:"
    yield f"  profiles: [{', '.join(wish.profiles)}]"
    if wish.facets:
        yield "  facets:"
        yield from (f"    {name}: [{', '.join(values)}]" for name, values in wish.facets.items())
    if wish.level:
        yield f"  level: {wish.level}"
    yield "clausier: {id: egide}"
    yield _comment(message("Réglages d'un point avant publication, par exemple :"), language)
    yield "#   EG-066: {weight: 3}"
    yield "#   EG-020: {keep: false}"
    yield "#   EG-021: {lots: [lot-1]}"
    yield "points: {}"


def _lots(wish: Wish, language: Language) -> Iterator[str]:
    blank = _blank(language)
    yield _comment(message("Crédits fixés avant le lancement : budget et budget_recorded_on, lot par lot."), language)
    yield "lots:"
    for number, title in enumerate(wish.lots or [wish.title or blank], 1):
        yield f"- {{id: lot-{number}, title: {_quoted(title)}}}"
    if len(wish.lots) < 2:
        said = message("Sans lots : le motif de droit et de fait (L2113-11) est obligatoire.")
        yield _comment(said, language)
        yield f"allotment: {{reason: {_quoted(blank)}}}"


def _contract(purchase: Mapping[str, Sequence[str]], language: Language) -> Iterator[str]:
    yield _comment(message("Cadre de prix : une ligne par prix demandé ; period: once, month ou year."), language)
    yield "schedule:"
    yield f"  months: {MONTHS}"
    yield "  lines: []"
    yield '  # - {id: p1, title: "...", unit: "...", quantity: "1", period: month}'
    yield f"contract: {{months: {MONTHS}}}"
    if "processor" in purchase.get("processing", ()):
        yield from _processing(_blank(language), language)
    if "health" in purchase.get("data", ()) and "supplier" in purchase.get("hosting", ()):
        said = message("Hébergement de données de santé : activités du certificat à ajuster à ce qui est confié.")
        yield _comment(said, language)
        yield "certificates: [{standard: HDS, activities: [1, 2, 3, 4, 5, 6]}]"


def _quoted(text: str) -> str:
    """Return a text as a YAML scalar between double quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _criteria(clausier: Clausier, language: Language) -> Iterator[str]:
    titles = {
        "price": message("Prix sur la durée du marché"),
        "security": message("Sécurité numérique et protection des données"),
        "value": message("Valeur technique et service rendu"),
        "environment": message("Caractéristiques environnementales de l'offre"),
    }
    yield _comment(message("Les poids sont proposés : les fixer, puis les essayer avec egide tender bench."), language)
    named = {each: _quoted(say(title, language)) for each, title in titles.items()}
    yield "criteria:"
    yield f'- {{id: prix, title: {named["price"]}, weight: "{SHARES["price"]}", kind: price, formula: proportional}}'
    yield "- id: securite"
    yield f"  title: {named['security']}"
    yield f'  weight: "{SHARES["security"]}"'
    yield "  kind: clausier"
    yield "  subcriteria:"
    for theme, weight in shares(clausier).items():
        title = next(each.title.say(language) for each in clausier.themes if each.id == theme)
        yield f'  - {{id: {theme.lower()}, weight: "{weight}", title: {_quoted(title)}, themes: [{theme}]}}'
    yield f'- {{id: valeur, title: {named["value"]}, weight: "{SHARES["value"]}", kind: marked, scale: "20"}}'
    yield f'- {{id: environnement, title: {named["environment"]}, weight: "{SHARES["environment"]}", kind: marked, environmental: true, scale: "20"}}'  # fmt: skip
    yield "ties: [securite, prix, draw]"


def shares(clausier: Clausier) -> dict[str, int]:
    """Return a whole weight for each theme with scored points, in proportion of their weights; they make exactly 100."""
    sums = {
        theme.id: sum(point.weight for point in theme.points if point.award_use.scores) for theme in clausier.themes
    }
    sums = {theme: weight for theme, weight in sums.items() if weight}
    total, left = sum(sums.values()), 100 - len(sums)
    whole = {theme: 1 + left * weight // total for theme, weight in sums.items()}
    rests = sorted(sums, key=lambda theme: (-(left * sums[theme] % total), theme))
    for theme in rests[: 100 - sum(whole.values())]:
        whole[theme] += 1
    return whole


def _evaluators(clausier: Clausier, roles: Mapping[str, Text], language: Language) -> Iterator[str]:
    """Yield an evaluator for each first reader of a theme; the one who reads most also notes what is marked by hand."""
    themes: dict[str, list[str]] = {}
    for theme in clausier.themes:
        themes.setdefault(theme.readers[0] if theme.readers else "rssi", []).append(theme.id)
    yield "evaluators:"
    for role, read in sorted(themes.items(), key=lambda each: -len(each[1])):
        yield f"- {{id: {role}, role: {_quoted(roles[role].say(language) if role in roles else role)}, themes: [{', '.join(read)}]}}"
    users = _quoted(say(message("Services utilisateurs"), language))
    yield f"- {{id: utilisateurs, role: {users}, criteria: [valeur, environnement]}}"


def _processing(blank: str, language: Language) -> Iterator[str]:
    said = message("Fiche de traitement (article 28 du RGPD), écrite par l'établissement avant la publication.")
    yield f"# {say(said, language)}"
    yield "processing:"
    yield f"- purpose: {_quoted(blank)}"
    for key in ("nature", "duration", "transfers", "controller", "dpo"):
        yield f"  {key}: {_quoted(blank)}"
    for key in ("data", "persons", "recipients"):
        yield f"  {key}: [{_quoted(blank)}]"
