"""Addresses of the debrief, of its report without account, and of results played without network."""

from django.urls import path

from egide.web.exercises.debriefing import bringing, constats, ending, pages, papers, telling

urlpatterns = [
    path("retour/<uuid:uuid>/", pages.debrief, name="debrief"),
    path("retour/<uuid:uuid>/trancher", pages.settle, name="settle"),
    path("retour/<uuid:uuid>/plan", pages.plan, name="plan"),
    path("retour/<uuid:uuid>/dernier", pages.since_last, name="since_last"),
    path("retour/<uuid:uuid>/a-chaud", telling.hot, name="hot"),
    path("retour/<uuid:uuid>/a-froid", telling.cold, name="cold"),
    path("retour/<uuid:uuid>/constats", constats.listed, name="constats"),
    path("retour/<uuid:uuid>/constats/ajouter", constats.add, name="add_constat"),
    path("retour/<uuid:uuid>/constats/un/<path:key>", constats.change, name="constat"),
    path("retour/<uuid:uuid>/papiers", papers.papers, name="debrief_papers"),
    path("retour/<uuid:uuid>/papiers/<str:name>", papers.paper, name="debrief_paper"),
    path("retour/<uuid:uuid>/lien", papers.link, name="report_link"),
    path("retour/<uuid:uuid>/observations", ending.observe, name="observe_exercise"),
    path("retour/<uuid:uuid>/clore", ending.close, name="close"),
    path("rapport/<uuid:secret>/", papers.report, name="report"),
    path("rapport/<uuid:secret>/<str:name>", papers.report_paper, name="report_paper"),
    path("resultats/<uuid:uuid>", bringing.results, name="results"),
    path("resultats/importer/<uuid:organisation>", bringing.bring, name="bring_results"),
    path("resultats/retenir/<uuid:uuid>", bringing.accept, name="accept_results"),
]
