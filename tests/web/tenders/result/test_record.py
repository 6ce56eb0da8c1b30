"""The procedure after the result: steps with their days and rules, letters, the journal as text."""

import html

import pytest
from django.urls import reverse

from egide import plain
from egide.web.audit.models import Entry
from egide.web.tenders import convert, models
from web.tenders.result import made


@pytest.fixture
def soc(world, files):
    """The example whose procedure is told to its end, with its result."""
    return made.example(world, "soc-ght")


def get(client, name, row, **query):
    response = client.get(reverse(f"tenders:{name}", args=[row.uuid]), query)
    return response, html.unescape(response.content.decode())


def lines(response):
    return {(lot, each.step.stage.value): each for lot, steps in response.context["lots"] for each in steps}


# ----------------------------------------------------------------------------------------------------------------- steps
def test_the_steps_follow_the_journal_and_the_day(soc, world, sign_in):
    client = sign_in(world.hospital.director)
    early, _ = get(client, "record", soc, on="01/12/2026")
    late, text = get(client, "record", soc, on="31/12/2027")
    stages = {stage for _, stage in lines(early)}
    assert stages >= {"publish", "open", "award", "inform", "sign", "notify"}
    open_lots = [each for (lot, stage), each in lines(early).items() if stage == "award" and lot]
    assert all(each.step.state == "possible" for each in open_lots)
    done = [each for (_, stage), each in lines(late).items() if stage in {"publish", "award"}]
    assert all(each.step.state == "done" for each in done)
    assert "31/12/2027" in text


def test_a_step_held_by_a_rule_says_which_with_its_article_and_why(soc, world, sign_in):
    row = soc
    journal = {key: value for key, value in row.journal.items() if key not in {"sent", "signatures"}}
    models.Consultation.objects.filter(pk=row.pk).update(journal=journal)
    response, text = get(sign_in(world.hospital.buyer), "record", row, on="31/12/2027")
    held = [each for each in lines(response).values() if each.rules]
    assert held
    for each in held:
        for rule in each.rules:
            assert rule.id in text
            assert rule.article.split(" ; ")[0][:20] in text
            assert (
                rule.why.fr[:30] in text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")
                or rule.why.fr[:12] in text
            )


def test_before_any_result_the_steps_are_shown_too(world, files, sign_in):
    row = made.consultation(world.hospital, 1, 0, opened=False)
    response, text = get(sign_in(world.hospital.buyer), "record", row)
    assert response.status_code == 200
    assert "Rien n’est encore écrit" in text


# --------------------------------------------------------------------------------------------------------------- letters
def test_letters_are_written_and_shown_with_their_archive(soc, world, sign_in):
    client = sign_in(world.hospital.buyer)
    client.post(reverse("tenders:write_record", args=[soc.uuid]), {"on": ""})
    job = made.queue.take()
    made.queue.work(job)
    job.refresh_from_db()
    assert job.state == "done", job.result
    _, text = get(client, "record", soc)
    assert "lettre-rejet-lot-1-brisefort.pdf" in text
    archive = client.get(reverse("tenders:record_archive", args=[soc.uuid]))
    with made.zipfile.ZipFile(made.io.BytesIO(b"".join(archive.streaming_content))) as pack:
        rows = models.Document.objects.filter(consultation=soc, group="record").select_related("stored")
        assert {name: pack.read(name) for name in pack.namelist()} == made.bytes_of(rows)


def test_a_letter_that_is_no_longer_due_is_no_longer_shown(soc, world, sign_in):
    made.worked("record", soc.organisation, world.hospital.buyer, soc, date="")
    journal = {**soc.journal, "awards": [], "sent": [], "proofs": [], "signatures": [], "reasons": []}
    models.Consultation.objects.filter(pk=soc.pk).update(journal=journal)
    made.worked("record", soc.organisation, world.hospital.buyer, soc, date="")
    _, text = get(sign_in(world.hospital.buyer), "record", soc)
    assert "rapport-presentation.pdf" in text
    assert "lettre-attribution" not in text


