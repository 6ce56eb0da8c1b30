"""Questionnaires as messy as life, each with its own truth.

The truth is decided when a cell is drawn, from the specification alone: nothing here parses what it wrote and
nothing here knows the reader. `generate(seed, folder)` always gives the same file for the same seed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from egide.clausier.model import Clausier, Expects, Point, Theme
from egide.message import Text
from egide.tender.model import Condition, Declared

from .messy_files import Cell, Formula, Page, write

# ---------------------------------------------------------------------------------------------------------- the truth
YES, NO, PARTIAL, DESCRIBED, NA, BLANK = (
    Declared.YES,
    Declared.NO,
    Declared.PARTIAL,
    Declared.DESCRIBED,
    Declared.NA,
    Declared.BLANK,
)
ANYTHING: frozenset[Declared] = frozenset(Declared)
SAID = ANYTHING - {BLANK}
ANY_CONDITION: frozenset[Condition] = frozenset(Condition)
UNCONDITIONAL = frozenset({Condition.NONE})


@dataclass(frozen=True)
class Truth:
    """What must be read of a point.

    `finding` True: a doubt (or error) on this point must be listed; False: none may be; None: either. `lenient`: a
    doubt on this point is as good as the answer. `pointer`: words that its document and its section must hold.
    `doubt` marks the cells that nobody can read for sure: only the finding is asked for.
    """

    declared: frozenset[Declared] = ANYTHING
    condition: frozenset[Condition] = ANY_CONDITION
    pointer: tuple[str, str] | None = None
    finding: bool | None = None
    lenient: bool = False

    @property
    def doubt(self) -> bool:
        """Whether only a finding is asked for."""
        return self.finding is True and self.declared == ANYTHING


DOUBT = Truth(finding=True)
FREE_TEXT = Truth(finding=True, lenient=True)
"""Words that answer nothing; beside a document, on a point that expects one, they become a description."""


def exact(declared: Declared, condition: Condition = Condition.NONE, finding: bool | None = False) -> Truth:
    """Return the truth of a cell that everybody reads alike."""
    return Truth(frozenset({declared}), frozenset({condition}), finding=finding)


def either(*declared: Declared, condition: Iterable[Condition] = ANY_CONDITION) -> Truth:
    """Return the truth of a cell that may be read so, or be doubted."""
    return Truth(frozenset(declared), frozenset(condition), lenient=True)


@dataclass(frozen=True)
class Drawn:
    """What the tenderer put in the answer cells (by role), and its truth on a point that expects a statement."""

    cells: dict[str, Cell]
    truth: Truth
    pointed: bool = False
    """Whether the cells say where the proof is."""


@dataclass
class Row:
    """One row of the questionnaire."""

    point: str
    ident: str
    drawn: Drawn
    comment: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Messy:
    """A messy file and its truth."""

    seed: int
    path: Path
    kind: str
    clausier: Clausier
    truth: dict[str, Truth]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: dict[str, tuple[int, ...]]
    """Row numbers of the sheets where the point was written, for the formats that number their rows."""
    texts: dict[str, tuple[str, ...]]
    """The comments and proofs written beside the answer: none may be lost."""
    raws: dict[str, str]
    """What the one answer cell said, for points answered in one cell."""
    traits: tuple[str, ...] = ()

    def has(self, trait: str) -> bool:
        """Whether the file has this trait."""
        return trait in self.traits


# ------------------------------------------------------------------------------------------------------- the clausier
XREFS = (
    *("O-1.1", "O-2.1", "O-2.8", "O-3.1", "O-3.11", "O-4.1", "O-5.1", "O-5.6", "O-9.1", "O-9.1.1", "O-9.2"),
    *("O-9.14", "O-10.1", "O-11.1", "O-11.2", "O-12.2.1.1", "O-12.2.3.2", "O-12.2.3.3", "O-12.2.9.1", "O-12.3.7"),
    *("O-12.3.10", "O-12.3.11", "O-12.4.3", "O-12.5.1", "O-12.5.11"),
)
SUBJECTS = (
    *("Point de contact sécurité", "Registre des traitements", "Devoirs de l'établissement"),
    *("Inventaire logiciel", "Nomenclature", "Comptes nominatifs", "Authentification forte"),
    *("Revue des habilitations", "Accès distant", "Bastion", "Flux entrants", "Horaires d'intervention"),
    *("Journalisation", "Localisation des données", "Restitution", "Plan d'assurance sécurité"),
    *("Matrice des flux", "Schéma d'architecture", "Licences", "Audit externe", "Copie d'essai", "Copie finale"),
    *("Audit interne", "Développement sûr", "Séparation des environnements"),
)
DOCUMENTS = {5, 11, 16, 17, 18, 22}
VALUES = {12, 21}
TITLES = ("Gouvernance", "Identités", "Accès distants", "Données", "Développement")


def small_clausier() -> Clausier:
    """Return a clausier of twenty-five points in five themes; some expect a document, two a value."""
    points = [_point(number, xref, title) for number, (xref, title) in enumerate(zip(XREFS, SUBJECTS, strict=True), 1)]
    themes = tuple(
        Theme(f"T{index + 1}", Text(title, title), tuple(points[5 * index : 5 * index + 5]))
        for index, title in enumerate(TITLES)
    )
    return Clausier("petit", "1", Text("Petit clausier", "Small clausier"), themes)


def _point(number: int, xref: str, title: str) -> Point:
    expects = Expects.DOCUMENT if number in DOCUMENTS else Expects.VALUE if number in VALUES else Expects.STATEMENT
    text = f"Le titulaire respecte, pendant toute la durée du marché, l'exigence « {title.lower()} »."
    return Point(
        f"EG-{number:03}", Text(text, text), Text(title, title), xref=(xref,), expects=expects, family="network"
    )


# ------------------------------------------------------------------------------------------------ what tenderers write
WORDS: dict[Declared, tuple[str, ...]] = {
    YES: ("oui", "OUI", "Oui", "O", "o", "Oui.", "Yes", "YES", "Conforme", "conforme", "CONFORME", "Oui !", "« Oui »"),
    NO: ("non", "NON", "Non", "N", "n", "Non.", "No", "non conforme", "Non conforme", "NON CONFORME", "Pas conforme"),
    PARTIAL: ("partiel", "Partiel", "PARTIEL", "Partiellement", "partiellement conforme", "En partie", "Partielle"),
    NA: (
        *("sans objet", "Sans objet", "S.O.", "SO", "s.o.", "S/O", "N/A", "n/a", "NA", "N.A."),
        *("Non applicable", "non concerné", "Not applicable", "Non concernée"),
    ),
}
LOOSE: tuple[tuple[str, Truth], ...] = (
    ("Oui, sans réserve", either(YES, condition=UNCONDITIONAL)),
    ("Oui, sans surcoût ni option", either(YES, condition=UNCONDITIONAL)),
    ("Oui, inclus dans l'offre de base", either(YES, condition={Condition.NONE, Condition.UNKNOWN})),
    ("Oui, depuis 2019", either(YES, condition={Condition.NONE, Condition.UNKNOWN})),
    ("OK", either(YES)),
    ("Ok.", either(YES)),
    ("✓", either(YES)),
    ("Oui partiellement", either(PARTIAL)),
    ("Oui en partie", either(PARTIAL)),
    ("Non, à ce jour", either(NO)),
    ("Non respecté", either(NO)),
    ("Exigence respectée", either(YES, DESCRIBED)),
    ("Non pertinent", either(NA)),
    ("-", either(BLANK, NO)),
    ("…", either(BLANK)),
)
CONDITIONS: dict[Condition, tuple[str, ...]] = {
    Condition.PAID_OPTION: (
        "Oui, en option (12 000 €)",
        "oui, en option payante",
        "Oui (option chiffrée à 4 500 € HT)",
        "Oui - en option, 950 € HT/an",
    ),
    Condition.FUTURE: (
        "oui – version 2027",
        "Oui, prévu en version 2027",
        "Oui, à partir de la version 8 (2028)",
        "Oui, disponible au 2e trimestre 2027",
    ),
    Condition.RESERVE: (
        "Oui sous réserve de validation par notre service juridique",
        "Oui, sous réserve d'acceptation de nos CGV",
        "OUI sous réserve de l'étude de sécurité",
    ),
    Condition.CUSTOMER_DEPENDENCY: (
        "Oui si l'établissement fournit le bastion",
        "Oui, à condition que l'établissement mette à disposition un serveur",
        "oui si le GHT fournit l'annuaire",
    ),
}
POINTERS: tuple[tuple[str, str, str], ...] = (
    ("cf. mémoire technique § 4.2", "memoire technique", "4.2"),
    ("Cf. mémoire technique §4.2", "memoire technique", "4.2"),
    ("voir annexe 3 p. 12", "annexe 3", "12"),
    ("Voir annexe 3, page 12", "annexe 3", "12"),
    ("Voir mémoire technique, chapitre 5", "memoire technique", "5"),
    ("voir mémoire technique, § 4.2", "memoire technique", "4.2"),
    ("cf. PAS.pdf p. 8", "pas.pdf", "8"),
    ("Se référer au plan d'assurance sécurité, section 3.1", "assurance securite", "3.1"),
)
AMBIGUOUS = (
    *("NC", "nc", "N.C.", "à voir", "A voir", "À VOIR", "?", "Oui ?", "oui/non", "Oui et non", "NSP", "à définir"),
    *("en cours d'étude", "Oui, sauf pour les postes mobiles", "Oui sauf week-end", "Non mais oui en version 2027"),
    *("idem", "Peut-être", "TBD", "à préciser", "Voir avec notre commercial"),
)
PHRASES = (
    "https://trust.exemple.invalid/securite",
    "Nous sommes un acteur reconnu de la santé et prenons la sécurité très au sérieux",
)
COMMENTS = (
    *("Inclus en standard.", "Service assuré par nos équipes.\nDeux sites en France.", "Numéro d'astreinte communiqué"),
    *("Certificat en cours de validité", "Déjà en place dans 40 établissements ;\nretour d'expérience positif", "RAS"),
    *(
        "Équipe dédiée (3 personnes)",
        "Conforme à la norme « ISO 27001 »",
        "Procédure interne SEC-12, révisée chaque année",
    ),
)
PROOFS = ("Annexe 3 p. 12", "Mémoire technique § 4.2", "Certificat.pdf", "PAS.pdf p. 8", "Annexe 7")
RESERVED = "Sous réserve de la fourniture d'un accès par l'établissement"


# ------------------------------------------------------------------------------------------------------------ headings
HEADINGS: dict[str, tuple[str, ...]] = {
    "id": (
        *("Identifiant", "Réf.", "Référence", "N°", "Id", "ID", "Code", "N° exigence", "Réf. clausier", "Point"),
        *("Référence de l'exigence", "Repère", "Exigence n°", "Numéro", "Clause", "Point de contrôle", "REF"),
    ),
    "answer": (
        *("Réponse", "Réponse du candidat", "Réponse du soumissionnaire", "Réponse (Oui/Non)", "Oui / Non", "O/N"),
        *("Conformité", "Conforme (O/N)", "Conforme ?", "Votre réponse", "RÉPONSE", "Réponse du titulaire", "Answer"),
        *(
            "Réponse fournisseur",
            "Réponse de l'éditeur",
            "Conformité du candidat",
            "Réponse candidat\n(Oui/Non/Partiel)",
        ),
        *("Réponse\ndu candidat", "Position du candidat", "Engagement du candidat", "Couverture de l'exigence"),
        *("À remplir par le candidat", "Conformité (oui/non/partiel)", "Niveau de conformité", "Réponse société"),
    ),
    "comment": (
        *("Commentaire", "Commentaires", "Commentaires du candidat", "Observations", "Remarques", "Précisions"),
        *(
            "Commentaire / précisions",
            "Détail de la réponse",
            "Explications",
            "Comments",
            "Remarques du soumissionnaire",
        ),
        *("Observations du candidat", "Description", "Justification", "COMMENTAIRES"),
    ),
    "proof": (
        *("Preuve", "Preuve fournie", "Justificatif", "Justificatif fourni", "Document joint", "Pièce jointe"),
        *("Référence dans l'offre", "Preuves du candidat", "Renvoi au mémoire technique", "Référence documentaire"),
    ),
    "title": (
        "Exigence",
        "Libellé",
        "Intitulé",
        "Texte de l'exigence",
        "Requirement",
        "Mesure",
        "Libellé de la clause",
    ),
    "wanted": ("Réponse attendue", "Attendu", "Réponse attendue (Oui/Non)"),
    "wanted_proof": ("Preuve attendue", "Justificatif attendu", "Preuves attendues"),
    "weight": ("Pondération", "Poids", "Coefficient", "Barème", "Points"),
    "kind": ("Criticité", "Obligatoire (O/N)", "Caractère", "Priorité", "Éliminatoire"),
    "theme": ("Thème", "Chapitre", "Domaine", "Famille"),
    "order": ("N° d'ordre", "Ligne", "Ordre"),
    "opinion": (
        "Avis de l'acheteur",
        "Réservé à l'administration",
        "Note (réservé acheteur)",
        "Appréciation de l'acheteur",
    ),
    "yes": ("Oui", "OUI", "oui", "Conforme", "Oui (x)", "Oui "),
    "no": ("Non", "NON", "non", "Non conforme", "Non (x)", "Non "),
    "partial": ("Partiel", "PARTIEL", "Partiellement", "En partie"),
    "na": ("Sans objet", "SO", "S.O.", "N/A", "Non applicable"),
    "nc": ("NC",),
}
TICKED = {"yes": YES, "no": NO, "partial": PARTIAL, "na": NA}
BUYERS_OWN = ("title", "wanted", "wanted_proof", "weight", "kind", "theme", "order", "opinion")
KINDS = ("xlsx", "xlsx", "xlsx", "xlsm", "ods", "ods", "csv", "csv", "docx", "json")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
LEGENDS: dict[Declared, tuple[str, ...]] = {
    NO: ("Légende : C = conforme ; NC = non conforme ; SO = sans objet", "NC : non conforme", "NC = Non Conforme"),
    NA: ("Légende : O = oui ; N = non ; NC = non concerné", "NC : non concerné", "(NC = non concerné)"),
}


# ------------------------------------------------------------------------------------------------------ the style drawn
@dataclass(frozen=True)
class Style:
    """All that holds for one whole file."""

    kind: str
    layout: str
    """word: one column of words; ticks: a column a kind; boxes: boxes in one cell."""
    columns: tuple[str, ...]
    headings: dict[str, str]
    encoding: str = "utf-8"
    separator: str = ";"
    legend: Declared | None = None
    legend_text: str = ""
    by_xref: float = 0.0
    """How many identifiers are those of the official file."""
    titled: bool = False
    ticks: tuple[Cell, ...] = ("x",)
    traits: tuple[str, ...] = field(default=())

    @property
    def narrow(self) -> bool:
        """Whether only the characters of Windows-1252 can be written."""
        return self.kind == "csv" and self.encoding == "cp1252"

    def has(self, trait: str) -> bool:
        """Whether the file has this trait."""
        return trait in self.traits


TRAITS = {
    "chapters": 0.35,
    "sheets": 0.25,
    "repeat_header": 0.2,
    "shuffled": 0.4,
    "drops": 0.5,
    "duplicates": 0.3,
    "unknown": 0.3,
    "title_rows": 0.6,
    "empty_rows": 0.3,
    "empty_columns": 0.25,
    "merged": 0.4,
    "hidden": 0.2,
    "spaces": 0.35,
    "formulas": 0.2,
    "two_line_header": 0.4,
    "notice": 0.3,
    "wide_ids": 0.5,
    "cites": 0.2,
}


def draw_style(rng: Random) -> Style:
    """Draw what holds for the whole file."""
    kind = rng.choice(KINDS)
    layout = "word" if kind == "json" else rng.choice(("word", "word", "word", "ticks", "boxes"))
    encoding = rng.choice(ENCODINGS)
    narrow = kind == "csv" and encoding == "cp1252"
    if narrow and layout == "boxes":
        layout = "word"
    legend = rng.choice((NO, NA)) if rng.random() < 0.25 and kind != "json" else None
    columns = _columns(rng, layout, kind)
    return Style(
        kind=kind,
        layout=layout,
        columns=columns,
        headings=_headings(rng, columns),
        encoding=encoding,
        separator=rng.choice((";", ";", ",", "\t")),
        legend=legend,
        legend_text=rng.choice(LEGENDS[legend]) if legend else "",
        by_xref=rng.choice((0.0, 0.0, 1.0, 0.5)),
        titled=rng.random() < 0.15,
        ticks=rng.choice((("x",), ("X",), ("x", "X"), (1,)) + (() if narrow else (("✓",), ("☒",), ("✔", "x")))),
        traits=tuple(name for name, chance in TRAITS.items() if rng.random() < chance),
    )


def _columns(rng: Random, layout: str, kind: str) -> tuple[str, ...]:
    answers = {"word": ["answer"], "boxes": ["answer"], "ticks": ["yes", "no"]}[layout]
    if layout == "ticks":
        answers += [extra for extra in ("partial", "na") if rng.random() < 0.45]
        answers += ["nc"] if "na" not in answers and rng.random() < 0.3 else []
    own = [role for role in BUYERS_OWN if rng.random() < (0.7 if role == "title" else 0.2)]
    said = [role for role in ("comment", "proof") if rng.random() < 0.6]
    if rng.random() < 0.15 and kind != "json":  # in any order, the ticks side by side
        blocks = [["id"], answers, *([role] for role in own + said)]
        rng.shuffle(blocks)
        return tuple(role for block in blocks for role in block)
    return ("id", *own, *answers, *said)


def _headings(rng: Random, columns: Sequence[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for role in columns:
        free = [heading for heading in HEADINGS[role] if heading not in chosen.values()]
        chosen[role] = rng.choice(free)
    return chosen


# --------------------------------------------------------------------------------------------------- answers, one by one
def draw_answer(rng: Random, style: Style) -> Drawn:
    """Draw what the tenderer says, in the layout of the file."""
    return {"word": _word, "ticks": _ticks, "boxes": _boxes}[style.layout](rng, style)


def _word(rng: Random, style: Style) -> Drawn:
    makers: tuple[tuple[Callable[[Random, Style], tuple[Cell, Truth, bool]], int], ...] = (
        (_plain, 60),
        (_loose, 8),
        (_conditional, 12),
        (_pointer, 12),
        (_ambiguous, 10),
        (_legend_word, 8 if style.legend else 0),
        (_formula, 6 if style.has("formulas") and style.kind in {"xlsx", "xlsm"} else 0),
    )
    maker = rng.choices([make for make, _ in makers], [weight for _, weight in makers])[0]
    said, truth, pointed = maker(rng, style)
    return Drawn({"answer": _spaced(rng, style, said)}, truth, pointed)


def _spaced(rng: Random, style: Style, said: Cell) -> Cell:
    if not style.has("spaces") or not isinstance(said, str):
        return said
    return rng.choice((said, f" {said}", f"{said}  ", f"{said}\u00a0", said.replace(" ", "\u00a0"), f"{said}\n"))


def _plain(rng: Random, style: Style) -> tuple[Cell, Truth, bool]:
    declared = rng.choices((YES, NO, PARTIAL, NA, BLANK), (55, 15, 10, 10, 10))[0]
    if declared is BLANK:
        return rng.choice((None, "", "  ", "\u00a0")), exact(BLANK, finding=None), False
    return rng.choice(WORDS[declared]), exact(declared), False


def _loose(rng: Random, style: Style) -> tuple[Cell, Truth, bool]:
    if rng.random() < 0.1:
        yes = rng.random() < 0.5
        return yes, either(YES if yes else NO), False
    said, truth = rng.choice([pair for pair in LOOSE if not style.narrow or _fits(pair[0])])
    return said, truth, False


def _conditional(rng: Random, style: Style) -> tuple[Cell, Truth, bool]:
    condition = rng.choice(list(CONDITIONS))
    return rng.choice(CONDITIONS[condition]), exact(YES, condition, finding=None), False


def _pointer(rng: Random, style: Style) -> tuple[Cell, Truth, bool]:
    said, document, section = rng.choice(POINTERS)
    if rng.random() < 0.3:
        return f"Oui, {said}", Truth(frozenset({YES, DESCRIBED}), UNCONDITIONAL, (document, section)), True
    return said, Truth(frozenset({DESCRIBED}), UNCONDITIONAL, (document, section), finding=True), True


def _ambiguous(rng: Random, style: Style) -> tuple[Cell, Truth, bool]:
    if rng.random() < 0.1:
        return rng.choice(PHRASES), FREE_TEXT, False
    said = rng.choice([word for word in AMBIGUOUS if not (style.legend and "n" in word.lower() and len(word) <= 4)])
    return said, DOUBT, False


def _legend_word(rng: Random, style: Style) -> tuple[Cell, Truth, bool]:
    assert style.legend is not None
    return rng.choice(("NC", "nc", "NC ")), exact(style.legend), False


def _formula(rng: Random, style: Style) -> tuple[Cell, Truth, bool]:
    return (
        Formula(rng.choice(('=IF(1=1,"Oui","Non")', '="Ou"&"i"', "=1/0", "=A1", '=HYPERLINK("http://x.invalid")'))),
        DOUBT,
        False,
    )


def _ticks(rng: Random, style: Style) -> Drawn:
    roles = [role for role in style.columns if role in TICKED or role == "nc"]
    cells: dict[str, Cell] = {role: ("☐" if "☒" in style.ticks and rng.random() < 0.5 else None) for role in roles}
    fate = rng.random()
    if fate < 0.08:
        return Drawn(cells, exact(BLANK, finding=None))
    if fate < 0.16:
        cells["yes"] = cells["no"] = rng.choice(style.ticks)
        return Drawn(cells, DOUBT)
    role = rng.choices(roles, [6 if role == "yes" else 2 for role in roles])[0]
    cells[role] = rng.choice(style.ticks)
    if role == "nc":
        return Drawn(cells, exact(style.legend) if style.legend else DOUBT)
    return Drawn(cells, exact(TICKED[role]))


BOXES = (("☒", "☐"), ("☑", "☐"), ("[x]", "[ ]"), ("☒", "□"))


def _boxes(rng: Random, style: Style) -> Drawn:
    on, off = rng.choice(BOXES)
    yes, no = rng.choices(((True, False), (False, True), (True, True), (False, False)), (60, 25, 8, 7))[0]
    gap = rng.choice(("  ", " ", "\n", "   "))
    after = rng.random() < 0.1
    marks = [(on if ticked else off, word) for ticked, word in ((yes, "Oui"), (no, "Non"))]
    text = gap.join(f"{word} {box}" if after else f"{box} {word}" for box, word in marks)
    truth = DOUBT if yes and no else either(BLANK) if not (yes or no) else exact(YES if yes else NO)
    return Drawn({"answer": text}, replace(truth, lenient=True, finding=None) if after and yes != no else truth)


def _fits(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


# ------------------------------------------------------------------------------------------------------ rows and points
DASHES = ("-", "-", "\u2011", "\u2013", "\u2014", "\u2212", "\u2010", " - ", " ", " \u2013 ")


def write_identifier(rng: Random, style: Style, point: Point) -> str:
    """Write the identifier of a point as people do."""
    base = point.xref[0] if rng.random() < style.by_xref else point.id
    if not style.has("wide_ids"):
        return base
    dash = rng.choice([dash for dash in DASHES if not style.narrow or _fits(dash)])
    written = base.replace("-", dash, 1)
    written = rng.choice((written, written, written.lower(), f" {written}", f"{written}\u00a0", f"{written} "))
    if style.titled:
        written = f"{written.strip()}{rng.choice((' – ', ' : ', ' '))}{point.title.fr}"
    return written


def draw_rows(rng: Random, style: Style, clausier: Clausier) -> tuple[list[Row], dict[str, Truth]]:
    """Draw the rows of the questionnaire and the truth of each point that is written."""
    rows, truth = [], {}
    dropped = set(rng.sample(list(clausier.points), rng.randint(1, 4))) if style.has("drops") else set()
    for point in clausier.points.values():
        if point.id in dropped:
            continue
        row = _row(rng, style, point)
        rows.append(row)
        truth[point.id] = _truth_of(row, point)
    if style.has("duplicates"):
        _duplicate(rng, style, clausier, rows, truth)
    return rows, truth


def _row(rng: Random, style: Style, point: Point) -> Row:
    comment = rng.choice(COMMENTS) if "comment" in style.columns and rng.random() < 0.5 else ""
    if comment and rng.random() < 0.08:
        comment = RESERVED
    if comment and style.has("cites") and rng.random() < 0.2:
        comment = "Voir aussi notre réponse au point EG-001"
    proof = rng.choice(PROOFS) if "proof" in style.columns and rng.random() < 0.4 else ""
    return Row(point.id, write_identifier(rng, style, point), draw_answer(rng, style), comment, proof)


def _truth_of(row: Row, point: Point) -> Truth:
    """Adapt the truth of the answer cells to what the point expects and to what stands beside."""
    truth = row.drawn.truth
    documented = row.proof or row.comment.startswith("Procédure")
    if truth == FREE_TEXT and point.expects is not Expects.STATEMENT and documented:
        return Truth(frozenset({DESCRIBED}))
    if truth.doubt:
        return truth
    if BLANK in truth.declared and (row.comment or row.proof):
        return Truth(ANYTHING, finding=None) if row.comment == "RAS" else Truth(SAID, lenient=True)
    return _expected(_beside(truth, row), row, point)


def _beside(truth: Truth, row: Row) -> Truth:
    """Loosen the truth by what the comment and the proof say."""
    if row.comment == RESERVED or row.comment.startswith("Voir aussi"):
        truth = replace(truth, condition=ANY_CONDITION, finding=None)
    if truth.declared == {NA}:  # a "not applicable" is worth what its reason is worth: it may be asked for
        truth = replace(truth, finding=None)
    return replace(truth, pointer=None) if row.proof else truth  # two pointers, one in each cell: either is right


def _expected(truth: Truth, row: Row, point: Point) -> Truth:
    """Adapt the truth to what the point expects: a document, a value or a statement."""
    if row.drawn.pointed:
        return replace(truth, finding=None) if point.expects is not Expects.STATEMENT else truth
    if point.expects is Expects.DOCUMENT and truth.declared <= {YES, PARTIAL}:
        if row.proof:
            return replace(truth, declared=truth.declared | {DESCRIBED}, finding=None)
        return replace(truth, finding=None if row.comment or truth.lenient else True)
    if row.proof or point.expects is Expects.VALUE:
        described = {DESCRIBED} if row.proof and truth.lenient else set()
        return replace(truth, declared=truth.declared | described, finding=None)
    return truth


def _duplicate(rng: Random, style: Style, clausier: Clausier, rows: list[Row], truth: dict[str, Truth]) -> None:
    for row in rng.sample(rows, 2):
        again = replace(row, ident=write_identifier(rng, style, clausier.points[row.point]))
        if rng.random() < 0.5 and truth[row.point].finding is not True:
            again.drawn = _opposite(rng, style, row)
            empty = BLANK in row.drawn.truth.declared  # left empty here, answered there: no contradiction
            truth[row.point] = Truth(frozenset({NO}), lenient=True) if empty else DOUBT
        else:
            truth[row.point] = replace(truth[row.point], finding=truth[row.point].finding or None)
        rows.append(again)


def _opposite(rng: Random, style: Style, row: Row) -> Drawn:
    yes = YES in row.drawn.truth.declared or row.drawn.truth.declared == {BLANK}
    if style.layout == "ticks":
        return Drawn({"no" if yes else "yes": style.ticks[0]}, DOUBT)
    if style.layout == "boxes":
        return Drawn({"answer": "☐ Oui ☒ Non" if yes else "☒ Oui ☐ Non"}, DOUBT)
    return Drawn({"answer": "Non" if yes else "Oui"}, DOUBT)


UNKNOWN = ("EG-999", "EG-X98", "O-99.1", "EG-412", "O-9.99")


def draw_unknown(rng: Random, style: Style) -> list[Row]:
    """Draw rows with identifiers of nobody."""
    if not style.has("unknown"):
        return []
    return [Row("", name, draw_answer(rng, style)) for name in rng.sample(UNKNOWN, rng.randint(1, 2))]


# ----------------------------------------------------------------------------------------------------------- the sheet
OWN_VALUES: dict[str, tuple[Cell, ...]] = {
    "wanted": ("Oui", "Oui", "Oui/Non", "Document"),
    "wanted_proof": ("Document", "Attestation", "Certificat", "Mémoire technique", ""),
    "weight": (1, 2, 3, 1.5),
    "kind": ("Majeure", "Mineure", "Obligatoire", "Souhaitée"),
    "opinion": (None, None, None),
}

YES_OR_NO = ("Obligatoire (O/N)", "Éliminatoire")
"""Columns of the buyer's own that hold words of answer: they are no answer."""


