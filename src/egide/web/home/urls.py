"""Addresses of the pages that gather."""

from django.urls import path

from egide.web.home import demonstration, views

app_name = "home"
urlpatterns = [
    path("", views.welcome, name="welcome"),
    path("accueil", views.start, name="start"),
    path("connecte", views.signed_in, name="signed_in"),
    path("mentions-legales", views.legal, name="legal"),
    path("accessibilite", views.accessibility, name="accessibility"),
    path("demonstration/entrer", demonstration.enter, name="demonstration_enter"),
]
