"""Addresses of the exercises and of the crisis kit."""

from django.urls import URLPattern

app_name = "exercises"
urlpatterns: list[URLPattern] = []