def _cells(rng: Random, style: Style, row: Row, clausier: Clausier, order: int) -> list[Cell]:
    known = clausier.points.get(row.point)
    own: dict[str, Cell] = {role: rng.choice(values) for role, values in OWN_VALUES.items()}
    own |= {"id": row.ident, "order": order, "comment": row.comment or None, "proof": row.proof or None}
    if style.headings.get("kind") in YES_OR_NO:
        own["kind"] = rng.choice(("O", "N", "Oui", "Non"))
    own["title"] = known.wording() if known else "Exigence propre à l'établissement"
    own["theme"] = clausier.theme_of[row.point].title.fr if known else "Divers"
    return [row.drawn.cells.get(role, own.get(role)) for role in style.columns]


def _header(style: Style) -> list[list[Cell]]:
    heads: list[Cell] = [style.headings[role] for role in style.columns]
    ticked = [index for index, role in enumerate(style.columns) if role in TICKED or role == "nc"]
    if not (ticked and style.has("two_line_header")) or style.kind == "json":
        return [heads]
    above: list[Cell] = [None if index in ticked[1:] else head for index, head in enumerate(heads)]
    above[ticked[0]] = "Réponse du candidat"
    return [above, [head if index in ticked else None for index, head in enumerate(heads)]]


@dataclass
class Sheet:
    """A page being written, with the rows where each point stands."""

    page: Page
    rows: dict[str, list[int]] = field(default_factory=dict)


