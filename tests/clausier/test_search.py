"""Search finds words whatever their accents, case, order or plural; filters keep what they say."""

import unicodedata
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import clausier as made
from builders import point
from egide import reference
from egide.clausier import search
from egide.clausier.model import Depth
from egide.clausier.search import Filters, Piece, extract, filtered, index, marked, query_words, related
from egide.message import Text

CLAUSIER = reference.clausier()
FRENCH = index(CLAUSIER, "fr")
ENGLISH = index(CLAUSIER, "en")
WORDS = sorted({found[0] for each in CLAUSIER.points.values() for found in search.WORD.finditer(each.wording())})
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)


def names(query, known=FRENCH):
    return [hit.point for hit in known.find(query).hits]


# ---------------------------------------------------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("SAUVEGARDES", ("sauvegard",)),
        ("les données de santé", ("donn", "sant")),
        ("cœur réseau", ("coeur", "reseau")),
        ("EG-066", ("eg-66",)),
        ("eg 66 chiffrement", ("chiffrement", "eg-66")),
        ("o7.2", ("o-7.2",)),
        ("EG-X05", ("eg-x5",)),
        ("article 28", ("28", "articl")),
        ("de la", ("de", "la")),
        ("", ()),
        ("?! — …", ()),
    ],
)
def test_what_a_query_looks_for(written, expected):
    assert query_words(written) == tuple(sorted(expected))


def test_a_query_is_read_up_to_a_length():
    assert len(query_words(" ".join(f"mot{number}" for number in range(40)))) == search.MOST_WORDS
    assert query_words("x" * 10_000) == ("x" * (search.MOST_LETTERS - 1),)  # its stem


@given(words)
def test_accents_case_and_order_change_nothing(chosen):
    query = " ".join(chosen)
    bare = "".join(each for each in unicodedata.normalize("NFKD", query) if not unicodedata.combining(each))
    expected = FRENCH.find(query)
    assert FRENCH.find(bare) == expected
    assert FRENCH.find(query.upper()) == expected
    assert FRENCH.find(unicodedata.normalize("NFD", query)) == expected
    for other in list(permutations(chosen))[:6]:
        assert FRENCH.find(" ".join(other)) == expected


@given(st.sampled_from(sorted(CLAUSIER.points)), st.data())
def test_every_point_is_found_by_its_own_words(name, data):
    own = [found[0] for found in search.WORD.finditer(CLAUSIER.points[name].wording())]
    chosen = data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=3))
    found = FRENCH.find(" ".join(chosen))
    if query_words(" ".join(chosen)):
        assert found.whole
        assert name in [hit.point for hit in found.hits]


@pytest.mark.parametrize("name", [*CLAUSIER.points][::7])
def test_an_identifier_finds_its_point_alone(name):
    written = CLAUSIER.points[name]
    for query in (name, name.lower(), name.replace("-", " "), f" {name} ", *written.xref):
        assert names(query) == [name]


def test_an_identifier_of_another_clausier_is_known_as_it_is():
    known = index(made(point("REQ.1/a"), point("REQ.1/b")), "fr")
    assert names("req.1/A", known) == ["REQ.1/a"]


def test_an_identifier_among_words_counts_as_one_of_them():
    assert names("EG-053 correctif")[0] == "EG-053"
    assert FRENCH.find("EG-053 correctif").whole


def test_the_plural_and_a_beginning_are_found():
    assert names("sauvegardes") == names("sauvegarde")
    assert set(names("sauvegarde")) <= set(names("sauvegar"))
    assert set(names("28")) == set(names("28 28"))
    assert "EG-053" not in names("5")  # a number is not the beginning of another


def test_words_that_people_use_for_others():
    assert set(names("edr")) <= set(names("antivirus"))
    assert set(names("rgpd", ENGLISH)) <= set(names("gdpr", ENGLISH))


def test_a_title_ranks_before_a_mention():
    hits = FRENCH.find("télémaintenance").hits
    assert "title" in hits[0].fields
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_words_side_by_side_rank_before_words_apart():
    together = point("P1", weight=1)
    apart = point("P2", weight=1)
    known = made(
        search_point(together, "une copie hors ligne est gardée"),
        search_point(apart, "chaque ligne du tableau reste hors du dossier"),
    )
    assert names("hors ligne", index(known, "fr")) == ["P1", "P2"]


def search_point(each, text):
    return replace(each, text=Text(text, text))


def test_words_that_no_point_has_together_give_those_with_most():
    found = FRENCH.find("sauvegarde xyzzyx")
    assert not found.whole
    assert [hit.point for hit in found.hits] == names("sauvegarde")
    assert FRENCH.find("xyzzyx").hits == ()
    assert FRENCH.find("   ") == search.Found(())


