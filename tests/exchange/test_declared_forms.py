"""MDS2 and HECVAT forms read as declared answers: never more than the maker said, the source kept, nothing lost."""

from dataclasses import replace
from pathlib import Path

import declared
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import CLAUSIER, workbook

from builders import tender
from egide import reference
from egide.exchange import form_tables
from egide.exchange.answers import completed, read_answers, read_with
from egide.exchange.bids import read_bids
from egide.exchange.declared_forms import read
from egide.exchange.form_tables import Says
from egide.exchange.grid import Sheet
from egide.exchange.layout import Reader
from egide.finding import Severity
from egide.tender.model import Answer, Condition, Declared

OURS = reference.clausier()
EXAMPLE = Path(__file__).parents[2] / "examples/pacs-ght"


def answers(path, clausier=OURS):
    reading = read_answers(path, path.name, clausier)
    assert reading.readable
    return reading


def said(reading, code):
    return [each for each in reading.findings if each.code == code]


# -------------------------------------------------------------------------------------------------------------- tables
@pytest.mark.parametrize("form", form_tables.forms(), ids=[form.id for form in form_tables.forms()])
def test_tables_name_points_and_questions_that_exist(form):
    assert form.clausier == OURS.id
    assert set(form.form_points) <= set(OURS.points)
    for edition in form.editions:
        assert set(edition.marks) <= set(edition.families)
        for link in edition.links:
            assert set(link.points) <= set(OURS.points), link
            for question in link.questions:
                family, _, number = question.partition("-")
                assert family in edition.families, question
                assert number == "*" or form_tables.key(question), question
        pairs = [(question, point) for link in edition.links for question in link.questions for point in link.points]
        assert len(pairs) == len(set(pairs)), "a question says one thing of a point"


def test_no_table_can_make_a_yes_of_a_form():
    assert "yes" not in set(Says)
    version_3 = next(
        each for form in form_tables.forms() if form.id == "hecvat" for each in form.editions if each.id == "3"
    )
    assert {link.yes for link in version_3.links} | {link.no for link in version_3.links} == {Says.DESCRIBED}


@pytest.mark.parametrize(
    ("text", "key"),
    [("COMP-01", "COMP-1"), ("audt‑2.8.1", "AUDT-2.8.1"), ("MPII 3.10 *", "MPII-3.10"), ("DATA_07.", "DATA-7"), ("ISO 27002:2013", None),
     ("Section 5", None), ("", None), ("MDS2", None), ("AC-1 and AC-2", None)],
)  # fmt: skip
def test_an_identifier_however_typed(text, key):
    assert form_tables.key(text) == key


