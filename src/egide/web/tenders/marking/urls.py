"""Addresses of step 6, under that of a consultation."""

from django.urls import path

from egide.web.tenders.marking import decisions, grid, harmonise, interests, notes, overview, workbooks

urlpatterns = [
    path("", overview.index, name="marking"),
    path("interets/<uuid:seat>/", interests.declare, name="marking_interests"),
    path("harmonisation/", harmonise.index, name="harmonise"),
    path("decisions/", decisions.index, name="decisions"),
    path("decisions/<uuid:bid>/", decisions.decide, name="decide"),
    path("classeurs/", workbooks.index, name="marking_workbooks"),
    path("classeurs/<str:name>", workbooks.table, name="marking_table"),
    path("<uuid:seat>/classeurs/<str:name>", workbooks.workbook, name="marking_workbook"),
    path("<uuid:seat>/aller/", grid.go, name="mark_go"),
    path("<uuid:seat>/offre/<uuid:bid>/", grid.of_bid, name="mark_bid"),
    path("<uuid:seat>/point/<str:point>/", grid.of_point, name="mark_point"),
    path("<uuid:seat>/notes/", notes.of_criterion, name="mark_notes"),
]
