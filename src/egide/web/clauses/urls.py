"""Addresses of the open clausier: those of points, themes and references do not change."""

from django.urls import path

from egide.web.clauses.views import assistant, checking, comparing, costing, machines, reading, searching

app_name = "clauses"
urlpatterns = [
    path("", reading.index, name="index"),
    path("recherche", searching.search, name="search"),
    path("themes/<str:theme>", reading.theme, name="theme"),
    path("references/", reading.references, name="references"),
    path("references/<slug:source>", reading.reference_page, name="reference"),
    path("assistant", assistant.begin, name="assistant"),
    path("assistant/questions", assistant.questions, name="assistant_questions"),
    path("assistant/reponses", assistant.answers, name="assistant_answers"),
    path("assistant/resultat", assistant.result, name="assistant_result"),
    path("assistant/ajuster", assistant.adjust, name="assistant_adjust"),
    path("assistant/telecharger/<slug:form>", assistant.download, name="assistant_download"),
    path("telecharger/<slug:form>", reading.download, name="download"),
    path("verifier", checking.check, name="check"),
    path("cout-du-risque", costing.cost, name="cost"),
    path("comparer", comparing.compare, name="compare"),
    path("versions", comparing.versions, name="versions"),
    path("clausier.json", machines.whole, name="json"),
    path("<str:point>.json", machines.one, name="point_json"),
    path("<str:point>", reading.point, name="point"),
]
