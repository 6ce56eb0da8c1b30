"""Addresses."""

from django.urls import path

from egide.web.audit import views

app_name = "audit"
urlpatterns = [
    path("<uuid:uuid>", views.trail, name="trail"),
    path("<uuid:uuid>/journal.csv", views.export, name="export"),
]
