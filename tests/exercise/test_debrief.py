"""What a play showed: results by family, findings and their severity, what people decided of them, the story."""

from dataclasses import replace
from datetime import date

import pytest

from egide.exercise.debrief import (
    Constat,
    Gravity,
    Progress,
    clocked,
    constats,
    debrief,
    measure,
    plan,
)
from egide.exercise.record import Act, Action, Done, Jot, Note, Pause
from egide.message import Text
from exercise.plays import NORTH, SOUTH, after, decision, event, expectation, item, record, script, tick

SCRIPT = script(item("ALE-01"), item("ALE-02"))
ASKED = event(
    "ALE-01",
    expectation("a"),
    expectation("b", "governance", minutes=60, by="wards"),
    expectation("c", "identity", minutes=None, measure="mfa"),
    sent=60,
)
ALL_NO = tuple(tick(n, "no", expected=code) for n, code in enumerate("abc"))


def shown(*events, **other):
    return debrief(SCRIPT, record(*(events or (ASKED,)), **other))


def test_what_was_not_observed_is_nothing_in_the_level_and_all_in_the_best():
    found = shown(ticks=(tick(1, "yes"),))
    assert (round(found.whole.low, 3), found.whole.best, round(found.whole.completeness, 3)) == (0.333, 1.0, 0.333)
    assert [each.expectation.id for each in found.unseen] == ["b", "c"]
    assert [each.expectation.id for each in found.strengths] == ["a"]
    assert found.constats == ()


def test_results_are_by_family_measure_function_module_and_site():
    found = shown(ticks=(tick(1, "yes", site="n"),), sites=(NORTH, SOUTH))
    assert {code: each.low for code, each in found.families.items()} == {
        "governance": 0,
        "continuity": 0.5,
        "identity": 0,
    }
    assert list(found.measures) == ["governance", "mfa", "continuity"]
    assert list(found.functions) == ["director", "wards"]
    assert list(found.modules) == ["alert"]
    assert [each.asked for each in found.sites.values()] == [3, 3]
    assert (found.title.fr, found.level, found.sent, found.skipped, found.left) == ("Débutant", 1, 1, 0, 0)


def test_a_family_of_somebody_elses_feeds_no_measure():
    assert measure(expectation(family="continuity")) == "continuity"
    assert measure(expectation(family="")) == ""
    assert measure(expectation(family="continuity", measure="mfa")) == ""
    assert shown(event("X", expectation(family="")), ticks=(tick(1, "no", on="X"),)).constats[0].measure == ""


@pytest.mark.parametrize(
    ("minutes", "done", "at", "gravity", "seen"),
    [
        (15, "no", 60, Gravity.MAJOR, "Pas fait (attendu en 15 min)."),
        (16, "no", 60, Gravity.SIGNIFICANT, "Pas fait (attendu en 16 min)."),
        (None, "no", 60, Gravity.SIGNIFICANT, "Pas fait."),
        (15, "partial", 60, Gravity.SIGNIFICANT, "Fait en partie."),
        (None, "partial", 60, Gravity.MINOR, "Fait en partie."),
        (10, "yes", 660, None, ""),
        (10, "yes", 661, None, ""),
        (10, "yes", 720, Gravity.MINOR, "Fait en 11 min au lieu de 10 min."),
        (10, "yes", 1260, Gravity.SIGNIFICANT, "Fait en 20 min au lieu de 10 min."),
        (60, "yes", 7260, Gravity.MINOR, "Fait en 2 h 00 au lieu de 60 min."),
        (0, "yes", 7260, None, ""),
    ],
)
def test_how_grave_comes_from_what_was_missed_and_how_late(minutes, done, at, gravity, seen):
    its = event("ALE-01", expectation(minutes=minutes), sent=60)
    found = shown(its, ticks=(tick(1, done, at=at),), lasted=9000).constats
    assert [(each.gravity, str(each.seen)) for each in found] == ([] if gravity is None else [(gravity, seen)])


def test_a_disagreement_is_a_finding_that_says_so_until_it_is_settled():
    torn = (tick(1, "yes"), tick(2, "no", "B"))
    found = shown(event("ALE-01"), ticks=torn)
    assert "ne sont pas d'accord" in str(found.constats[0].seen)
    assert len(found.disputed) == 1
    settled = shown(event("ALE-01"), ticks=torn, decisions=(decision(3, Done.YES),))
    assert (settled.constats, settled.disputed) == ((), ())


def test_one_finding_for_all_sites_at_its_gravest():
    seen = (tick(1, "partial", site="n"), tick(2, "no", site="s"))
    (found,) = shown(event("ALE-01"), sites=(NORTH, SOUTH), ticks=seen).constats
    assert (found.id, found.gravity, found.sites) == ("ALE-01/a", Gravity.MAJOR, ("n", "s"))
    assert str(found.seen).startswith("Pas fait")


def test_the_gravest_come_first_then_in_the_order_of_the_families():
    found = shown(ticks=ALL_NO).constats
    assert [(each.id, each.gravity) for each in found] == [
        ("ALE-01/a", Gravity.MAJOR),
        ("ALE-01/b", Gravity.SIGNIFICANT),
        ("ALE-01/c", Gravity.SIGNIFICANT),
    ]


