"""Diagnoses begun, filled by several people, finished, begun again; what each page shows and what it writes."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from egide import reference
from egide.diagnosis.filled import State
from egide.diagnosis.questionnaire import Depth
from egide.web.audit.models import Entry
from egide.web.design.words import said
from egide.web.diagnoses import convert, ending, models, results
from egide.web.diagnoses.answering import token
from egide.web.establishments.models import Category, Establishment, Fact, Observation
from web.diagnoses.access import answered, begun, convert_token, finished

pytestmark = pytest.mark.django_db
PRACTICE = reference.questionnaires()[Depth.PRACTICE]
BRANCH = next(each for each in PRACTICE.questions if each.asked_if and not each.na_allowed)
DECIDES = PRACTICE.by_id[BRANCH.asked_if.question]


@pytest.fixture
def rssi(hospital, sign_in):
    return sign_in(hospital.evaluator)


def url(view, row, *more):
    return reverse(f"diagnoses:{view}", args=[row.uuid, *more])


def html(response):
    text = response.content.decode()
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'").replace("&#x27;", "'")


def place(question):
    return 1 + PRACTICE.questions.index(question)


def chapter_of(question):
    return 1 + next(n for n, each in enumerate(PRACTICE.chapters) if question in each.questions)


def send(client, row, question, level, **more):
    """Answer one question as its page does, from what the page shows now."""
    row.refresh_from_db()
    name = f"q{place(question)}"
    data = {f"{name}-level": level, f"{name}-seen": token(row.answers.get(question.id, {}))}
    return client.post(url("chapter", row, chapter_of(question)), data | {f"{name}-{key}": value for key, value in more.items()})  # fmt: skip


# -------------------------------------------------------------------------------------------------------------- begun
@pytest.mark.parametrize(
    ("category", "depth"),
    [
        (Category.UNIVERSITY, "university"),
        (Category.CARE_HOME, "practice"),
        (Category.LOCAL, "hospital"),
        ("", "hospital"),
    ],
)
def test_the_depth_that_suits_the_category_is_proposed(rssi, hospital, category, depth):
    Establishment.objects.create(organisation=hospital.organisation, category=category)
    page = rssi.get(url("begin", hospital.organisation)).content.decode()
    chosen = page.index("checked")
    assert f'value="{depth}"' in page[chosen - 200 : chosen]
    assert ("pas précisée" in page) is not bool(category)


def test_a_diagnosis_is_begun_once(rssi, hospital):
    first = rssi.post(url("begin", hospital.organisation), {"what": "practice"})
    row = models.Diagnosis.objects.get()
    assert first.url == url("one", row)
    assert (row.depth, row.begun_by, convert.questionnaire(row.questionnaire)) == ("practice", hospital.evaluator, PRACTICE)  # fmt: skip
    again = rssi.post(url("begin", hospital.organisation), {"what": "practice"}, follow=True)
    assert "déjà commencé" in html(again)
    assert models.Diagnosis.objects.count() == models.Questionnaire.objects.count() == 1


def test_a_new_one_takes_up_the_last_answers_each_to_confirm(rssi, world, hospital):
    last = answered(world)
    ending.finished(last, hospital.buyer, datetime(2026, 3, 4, 12, tzinfo=UTC))
    for name in last.answers:
        last.answers[name]["at"] = "2026-03-04T12:00:00+00:00"
    last.save()
    rssi.post(url("begin", hospital.organisation), {"what": "practice", "again": "on"})
    row = models.Diagnosis.objects.get(finished_at=None)
    assert {each["since"] for each in row.answers.values()} == {"2026-03-04"}
    assert "à confirmer" in html(rssi.get(url("blanks", row)))
    question = PRACTICE.questions[0]
    send(rssi, row, question, question.best.code, confirmed="on")
    row.refresh_from_db()
    assert "since" not in row.answers[question.id]
    assert row.answers[question.id]["by"] == str(hospital.evaluator.uuid)
    page = chapter_of(PRACTICE.questions[-1])
    rest = PRACTICE.chapters[page - 1].questions
    data = {f"q{place(each)}-{key}": value for each in rest for key, value in (("level", row.answers[each.id]["level"]), ("seen", token(row.answers[each.id])))}  # fmt: skip
    rssi.post(url("chapter", row, page), data | {"confirm_all": "1"})
    row.refresh_from_db()
    assert not any("since" in row.answers[each.id] for each in rest)


def test_an_observation_is_dated_by_the_mean_day_of_its_answers(world):
    row = answered(world)
    measure = next(each.measure for each in PRACTICE.questions if each.measure == "mfa")
    asked = [each for each in PRACTICE.questions if each.measure == measure and each.asked_if is None]
    row.answers[asked[0].id]["since"] = "2025-11-20"
    seen = {each.measure: each.observed_on for each in convert.observations(row, date(2026, 11, 20))}
    assert date(2025, 11, 20) < seen[measure] < date(2026, 11, 20)
    assert seen["backup"] == date(2026, 11, 20)


def test_the_result_counts_the_age_of_answers_that_nobody_confirmed(world):
    row = answered(world, proven=True)
    fresh = results.made(row).shown.maturity.levels["backup"].low
    for each in row.answers.values():
        each["since"] = "2022-01-04"
    old = results.made(row).shown
    assert 0 < old.maturity.levels["backup"].low < fresh == 1
    assert [each.level for each in old.priorities.first] == [pytest.approx(old.maturity.levels["backup"].low)] * 6


# ------------------------------------------------------------------------------------------------------------- filled
def test_answers_are_saved_and_told_to_the_trail_without_their_texts(rssi, world, hospital):
    row, question = begun(world), PRACTICE.questions[0]
    assert send(rssi, row, question, question.best.code, proven="on", proof="Registre du 3 mai").status_code == 302
    row.refresh_from_db()
    kept = row.answers[question.id]
    assert (kept["level"], kept["proven"], kept["proof"]) == (question.best.code, True, "Registre du 3 mai")
    entry = Entry.objects.get(action="diagnosis.answered")
    assert entry.details == {question.id: ["", f"{question.best.code}+"]}
    page = html(rssi.get(url("chapter", row, 1)))
    assert "Registre du 3 mai" in page
    assert f"par {hospital.evaluator}" in page


def test_a_page_sent_unchanged_writes_nothing(rssi, world):
    row, question = begun(world), PRACTICE.questions[0]
    send(rssi, row, question, "")
    assert not Entry.objects.filter(action="diagnosis.answered").exists()


def test_a_question_appears_when_another_opens_it(rssi, world):
    row = begun(world)
    page = chapter_of(BRANCH)
    assert said(BRANCH.text) not in rssi.get(url("chapter", row, page)).content.decode()
    answer = send(rssi, row, DECIDES, BRANCH.asked_if.levels[0], **{"continue": "1"})
    assert answer.url.startswith(url("chapter", row, page))
    shown = rssi.get(answer.url).content.decode()
    assert said(BRANCH.text) in shown
    assert "de plus ici" in shown


def test_what_is_saved_in_place_answers_with_what_changes(rssi, world):
    row, name = begun(world), f"q{place(DECIDES)}"
    data = {f"{name}-level": BRANCH.asked_if.levels[0], f"{name}-seen": convert_token({})}
    answer = rssi.post(url("chapter", row, chapter_of(DECIDES)), data, headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in part
    assert f'id="q{place(BRANCH)}" aria-labelledby' in part
    assert f'id="id_{name}-seen" value="{token({"level": BRANCH.asked_if.levels[0]})}"' in part
    assert 'id="avancement" hx-swap-oob' in part


def test_what_two_people_changed_is_said_in_place_too(rssi, world):
    first, second = PRACTICE.chapters[1].questions[:2]
    row = begun(world, **{first.id: "a"})
    data = {f"q{place(each)}-seen": convert_token({}) for each in PRACTICE.chapters[1].questions}
    data |= {
        f"q{place(first)}-level": "b", f"q{place(second)}-level": second.best.code,
        f"q{place(second)}-proof": "x" * 4000,
    }  # fmt: skip
    part = html(rssi.post(url("chapter", row, 2), data, headers={"HX-Request": "true"}))
    assert "Quelqu'un d'autre a répondu en même temps" in part
    assert part.count("<section") == 2
    assert "field-errors" in part
    row.refresh_from_db()
    assert {name: each["level"] for name, each in row.answers.items()} == {first.id: "a"}


def test_two_people_fill_two_chapters_and_one_question_and_nothing_is_lost(rssi, world, hospital, sign_in):
    row, dpo = begun(world), sign_in(hospital.director)
    first, last = PRACTICE.questions[0], PRACTICE.questions[-3]
    assert send(rssi, row, first, "a").status_code == 302
    assert send(dpo, row, last, last.best.code).status_code == 302
    late = {f"q{place(first)}-level": "b", f"q{place(first)}-seen": token({})}
    page = dpo.post(url("chapter", row, chapter_of(first)), late)
    assert page.status_code == 200
    assert "Quelqu'un d'autre a répondu en même temps" in html(page)
    assert said(first.level_of["b"].text) in page.content.decode()
    row.refresh_from_db()
    assert (row.answers[first.id]["level"], row.answers[last.id]["level"]) == ("a", last.best.code)


def test_not_applicable_needs_a_reason(rssi, world):
    asked = reference.questionnaires()[Depth.HOSPITAL]
    row = begun(world, Depth.HOSPITAL)
    question = next(each for each in asked.questions if each.na_allowed and not each.asked_if)
    number = 1 + next(n for n, each in enumerate(asked.chapters) if question in each.questions)
    name = f"q{1 + asked.questions.index(question)}"
    rssi.post(url("chapter", row, number), {f"{name}-level": "na", f"{name}-seen": token({})})
    row.refresh_from_db()
    assert convert.reading(row, date(2026, 11, 20)).by_id[question.id].state is State.REFUSED
    assert "sans raison" in html(rssi.get(url("blanks", row)))
    seen = token(row.answers[question.id])
    rssi.post(url("chapter", row, number), {f"{name}-level": "na", f"{name}-reason": "Aucun ici.", f"{name}-seen": seen})  # fmt: skip
    row.refresh_from_db()
    assert convert.reading(row, date(2026, 11, 20)).by_id[question.id].state is State.NOT_APPLICABLE


def test_a_faulty_field_is_shown_and_the_others_are_saved(rssi, world):
    row = begun(world)
    first, second = PRACTICE.chapters[1].questions[:2]
    data = {
        f"q{place(first)}-level": first.best.code, f"q{place(first)}-seen": token({}), f"q{place(first)}-proof": "x" * 4000,
        f"q{place(second)}-level": second.best.code, f"q{place(second)}-seen": token({}),
    }  # fmt: skip
    page = rssi.post(url("chapter", row, 2), data)
    assert 'id="erreurs"' in page.content.decode()
    assert "Le reste est enregistré" in html(page)
    assert "Rien n'est enregistré" not in html(page)
    row.refresh_from_db()
    assert list(row.answers) == [second.id]


def test_a_reader_reads_and_cannot_write(sign_in, world, hospital):
    row, reader = begun(world), sign_in(hospital.reader)
    page = html(reader.get(url("chapter", row, 1)))
    assert "Votre rôle permet de lire" in page
    assert "<fieldset" in page
    assert page.count(" disabled>") == len(PRACTICE.chapters[0].questions)
    assert "Enregistrer" not in page


def test_a_chapter_that_is_not_there_is_not_found(rssi, world):
    row = begun(world)
    assert rssi.get(url("chapter", row, 99)).status_code == rssi.get(url("chapter", row, 0)).status_code == 404


# ----------------------------------------------------------------------------------------------------------- finished
def test_finishing_freezes_it_and_writes_what_it_observes(rssi, world, hospital):
    row = answered(world, proven=True)
    answer = rssi.post(url("finish", row), follow=True)
    assert "Diagnostic terminé" in html(answer)
    row.refresh_from_db()
    assert row.finished_by == hospital.evaluator
    seen = Observation.objects.filter(origin=row.uuid)
    assert {each.code for each in seen} == set(PRACTICE.measures)
    assert {each.reliability for each in seen if each.code == "backup"} == {"proven"}
    assert html(rssi.get(reverse("establishments:observations", args=[hospital.organisation.uuid]))).count("Prise en compte") == seen.count()  # fmt: skip
    question = PRACTICE.questions[0]
    assert send(rssi, row, question, "a").status_code == 403
    assert rssi.post(url("upload", row)).status_code == 403
    for view in ("one", "blanks", "finish", "remove", "upload"):
        assert rssi.get(url(view, row)).url == url("result", row)
    assert rssi.get(url("chapter", row, 1)).url == url("result", row)
    rssi.post(url("remove", row))
    assert models.Diagnosis.objects.filter(pk=row.pk).exists()


def test_the_maturity_of_an_organisation_forgets_what_was_withdrawn(world, hospital):
    row = finished(world, proven=True)
    today = timezone.localdate()
    whole = convert.maturity_of(hospital.organisation, today)
    assert whole.levels["backup"].low == 1
    assert whole == convert.maturities_of((hospital.organisation, world.other.organisation), today)[hospital.organisation.pk]  # fmt: skip
    assert convert.maturity_of(hospital.organisation, date(2026, 11, 1)).levels["backup"].low == 0
    Observation.objects.filter(origin=row.uuid, code="backup").update(withdrawn_at=timezone.now())
    assert convert.maturity_of(hospital.organisation, today).levels["backup"].low == 0


def test_a_row_gives_back_the_observation_that_it_holds(world):
    asked = reference.questionnaires()[Depth.HOSPITAL]
    na = next(each for each in asked.questions if each.na_allowed and each.counts and not each.asked_if)
    given = {each.id: each.levels[1].code for each in asked.questions[::2]}
    row = begun(world, Depth.HOSPITAL, **given | {na.id: {"not_applicable": True, "reason": "Aucun."}})
    ending.finished(row, row.begun_by)
    today = timezone.localdate()
    seen = {each.measure: each for each in convert.observed_of((row.organisation,), today)[row.organisation_id]}
    assert seen.keys() == {each.measure for each in convert.observations(row, today)}
    for each in convert.observations(row, today):
        back = seen[each.measure]
        pairs = [
            (each.level.low, back.level.low),
            (each.best.low, back.best.low),
            (each.completeness, back.completeness),
        ]
        pairs += [(each.proven, back.proven), (each.best_proven, back.best_proven)]
        pairs += [(one.high, other.high) for one, other in ((each.level, back.level), (each.best, back.best))]
        assert [one for one, _ in pairs] == pytest.approx([other for _, other in pairs], abs=6e-5)
        assert (back.reliability, back.source) == (each.reliability, each.source)
    assert seen[na.measure].level.low != seen[na.measure].level.high


def test_a_diagnosis_is_given_up(rssi, world):
    row = begun(world)
    assert "seront perdues" in html(rssi.get(url("remove", row)))
    rssi.post(url("remove", row))
    assert not models.Diagnosis.objects.exists()


# ------------------------------------------------------------------------------------------------------------- result
def test_the_result_says_what_to_do_first_and_what_is_proven(rssi, world):
    row = begun(world, **{each.id: each.levels[0].code for each in PRACTICE.questions[:6]})
    page = html(rssi.get(url("result", row)))
    assert "Résultat provisoire" in page
    assert "Ce qui est sans réponse compte comme absent." in page
    assert page.count("<h3") >= 6
    assert "<svg" in page
    assert "Toutes les réponses" in page
    assert "style=" not in page


def test_the_result_on_paper_and_in_a_workbook(rssi, world):
    row = finished(world)
    paper = rssi.get(url("paper", row))
    assert paper.content.startswith(b"%PDF")
    assert "diagnostic-centre-hospitalier-de-valmont" in paper["Content-Disposition"]
    assert rssi.get(url("workbook", row)).content.startswith(b"PK")


def test_an_old_result_is_read_with_its_own_questions(rssi, world, monkeypatch):
    row = finished(world)
    monkeypatch.setattr(reference, "questionnaires", dict)
    assert said(PRACTICE.questions[0].text) in rssi.get(url("result", row)).content.decode()


# -------------------------------------------------------------------------------------------------------------- costs
@pytest.mark.parametrize(("view", "most"), [("one", 12), ("blanks", 12), ("result", 13), ("finish", 12)])
def test_pages_ask_the_database_little(rssi, world, view, most, django_assert_max_num_queries):
    row = answered(world, Depth.UNIVERSITY, "worst")
    with django_assert_max_num_queries(most):
        rssi.get(url(view, row))


def test_a_chapter_asks_the_database_little(rssi, world, django_assert_max_num_queries):
    row = answered(world, Depth.UNIVERSITY)
    with django_assert_max_num_queries(12):
        rssi.get(url("chapter", row, 4))


def test_the_page_of_an_organisation_asks_the_database_little(rssi, world, hospital, django_assert_max_num_queries):
    Establishment.objects.create(organisation=hospital.organisation)
    for _ in range(4):
        finished(world, depth=Depth.HOSPITAL)
    for view in ("show", "compare", "map"):
        with django_assert_max_num_queries(14):
            rssi.get(url(view, hospital.organisation))


def test_a_figure_of_the_establishment_is_in_its_workbook(world, hospital):
    from egide.web.diagnoses.workbooks import figures_of

    of = Establishment.objects.create(organisation=hospital.organisation)
    Fact.objects.create(establishment=of, code="revenue", year=2025, value="300000", source="compte")
    assert {code: str(value) for code, value in figures_of(hospital.organisation, PRACTICE).items()} == {
        "revenue": "300000"
    }