def build_sheet(rng: Random, style: Style, name: str, rows: list[Row], clausier: Clausier, chapters: bool) -> Sheet:
    """Lay the rows out as one sheet."""
    sheet = Sheet(Page(name))
    page, header = sheet.page, _header(style)
    _top(rng, style, page, len(style.columns))
    left = rng.randint(1, 2) if style.has("empty_columns") else 0
    _put_header(page, header, left, style)
    theme = ""
    for order, row in enumerate(rows, 1):
        here = clausier.theme_of[row.point].title.fr if row.point else theme
        if chapters and here != theme:
            page.merge_row(
                [None] * left + [f"Chapitre {order} – {here}"], len(style.columns) if style.has("merged") else 0
            )
            theme = here
        if style.has("repeat_header") and order % 9 == 0:
            _put_header(page, header, left, style)
        if style.has("empty_rows") and rng.random() < 0.1:
            page.rows.append([])
        page.rows.append([None] * left + _cells(rng, style, row, clausier, order))
        sheet.rows.setdefault(row.point or row.ident, []).append(len(page.rows))
    if style.has("hidden"):
        page.hidden = [left + index for index, role in enumerate(style.columns) if role in BUYERS_OWN][:1]
    return sheet


def _put_header(page: Page, header: list[list[Cell]], left: int, style: Style) -> None:
    for line in header:
        page.rows.append([None] * left + line)
    if len(header) == 2 and style.has("merged"):
        ticked = [left + index for index, role in enumerate(style.columns) if role in TICKED or role == "nc"]
        row = len(page.rows) - 2
        page.merges.append((row, ticked[0], row, ticked[-1]))
        page.merges.extend(
            (row, left + index, row + 1, left + index)
            for index, role in enumerate(style.columns)
            if role not in TICKED and role != "nc"
        )


