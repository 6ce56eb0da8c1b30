"""Any tree of sections, questions and levels as what it asks, whatever its author called them.

A branch is a question when levels hang from it, or when its name says so and no question hangs below it; what stands
above questions is a section. Levels that hang from a section are the scale of its questions that have none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from egide import plain
from egide.exchange import grid_words
from egide.exchange.clausiers.foreign import Report, clean
from egide.exchange.grid_words import Role
from egide.exchange.tree import Branch
from egide.message import Text, message


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of a scale: its words, its score if it has one, its code."""

    text: Text
    score: Decimal | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as another's file asks it; `titles` are those of its sections, the outermost first."""

    titles: tuple[Text, ...]
    id: str
    text: Text
    why: Text = Text()
    proofs: tuple[Text, ...] = ()
    levels: tuple[Rung, ...] = ()
    weight: Decimal = Decimal(1)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """What a file asks, and what it says of itself."""

    id: str
    title: Text
    version: str
    asked: tuple[Asked, ...]
    published: date | None = None
    source: str = ""


def read(root: Branch, report: Report) -> Grid:
    """Return what a tree asks; what has no place in it is counted in `report`. Never raises on its content."""
    reader = _Reader(report)
    reader.mark(root)
    asked = tuple(reader.asked(root, (), ()))
    about = _Fields(root, report)
    return Grid(about.first(Role.IDENTIFIER), about.text(Role.TITLE), about.first(Role.VERSION), asked)


@dataclass
class _Reader:
    report: Report
    holders: set[int] = field(default_factory=set)
    """Branches below which some question hangs."""
    parents: dict[int, Branch] = field(default_factory=dict)
    named: dict[int, str] = field(default_factory=dict)
    worded: dict[int, bool] = field(default_factory=dict)
    """What each branch above a question says of itself, read once: its identifier, whether it has a text."""
    questions: set[int] = field(default_factory=set)

    def mark(self, root: Branch) -> None:
        """Find the questions from the leaves up, so that a deep tree needs no recursion."""
        order = list(root.walk())
        self.parents = {id(child): branch for branch in order for child in branch.children}
        for branch in reversed(order):
            below = any(id(child) in self.questions or id(child) in self.holders for child in branch.children if _role(child) is not Role.LEVEL)  # fmt: skip
            if below:
                self.holders.add(id(branch))
            elif self._asks(branch):
                self.questions.add(id(branch))

    def _asks(self, branch: Branch) -> bool:
        role = _role(branch)
        if role is Role.LEVEL or (role is not None and role not in {Role.QUESTION, Role.SECTION}):
            return False
        if self._is_detail(branch):
            return False
        fields = _Fields(branch, self.report)
        worded = bool(fields.first(Role.TEXT) or fields.first(Role.TITLE) or (branch.text and role is Role.QUESTION))
        return worded and (role is Role.QUESTION or len(levels(branch)) > 1)

    def _is_detail(self, branch: Branch) -> bool:
        """Tell whether a branch is a mere text of the question that it hangs from, whatever its name."""
        parent = self.parents.get(id(branch))
        if branch.children or branch.attributes or parent is None or _role(parent) is not Role.QUESTION:
            return False
        if id(parent) not in self.worded:
            fields = _Fields(parent, self.report)
            self.worded[id(parent)] = bool(fields.first(Role.TEXT) or fields.first(Role.TITLE))
        return self.worded[id(parent)]

    def _identifier(self, branch: Branch, own: str) -> str:
        """Return an identifier; a bare number follows those of its sections, as in 2.1.3."""
        if not own.isdecimal():
            return own
        above: list[str] = []
        parent = self.parents.get(id(branch))
        while parent is not None:
            if id(parent) not in self.named:
                self.named[id(parent)] = _Fields(parent, self.report).first(Role.IDENTIFIER)
            if self.named[id(parent)].isdecimal():
                above.insert(0, self.named[id(parent)])
            parent = self.parents.get(id(parent))
        return ".".join([*above, own])

    def asked(self, branch: Branch, titles: tuple[Text, ...], scale: tuple[Rung, ...]) -> Iterator[Asked]:
        """Yield the questions of a branch in the order of the file."""
        waiting = [(branch, titles, scale)]
        while waiting:
            here, above, inherited = waiting.pop()
            if id(here) in self.questions:
                yield self._question(here, above, inherited)
            elif id(here) in self.holders:
                fields = _Fields(here, self.report)
                title = (
                    Text(_own(here, "title")) if _own(here, "name") and _own(here, "title") else fields.text(Role.TITLE)
                )
                own = title if title != Text() else fields.text(Role.TEXT)
                named = (*above, own) if own != Text() and here is not branch else above
                shared = levels(here) or inherited
                self._left(here)
                waiting += [(child, named, shared) for child in reversed(here.children) if _role(child) is not Role.LEVEL]  # fmt: skip
            else:
                self._unread(here)

    def _question(self, branch: Branch, titles: tuple[Text, ...], scale: tuple[Rung, ...]) -> Asked:
        fields = _Fields(branch, self.report)
        title, text = fields.text(Role.TITLE), fields.text(Role.TEXT)
        if text == Text() and branch.text:
            text = Text(branch.text)
        weight = _number(fields.first(Role.WEIGHT))
        name, titled = _own(branch, "name"), _own(branch, "title")
        if name and titled and not fields.first(Role.IDENTIFIER):  # the name is then what the file calls the question
            title = Text(titled)
        else:
            name = ""
        details = [child.text for child in branch.children if _role(child) is Role.QUESTION and child.text and self._is_detail(child)]  # fmt: skip
        self._left(branch)
        return Asked(
            titles,
            self._identifier(branch, " ".join((fields.first(Role.IDENTIFIER) or name).split())[:60]),
            _together(title, text),
            _together(fields.text(Role.WHY), Text("\n".join(details))),
            tuple(fields.all(Role.PROOF)),
            levels(branch) or scale,
            Decimal(1) if weight is None else weight,
            branch.place,
        )

    def _left(self, branch: Branch) -> None:
        """Count what a branch holds that nothing here understands."""
        for name in branch.attributes:
            if not grid_words.known(name):
                self._leave(name)
        for child in branch.children:
            if _role(child) is None and id(child) not in self.holders and id(child) not in self.questions and (child.text or child.attributes or child.children):  # fmt: skip
                self._leave(child.tag)

    def _unread(self, branch: Branch) -> None:
        """Count a section or a question that holds nothing to ask."""
        if _role(branch) in {Role.SECTION, Role.QUESTION} and (branch.text or branch.children or branch.attributes):
            self._leave(branch.tag)

    def _leave(self, name: str) -> None:
        self.report.leave(message("« {key} »", key=name[:60]))


