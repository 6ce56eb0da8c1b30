"""Addresses."""

from django.urls import path

from egide.web.risk import programme, studies

app_name = "risk"
urlpatterns = [
    path("", studies.index, name="index"),
    path("nouvelle", studies.new, name="new"),
    path("<uuid:uuid>/", studies.show, name="show"),
    path("<uuid:uuid>/remplacer", studies.replace, name="replace"),
    path("<uuid:uuid>/supprimer", studies.remove, name="remove"),
    path("<uuid:uuid>/programme", programme.programme, name="programme"),
    path("<uuid:uuid>/etude.yaml", studies.file, name="file"),
    path("<uuid:uuid>/etude.json", studies.data, name="data"),
]
