"""Addresses of the crisis kit."""

from django.urls import path

from egide.web.exercises.crisis import clocks, directory

urlpatterns = [
    path("crise/<uuid:organisation>/", directory.show, name="crisis"),
    path("crise/<uuid:organisation>/verifie", directory.checked, name="crisis_checked"),
    path("crise/<uuid:organisation>/kit.<slug:form>", directory.paper, name="crisis_paper"),
    path("crise/<uuid:organisation>/horloges", clocks.listed, name="crisis_clocks"),
    path("crise/<uuid:organisation>/<slug:part>", directory.edit, name="crisis_part"),
    path("crise/horloges/<uuid:uuid>/", clocks.show, name="clocks"),
    path("crise/horloges/<uuid:uuid>/maintenant", clocks.now, name="clocks_now"),
    path("crise/horloges/<uuid:uuid>/heures", clocks.hours, name="clocks_hours"),
    path("crise/horloges/<uuid:uuid>/fin", clocks.close, name="clocks_close"),
]