# ---------------------------------------------------------------------------------------------------------------- MDS2
def test_what_each_answer_of_an_mds2_becomes(tmp_path):
    given = {
        "ALOF-1": ("Yes", "15 minutes"), "AUDT-1": "Yes", "AUDT-2": "No", "PAUT-8": "No", "PAUT-5": "No", "SBOM-1": "N/A", "SBOM-2": "N/A",
        "RMOT-1": ("See Note", "Through the gateway."), "RMOT-1.3": "No", "STCF-1": "Yes", "CONN-7": ("yes", "TLS 1.3"), "TXIG-1": "See note",
        "MPII-1": "Only initials", "SAHD-12": "No", "DOC-1": "Maker",
    }  # fmt: skip
    reading = answers(declared.mds2(tmp_path / "MDS2 device.xlsx", given))
    got = {name: (each.declared, each.raw) for name, each in reading.answers.items()}
    assert got == {
        "EG-037": (Declared.PARTIAL, "ALOF-1 : Yes"),
        "EG-044": (Declared.PARTIAL, "AUDT-1 : Yes ; AUDT-2 : No"),
        "EG-038": (Declared.DESCRIBED, "PAUT-8 : No"),
        "EG-036": (Declared.NO, "PAUT-5 : No"),
        "EG-X10": (Declared.DESCRIBED, "SBOM-1 : N/A ; SBOM-2 : N/A"),
        "EG-085": (Declared.DESCRIBED, "RMOT-1 : See Note"),
        "EG-066": (Declared.DESCRIBED, "RMOT-1 : See Note"),
        "EG-069": (Declared.DESCRIBED, "RMOT-1.3 : No"),
        "EG-057": (Declared.PARTIAL, "STCF-1 : Yes"),
        "EG-054": (Declared.PARTIAL, "CONN-7 : yes"),
        "EG-087": (Declared.DESCRIBED, "MPII-1 : Only initials"),
        "EG-X24": (Declared.DESCRIBED, got["EG-X24"][1]),
    }
    lock = reading.answers["EG-037"]
    assert (lock.comment, lock.proof, lock.place) == ("ALOF-1 : 15 minutes", "MDS2 ALOF-1", "MDS2!C16")
    assert lock.pointer is not None
    assert (lock.pointer.document, lock.pointer.section) == ("MDS2 device.xlsx", "ALOF-1")
    notes = said(reading, "answer.from_mds2")
    assert {each.point for each in notes} == set(reading.answers)
    assert {each.severity for each in notes} == {Severity.NOTE}
    assert [each.read for each in said(reading, "form.no_note")] == ["See note"]
    (summary,) = said(reading, "form.read")
    values = summary.understood.values
    used = {
        each
        for one in reading.answers.values()
        if one.point != "EG-X24"
        for each in one.proof.removeprefix("MDS2 ").split(", ")
    }
    assert values["answered"] == len(given)
    assert values["used"] == len(used | {"TXIG-1"})
    assert values["answered"] == values["used"] + values["left"]
    assert values["blank"] == sum(map(len, declared.MDS2_2019.values())) - len(given)
    assert not [each for each in reading.findings if each.severity is Severity.ERROR]


def test_a_point_that_can_be_not_applicable_is_so_when_all_was_said_so(tmp_path):
    reading = answers(declared.mds2(tmp_path / "m.xlsx", {"PAUT-8": "N/A", "STCF-1": "N/A", "STCF-1.1": "Yes"}))
    assert OURS.points["EG-038"].na_allowed
    assert reading.answers["EG-038"].declared is Declared.NA
    assert reading.answers["EG-057"].declared is Declared.PARTIAL


@pytest.mark.parametrize("word", ["Yes", "No", "N/A", "See note", "Oui", "perhaps", "YES "])
def test_a_form_never_says_yes_whatever_it_says(tmp_path, word):
    reading = answers(declared.mds2(tmp_path / "m.xlsx", {}, otherwise=word, heading="Yes, No, N/A, or See Note"))
    assert Declared.YES not in {each.declared for each in reading.answers.values()}
    assert len(reading.answers) == 1 if word == "See note" else len(reading.answers) > 25


def test_numbered_notes_are_read_where_they_stand(tmp_path):
    path = declared.mds2(
        tmp_path / "m.xlsx", {"ALOF-1": ("See note", "Note 2")}, otherwise="Yes", notes=["one", "The second note."]
    )
    assert answers(path).answers["EG-037"].comment == "ALOF-1 : The second note."


def test_a_condition_in_a_note_is_a_doubt(tmp_path):
    reading = answers(declared.mds2(tmp_path / "m.xlsx", {"ALOF-1": ("Yes", "en option payante")}, otherwise="Yes"))
    assert reading.answers["EG-037"].condition is Condition.PAID_OPTION
    assert [each.point for each in said(reading, "answer.condition")] == ["EG-037"]


def test_a_form_of_an_unknown_numbering_is_kept_as_a_document(tmp_path):
    codes = ["ALOF", "AUDT", "AUTH", "CSUP", "DIDT", "DTBK", "EMRG", "IGAU", "MLDP"]
    rows = [
        row
        for n, code in enumerate(codes, 1)
        for row in ([f"{n}", f"SECTION TITLE ({code})"], [f"{n}-1", "Our own question", "Yes"])
    ]
    reading = answers(workbook(tmp_path / "old.xlsx", {"MDS2 2013": rows}))
    assert reading.answers == {}
    assert [each.code for each in reading.findings] == ["form.edition"]