def _own(branch: Branch, tag: str) -> str:
    """Return what an attribute, or a child that is a text alone, says under a name."""
    child = next((each.text for each in branch.children if each.tag == tag and not each.children), "")
    return branch.attributes.get(tag, "") or child


def _role(branch: Branch) -> Role | None:
    return grid_words.role(branch.tag)


def _together(title: Text, text: Text) -> Text:
    pairs = ((title.fr, text.fr), (title.en, text.en))
    return Text(*("\n".join(dict.fromkeys(filter(None, pair))) for pair in pairs))


def _number(written: str) -> Decimal | None:
    try:
        return plain.decimal(written.replace(",", ".")) if written else None
    except ValueError:
        return None


# --------------------------------------------------------------------------------------------------------------- levels
def levels(branch: Branch) -> tuple[Rung, ...]:
    """Return the levels that hang from a branch, those inside a list of levels among them."""
    found: list[Rung] = []
    for child in branch.children:
        if _role(child) is Role.LEVEL:
            inner = levels(child)
            if inner and not child.text:
                found += inner
            else:
                found.append(_rung(child))
    return tuple(each for each in found if each.text != Text())


def _rung(branch: Branch) -> Rung:
    fields = _Fields(branch, None)
    score = _number(fields.first(Role.SCORE))
    if score is None:
        score = grid_words.rung(branch.tag)
    identifier = fields.first(Role.IDENTIFIER)
    if score is None and identifier:
        score = _number(identifier)
    title, text = fields.text(Role.TITLE), fields.text(Role.TEXT)
    own = Text(branch.text) if branch.text else Text()
    said = _together(title, text if text != Text() else own)
    if said == Text():  # a value in words: <option value="Jamais"/>
        said = Text(fields.first(Role.SCORE) if score is None else "")
    return Rung(said, score, identifier[:40] if not identifier.isdecimal() else "")


# --------------------------------------------------------------------------------------------------------------- fields
LANGUAGES = ("lang", "language", "id")
"""Attributes that tell the language of a text; in YAML and JSON it is the key under which the text stands."""
ENGLISH = frozenset({"en", "en-gb", "en-us", "eng", "english", "anglais"})


class _Fields:
    """What a branch says of itself: by its attributes, and by its children that hold a text alone."""

    def __init__(self, branch: Branch, report: Report | None):
        self._found: dict[Role, dict[str, list[str]]] = {}
        for name, value in branch.attributes.items():
            self._put(grid_words.role(name), "fr", value)
        for child in branch.children:
            role = _role(child)
            if role is None or role in {Role.SECTION, Role.QUESTION, Role.LEVEL}:
                continue
            said = child.text or child.attributes.get("value", "")
            language = next((child.attributes[key] for key in LANGUAGES if key in child.attributes), "fr").lower()
            if child.children and not said:
                self._both(role, child)
            self._put(role, "en" if language in ENGLISH else "fr", said)
        self.report = report

    def _both(self, role: Role, branch: Branch) -> None:
        """Read a text written under the name of its language, or one more step down."""
        for inner in branch.children:
            if inner.tag in {"fr", *ENGLISH}:
                self._put(role, "en" if inner.tag in ENGLISH else "fr", inner.text)
            elif _role(inner) in {Role.TITLE, Role.TEXT, role}:
                self._put(role, "fr", inner.text or inner.attributes.get("value", ""))

    def _put(self, role: Role | None, language: str, value: str) -> None:
        if role is not None and clean(value):
            self._found.setdefault(role, {}).setdefault(language, []).append(clean(value))

    def first(self, role: Role) -> str:
        """Return the first value of a role, empty if it has none."""
        its = self._found.get(role, {})
        return next((value for language in ("fr", "en") for value in its.get(language, ())), "")

    def text(self, role: Role) -> Text:
        """Return the text of a role in both languages, several joined by a line."""
        its = self._found.get(role, {})
        return Text(*("\n".join(dict.fromkeys(its.get(language, ()))) for language in ("fr", "en")))

    def all(self, role: Role) -> list[Text]:
        """Return each value of a role as a text."""
        its = self._found.get(role, {})
        return [Text(fr=value) for value in its.get("fr", ())] + [Text(en=value) for value in its.get("en", ())]
