"""The journal as files: read whole, every fault at once, names and dates checked; a skeleton that reads back."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from builders import price_and_technical, tender
from egide.exchange.journal_file import moment, read_journal, skeleton
from egide.tender.model import Tenderer
from egide.tender.procedure.journal import Journal, Opening

BUYING = tender(
    price_and_technical(), tenderers=(Tenderer("A", "Société Alpha"), Tenderer("B", "Bêta", lots=("lot-1",)))
)


def read(folder, text: str = "", **others: str):
    if text:
        (folder / "journal.yaml").write_text("format: 1\n" + text, encoding="utf-8")
    for name, content in others.items():
        (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
    return read_journal(folder, BUYING)


def codes(found):
    return [(each.code.removeprefix("journal."), each.place) for each in found]


def test_nothing_written_is_an_empty_journal(tmp_path):
    assert read(tmp_path) == (Journal(), [])
    assert read(tmp_path, "# rien encore\n") == (Journal(), [])


def test_a_file_with_comments_only_is_an_empty_journal(tmp_path):
    (tmp_path / "journal.yaml").write_text("# rien\n", encoding="utf-8")
    assert read_journal(tmp_path, BUYING) == (Journal(), [])


def test_all_faults_are_told_at_once_with_their_place(tmp_path):
    given, found = read(
        tmp_path,
        "opening: {at: 2026-09-02T09:00:00}\nawards: [{lot: lot-1, tenderer: A, by: x}]\nsent: [{tenderer: A, lot: lot-1, kind: lettre, on: 2026-13-01}]\nrefus: x\n",
    )
    assert given == Journal()
    places = {each.place for each in found}
    assert places == {"opening.at", "awards[0].on", "sent[0].kind", "sent[0].on", "refus"}
    assert {each.file for each in found} == {"journal.yaml"}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\xff\xfe\x00", "journal.unreadable"), (b"format: 2\n", "journal.format"), (b"awards: [\n", "plain.yaml"), (b"- a\n", "plain.value")],
)  # fmt: skip
def test_what_cannot_be_read_is_one_finding(tmp_path, content, code):
    (tmp_path / "journal.yaml").write_bytes(content)
    given, found = read_journal(tmp_path, BUYING)
    assert (given, [each.code for each in found]) == (Journal(), [code])


def test_names_that_the_tender_does_not_know_are_told(tmp_path):
    _, found = read(
        tmp_path,
        """
declarations: [{evaluator: rssy, on: 2026-08-01, conflict: false, lots: [lot-1, lot-7]}]
negotiations: [{round: 2, on: 2026-09-05, invited: [A, Z]}]
awards: [{lot: lot-2, tenderer: A, on: 2026-09-20, by: x}]
signatures: [{lot: "", on: 2026-10-05, by: x}]
referrals: [{lot: "", received_on: 2026-10-01}]
questions: [{id: 1, received_on: 2026-07-05T10:00+02:00, text: "?", asked_by: "Un inconnu"}]
""",
    )
    assert codes(found) == [
        ("unknown", "declarations[0].evaluator"),
        ("unknown", "declarations[0].lots"),
        ("unknown", "negotiations[0].invited"),
        ("unknown", "awards[0].lot"),
        ("unknown", "signatures[0].lot"),
    ]


def test_an_award_goes_to_somebody_who_answered_the_lot(tmp_path):
    buying = tender(price_and_technical(), tenderers=(Tenderer("A"), Tenderer("B", lots=("lot-9",))))
    (tmp_path / "journal.yaml").write_text(
        "awards: [{lot: lot-1, tenderer: B, on: 2026-09-20, by: x}]", encoding="utf-8"
    )
    assert codes(read_journal(tmp_path, buying)[1]) == [("lot", "awards[0]")]


def test_dates_follow_each_other(tmp_path):
    _, found = read(
        tmp_path,
        """