def test_a_record_on_a_changed_consultation_says_so(soc, world):
    models.Consultation.objects.filter(pk=soc.pk).update(definition={**soc.definition, "reference": "autre"})
    made.worked("record", soc.organisation, world.hospital.buyer, soc, date="")
    [register] = models.Document.objects.filter(group="record", name="sommaire.json").select_related("stored")
    told = made.bytes_of([register])["sommaire.json"].decode()
    assert "record.evaluation" in told


# --------------------------------------------------------------------------------------------------------------- journal
def test_the_journal_is_shown_as_text_and_read_again_the_same(soc, world, sign_in):
    client = sign_in(world.hospital.buyer)
    response, _ = get(client, "journal", soc)
    text = response.context["form"]["text"].value()
    assert "awards:" in text
    answer = client.post(reverse("tenders:journal", args=[soc.uuid]), {"text": text, "base": plain.digest(soc.journal)})
    assert answer["Location"] == reverse("tenders:record", args=[soc.uuid])
    assert convert.journal(models.Consultation.objects.get(pk=soc.pk)) == convert.journal(soc)


def test_a_journal_with_faults_tells_them_all_and_keeps_what_was_typed(soc, world, sign_in):
    typed = "format: 1\nawards:\n- {lot: lot-9, tenderer: inconnu, on: 2026-11-30, by: x}\n- {lot: lot-1, tenderer: autre, on: 2026-11-30, by: x}\n"
    response = sign_in(world.hospital.buyer).post(
        reverse("tenders:journal", args=[soc.uuid]), {"text": typed, "base": plain.digest(soc.journal)}
    )
    assert response.status_code == 200
    assert {each.read for each in response.context["found"]} >= {"lot-9", "inconnu", "autre"}
    assert "journal.publication" in {each.code for each in response.context["found"]}
    assert typed.splitlines()[2] in html.unescape(response.content.decode())
    assert models.Consultation.objects.get(pk=soc.pk).journal == soc.journal


@pytest.mark.parametrize("typed", ["{", "format: 2\n", "inconnu: 1\n", "- liste\n"])
def test_a_text_that_is_no_journal_is_refused(typed, soc, world, sign_in):
    response = sign_in(world.hospital.buyer).post(
        reverse("tenders:journal", args=[soc.uuid]), {"text": typed, "base": plain.digest(soc.journal)}
    )
    assert response.status_code == 200
    assert response.context["found"]
    assert models.Consultation.objects.get(pk=soc.pk).journal == soc.journal


def test_two_people_who_write_at_once_lose_nothing(world, files, sign_in):
    row = made.consultation(world.hospital, 1, 0)
    base = plain.digest(row.journal)
    client, url = sign_in(world.hospital.buyer), reverse("tenders:journal", args=[row.uuid])
    assert client.post(url, {"text": "format: 1\nsourcing: [une]\n", "base": base}).status_code == 302
    second = client.post(url, {"text": "format: 1\nsourcing: [deux]\n", "base": base})
    assert second.status_code == 200
    assert "a changé pendant votre saisie" in html.unescape(second.content.decode())
    assert second.context["form"]["text"].value() == "format: 1\nsourcing: [deux]\n"
    assert convert.journal(models.Consultation.objects.get(pk=row.pk)).sourcing == ("une",)
    again = client.post(url, {name: second.context["form"][name].value() for name in ("text", "base")})
    assert again.status_code == 302
    assert convert.journal(models.Consultation.objects.get(pk=row.pk)).sourcing == ("deux",)


def test_what_an_evaluation_depends_on_makes_the_result_out_of_date(world, files, sign_in):
    row = made.consultation(world.hospital, 2, 1)
    url = reverse("tenders:journal", args=[row.uuid])
    client = sign_in(world.hospital.buyer)
    client.post(url, {"text": "format: 1\nsourcing: [une]\n", "base": plain.digest(row.journal)})
    row.refresh_from_db()
    before = row.marks_revision
    client.post(
        url,
        {
            "text": "format: 1\ncandidacies:\n- {tenderer: s01, admitted: false, on: 2026-03-03, reason: x}\n",
            "base": plain.digest(row.journal),
        },
    )
    row.refresh_from_db()
    assert row.marks_revision == before + 1
    assert Entry.objects.filter(action="journal.written").count() == 2
