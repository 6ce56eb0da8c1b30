"""References are gathered by the text that they quote, and by article."""

from datetime import date

import pytest

from egide import reference
from egide.clausier.model import Reference
from egide.clausier.references import KNOWN, Source, articles, by_article, quotes, source_of

CLAUSIER = reference.clausier()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RGPD, règlement (UE) 2016/679", "rgpd"),
        ("Règlement (UE) 2024/2847 (CRA), annexe I, partie II", "cra"),
        ("Règlement (UE) 2017/745, annexe I", "dispositifs-medicaux"),
        ("CaRE, domaine 2 (arrêté du 03/07/2025)", "care"),
        ("Référentiel HDS 2024, arrêté du 26/04/2024", "hds"),
        ("OWASP ASVS", "asvs"),
        ("Code pénal", "code-penal"),
        ("IEEE 802.1X", "ieee-802-1x"),
        ("…", "sans-titre"),
    ],
)
def test_a_reference_knows_its_source(text, code):
    assert source_of(Reference(text)).code == code


def test_a_source_unknown_to_the_table_bears_its_own_text():
    assert source_of(Reference("Code pénal")) == Source("code-penal", "Code pénal")


@pytest.mark.parametrize(
    ("text", "article", "expected"),
    [
        ("RGPD", "28(3)(h)", ("28",)),
        ("RGPD", "28(3)(a) à (h), 28(10)", ("28",)),
        ("RGPD", "12(3), 15 à 18, 28(3)(e)", ("12", "15", "16", "17", "18", "28")),
        ("RGPD", "", ()),
        ("Référentiel HDS 2024", "EXI 22, 28 à 30", ("EXI 22", "EXI 28", "EXI 29", "EXI 30")),
        ("Arrêté du 14/09/2018 (OSE)", "règles 9 et 10", ("règle 9", "règle 10")),
        ("Code de la santé publique", "R.1111-11, 12° à 14°", ("R.1111-11",)),
        ("Code de la santé publique", "L.1111-8, R.1111-9", ("L.1111-8", "R.1111-9")),
        ("Règlement (UE) 2024/2847 (CRA), annexe I", "partie I, point 2(a) ; partie II, 1", ("annexe I, partie I", "annexe I, partie II")),
        ("Règlement (UE) 2017/745, annexe I", "17.2", ("annexe I, 17.2",)),
        ("Programme", "O1 à O4", ("O1", "O4")),
        ("Texte", "5 à 900", ("5", "900")),
        ("Texte", "9 à 5", ("9", "5")),
    ],
)  # fmt: skip
def test_the_articles_of_a_reference(text, article, expected):
    assert articles(Reference(text, article)) == expected


def test_every_quote_of_the_clausier_has_its_place():
    gathered = quotes(CLAUSIER)
    told = sorted(
        (quote.point, quote.reference.text, quote.reference.article) for each in gathered.values() for quote in each
    )
    written = sorted(
        (point.id, each.text, each.article) for point in CLAUSIER.points.values() for each in point.references
    )
    assert told == written
    counts = [len({quote.point for quote in each}) for each in gathered.values()]
    assert counts == sorted(counts, reverse=True)
    codes = [source.code for source in gathered]
    assert len(set(codes)) == len(codes)
    assert {code for code, _, _ in KNOWN} <= set(codes)
    for found in gathered.values():
        by = by_article(found)
        assert {quote for each in by.values() for quote in each} == set(found)


def test_articles_stand_in_natural_order():
    rgpd = next(found for source, found in quotes(CLAUSIER).items() if source.code == "rgpd")
    numbers = [int(article) for article in by_article(rgpd)]
    assert numbers == sorted(numbers)
    assert 28 in numbers


def test_what_names_no_article_comes_last():
    hds = next(found for source, found in quotes(CLAUSIER).items() if source.code == "hds")
    assert list(by_article(hds))[-1] == ""
    assert Reference("x", seen=date(2026, 1, 1)).seen