def _top(rng: Random, style: Style, page: Page, width: int) -> None:
    if style.has("title_rows"):
        page.merge_row(["GHT du Val Fictif – Questionnaire de sécurité"], width if style.has("merged") else 0)
        page.rows.append([rng.choice(("Consultation 2026-17", "Lot 1 : hébergement", "À compléter par le candidat"))])
        page.rows.append([])
    if style.legend_text:
        page.rows.append([style.legend_text])


def _notice(style: Style) -> list[Page]:
    if not style.has("notice"):
        return []
    text = "Les points EG-001 à EG-025 sont à renseigner. Répondre par oui ou par non dans la colonne prévue."
    return [Page("Lisez-moi", [["Mode d'emploi"], [], [text]]), Page("Listes", [["Oui"], ["Non"], ["Partiel"]])]


def build_pages(
    rng: Random, style: Style, rows: list[Row], clausier: Clausier
) -> tuple[list[Page], dict[str, tuple[int, ...]]]:
    """Lay the rows out as one sheet or one a chapter, and tell where each point stands."""
    if style.has("sheets") and style.kind != "csv":
        groups = [
            (f"{number} {theme.title.fr}", [row for row in rows if (row.point in {p.id for p in theme.points})])
            for number, theme in enumerate(clausier.themes, 1)
        ]
        groups[0][1].extend(row for row in rows if not row.point)
    else:
        groups = [(rng.choice(("Feuille1", "Questionnaire", "Annexe sécurité", "Feuil1")), rows)]
    chapters = style.has("chapters") and style.kind != "json"
    sheets = [build_sheet(rng, style, name, group, clausier, chapters) for name, group in groups if group]
    where = {point: tuple(found) for sheet in sheets for point, found in sheet.rows.items()}
    pages = [sheet.page for sheet in sheets]
    return (pages if style.kind in {"csv", "json"} else _notice(style) + pages), where


