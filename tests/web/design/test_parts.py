"""Components, forms and error pages without a browser."""

import hashlib
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from egide.web import design
from egide.web.design.context import page as page_context
from egide.web.design.fields import DayField, ManyFilesField, MomentField, NumberField
from egide.web.design.navigation import ACCOUNT, FOOTER, MAIN, Entry, Link, Step, StepState, address, links

DESIGN = Path(design.__file__).parent
STATIC = DESIGN / "static" / "egide"
TEMPLATES = sorted((DESIGN / "templates").rglob("*.html"))
CODES = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]


def made(text, request=None, **context):
    return engines["django"].from_string(text).render(context, request)


# -------------------------------------------------------------------------------------------------------------- sources
def test_what_is_vendored_is_what_is_said():
    said = dict(re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", (STATIC / "VENDORED.md").read_text(), re.M))
    assert said == {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in said}
    assert {each.name for each in (STATIC / "fonts").iterdir()} == {Path(name).name for name in said if "/" in name}
    axe = Path(__file__).parents[1] / "axe.min.js"
    assert hashlib.sha256(axe.read_bytes()).hexdigest() in (STATIC / "VENDORED.md").read_text()


def test_vendored_files_name_no_source_map():
    assert [each.name for each in STATIC.rglob("*.*s") if "sourceMappingURL" in each.read_text(encoding="utf-8")] == []


def test_dark_is_written_once_for_the_choice_and_once_for_the_system():
    css = (STATIC / "egide.css").read_text(encoding="utf-8")
    chosen = re.search(r'\[data-bs-theme="dark"\] \{(.*?)\}', css, re.S)
    system = re.search(r":root:not\(\[data-bs-theme\]\) \{(.*?)\}", css, re.S)
    assert chosen[1].split() == system[1].split() != []
    bootstrap = (STATIC / "bootstrap.min.css").read_text(encoding="utf-8")
    assert bootstrap.count("@media screen{[data-bs-theme=dark]") == bootstrap.count(":root:not([data-bs-theme])") == 7


STAND_IN = pytest.mark.urls("web.design.gallery")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_a_weaker_policy(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", text)


# ----------------------------------------------------------------------------------------------------------- components
def test_an_unknown_tone_is_refused():
    with pytest.raises(TemplateSyntaxError, match="rouge"):
        made('{% badge "rouge" "x" %}')


def test_texts_of_others_are_escaped():
    shown = made(
        '{% badge "good" x %}{% notice "info" x %}{{ x }}{% endnotice %}{% fold x %}{% endfold %}{% tabs t x %}'
        "{% definitions d %}{% steps s %}{% progress 1 2 title=x url=x state=x %}",
        x="<b>",
        t=[Link("<b>", "<b>")],
        d=[("<b>", "<b>")],
        s=[Step("<b>", "<b>", StepState.OPEN), Step("c", "", StepState.LOCKED, reason="<b>")],
    )
    assert "<b>" not in shown
    assert shown.count("&lt;b&gt;") == 15


def test_a_locked_step_is_no_link_and_says_why():
    shown = made("{% steps s %}", s=[Step("Notation", "/notes", StepState.LOCKED, reason="Après l’ouverture")])
    assert "<a" not in shown
    assert "Après l’ouverture" in shown


def test_steps_say_in_words_what_is_missing():
    entries = [Step("A", "/a", StepState.MISSING, missing=1), Step("B", "/b", StepState.MISSING, missing=3)]
    shown = made("{% steps s %}", s=entries)
    assert "Il manque 1 élément<" in shown
    assert "Il manque 3 éléments<" in shown


@STAND_IN
def test_pages_keep_what_was_asked():
    request = RequestFactory().get("/", {"q": "sauvegarde & co", "page": "2"})
    shown = made("{% pages p %}", request, p=Paginator(range(50), 10).page(2))
    assert 'href="?page=3&amp;q=sauvegarde+%26+co"' in shown
    assert 'aria-current="page"' in shown
    assert made("{% pages p %}", p=Paginator(range(5), 10).page(1)).strip() == ""


def test_a_job_asks_again_only_while_it_runs():
    assert 'hx-get="/avance"' in made('{% progress 0 0 title="T" url="/avance" %}')
    done = made('{% progress 5 5 title="T" url="/avance" running=False %}')
    assert "hx-get" not in done
    assert 'value="5"' in done


@STAND_IN
def test_the_longest_address_is_the_current_one():
    request = RequestFactory().get("/tenders/index/une-consultation")
    entries = (Entry("Consultations", "tenders:index"), Entry("Sans adresse", "nulle:part"))
    assert links(entries, request, account=False) == [Link("Consultations", "/tenders/index", current=True)]
    assert links((Entry("Privé", "tenders:index", account=True),), request, account=False) == []


def test_every_entry_of_the_navigation_leads_somewhere():
    assert [entry.view for entry in (*MAIN, *FOOTER, *ACCOUNT) if not address(entry.view)] == []


@STAND_IN
def test_a_page_knows_its_address_in_each_language():
    known = page_context(RequestFactory().get("/galerie"))
    assert known["other_languages"] == [
        ("fr", "http://testserver/galerie"), ("en", "http://testserver/en/galerie"),
    ]  # fmt: skip


# ---------------------------------------------------------------------------------------------------------------- forms
class Purchase(forms.Form):
    title = forms.CharField(label="Objet", help_text="En quelques mots.")
    amount = NumberField(label="Montant", max_digits=12, decimal_places=2)
    kind = forms.ChoiceField(label="Genre", choices=[("a", "A")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Les deux ne vont pas ensemble.")


def test_a_field_is_labelled_helped_and_its_error_tied_to_it():
    shown = made("{{ f.title.as_field_group }}", f=Purchase({}))
    assert '<label class="field-label" for="id_title">Objet <span class="field-required">(obligatoire)</span>' in shown
    assert 'aria-describedby="id_title_helptext id_title_error"' in shown
    assert 'id="id_title_helptext"' in shown
    assert 'id="id_title_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'class="form-control"' in shown


def test_a_group_of_choices_is_a_fieldset():
    shown = made("{{ f.kind.as_field_group }}", f=Purchase())
    assert re.search(r"<fieldset.*<legend.*Genre", shown, re.S)
    assert 'class="form-check-input"' in shown


def test_the_summary_leads_to_each_field_and_says_the_rest():
    shown = made('{% form f "Envoyer" %}', f=Purchase({}))
    assert 'href="#id_title"' in shown
    assert 'href="#id_kind_0"' in shown
    assert shown.count("Les deux ne vont pas ensemble.") == 1
    assert made("{% errors f %}", f=Purchase()) == ""
    assert "Les deux ne vont pas ensemble." in made("{{ f }}", f=Purchase({}))


def test_the_summary_knows_formsets():
    data = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-title": "a",
        "form-0-amount": "1",
        "form-0-kind": "a",
    }
    data |= {"form-1-title": "b", "form-1-amount": "x", "form-1-kind": "a"}
    lines = forms.formset_factory(Purchase)(data)
    shown = made("{% errors f %}{{ f }}", f=lines)
    assert 'href="#id_form-1-amount"' in shown
    assert 'id="id_form-1-amount"' in shown
    assert "Ligne 2" in shown


@pytest.mark.parametrize(
    ("typed", "read"),
    [("1 234,56", "1234.56"), ("1234.56", "1234.56"), ("1\u202f234,5 €", "1234.5"), ("12 %", "12"), ("-3", "-3"), ("0,5", "0.5")],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed, read):
    assert NumberField().clean(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["1.234", "douze", "NaN", "1e400", "∞", "12 34,5,6", "1" * 400])
def test_a_doubtful_number_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        NumberField().clean(typed)


def test_an_empty_number_is_none():
    assert NumberField(required=False).clean("  ") is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.sampled_from(["fr", "en"]))
def test_a_number_shown_is_read_again(value, language):
    field = NumberField()
    with translation.override(language):
        assert field.clean(field.prepare_value(value)) == value


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 1, 1)), st.sampled_from(["fr", "en"]))
def test_a_day_shown_is_read_again(value, language):
    field = DayField()
    with translation.override(language):
        assert field.clean(field.prepare_value(value)) == value


