"""Addresses."""

from django.urls import path

from egide.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<uuid:uuid>", views.one, name="one"),
    path("<uuid:uuid>/etat", views.state, name="state"),
    path("<uuid:uuid>/arreter", views.cancel, name="cancel"),
]
