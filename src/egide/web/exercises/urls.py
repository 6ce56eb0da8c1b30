"""Addresses of the exercises and of the crisis kit: each part keeps its own list."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "exercises"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("egide.web.exercises.live.urls")),
    path("", include("egide.web.exercises.debriefing.urls")),
    path("", include("egide.web.exercises.preparing.urls")),
    path("", include("egide.web.exercises.crisis.urls")),
]
