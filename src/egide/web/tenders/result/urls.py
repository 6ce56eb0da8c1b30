"""Addresses of step 7, under that of a consultation."""

from django.urls import path

from egide.web.tenders.result import files, journal, pages, record, robustness

urlpatterns = [
    path("", pages.index, name="result"),
    path("evaluer/", pages.evaluate, name="evaluate"),
    path("<int:number>/", pages.one, name="result_one"),
    path("<int:number>/documents/", files.documents, name="result_documents"),
    path("<int:number>/documents/tout.zip", files.archive, name="result_archive"),
    path("<int:number>/<str:lot>/offre/<int:place>/", pages.bid, name="result_bid"),
    path("<int:number>/<str:lot>/matrice/", pages.matrix, name="result_matrix"),
    path("<int:number>/<str:lot>/matrice/<str:theme>/", pages.matrix, name="result_theme"),
    path("<int:number>/<str:lot>/figures/", pages.pictures, name="result_pictures"),
    path("<int:number>/<str:lot>/cout-du-risque/", pages.risk, name="result_risk"),
    path("dossier/", record.show, name="record"),
    path("dossier/ecrire/", record.ask, name="write_record"),
    path("dossier/tout.zip", files.record_archive, name="record_archive"),
    path("dossier/journal/", journal.edit, name="journal"),
    path("note-interne/", robustness.show, name="robustness"),
]
