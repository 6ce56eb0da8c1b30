"""Addresses of loading and of step 5."""

from django.urls import path

from egide.web.tenders.received import bringing, doubts, loading, opening, pages, settling

_BIDS = "<uuid:uuid>/offres/"
urlpatterns = [
    path("charger/", loading.load, name="load"),
    path(_BIDS, pages.index, name="bids"),
    path(f"{_BIDS}ouverture/", opening.opening, name="bids_opening"),
    path(f"{_BIDS}candidatures/", opening.candidacies, name="bids_candidacies"),
    path(f"{_BIDS}plis/", bringing.deposits, name="deposits"),
    path(f"{_BIDS}plis/<uuid:job>/", bringing.preview, name="deposits_preview"),
    path(f"{_BIDS}fichiers/", bringing.files, name="bids_files"),
    path(f"{_BIDS}fichiers/<uuid:file>/", bringing.move, name="bids_move"),
    path(f"{_BIDS}fichiers/<uuid:file>/telecharger", pages.download, name="bids_file"),
    path(f"{_BIDS}precisions/", doubts.index, name="bids_doubts"),
    path(f"{_BIDS}precisions/toutes.zip", doubts.archive, name="bids_doubts_archive"),
    path(f"{_BIDS}precisions/<str:tenderer>/", doubts.preview, name="bids_doubts_of"),
    path(f"{_BIDS}precisions/<str:tenderer>/envoi/", doubts.sent, name="bids_doubts_sent"),
    path(f"{_BIDS}soumissionnaires/<str:tenderer>/", pages.of_tenderer, name="bids_tenderer"),
    path(f"{_BIDS}soumissionnaires/<str:tenderer>/reponses/", pages.answers, name="bids_answers"),
    path(f"{_BIDS}soumissionnaires/<str:tenderer>/constats/", pages.found, name="bids_findings"),
    path(f"{_BIDS}<uuid:bid>/reponses/<str:point>/", settling.settle, name="bids_settle"),
]