def test_a_moment_is_aware_and_shown_in_the_time_of_the_site():
    read = MomentField().clean("15/01/2027 12h00")
    assert read == datetime(2027, 1, 15, 11, 0, tzinfo=UTC)
    assert MomentField().prepare_value(read) == "15/01/2027 12:00"
    with pytest.raises(forms.ValidationError):
        MomentField().clean("31/02/2027 12:00")


def test_a_moment_in_a_sentence_and_its_day_are_those_of_the_site():
    late = datetime(2027, 1, 15, 23, 30, tzinfo=UTC)
    shown = made('{% say "Enregistré le {moment}." moment=at %} {% say "du {day}" day=at|day %} {{ at|said }} {{ none|day }}', at=late, none=None)  # fmt: skip
    assert shown == "Enregistré le 16/01/2027 00:30. du 16/01/2027 16/01/2027 00:30 None"


def test_several_files_come_as_a_list():
    class Deposit(forms.Form):
        files = ManyFilesField()

    two = [SimpleUploadedFile("a.csv", b"a"), SimpleUploadedFile("b.csv", b"b")]
    form = Deposit({}, MultiValueDict({"files": two}))
    assert form.is_valid(), form.errors
    assert [each.name for each in form.cleaned_data["files"]] == ["a.csv", "b.csv"]
    assert not Deposit({}, MultiValueDict({"files": [SimpleUploadedFile("vide.csv", b"")]})).is_valid()
    assert not Deposit({}, MultiValueDict()).is_valid()


# --------------------------------------------------------------------------------------------------------------- errors
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", CODES)
def test_an_error_page_needs_neither_context_nor_database(code, language):
    with translation.override(language):
        shown = get_template(f"{code}.html").render()
    assert f'<html lang="{language}">' in shown
    assert shown.count("<h1>") == 1
    assert f"{'Erreur' if language == 'fr' else 'Error'} {code[:3]}" in shown
    assert ("Revenir à l’accueil" in shown) == (language == "fr")


# -------------------------------------------------------------------------------------------------------------- account
def test_the_menu_of_the_account_signs_out_by_a_form(stranger, sign_in):
    shown = sign_in(stranger).get("/nulle-part").content.decode()
    assert str(stranger) in shown
    leave = re.escape(f'<form method="post" action="{address("account_logout")}"><input type="hidden" name="csrf')
    assert re.search(leave, shown)
    assert f'href="{address("account_login")}"' not in shown


@pytest.mark.django_db
def test_a_visitor_is_offered_to_sign_in_and_sees_no_private_part(client):
    shown = client.get("/nulle-part").content.decode()
    assert f'href="{address("account_login")}"' in shown
    assert f'href="{address("tenders:index")}"' not in shown