def test_the_shipped_example_reads_as_what_it_is():
    reading = answers(EXAMPLE / "bids/valtorrel/lot-1/MDS2 visualiseur 8.2.xlsx")
    assert {name: each.declared for name, each in reading.answers.items()} == {
        "EG-037": Declared.PARTIAL, "EG-044": Declared.PARTIAL, "EG-066": Declared.DESCRIBED, "EG-076": Declared.PARTIAL,
        "EG-085": Declared.DESCRIBED, "EG-087": Declared.DESCRIBED, "EG-X24": Declared.DESCRIBED,
    }  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- HECVAT
def test_a_hecvat_4_over_its_sheets(tmp_path):
    given = {
        "GNRL-01": "Fictitious", "DOCU-01": ("Yes", "Tested in May."), "AAAI-07": "No", "AAAI-08": "Yes", "AAAI-17": "No", "DATA-02": "Yes",
        "DCTR-14": "No", "HFIH-03": "Yes", "HFIH-04": "No", "DCTR-01": "Cloud", "AIML-01": "Yes", "DATA-07": "No",
    }  # fmt: skip
    reading = answers(declared.hecvat4(tmp_path / "hecvat.xlsx", given))
    got = {name: each.declared for name, each in reading.answers.items()}
    assert got == {
        "EG-X34": Declared.PARTIAL, "EG-055": Declared.PARTIAL, "EG-111": Declared.PARTIAL, "EG-042": Declared.NO,
        "EG-038": Declared.DESCRIBED, "EG-054": Declared.PARTIAL, "EG-X13": Declared.NO, "EG-X23": Declared.PARTIAL,
        "EG-X16": Declared.PARTIAL, "EG-X06": Declared.DESCRIBED, "EG-095": Declared.DESCRIBED, "EG-X37": Declared.DESCRIBED,
    }  # fmt: skip
    assert reading.answers["EG-X34"].comment == "DOCU-01 : Tested in May."
    assert {each.point for each in said(reading, "answer.from_hecvat")} == set(got)
    assert said(reading, "form.read")[0].understood.values["edition"] == "4"
    assert not said(reading, "form.twice"), "the sheets of the analyst are no answers"


def test_the_expected_answers_of_the_form_are_not_its_answers(tmp_path):
    reading = answers(declared.hecvat4(tmp_path / "h.xlsx", {}))
    assert reading.answers == {}
    assert said(reading, "form.read")[0].understood.values["answered"] == 0


def test_two_answers_to_one_question_are_a_doubt(tmp_path):
    path = declared.hecvat4(tmp_path / "h.xlsx", {"GNRL-01": "One"}, otherwise="Yes")
    import openpyxl

    book = openpyxl.load_workbook(path)
    book["Privacy"]["C3"] = "Another name"
    book["Privacy"]["C4"] = "No"
    book.save(path)
    reading = answers(path)
    (doubt,) = said(reading, "form.twice")
    assert (doubt.place, doubt.read) == ("Privacy!C4", "No")
    assert reading.answers["EG-001"].raw == "COMP-04 : Yes"


def test_a_hecvat_3_only_describes(tmp_path):
    given = {"BCPL-01": ("Yes", "Yearly."), "BCPL-02": "No", "DRPL-01": "Yes", "HFIH-01": "No"}
    reading = answers(declared.hecvat3(tmp_path / "h.xlsx", given))
    assert {name: each.declared for name, each in reading.answers.items()} == {
        "EG-X34": Declared.DESCRIBED, "EG-050": Declared.DESCRIBED,
    }  # fmt: skip
    assert reading.answers["EG-X34"].raw == "BCPL-01 : Yes ; BCPL-02 : No ; DRPL-01 : Yes"
    assert said(reading, "form.read")[0].understood.values["edition"] == "3"
    unmarked = ["COMP-01", "DOCU-01", "DATA-01", "DATA-02", "HFIH-01", "VULN-01"]
    path = declared.hecvat3(tmp_path / "u.xlsx", dict.fromkeys(unmarked, "Yes"), unmarked)
    reading = answers(path)
    assert said(reading, "form.read")[0].understood.values["edition"] == "3"
    assert {each.declared for each in reading.answers.values()} == {Declared.DESCRIBED}