# ----------------------------------------------------------------------------------------------------------- the whole
def generate(seed: int, folder: Path) -> Messy:
    """Write the messy file of `seed` in `folder` and return it with its truth."""
    rng = Random(seed)  # noqa: S311 a draw for tests
    style, clausier = draw_style(rng), small_clausier()
    rows, truth = draw_rows(rng, style, clausier)
    strangers = draw_unknown(rng, style)
    rows += strangers
    if style.has("shuffled"):
        rng.shuffle(rows)
    pages, where = build_pages(rng, style, rows, clausier)
    path = write(rng, folder / f"reponse-{seed}", style.kind, pages, style.encoding, style.separator, _keys(style))
    return Messy(
        seed=seed,
        path=path,
        kind=style.kind,
        clausier=clausier,
        truth=truth,
        missing=tuple(point for point in clausier.points if point not in truth),
        unknown=tuple(row.ident for row in strangers),
        rows={
            point: found for point, found in where.items() if point in truth and style.kind in {"xlsx", "xlsm", "ods"}
        },
        texts=_texts(rows),
        raws=_raws(rows, truth),
        traits=(style.layout, style.encoding if style.kind == "csv" else "", *style.traits),
    )


def _keys(style: Style) -> list[str]:
    return [style.headings[role] for role in style.columns]


def _texts(rows: list[Row]) -> dict[str, tuple[str, ...]]:
    texts: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row.point:
            texts[row.point] = texts.get(row.point, ()) + tuple(text for text in (row.comment, row.proof) if text)
    return texts


def _raws(rows: list[Row], truth: dict[str, Truth]) -> dict[str, str]:
    return {
        row.point: said
        for row in rows
        if row.point and not truth[row.point].doubt
        for said in [row.drawn.cells.get("answer")]
        if isinstance(said, str) and said.strip()
    }
