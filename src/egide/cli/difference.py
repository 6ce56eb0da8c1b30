"""Two versions of a clausier as a page to read, or as data for a program."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from egide import plain, reference
from egide.clausier.difference import HEADS, SHOWN, Change, Difference, FieldChange, PointChange, ThemeChange
from egide.clausier.model import Clausier
from egide.cli import console
from egide.exchange.tender_folder import read_tender
from egide.locale import point_text, say
from egide.message import Message, message

MOST_SHOWN = 160
"""Characters of an old or new value shown in the page; the JSON has all of it."""

_AGAIN: Mapping[bool, Message] = {True: message("à redemander"), False: message("réponse maintenue")}


def of_folder(folder: Path) -> Clausier:
    """Return the clausier that a tender folder asks: its points, weights and thresholds. Raises DataError."""
    top = read_tender(folder)
    return reference.load(top.tender, top.enclosed)[0]


def tell(found: Difference) -> None:
    """Print the page: the count first, then each change and what it does to the answers."""
    console.tell(_head(found))
    if not found.points and not found.themes:
        console.tell(message("Aucun point n'a changé : toutes les réponses restent valables."))
        return
    console.tell(
        message(
            "{added} ajoutés, {removed} supprimés, {changed} modifiés, {renamed} renommés, {moved} changés de thème",
            **{change.value: len(found.of(change)) for change in Change},
        )
    )
    _tell_themes(found.themes)
    for change, head in HEADS.items():
        _tell_points(head, found.of(change))
    console.tell("")
    asked = tuple(each.point for each in found.asked_again)
    console.tell(message("À demander ou à redemander ({count}) : {points}", count=len(asked), points=asked or ("—",)))
    console.tell(message("Réponses maintenues : {count}", count=len(found.standing)))


def _head(found: Difference) -> Message:
    return message(
        "De {old}, version {old_version} ({old_count} points) à {new}, version {new_version} ({new_count} points)",
        old=found.old.title, old_version=found.old.version, old_count=len(found.old.points),
        new=found.new.title, new_version=found.new.version, new_count=len(found.new.points),
    )  # fmt: skip


def _tell_themes(changes: Iterable[ThemeChange]) -> None:
    for each in changes:
        match each:
            case ThemeChange(before=None, after=after) if after:
                console.tell(message("Thème ajouté : {id} {title}", id=after.id, title=after.title))
            case ThemeChange(before=before, after=None) if before:
                console.tell(message("Thème supprimé : {id} {title}", id=before.id, title=before.title))
            case ThemeChange(before=before, after=after) if before and after:
                said = message(
                    "Thème modifié : {id} {title} devient {new} {new_title}",
                    id=before.id, title=before.title, new=after.id, new_title=after.title,
                )  # fmt: skip
                console.tell(said)


def _tell_points(head: Message, changes: tuple[PointChange, ...]) -> None:
    if not changes:
        return
    console.tell("")
    console.tell(f"{say(head, console.language())} ({len(changes)})")
    for each in changes:
        name = each.point if each.before == each.point else f"{each.before} → {each.point}"
        verdict = "" if each.change in {Change.ADDED, Change.REMOVED} else f" — {_said(_AGAIN[each.asks_again])}"
        console.tell(f"  {name}  {each.title.say(console.language())}{verdict}")
        for field in each.fields:
            console.tell(f"      {field.title.say(console.language())}{_values(field)} — {_said(field.reason)}")


def _said(text: Message) -> str:
    return say(text, console.language())


def _values(field: FieldChange) -> str:
    if field.field not in SHOWN:
        return ""
    old, new = point_text.written(field.old, console.language()), point_text.written(field.new, console.language())
    start = 0
    if field.field == "wording":
        start = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
        start = max(0, old.rfind(" ", 0, max(0, start - 20)) + 1)
    return f" : « {_cut(old, start)} » → « {_cut(new, start)} »"


def _cut(text: str, start: int) -> str:
    shown = text[start : start + MOST_SHOWN]
    return f"{'… ' if start else ''}{shown}{'…' if start + MOST_SHOWN < len(text) else ''}"


def as_data(found: Difference) -> dict[str, Any]:
    """Return the difference for a program."""
    return {
        "old": _identity(found.old),
        "new": _identity(found.new),
        "counts": {change.value: len(found.of(change)) for change in Change},
        "themes": [
            {"before": each.before and each.before.id, "after": each.after and each.after.id} for each in found.themes
        ],
        "points": [_point(each) for each in found.points],
        "asked_again": [each.point for each in found.asked_again],
        "standing": list(found.standing),
    }


def _identity(clausier: Clausier) -> dict[str, object]:
    return {
        "id": clausier.id,
        "version": clausier.version,
        "points": len(clausier.points),
        "digest": clausier.digest,
    }


def _point(each: PointChange) -> dict[str, Any]:
    return {
        "point": each.point,
        "before": each.before,
        "change": each.change.value,
        "asks_again": each.asks_again,
        "reasons": [_said(reason) for reason in each.reasons],
        "fields": [
            {
                "field": field.field,
                "asks_again": field.asks_again,
                "reason": _said(field.reason),
                "old": plain.unstructure(field.old),
                "new": plain.unstructure(field.new),
            }
            for field in each.fields
        ],
    }
