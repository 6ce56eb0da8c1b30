"""An estimate on paper: what the page says is in it, in both languages, the same bytes each time."""

from dataclasses import replace
from datetime import date

import pytest

from egide import plain
from egide.diagnosis.cartography import SharedSupplier
from egide.report import risk_paper
from egide.report.papers.typography import Setter, printable
from egide.report.pictures.of_risk import Fall, Member
from egide.report.risk_figures import Figures
from egide.risk.interval import Interval
from report.risks import figures


def texts(block):
    """Every text of a document as plain data."""
    if isinstance(block, dict):
        return [text for name, each in block.items() if name not in {"svg", "kind"} for text in texts(each)]
    if isinstance(block, list | tuple):
        return [text for each in block for text in texts(each)]
    return [block.replace("\u202f", " ").replace("\u00a0", " ")] if isinstance(block, str) else []


def told(shown, language="fr"):
    return "\n".join(texts(risk_paper.document(shown, Setter(language, printable))))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("1,4 M€ par an en moyenne", "défaut de la catégorie [M]", "15 (0 à 40)", "Mesuré en 2024", "Observations de plus de deux ans.", "Rançongiciel généralisé", "50 000 années simulées", "[A]", "coûterait 1,8 M€", "serait de 1,3 M€")),
        ("en", ("€1.4m a year on average", "category default [M]", "15 (0 to 40)", "Observations older than two years.", "50,000 simulated years", "[A]")),
    ],
)  # fmt: skip
def test_the_paper_says_what_the_page_says(language, words):
    said = told(figures(), language)
    for each in words:
        assert each in said, each


def test_an_order_of_magnitude_is_said_and_days_are_those_of_people_who_stay():
    shown = figures("EHPAD", "care_home", 0.001)
    shown = replace(shown, care=replace(shown.care, degraded=Interval(60, 20, 200)))
    said = told(shown)
    assert "coûteraient 1 000 € par an" in said
    assert "Et 60 journées de résidents en mode dégradé" in said
    assert "Journées en mode dégradé, par an (à part, jamais en euros)\n60 (de 20 à 200)" in said


def test_what_is_complete_asks_for_nothing():
    said = told(replace(figures(), completeness=1.0, question=None, changed=(), remarks=(), retained=None))
    assert "il n’y a rien à compléter" in said
    assert "réduirait le plus" not in said
    assert "Hypothèse changée" not in said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_is_a_tagged_pdf_of_few_pages_the_same_each_time(language):
    made = risk_paper.establishment(figures(), language)
    assert made.startswith(b"%PDF")
    assert b"/StructTreeRoot" in made
    assert made == risk_paper.establishment(figures(), language)
    assert made.count(b"/Type /Page\n") <= 4


def test_figures_are_kept_as_plain_data_and_come_back():
    assert plain.structure(plain.unstructure(figures()), Figures, "x") == figures()


def group(**changed):
    shown = [figures("CHU"), figures("EHPAD", "care_home", 0.001)]
    members = tuple(Member(each.subject, each.rough, each.mean, each.year(100).gross, each.care.days, 0.5, each.on) for each in shown)  # fmt: skip
    supplier = SharedSupplier("Orvane", ("CHU", "EHPAD"), ("Dossier",), 2, remote_access=True)
    falls = (Fall(supplier, Interval(3e6, 1e6, 6e6)), Fall(replace(supplier, name="Lumen"), None))
    given = {"subject": "GHT", "on": date(2026, 11, 23), "members": members, "together": (Interval(2e6, 1e6, 3e6), Interval(900, 500, 1500)), "suppliers": falls, "without": 1}  # fmt: skip
    return risk_paper.Group(**given | changed)


def test_a_group_is_told_with_its_sums_and_its_shared_suppliers(monkeypatch):
    pages = []
    monkeypatch.setattr(risk_paper.pdf, "compiled", lambda data, on: pages.append("\n".join(texts(data))) or b"")
    risk_paper.group(group(), "fr")
    for each in ("Ensemble, 2 M€", "EHPAD (ordre de grandeur)", "Orvane", "3 M€ (de 1 à 6 M€)", "non ouverts à qui demande : 1."):  # fmt: skip
        assert each in pages[0], each
    risk_paper.group(group(together=None, suppliers=(), without=0), "fr")
    assert "Ensemble" not in pages[1]
    assert "Aucun fournisseur partagé" in pages[1]


def test_a_member_is_marked_when_it_assumed_otherwise_or_changed_since(monkeypatch):
    pages = []
    monkeypatch.setattr(risk_paper.pdf, "compiled", lambda data, on: pages.append("\n".join(texts(data))) or b"")
    plain_one, other = group().members
    risk_paper.group(group(members=(replace(plain_one, changed=2), replace(other, stale=True))), "fr")
    assert "hypothèses changées : 2" in pages[0]
    assert "à recalculer" in pages[0]
    risk_paper.group(group(), "fr")
    assert "changées" not in pages[1]
    assert "recalculer" not in pages[1]


def test_a_group_is_a_pdf():
    assert risk_paper.group(group(), "en").startswith(b"%PDF")
