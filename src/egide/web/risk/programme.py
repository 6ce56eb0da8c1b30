"""The page of a programme: drawn as a tower, its limits are moved and the loss that is kept answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from egide.desk import quick_loss
from egide.errors import DataError
from egide.exchange.loss_file.programmes import Option
from egide.exchange.loss_file.study import Study
from egide.insurance.fit import fitted
from egide.insurance.programme import Programme
from egide.message import Message, message
from egide.web.audit.guard import record
from egide.web.design.navigation import Link
from egide.web.design.words import said
from egide.web.organisations.roles import Right
from egide.web.risk import answers, convert, engine, models, moved, room, shown
from egide.web.risk.forms import ProgrammeForm, in_field

MOVE, UP = "bouger", "plus"
GENERAL = (moved.EVENT, moved.YEAR)
NAME_LENGTH = 100
TEMPLATES = ("risk/programme.html", "risk/tried.html")


@dataclass(frozen=True)
class Place:
    """Which programme of a study is moved: the option, and the contract in it."""

    study: Study
    option: int
    contract: int

    @cached_property
    def programme(self) -> Programme:
        """Return the programme as it is kept, or where one starts when the study has none."""
        return self.contracts[self.contract]

    @property
    def contracts(self) -> tuple[Programme, ...]:
        """Return the programmes in force together with it, itself included."""
        return tuple(answers.programmes_of(self.study, self.option)) or (moved.START,)

    @property
    def saved(self) -> bool:
        """Whether the study has this programme; else one is uninsured there, and begins with one to try."""
        return bool(answers.programmes_of(self.study, self.option))

    @property
    def name(self) -> str:
        """Return the name of the option."""
        return self.study.options[self.option].name if self.study.options else moved.START.name

    def with_(self, programme: Programme) -> tuple[Programme, ...]:
        """Return the programmes in force together once this one is so."""
        return tuple(programme if n == self.contract else each for n, each in enumerate(self.contracts))


def _place(study: Study, given: Mapping[str, str]) -> Place:
    """Return the place that a query names; what it does not name, or names wrongly, is the first."""

    def number(name: str, count: int) -> int:
        written = given.get(name, "")
        return int(written) if written.isascii() and written.isdigit() and int(written[:4]) < count else 0

    option = number("choix", len(study.options))
    first = Place(study, option, 0)
    return replace(first, contract=number("contrat", len(first.contracts)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def programme(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show a programme whose limits are moved, in the address; a POST keeps it in the study."""
    saving = request.method == "POST"
    row = room.asked(request, uuid, Right.DESCRIBE if saving else Right.SEE)
    try:
        study = convert.value(row)
    except DataError as refused:
        return render(request, "risk/unreadable.html", room.common(request, row) | {"findings": refused.findings})
    return _save(request, row, study) if saving else _shown(request, row, study)


def _shown(request: HttpRequest, row: models.Study, study: Study) -> HttpResponse:
    place = _place(study, request.GET)
    knobs = moved.knobs(place.programme, study.model)
    given: Any = request.GET.copy()
    asked = any(knob.name in given for knob in knobs)
    form = ProgrammeForm(knobs, _stepped(knobs, given) if asked else None)
    values = form.values() if asked and form.is_valid() else {} if asked else {each.name: each.value for each in knobs}
    if asked and values and not room.partial(request):
        form = ProgrammeForm(tuple(replace(each, value=values[each.name]) for each in knobs))
    context = room.common(request, row) | {
        "study": study,
        "place": place,
        "form": form,
        "groups": _grouped(form, [each for each in knobs if each.group in GENERAL]),
        "of_heads": _grouped(form, [each for each in knobs if each.group not in GENERAL]),
        "heads_open": given.get(MOVE, "").startswith(("sous", "part")) or bool(form.errors),
        "options": _options(row, study, place),
        "contracts": _contracts(row, place),
        "stale": given.get("v", row.digest[: moved.MARK]) != row.digest[: moved.MARK],
        "mark": row.digest[: moved.MARK],
        "kept_url": f"{request.path}?choix={place.option}&contrat={place.contract}",
        "part": room.partial(request),
        "failed": engine.failed(),
    }
    if not values:
        return room.answer(request, TEMPLATES, context | {"wrong": True})
    here = _address(row, place, values)
    if asked and not room.partial(request) and here != request.get_full_path():
        return HttpResponseRedirect(here)
    context |= {"here": here, "values": [(name, moved.written(value)) for name, value in values.items()]}
    context |= _tried(row, place, values)
    if (name := given.get(MOVE, "").partition(":")[0]) in values:
        context["stepped"] = form[name].as_widget(attrs={"hx-swap-oob": "true"})
    response = room.answer(request, TEMPLATES, context)
    if room.partial(request):
        response["HX-Replace-Url"] = here
    return response


