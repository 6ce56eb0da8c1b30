"""Addresses."""

from django.urls import path

from egide.web.files import views

app_name = "files"
urlpatterns = [path("<uuid:uuid>", views.download, name="download")]