def test_what_people_decided_of_a_finding_stands():
    seen = shown(ticks=ALL_NO)
    mine = replace(
        seen.constats[0], gravity=Gravity.MINOR, owner="Mme Roy", due=date(2027, 1, 4), progress=Progress.STARTED
    )
    own = Constat("own-1", "", "", "it", Gravity.MAJOR, Text("Pas de téléphone"), added=True)
    again = debrief(SCRIPT, record(ASKED, ticks=ALL_NO), [mine, own, *seen.constats[1:]]).constats
    assert [each.id for each in again] == ["own-1", "ALE-01/b", "ALE-01/c", "ALE-01/a"]
    assert again[-1] == mine


def test_a_finding_that_a_corrected_tick_takes_away_stays_if_people_did_something_about_it():
    first, second, third = shown(ticks=ALL_NO).constats
    kept = [replace(first, remedy="Afficher la consigne"), replace(second, gravity=Gravity.MAJOR), third]
    assert [each.id for each in constats((), kept)] == ["ALE-01/a"]


def test_the_plan_is_what_is_open_by_date_then_by_gravity():
    first, second, third = shown(ticks=ALL_NO).constats
    due = replace(third, due=date(2027, 1, 4), progress=Progress.STARTED)
    assert [each.id for each in plan([first, second, due])] == ["ALE-01/c", "ALE-01/a", "ALE-01/b"]
    over = (replace(first, progress=Progress.DONE), replace(second, progress=Progress.DROPPED))
    assert plan([*over, third]) == (third,)


def test_reactions_are_timed_the_latest_first():
    seen = (tick(1, "yes", at=120), tick(2, "yes", expected="b", at=7200), tick(3, "no", expected="c"))
    found = shown(ticks=seen, lasted=9000)
    assert [(each.outcome.expectation.id, each.seconds, each.expected, each.late) for each in found.reactions] == [
        ("b", 7140, 60, 3540),
        ("a", 60, 5, 0),
    ]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (3660, "1 h 01")]
)
def test_seconds_are_said_as_people_say_them(seconds, said):
    assert str(clocked(seconds)) == said


def test_the_story_is_told_in_order_with_its_instants():
    found = shown(
        event("ALE-01", expectation("a"), expectation("b"), expectation("c"), expectation("d"), sent=60),
        event("ALE-01-R2", expectation("a"), sent=300, of="ALE-01", sites=("n",)),
        event("ALE-02", sent=None),
        event("ALE-03", sent=None),
        sites=(NORTH,),
        pauses=(Pause(200, 600),),
        ticks=(
            tick(1, "partial", at=120, site="n"),
            tick(2, "yes", expected="b", at=400, site="n"),
            tick(3, "yes", on="ALE-03", at=500, site="n"),
        ),
        decisions=tuple(
            replace(decision(10 + n, done, 600 + n, site="n"), expectation=code)
            for n, (code, done) in enumerate(zip("abcd", Done, strict=True))
        ),
        notes=(
            Note(5, 130, Jot.LOG, "Mme Roy", "cellule réunie", "n"),
            Note(6, 3600, Jot.WELL, "tous", "le calme"),
            Note(7, 3600, Jot.BETTER, "tous", "le téléphone"),
        ),
        actions=(
            Action(8, 250, Act.SKIPPED, "M. Petit", "ALE-02"),
            Action(9, 200, Act.PAUSED, "M. Petit"),
            Action(10, 250, Act.SKIPPED, "M. Petit", "ALE-99"),
        ),
    )
    assert [(each.at, str(each.said), each.site) for each in found.story] == [
        (0, "Début de l'exercice (STARTEX).", ""),
        (60, "« Titre ALE-01 » est envoyé.", ""),
        (120, "Au bout de 1 min : Fait a", "Nord"),
        (130, "Mme Roy : cellule réunie", "Nord"),
        (200, "Pause de 10 min.", ""),
        (250, "« Titre ALE-02 » est sauté.", ""),
        (300, "« Titre ALE-01 » est renvoyé.", "Nord"),
        (400, "En partie, au bout de 5 min : Fait b", "Nord"),
        (500, "Sans attendre le stimulus : Fait a", "Nord"),
        (600, "Mme Roy décide : fait. Fait a", "Nord"),
        (601, "Mme Roy décide : fait en partie. Fait b", "Nord"),
        (602, "Mme Roy décide : pas fait. Fait c", "Nord"),
        (603, "Mme Roy décide : non observé. Fait d", "Nord"),
        (3600, "Fin de l'exercice (ENDEX).", ""),
    ]
    assert found.story[0].instant == after(0)
    assert found.story[7].instant == after(1000)
    assert [each.text for each in (*found.well, *found.better)] == ["le calme", "le téléphone"]


def test_results_typed_in_afterwards_have_no_beginning_nor_end():
    found = shown(started=None, ended=None, lasted=None)
    assert [str(each.said) for each in found.story] == ["« Titre ALE-01 » est envoyé."]
    assert found.story[0].instant is None
