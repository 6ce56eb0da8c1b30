"""The words of the field, as tables: headings of columns, answers, conditions, pointers, ticks.

All are compared folded: lower case, no accents, one kind of dash, quote and space.
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from egide.tender.model import Condition, Declared

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("’‘ʼ´`′", "'"),
        **dict.fromkeys("«»“”„″", '"'),
        "œ": "oe",
        "æ": "ae",
    }
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad")  # characters without width, and the soft hyphen
)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return the text as it is compared."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


# ------------------------------------------------------------------------------------------------------------ headings
class Role(StrEnum):
    """What a column holds."""

    IDENTIFIER = "identifier"
    ASKED = "asked"
    """Written by the buyer: theme, title, wording, expectation, weight."""
    ANSWER = "answer"
    OPTION = "option"
    COMMENT = "comment"
    PROOF = "proof"
    DIGEST = "digest"


DIGEST_HEADING = "Empreinte"

_ALWAYS_ASKED = re.compile(
    r"\battendue?s?\b|\bexpected\b|\bofficiel|\bofficial|\bponderation|\bpoids\b|\bweight|\bacheteur|\bevaluat|\bnotation|\bbareme"
    r"|\breserve a l|de l'etablissement|\brequis|\bmode d'emploi|\bconsigne|description (de l'|des |du |of the )?(exigence|besoin|point|require)"
)
_HEADINGS: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(words))
    for role, words in (
        (Role.DIGEST, r"^(empreinte|fingerprint|wording|digest)$"),
        (
            Role.ASKED,
            r"\bexigence|\bintitule|\blibelle|\btheme|\bthematique|\bchapitre|\bcritere|\bpriorite|\bobligatoire|\brequire|\btitle\b|\btitre|\btopic\b"
            r"|\bquestion|\bclause|\bobjectif|\bdomaine|^(condition|file|place|fichier|niveau|level|mesure|famille)$",
        ),
        (
            Role.PROOF,
            r"\bjustificati[fv]|\bpreuve|\bpiece|\bannexe|\bevidence|\bproof|\bpointer|\battach|\bdocument|\breferences?\b|\brenvoi|\blien\b|\blink\b|\burl\b",
        ),
        (
            Role.COMMENT,
            r"\bcomment|\bjustification|\bobservation|\bremar[kq]|\bprecision|\bdetail|\bexplication|\bnotes?\b|\bdescription|\bmodalite|\bargument",
        ),
        (
            Role.ANSWER,
            r"\brepon|\breply|\banswer|\bconform|\bcomplian|\bstatut|\bstatus|\bo ?/ ?n\b|\by ?/ ?n\b|\boui ?/ ?non\b|\byes ?/ ?no\b|^raw$|\bdeclar|\bposition\b"
            r"|\ba (remplir|completer|renseigner)\b|\bcouverture|\brespect|\bresponse|\bengagement|\bacceptation",
        ),
        (Role.IDENTIFIER, r"\bidentif|^(id|ref\.?|n°|no|numero|code|point)$|^id\b|^n°|^ref\b"),
    )
)
MAX_HEADING = 80

IDENTIFIER_KEYS = frozenset(
    {"point", "id", "identifiant", "identifier", "ref", "reference", "code", "requirement", "exigence"}
)
ANSWER_KEY = "réponse"
ANSWER_KEYS = frozenset({"reponse", "answer", "raw", "declared", "conformite", "compliance", "value", "response"})


def heading(text: str) -> tuple[Role, Declared | None] | None:
    """Return the role that a heading announces (its first telling word), and what ticking an option column means."""
    folded = fold(text).strip(" *:.")
    if not folded or len(folded) > MAX_HEADING:
        return None
    option = re.sub(r" ?\((x|a cocher|cocher|cochez)\)$", "", folded)
    if option in OPTIONS:
        return Role.OPTION, OPTIONS[option]
    if _ALWAYS_ASKED.search(folded):
        return Role.ASKED, None
    met = [
        (found.start(), order, role) for order, (role, words) in enumerate(_HEADINGS) if (found := words.search(folded))
    ]
    return (min(met)[2], None) if met else None


# ------------------------------------------------------------------------------------------------------------- answers
ANSWERS: Mapping[Declared, tuple[str, ...]] = {
    Declared.NA: (
        "sans objet", "so", "s.o", "s/o", "non applicable", "non concerne", "non concernee", "na", "n.a", "n/a", "not applicable",
        "non pertinent", "ne s'applique pas", "not relevant", "pas applicable",
    ),
    Declared.PARTIAL: (
        "partiel", "partielle", "partiellement", "en partie", "partly", "partial", "partially", "partiellement conforme",
        "conforme partiellement", "conformite partielle", "conforme en partie", "pc", "partially compliant", "oui partiellement",
        "oui en partie", "couvert partiellement", "reponse partielle",
    ),
    Declared.NO: (
        "non", "n", "no", "non conforme", "ko", "faux", "false", "pas conforme", "not compliant", "non-compliant", "non compliant",
        "non couvert", "aucun", "aucune", "jamais", "non disponible", "non prevu", "ne respecte pas", "pas a ce jour", "none",
    ),
    Declared.YES: (
        "oui", "o", "yes", "y", "conforme", "ok", "vrai", "true", "totalement conforme", "entierement conforme", "conforme a 100 %",
        "tout a fait", "absolument", "bien sur", "compliant", "fully compliant", "conformite totale", "couvert", "d'accord", "accepte",
        "acceptee", "nous acceptons", "oui conforme", "oui totalement", "oui bien sur", "100 %", "100%", "pris en compte", "respecte",
        "c", "tc", "affirmatif", "certainement", "✓", "✔", "☑", "✅", "lu et accepte", "nous confirmons", "yes compliant",
    ),
    Declared.DESCRIBED: ("decrit", "decrite", "described", "description jointe", "voir description", "decrit dans l'offre"),
}  # fmt: skip
WORDS: Mapping[str, Declared] = {word: declared for declared, words in ANSWERS.items() for word in words}
_ALONE = {
    "aucun",
    "aucune",
    "jamais",
    "respecte",
    "accepte",
    "acceptee",
    "none",
    "so",
    "c",
    "tc",
    "pc",
    "n",
    "o",
    "y",
    "na",
    "100 %",
    "100%",
}
"""Words that are an answer alone, but begin sentences that say something else."""
_LEADING = re.compile(
    "("
    + "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True) if word not in _ALONE)
    + r")(?![\w-])"
)

UNDECIDED = re.compile(
    r"^\?+$|^(a voir|a definir|a confirmer|a preciser|a discuter|a etudier|a valider|a completer|en cours d'etude|en cours d'analyse"
    r"|en attente|nous consulter|tbd|tbc|to be (defined|confirmed|discussed)|under study|a determiner|peut-etre|possible|voir avec|nsp|ne sait pas|idem|xxx+|\.\.+)(?!\w)"
    r"|^(\.{2,}|…|-+\?)$"
)
NOTHING = frozenset({"", "-", "--", "---", "/", ".", "_"})
NC = frozenset({"nc", "n.c", "n/c", "n.c."})
NC_MEANINGS: Mapping[str, Declared] = {
    "non concerne": Declared.NA,
    "non applicable": Declared.NA,
    "non conforme": Declared.NO,
    "not compliant": Declared.NO,
    "non communique": Declared.BLANK,
    "non couvert": Declared.NO,
}
OPTIONS: Mapping[str, Declared | None] = {
    **{
        word: declared
        for declared, words in ANSWERS.items()
        for word in words
        if declared is not Declared.DESCRIBED
        and word not in {"c", "tc", "pc", "respecte", "d'accord", "true", "false", "vrai", "faux"}
    },
    "nc": None,
    "decrit": Declared.DESCRIBED,
    "described": Declared.DESCRIBED,
}
"""Headings of columns to tick; NC says nothing without a legend."""

TICKS = frozenset(
    {
        "x",
        "xx",
        "✓",
        "✔",
        "☑",
        "☒",
        "✗",
        "✘",
        "√",
        "1",
        "oui",
        "o",
        "ok",
        "yes",
        "vrai",
        "true",
        "v",
        "•",
        "●",
        "■",
        "[x]",
        "(x)",
        "🗸",
        "✅",
    }
)
UNTICKED = frozenset({"", "☐", "□", "0", "non", "n", "no", "faux", "false", "[ ]", "( )", "[]", "-", "/"})
FULL_BOXES = "☒☑✓✔✅■🗹🗷"
EMPTY_BOXES = "☐□❏❑◻"

# ---------------------------------------------------------------------------------------------------------- conditions
_CUSTOMER = r"(l'etablissement|etablissement|le client|client|l'hopital|hopital|le chu?\b|chu?\b|le ght|ght|vous\b|vos\b|la dsi|le si\b)"
CONDITIONS: tuple[tuple[Condition, re.Pattern[str], re.Pattern[str] | None], ...] = tuple(
    (condition, re.compile("|".join(x for x in (strong, weak) if x)), re.compile(strong) if strong else None)
    for condition, strong, weak in (
        (
            Condition.PAID_OPTION,
            r"\ben option\b|\boption payante|\bpayante?s?\b|\ben sus\b|\bmoyennant|\bsur devis|\bsurcout|\bcout supplementaire|\bnon inclus"
            r"|\bhors forfait|\bpaid option|\bextra cost|\badditional (cost|fee)|\bmodule optionnel|\bfacture en plus",
            r"\boptionnel|\bdevis\b|\boption\b|\d\s*(k?€|k?eur|euros?)\b|\d\s*€",
        ),
        (
            Condition.CUSTOMER_DEPENDENCY,
            rf"\b(si|a condition que|sous reserve que|pour autant que) {_CUSTOMER}|\ba la charge (de |du |d')?{_CUSTOMER}"
            rf"|\bfournie?s? par {_CUSTOMER}|\bsous la responsabilite (de |du ){_CUSTOMER}|\bdepend (de |du ){_CUSTOMER}"
            r"|\b(if|provided that|provided by|subject to) (the )?(hospital|customer|client)|\bsous reserve de (la )?fourniture (par|d'un acces par)",
            r"\bprerequis|\bpre-requis|\bprerequisite",
        ),
        (
            Condition.FUTURE,
            r"\broadmap|\bfeuille de route|\bprochaine version|\ben cours de (developpement|certification|deploiement|mise en)|\bprevue?s? (pour|en|au|fin|d'ici|courant|dans|t[1-4]|s[12]|q[1-4])"
            r"|\bversion (20[2-9]\d|[\w.]+ (prevue|a venir|de 20))|\bplanned\b|\bplanifie|\ba venir\b|\b[tsq][1-4][ /-]?20[2-9]\d|\bnext (version|release)|\bd'ici (a |fin |20|le |la )|\bcourant 20[2-9]\d|\b(trimestre|semestre) (de )?20[2-9]\d|\bdisponible (en|fin|courant|debut|a partir) ",
            r"\bprevue?s?\b|\bfin 20[2-9]\d|\ben 20[2-9]\d|\ben cours\b|\bprochainement|\bbientot|\ba partir d[eu] ",
        ),
        (
            Condition.RESERVE,
            r"\bsous reserve|\bavec reserve|\bsauf\b|\ba l'exception|\bsubject to|\bexcept\b|\ba condition (que|de|d')|\bprovided that|\bdans la limite",
            r"\bmais\b|\bhors\b|\breserves?\b|\bbut\b|\bunless|\bexcluding|\bsi\b|\buniquement|\bseulement|\bonly\b|\bhormis|\bexcepte|\bcependant|\btoutefois",
        ),
    )
)
"""Condition, the words that tell it in an answer, and the surer ones that tell it in a comment too."""


def condition_in(text: str, *, sure: bool = False) -> Condition:
    """Return the condition that a text states, the heaviest first; `sure` leaves aside everyday words."""
    folded = fold(text)
    for condition, words, surer in CONDITIONS:
        if (surer if sure else words) is not None and (surer if sure else words).search(folded):  # type: ignore[union-attr]
            return condition
    return Condition.NONE


def leading(text: str) -> tuple[Declared, str] | None:
    """Return the answer that a folded text begins with, and the rest."""
    found = _LEADING.match(text)
    return (WORDS[found[1]], text[found.end() :].strip(" ,.;:-()")) if found else None


# ------------------------------------------------------------------------------------------------------------ pointers
FILE_NAME = re.compile(
    r"[^\s/\\:*?\"<>|;,()\[\]«»][^/\\:*?\"<>|;,\n«»]{0,120}?\.(?:pdf|docx?|xls[xm]?|od[tsp]|pptx?|zip|png|jpe?g|txt|csv|vsdx?)\b",
    re.I,
)
LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
SECTION = re.compile(
    r"(?:§+|\b(?:chap(?:itre)?|sections?|partie|parag(?:raphe)?|art(?:icle)?)\b\.?)\s*(?:n°\s*)?([A-Z]?\.?\d+(?:[.\-]\d+)*[a-z]?|[IVX]+(?:\.\d+)*|[A-Z]\b)"
    r"|\b(p(?:\.|ages?\b)\s*\d+(?:\s*(?:-|à|et)\s*\d+)?)",
    re.I,
)
SEE = re.compile(
    r"^\s*(?:oui|yes|conforme|décrit|decrit|described|partiel\w*|ok)?\W*\b(?:voir|cf\.?|see|confer|réf\.?|reference|décrit(?:e|s)?\s+(?:dans|au|à|en|sous)|described in|se reporter (?:à|au|aux)|joint en|joint|ci-joint|en|dans)\b[\s:.]*(?:les?|la|l'|aux?|notre|the|our|dans|en)?\s*",
    re.I,
)
DOCUMENT = re.compile(
    r"\b(?:mémoire(?:\s+(?:technique|justificatif|sécurité|rgpd))?|memoire(?:\s+technique)?|annexes?\s*(?:n°\s*)?(?:\d+\w*|[A-Z]\b|[IVX]+\b)?|pièces?\s*(?:jointes?)?\s*(?:n°\s*)?\d*|appendix\s*\w*|(?-i:PAS)\b"
    r"|plan\s+d'assurance\s+(?:sécurité|qualité)|PAQ\b|PSSI\b|PCA\b|PRA\b|DPA\b|MDS2\b|SBOM\b|politique\s+(?:de|des|d')\s*\w+(?:\s+\w+)?|certificat\s+(?!en\b|est\b|sera\b|à\b)\S+(?:\s+(?:n°\s*)?\d+)?"
    r"|attestation\s+(?!en\b|est\b|sera\b|à\b)\S+|dossier\s+(?:technique|d'architecture|d'exploitation|de\s+\w+)|DAT\b|DEX\b|fiche\s+\w+|matrice\s+(?:des?|de)\s+\w+|schéma\s+(?:d'architecture|réseau)|cadre\s+de\s+réponse"
    r"|technical\s+(?:memorandum|proposal|file)|security\s+(?:plan|policy)|procédure\s+\S+(?:\s+\w+)?|notice\s+\w+|manuel\s+\w+|contrat\s+de\s+\w+|convention\s+\w+|charte\s+\w+|rapport\s+\w+(?:\s+\w+)?)",
    re.I,
)

# --------------------------------------------------------------------------------------------------------------- price
PRICE_NAMES = re.compile(
    r"\b(prix|price|pricing|tarifs?|bpu|dqe|dpgf|bordereau|acte|devis|offre financiere|financier)\b"
)


def names_price(text: str) -> bool:
    """Tell whether the name of a file or a sheet announces prices."""
    return bool(PRICE_NAMES.search(re.sub(r"[_\-.]+", " ", fold(text))))
