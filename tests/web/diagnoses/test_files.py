"""Files of diagnoses: the workbook out and in again, grids of other tools, the map of a system."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from egide import reference
from egide.diagnosis.questionnaire import Depth
from egide.exchange import diagnosis_sheet
from egide.web.audit.models import Entry
from egide.web.diagnoses import convert, models
from web.diagnoses.access import GRID, answered, begun, grid, mapped, sent
from web.diagnoses.test_pages import PRACTICE, html, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]
FIRST, SECOND = PRACTICE.questions[0], PRACTICE.questions[1]


@pytest.fixture
def rssi(hospital, sign_in):
    return sign_in(hospital.evaluator)


def workbook(world, asked=PRACTICE, name="Centre hospitalier de Valmont", **levels):
    row = models.Diagnosis(
        organisation=world.hospital.organisation, answers={key: {"level": each} for key, each in levels.items()}
    )
    row.organisation.name = name
    filled = convert.filled(row, asked, date(2026, 11, 20))
    return SimpleUploadedFile("rempli.xlsx", diagnosis_sheet.content(asked, created=date(2026, 11, 20), filled=filled))


# ----------------------------------------------------------------------------------------------------------- workbook
def test_a_workbook_sent_and_brought_back_changes_nothing(rssi, world):
    row = answered(world)
    before = row.answers
    content = rssi.get(url("workbook", row)).content
    answer = rssi.post(url("upload", row), {"file": SimpleUploadedFile("retour.xlsx", content)}, follow=True)
    assert answer.redirect_chain == [(url("one", row), 302)], html(answer)
    row.refresh_from_db()
    assert row.answers == before


def test_a_workbook_completes_and_what_differs_is_listed(rssi, world):
    row = begun(world, **{FIRST.id: FIRST.levels[0].code})
    file = workbook(world, **{FIRST.id: FIRST.best.code, SECOND.id: SECOND.best.code})
    page = html(rssi.post(url("upload", row), {"file": file}))
    assert "1 réponse(s) reprises" in page
    assert "Réponses qui diffèrent" in page
    row.refresh_from_db()
    assert {name: each["level"] for name, each in row.answers.items()} == {FIRST.id: FIRST.levels[0].code, SECOND.id: SECOND.best.code}  # fmt: skip
    file = workbook(world, **{FIRST.id: FIRST.best.code, SECOND.id: SECOND.best.code})
    rssi.post(url("upload", row), {"file": file, "replace": "on"})
    row.refresh_from_db()
    assert row.answers[FIRST.id]["level"] == FIRST.best.code
    assert Entry.objects.filter(action="diagnosis.uploaded").count() == 2


def test_a_workbook_of_another_name_is_said(rssi, world):
    row = begun(world)
    page = html(rssi.post(url("upload", row), {"file": workbook(world, name="Hôpital de Brumont", **{FIRST.id: "a"})}))
    assert "le classeur porte le nom « Hôpital de Brumont »" in page


@pytest.mark.parametrize("content", [b"", b"n'importe quoi", b"PK\x03\x04 coup\xe9"])
def test_what_is_not_the_workbook_is_refused_and_nothing_is_lost(rssi, world, content):
    row = begun(world, **{FIRST.id: "a"})
    answer = rssi.post(url("upload", row), {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 422
    row.refresh_from_db()
    assert list(row.answers) == [FIRST.id]


def test_the_workbook_of_another_depth_is_refused(rssi, world):
    row = begun(world)
    file = workbook(world, reference.questionnaires()[Depth.HOSPITAL])
    answer = rssi.post(url("upload", row), {"file": file})
    assert answer.status_code == 422
    assert "n'est pas le classeur de ce diagnostic" in html(answer)


# -------------------------------------------------------------------------------------------------------------- grids
def test_a_grid_is_brought_matched_and_answered(rssi, hospital):
    of = hospital.organisation
    answer = rssi.post(url("bring", of), {"file": sent(GRID, "grille.yaml")})
    row = models.Questionnaire.objects.get(own=True)
    assert answer.url == url("match", row)
    page = rssi.get(answer.url).content.decode()
    assert page.count('value="backup" selected') == 1
    rssi.post(answer.url, {"m1": "backup", "m2": ""})
    row.refresh_from_db()
    assert [each.measure for each in convert.questionnaire(row).questions] == ["backup", ""]
    assert "1 sur 2" in html(rssi.get(url("grids", of)))
    rssi.post(url("begin", of), {"what": str(row.uuid)})
    diagnosis = models.Diagnosis.objects.get()
    assert (diagnosis.depth, diagnosis.questionnaire) == ("", row)
    assert "Les sauvegardes sont-elles hors ligne" in html(rssi.get(url("chapter", diagnosis, 1)))
    assert rssi.post(answer.url, {"m1": "", "m2": ""}).status_code == 403
    assert "Grille déjà utilisée" in html(rssi.get(answer.url))
    assert rssi.get(url("remove_grid", row)).status_code == 404


def test_a_grid_that_feeds_nothing_is_answered_and_shown(rssi, hospital):
    hostile = GRID.replace("Grille fictive", "<b>Grille</b>").replace("Toujours", "<script>toujours</script>")
    rssi.post(url("bring", hospital.organisation), {"file": sent(hostile, "grille.yaml")})
    row = models.Questionnaire.objects.get()
    rssi.post(url("begin", hospital.organisation), {"what": str(row.uuid)})
    diagnosis = models.Diagnosis.objects.get()
    for view, more in (("one", ()), ("chapter", (1,)), ("blanks", ()), ("result", ()), ("finish", ())):
        page = rssi.get(url(view, diagnosis, *more)).content.decode()
        assert "<b>Grille" not in page
        assert "<script>toujours" not in page
    assert rssi.get(url("paper", diagnosis)).status_code == 200
    rssi.post(url("finish", diagnosis))
    assert convert.maturity_of(hospital.organisation, date(2030, 1, 1)).overall_completeness == 0


def test_a_grid_brought_twice_is_there_once_and_may_go(rssi, hospital):
    for _ in range(2):
        rssi.post(url("bring", hospital.organisation), {"file": sent(GRID, "grille.yaml")})
    row = models.Questionnaire.objects.get()
    rssi.post(url("remove_grid", row))
    assert not models.Questionnaire.objects.exists()


def test_a_grid_that_cannot_be_read_says_why(rssi, hospital):
    answer = rssi.post(url("bring", hospital.organisation), {"file": sent("[", "grille.yaml")})
    assert answer.status_code == 422
    assert "Constats sur ce fichier" in html(answer)


def test_a_shipped_questionnaire_is_no_grid(rssi, world):
    row = begun(world).questionnaire
    assert rssi.get(url("match", row)).status_code == rssi.post(url("remove_grid", row)).status_code == 404


def test_two_grids_never_become_the_same(rssi, world):
    kept, other = grid(world), grid(world, digest="0" * 64)
    names = {f"m{n}": each.measure for n, each in enumerate(convert.questionnaire(kept).questions, 1)}
    answer = rssi.post(url("match", other), names)
    assert answer.status_code == 422
    assert "existe déjà" in html(answer)


# ---------------------------------------------------------------------------------------------------------------- map
def test_a_map_goes_out_and_comes_back_the_same(rssi, world, hospital):
    mapped(world, supplier="Éditeur fictif", care_critical=True, recovery_time_hours=4, restored_in_hours="30.5", hosting="internal", data="health")  # fmt: skip
    mapped(world, models.Supplier, name="Éditeur fictif", siren="732829320", remote_access=True)
    mapped(world, models.DeviceClass, name="Scanners", count=3, networked=3)
    before = convert.cartographies_of((hospital.organisation,))
    content = rssi.get(url("map_workbook", hospital.organisation)).content
    for kind in (models.Application, models.Supplier, models.DeviceClass):
        kind.objects.all().delete()
    rssi.post(url("bring_map", hospital.organisation), {"file": SimpleUploadedFile("carte.xlsx", content)})
    assert convert.cartographies_of((hospital.organisation,)) == before
    page = html(rssi.get(url("map", hospital.organisation)))
    assert "la dernière restauration essayée a pris 30,5 h" in page
    assert "30,50" not in page


def test_a_line_of_a_known_name_is_replaced_and_none_is_removed(rssi, world, hospital):
    mapped(world, supplier="Ancien"), mapped(world, name="Paie")
    rssi.post(url("bring_map", hospital.organisation), {"file": sent("Application;Fournisseur\nDossier patient;Nouveau\n", "c.csv")})  # fmt: skip
    assert {each.name: each.supplier for each in models.Application.objects.all()} == {"Dossier patient": "Nouveau", "Paie": ""}  # fmt: skip


def test_a_line_that_cannot_be_kept_is_said_and_the_others_are_taken(rssi, hospital):
    lines = "Dispositif;Nombre\nPompes;5000000\nScanners;3\n"
    page = html(rssi.post(url("bring_map", hospital.organisation), {"file": sent(lines, "c.csv")}))
    assert "valeur trop longue ou trop grande (Nombre d'appareils)" in page
    assert [each.name for each in models.DeviceClass.objects.all()] == ["Scanners"]


def test_a_map_without_a_line_is_refused(rssi, hospital):
    answer = rssi.post(url("bring_map", hospital.organisation), {"file": sent("bonjour\n", "c.csv")})
    assert answer.status_code == 422
    assert "Constats sur ce fichier" in html(answer)


def test_lines_are_added_changed_and_removed_by_hand(rssi, world, hospital):
    add = reverse("diagnoses:add_mapped", args=[hospital.organisation.uuid, "dispositifs"])
    wrong = rssi.post(add, {"name": "Pompes", "count": "10", "networked": "11"})
    assert wrong.status_code == 422
    assert "dépasse le total" in html(wrong)
    rssi.post(add, {"name": "Pompes", "count": "10", "networked": "9"})
    row = models.DeviceClass.objects.get()
    assert "figure déjà" in html(rssi.post(add, {"name": "POMPES", "count": "1"}))
    change = reverse("diagnoses:change_mapped", args=["dispositifs", row.uuid])
    rssi.post(change, {"name": "Pompes", "count": "12", "networked": "9"})
    rssi.post(change, {"name": "Pompes", "count": "12", "networked": "9"})
    assert [each.details for each in Entry.objects.filter(action="map.changed").order_by("pk")][1:] == [{"name": "Pompes", "count": [10, 12]}]  # fmt: skip
    rssi.post(reverse("diagnoses:remove_mapped", args=["dispositifs", row.uuid]))
    assert not models.DeviceClass.objects.exists()
    assert rssi.get(add.replace("dispositifs", "licornes")).status_code == 404


def test_an_application_is_changed_as_it_was_written(rssi, world):
    row = mapped(world, care_critical=True, recovery_time_hours="4.00", fallback=False)
    page = rssi.get(reverse("diagnoses:change_mapped", args=["applications", row.uuid])).content.decode()
    assert 'value="4"' in page
    assert 'value="no" selected' in page
