"""Addresses."""

from django.urls import path

from egide.web.diagnoses import beginning, comparing, ending, filling, grids, lists, mapping, results, workbooks

app_name = "diagnoses"
urlpatterns = [
    path("", lists.index, name="index"),
    path("<uuid:organisation>/", lists.show, name="show"),
    path("<uuid:organisation>/commencer", beginning.begin, name="begin"),
    path("<uuid:organisation>/comparer", comparing.compare, name="compare"),
    path("<uuid:organisation>/grilles", grids.listed, name="grids"),
    path("<uuid:organisation>/grilles/apporter", grids.bring, name="bring"),
    path("grilles/<uuid:uuid>/mesures", grids.match, name="match"),
    path("grilles/<uuid:uuid>/supprimer", grids.remove, name="remove_grid"),
    path("<uuid:organisation>/cartographie", mapping.drawn, name="map"),
    path("<uuid:organisation>/cartographie/importer", mapping.bring, name="bring_map"),
    path("<uuid:organisation>/cartographie.xlsx", mapping.workbook, name="map_workbook"),
    path("<uuid:organisation>/cartographie/<slug:kind>/ajouter", mapping.add, name="add_mapped"),
    path("cartographie/<slug:kind>/<uuid:uuid>", mapping.change, name="change_mapped"),
    path("cartographie/<slug:kind>/<uuid:uuid>/supprimer", mapping.remove, name="remove_mapped"),
    path("reponses/<uuid:uuid>/", filling.one, name="one"),
    path("reponses/<uuid:uuid>/chapitres/<int:number>", filling.chapter, name="chapter"),
    path("reponses/<uuid:uuid>/sans-reponse", filling.blanks, name="blanks"),
    path("reponses/<uuid:uuid>/terminer", ending.finish, name="finish"),
    path("reponses/<uuid:uuid>/abandonner", ending.remove, name="remove"),
    path("reponses/<uuid:uuid>/resultat", results.result, name="result"),
    path("reponses/<uuid:uuid>/resultat.pdf", results.paper, name="paper"),
    path("reponses/<uuid:uuid>/classeur.xlsx", workbooks.workbook, name="workbook"),
    path("reponses/<uuid:uuid>/classeur", workbooks.upload, name="upload"),
]