def test_answers_without_a_heading_are_known_by_what_they_hold(tmp_path):
    path = declared.hecvat4(tmp_path / "h.xlsx", {}, otherwise="Yes", heading="")
    assert answers(path).answers["EG-054"].declared is Declared.PARTIAL


def test_questions_without_answers_column_are_said(tmp_path):
    rows = [[f"{family}-1", "Our own question"] for family in ("ALOF", "AUDT", "AUTH", "CSUP", "DIDT", "DTBK")]
    reading = answers(workbook(tmp_path / "m.xlsx", {"M": rows}))
    assert [each.code for each in reading.findings] == ["form.no_answer_column", "form.read"]
    assert reading.answers == {}


# ------------------------------------------------------------------------------------------------------- not the form
def test_a_few_identifiers_are_no_form(tmp_path):
    rows = [["DATA-1", "x", "Yes"], ["COMP-2", "x", "No"], ["DATA-3", "x", "Yes"]]
    reading = read_answers(workbook(tmp_path / "x.xlsx", {"S": rows}), "x.xlsx", OURS)
    assert [each.code for each in reading.findings] == ["file.no_points"]


def test_a_form_belongs_to_our_clausier_only(tmp_path):
    reading = answers(declared.mds2(tmp_path / "m.xlsx", {}, otherwise="Yes"), CLAUSIER)
    assert reading.answers == {}
    assert [each.code for each in reading.findings] == ["form.other_clausier"]


def test_a_questionnaire_made_of_such_identifiers_is_read_as_ours(tmp_path):
    base = next(iter(OURS.points.values()))
    names = [f"{family}-0{n}" for family in ("DATA", "COMP", "VULN") for n in (1, 2, 3)]
    made = replace(
        OURS, themes=(replace(OURS.themes[0], points=tuple(replace(base, id=name, xref=()) for name in names)),)
    )
    path = workbook(tmp_path / "q.xlsx", {"Q": [["Identifiant", "Réponse"], *([name, "Oui"] for name in names)]})
    reading = answers(path, made)
    assert {each.declared for each in reading.answers.values()} == {Declared.YES}
    assert not said(reading, "form.read")


def test_only_the_points_of_the_consultation_are_answered(tmp_path):
    theme = next(each for each in OURS.themes if each.id == "T4")
    reading = answers(declared.mds2(tmp_path / "m.xlsx", {}, otherwise="Yes"), replace(OURS, themes=(theme,)))
    assert set(reading.answers) <= {point.id for point in theme.points}
    values = said(reading, "form.read")[0].understood.values
    assert values["left"] > values["used"] > 0


def test_damaged_rows_of_a_form_cost_nothing():
    rows = (
        *tuple((f"{family}-1",) for family in ("ALOF", "AUDT", "AUTH", "CSUP", "DIDT")),
        (),
        ("Note 1",),
        ("x" * 50000, "y"),
    )
    reading = read((Sheet("S", rows), Sheet("empty", ())), "m.xlsx", Reader(OURS))
    assert [each.code for each in reading.findings] == ["form.no_answer_column", "form.read"]


cells = st.sampled_from(
    ["", "Yes", "No", "N/A", "See note", "Note 1", "Answer", "Additional Information", "Question", "x", "DATA-01 and more", "EG-037"]
    + [f"{family}-{number}" for family in ("ALOF", "AUDT", "PAUT", "DATA", "COMP", "BCPL", "REQU") for number in ("1", "01", "2.1")]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.lists(cells, max_size=6).map(tuple), max_size=30).map(tuple), max_size=3))