# ------------------------------------------------------------------------------------------------------------- marking
@given(st.text(max_size=200), st.text(max_size=40))
def test_the_pieces_are_the_text(text, query):
    assert "".join(piece.text for piece in marked(text, query)) == unicodedata.normalize("NFC", text)
    assert all(piece.text for piece in marked(text, query))


@given(words)
def test_what_is_found_is_marked(chosen):
    query = " ".join(chosen)
    for hit in FRENCH.find(query).hits[:5]:
        if hit.fields and "wording" in hit.fields:
            pieces = marked(CLAUSIER.points[hit.point].wording(), query)
            assert any(piece.marked for piece in pieces)


def test_words_are_marked_as_they_are_written():
    assert marked("Chiffrement des DONNÉES (EG-066)", "donnees eg-66") == (
        Piece("Chiffrement des "),
        Piece("DONNÉES", marked=True),
        Piece(" ("),
        Piece("EG-066", marked=True),
        Piece(")"),
    )
    assert marked("EG-066", "eg-66 066") == (Piece("EG-066", marked=True),)
    assert marked("rien", "") == (Piece("rien"),)
    assert marked("", "mot") == ()


@given(st.text(alphabet="abé \n", max_size=600), st.sampled_from(["a", "bé", "éé a"]), st.integers(30, 200))
def test_an_extract_is_short_and_keeps_words_whole(text, query, most):
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    shown = "".join(piece.text for piece in extract(text, query, most))
    assert len(shown) <= most + 4
    assert shown.removeprefix("… ").removesuffix(" …") in flat


def test_an_extract_shows_the_word_looked_for():
    text = f"{'mot ' * 200}secret {'mot ' * 200}"
    shown = extract(text, "secret", 100)
    assert any(piece == Piece("secret", marked=True) for piece in shown)
    assert shown[0].text.startswith("… ")
    assert extract(text, "absent", 100)[0].text.startswith("mot")
    assert extract("x" * 500, "y", 100)[0].text == f"{'x' * 100} …"


# ------------------------------------------------------------------------------------------------------------- filters
FILTERS = st.builds(
    Filters,
    themes=st.sampled_from([(), ("T6",), ("T1", "T2")]),
    families=st.sampled_from([(), ("backup",)]),
    levels=st.sampled_from([(), (Depth.ESSENTIEL.value,)]),
    facets=st.sampled_from([(), (("hosting", "supplier"),)]),
    sources=st.sampled_from([(), ("rgpd",), ("rgpd", "hds")]),
    extra=st.sampled_from([None, True, False]),
)


@given(FILTERS)
def test_each_filter_only_takes_away(chosen):
    kept = filtered(CLAUSIER, chosen)
    assert list(kept) == [each for each in CLAUSIER.points if each in set(kept)]
    alone = [
        Filters(themes=chosen.themes), Filters(families=chosen.families), Filters(levels=chosen.levels),
        Filters(facets=chosen.facets), Filters(sources=chosen.sources), Filters(extra=chosen.extra),
    ]  # fmt: skip
    assert set(kept) == set.intersection(*(set(filtered(CLAUSIER, each)) for each in alone))


def test_filters_keep_what_they_say():
    points = CLAUSIER.points
    assert filtered(CLAUSIER, Filters()) == tuple(points)
    assert len(filtered(CLAUSIER, Filters(extra=True))) == 40
    assert len(filtered(CLAUSIER, Filters(extra=False))) == 118
    assert all(points[each].family == "backup" for each in filtered(CLAUSIER, Filters(families=("backup",))))
    hosted = filtered(CLAUSIER, Filters(facets=[("hosting", "supplier")]))
    assert hosted
    assert all(any("supplier" in rule.get("hosting", ()) for rule in points[each].facets) for each in hosted)
    both = filtered(CLAUSIER, Filters(facets=[("hosting", "supplier"), ("data", "health")]))
    assert set(both) < set(hosted)
    assert filtered(CLAUSIER, Filters(sources=["aucun"])) == ()


# --------------------------------------------------------------------------------------------------------- neighbours
def test_the_points_nearest_to_one_are_others_and_few():
    for each in CLAUSIER.points.values():
        near = related(CLAUSIER, each)
        assert each not in near
        assert len({other.id for other in near}) == len(near) <= 6
    named = [other.id for other in related(CLAUSIER, CLAUSIER.points["EG-053"])]
    assert named[0] in {"EG-X26", "EG-X29", "EG-058"}
    strangers = [replace(point(name), family="") for name in ("P1", "P2")]
    assert related(made(*strangers), strangers[0]) == ()
