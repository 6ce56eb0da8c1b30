"""What the actions of the trail are called, said by each app in its module `actions`."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from egide.message import Text


@cache
def _known(name: str) -> Mapping[str, Text]:
    known: dict[str, Text] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("egide.") and find_spec(f"{config.name}.actions"):
            known |= getattr(import_module(f"{config.name}.actions"), name, {})
    return known


def actions() -> Mapping[str, Text]:
    """Return the name of every action known: each app of ours may have a module `actions` with `ACTIONS`."""
    return _known("ACTIONS")


def action_name(action: str) -> Text:
    """Return what an action is called; its own code when no app says."""
    return actions().get(action, Text(action, action))


def sealed(action: str, field: str) -> Text | None:
    """Return why a field of the details of an action is not shown, from the `SEALED` of the modules `actions`: keys are
    an action, or an action and a field (`role.given.person`); None when it is shown.
    """
    known = _known("SEALED")
    return known.get(action) or known.get(f"{action}.{field}")


def word(written: str) -> Text:
    """Return a field or a coded value of the details in words, from the `WORDS` of the modules `actions`."""
    return _known("WORDS").get(written, Text(written, written))