def test_any_grid_gives_answers_that_never_say_more(grids):
    found = read([Sheet(f"S{number}", rows) for number, rows in enumerate(grids)], "x.xlsx", Reader(OURS))
    assert Declared.YES not in {each.answer.declared for each in found.derived}
    assert all(each.answer.raw or each.answer.comment for each in found.derived)
    assert bool(found.derived) <= bool(found.findings)


# --------------------------------------------------------------------------------------------------------- two sources
def derived(tmp_path):
    return read_with(Reader(OURS), declared.mds2(tmp_path / "m.xlsx", {}, otherwise="Yes"), "m.xlsx").derived


def test_the_candidates_own_answer_prevails_and_it_is_no_conflict(tmp_path):
    own = {
        "EG-037": Answer("EG-037", Declared.NO, raw="Non", file="q.xlsx"),
        "EG-044": Answer("EG-044", Declared.BLANK, file="q.xlsx"),
    }
    found, findings = completed(own, derived(tmp_path))
    assert found["EG-037"].declared is Declared.NO
    assert found["EG-044"].declared is Declared.PARTIAL
    codes = {each.point: (each.code, each.severity) for each in findings}
    assert codes["EG-037"] == ("answer.second_source", Severity.NOTE)
    assert codes["EG-044"] == ("answer.from_mds2", Severity.NOTE)


def test_the_form_of_this_round_replaces_that_of_an_earlier_one(tmp_path):
    old = {each.answer.point: replace(each.answer, file="r1/m.xlsx", raw="ALOF-1 : No") for each in derived(tmp_path)}
    found, _ = completed(old, derived(tmp_path), ["m.xlsx"])
    assert found["EG-037"].raw == "ALOF-1 : Yes ; ALOF-2 : Yes"
    kept, findings = completed(old, derived(tmp_path))
    assert kept["EG-037"].raw == "ALOF-1 : No"
    assert {each.code for each in findings} == {"answer.second_source"}


def test_a_form_beside_a_questionnaire_in_the_folder_of_a_bid(tmp_path):
    home = tmp_path / "bids/A/lot-1"
    home.mkdir(parents=True)
    workbook(home / "q.xlsx", {"Q": [["Identifiant", "Réponse"], ["EG-037", "Non"], ["EG-039", "Oui"], ["EG-036", ""]]})
    declared.mds2(home / "MDS2.xlsx", {}, otherwise="Yes")
    (bid,), findings = read_bids(tmp_path, tender((), "A"), OURS)
    assert bid.answers["EG-037"].declared is Declared.NO
    assert bid.answers["EG-038"].declared is Declared.PARTIAL
    assert bid.answers["EG-036"].declared is Declared.PARTIAL
    codes = {each.point: each.code for each in findings if each.code.startswith("answer.")}
    assert (codes["EG-037"], codes["EG-038"], codes["EG-036"]) == (
        "answer.second_source",
        "answer.from_mds2",
        "answer.from_mds2",
    )
    assert not [
        each
        for each in findings
        if each.code in {"file.no_points", "file.attachment", "answer.conflict", "proof.absent"}
    ]
    missing = next(each for each in findings if each.code == "answer.missing")
    assert "EG-038" not in str(missing.understood)


def test_forms_with_our_questionnaire_in_one_workbook(tmp_path):
    import openpyxl

    path = declared.mds2(tmp_path / "both.xlsx", {}, otherwise="Yes")
    book = openpyxl.load_workbook(path)
    for row in (["Identifiant", "Réponse"], ["EG-037", "Non"], ["EG-066", "Oui"]):
        if row[0] == "Identifiant":
            sheet = book.create_sheet("Questionnaire")
        sheet.append(row)
    book.save(path)
    reading = answers(path)
    assert reading.answers["EG-037"].declared is Declared.NO
    assert reading.answers["EG-066"].declared is Declared.YES
    assert reading.answers["EG-038"].declared is Declared.PARTIAL
