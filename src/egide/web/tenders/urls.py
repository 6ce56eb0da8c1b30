"""Addresses of consultations: each step has its own module, with its own addresses."""

from django.urls import include, path

from egide.web.tenders import views
from egide.web.tenders.preparing import amendments, bench, documents, expert, method, points, purchase, risk

app_name = "tenders"
urlpatterns = [
    path("", views.index, name="index"),
    path("nouvelle/", views.new, name="new"),
    path("<uuid:uuid>/", views.show, name="show"),
    *purchase.urlpatterns,
    *points.urlpatterns,
    *method.urlpatterns,
    *risk.urlpatterns,
    *bench.urlpatterns,
    *documents.urlpatterns,
    *amendments.urlpatterns,
    *expert.urlpatterns,
    path("", include("egide.web.tenders.received.urls")),
    path("<uuid:uuid>/notation/", include("egide.web.tenders.marking.urls")),
    path("<uuid:uuid>/resultat/", include("egide.web.tenders.result.urls")),
]
