"""Addresses."""

from django.urls import path

from egide.web.establishments import views

app_name = "establishments"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:organisation>/", views.show, name="show"),
    path("<uuid:organisation>/identite", views.identity, name="identity"),
    path("<uuid:organisation>/annees/<int:year>", views.year, name="year"),
    path("<uuid:organisation>/observations/", views.observations, name="observations"),
    path("<uuid:organisation>/observations/ajouter", views.observe, name="observe"),
    path("<uuid:organisation>/observations/<uuid:observation>/retirer", views.withdraw, name="withdraw"),
    path("<uuid:organisation>/historique", views.past, name="history"),
]