publication: {on: 2026-09-10}
opening: {at: 2026-09-02T09:00+02:00}
questions: [{id: 1, received_on: 2026-07-05T10:00+02:00, text: "?", answered_at: 2026-07-05T09:59+02:00}]
proofs: [{tenderer: A, lot: lot-1, what: x, asked_on: 2026-09-20, deadline: 2026-09-19T12:00+02:00, received_on: 2026-09-20}]
awards: [{lot: lot-1, tenderer: A, on: 2026-09-20, by: x}]
signatures: [{lot: lot-1, on: 2026-09-19, by: x, notified_on: 2026-09-18}]
""",
    )
    assert codes(found) == [
        ("order", "questions[0].answered_at"),
        ("order", "proofs[0].deadline"),
        ("order", "signatures[0].notified_on"),
        ("order", "opening"),
        ("order", "signatures"),
        ("order", "signatures[0].on"),
    ]


def test_the_register_of_deposits_is_read_with_the_journal(tmp_path):
    register = "format: 1\ndeposits: [{tenderer: A, ended_at: 2026-08-31T10:00+02:00}, {tenderer: '', ended_at: 2026-08-31T11:00+02:00}]\n"
    given, found = read(tmp_path, deposits_yaml=register)
    assert (len(given.deposits), found) == (2, [])
    given, found = read(tmp_path, "deposits: [{tenderer: B, ended_at: 2026-08-31T09:00+02:00}]\n")
    assert [each.tenderer for each in given.deposits] == ["B"]
    assert codes(found) == [("twice", "deposits")]
    (tmp_path / "journal.yaml").unlink()
    assert codes(read(tmp_path, deposits_yaml=register.replace(": A", ": Z"))[1]) == [
        ("unknown", "deposits[0].tenderer")
    ]


QUESTIONS = """N° ;Reçue le;Posée par;Question;Réponse;Envoyée le;Substantielle
1;05/07/2026 10:00;Société Alpha;Combien de sites ?;Quatre.;06/07/2026 14h30;non
2;06/07/2026;Conseil & Cie;Reprise des données ?;;;
;07/07/2026 09:00;;Hébergement ?;Ajouté.;08/07/2026;oui
"""


def test_questions_are_read_as_buyers_keep_them(tmp_path):
    given, found = read(tmp_path, questions_csv=QUESTIONS)
    assert found == []
    first, second, third = given.questions
    assert (first.id, first.asked_by, first.answered_at) == ("1", "A", datetime(2026, 7, 6, 14, 30, tzinfo=UTC))
    assert (second.asked_by, second.answered_at, second.received_on.hour) == ("Conseil & Cie", None, 23)
    assert (third.id, third.substantial, third.answered_at.hour) == ("3", True, 23)


def test_faults_of_the_register_of_questions_are_told_by_line(tmp_path):
    wrong = (
        QUESTIONS.replace("05/07/2026 10:00", "hier").replace("06/07/2026 14h30", "le 6").replace(";oui", ";peut-être")
    )
    given, found = read(tmp_path, questions_csv=wrong)
    assert [each.id for each in given.questions] == ["2"]
    assert [(each.code, each.place) for each in found] == [
        ("journal.date", "ligne 2, colonne 1"),
        ("journal.date", "ligne 2, colonne 1"),
        ("journal.word", "ligne 4, colonne 1"),
    ]
    _, found = read(tmp_path, questions_csv="a;b\n1;2\n")
    assert [each.code for each in found] == ["journal.questions"]


def test_questions_written_twice_are_told(tmp_path):
    given, found = read(
        tmp_path, 'questions: [{id: X, received_on: 2026-07-05T10:00+02:00, text: "?"}]\n', questions_csv=QUESTIONS
    )
    assert ([each.id for each in given.questions], codes(found)) == (["X"], [("twice", "questions")])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-07-06 14:30", datetime(2026, 7, 6, 14, 30, tzinfo=UTC)),
        ("2026-07-06T14:30:00+02:00", datetime(2026, 7, 6, 14, 30, tzinfo=timezone(timedelta(hours=2)))),
        ("06/07/2026 à 14h30", datetime(2026, 7, 6, 14, 30, tzinfo=UTC)),
        ("06/07/2026 00:00", datetime(2026, 7, 6, tzinfo=UTC)),
        ("06/07/2026", datetime(2026, 7, 6, 23, 59, tzinfo=UTC)),
        ("31/06/2026", None),
        ("", None),
    ],
)
def test_an_instant_is_read_in_the_zone_of_the_deadline(written, expected):
    assert moment(written, BUYING) == expected


def test_the_skeleton_is_an_empty_journal_and_each_of_its_lines_reads_when_uncommented(tmp_path):
    text = skeleton(BUYING, "abc")
    (tmp_path / "journal.yaml").write_text(text, encoding="utf-8")
    assert read_journal(tmp_path, BUYING) == (Journal(), [])
    body = text.split("format: 1", 1)[1]
    written = re.sub(r"(?m)^# (?=[a-z_]+:|- |  )", "", body)
    written = re.sub(r"(?m)^# .*$", "", written)
    (tmp_path / "journal.yaml").write_text("format: 1\n" + written, encoding="utf-8")
    given, found = read_journal(tmp_path, BUYING)
    assert [each for each in found if each.code != "journal.order"] == []
    assert given.publication.digest == "abc"
    assert isinstance(given.opening, Opening)
    empty = [name for name, value in vars(given).items() if value in ((), None, {})]
    assert set(empty) <= {"deposits", "record"}
    assert given.publication.on == date(2026, 7, 1)


KEYS = st.sampled_from(
    ["format", "awards", "sent", "lot", "tenderer", "on", "opening", "at", "record", "R2184-3-5", "deposits"]
)
VALUES = st.sampled_from(["1", "A", "lot-1", "2026-09-20", "2026-09-20T10:00+02:00", "", "oui", "é", "[", "*x", "\t"])
TREES = st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))


@given(st.one_of(st.binary(max_size=60), TREES.map(lambda tree: yaml.safe_dump(tree, allow_unicode=True).encode())))
def test_whatever_is_written_there_is_an_answer_and_never_a_crash(content):
    with TemporaryDirectory() as folder:
        for name in ("journal.yaml", "deposits.yaml", "questions.csv"):
            (Path(folder) / name).write_bytes(content)
        given_journal, found = read_journal(Path(folder), BUYING)
    assert isinstance(given_journal, Journal)
    assert all(each.file and str(each.understood) and str(each.remedy) for each in found)