def _stepped(knobs: tuple[moved.Knob, ...], given: Any) -> Any:
    """Return what was sent, with the value that a button moves brought to its next step."""
    name, _, way = given.get(MOVE, "").partition(":")
    knob = next((each for each in knobs if each.name == name), None)
    if knob is None:
        return given
    form = ProgrammeForm((knob,), given)
    if form.is_valid():
        value = moved.stepped(knob, form.values()[name], up=way == UP)
        given[name] = form.fields[name].prepare_value(in_field(value)) or ""
    return given


def _tried(row: models.Study, place: Place, values: Mapping[str, float]) -> dict[str, Any]:
    """Return what the moved programme gives, or why it has no meaning."""
    study = place.study
    try:
        programme = moved.moved(place.programme, study.model, values)
        found = fitted(programme, study.model)
        if not engine.ready():
            return {"findings": found, "waiting": True}
        kept = answers.of(row, place.option)
        same = place.saved and programme == place.programme
        made = kept if same else quick_loss.answered(study.model, place.with_(programme))
    except DataError as refused:
        return {"findings": refused.findings, "wrong": True}
    return {"findings": found, **shown.tried(study, (programme, place.programme), made, kept)}


def _grouped(form: ProgrammeForm, knobs: Sequence[moved.Knob]) -> list[tuple[Message, list[Any]]]:
    groups: dict[str, tuple[Message, list[Any]]] = {}
    for knob in knobs:
        groups.setdefault(str(knob.group), (knob.group, []))[1].append((knob, form[knob.name]))
    return list(groups.values())


def _address(row: models.Study, place: Place, values: Mapping[str, float]) -> str:
    query = moved.link(place.option, place.contract, values, row.digest)
    return f"{reverse('risk:programme', args=[row.uuid])}?{query}"


def _options(row: models.Study, study: Study, place: Place) -> list[Link]:
    url = reverse("risk:programme", args=[row.uuid])
    known = [Link(each.name, f"{url}?choix={n}", current=n == place.option) for n, each in enumerate(study.options)]
    return known if len(known) > 1 else []


def _contracts(row: models.Study, place: Place) -> list[Link]:
    url = f"{reverse('risk:programme', args=[row.uuid])}?choix={place.option}&contrat="
    known = [Link(each.name, f"{url}{n}", current=n == place.contract) for n, each in enumerate(place.contracts)]
    return known if len(known) > 1 else []


# --------------------------------------------------------------------------------------------------------------- kept
def _save(request: HttpRequest, row: models.Study, study: Study) -> HttpResponse:
    """Keep the programme in the study, under its name or under another, which adds a way to be insured."""
    place = _place(study, request.POST)
    knobs = moved.knobs(place.programme, study.model)
    form = ProgrammeForm(knobs, request.POST)
    back = reverse("risk:programme", args=[row.uuid])
    if not form.is_valid():
        messages.error(request, said(message("Rien n’est enregistré : une valeur n’est pas un nombre.")))
        return redirect(back)
    values = form.values()
    here = _address(row, place, values)
    if request.POST.get("v") != row.digest:
        messages.error(request, said(message("Rien n’est enregistré : l’étude a changé entre-temps. Relisez, puis enregistrez de nouveau.")))  # fmt: skip
        return redirect(here)
    name = " ".join(request.POST.get("nom", "").split())[:NAME_LENGTH] or place.name
    try:
        programme = moved.moved(place.programme, study.model, values)
        changed = convert.insured(row.content, _options_with(study, place, programme, name))
        convert.read(changed)
    except DataError as refused:
        for each in refused.findings:
            messages.error(request, said(message("Rien n’est enregistré : {why}", why=each.understood)))
        return redirect(here)
    before = row.digest
    row.content, row.digest = changed, convert.digest(changed)
    row.changed_at, row.changed_by = timezone.now(), room.person(request)
    row.save()
    record("study.programme", row.organisation, row, {"programme": name, "digest": [before, row.digest]})
    messages.success(request, said(message("Programme « {name} » enregistré dans l’étude.", name=name)))
    options = convert.value(row).options
    at = next(n for n, each in enumerate(options) if each.name == name)
    return redirect(f"{back}?choix={at}" if at else back)


def _options_with(study: Study, place: Place, programme: Programme, name: str) -> tuple[Option, ...]:
    """Return the options with that of this name made so: replaced if it is there, else added after the others."""
    alone = len(place.contracts) == 1
    made = Option(name, place.with_(replace(programme, name=name) if alone else programme))
    if name in {each.name for each in study.options}:
        return tuple(made if each.name == name else each for each in study.options)
    return (*study.options, made)
