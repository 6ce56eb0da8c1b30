"""Addresses: French ones without a prefix, English ones under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from egide.web.clauses.views import machines
from egide.web.home import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("sante", health.view, name="health"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
]
urlpatterns += i18n_patterns(
    path("clausier/", include("egide.web.clauses.urls")),
    path("organisations/", include("egide.web.organisations.urls")),
    path("etablissements/", include("egide.web.establishments.urls")),
    path("consultations/", include("egide.web.tenders.urls")),
    path("diagnostic/", include("egide.web.diagnoses.urls")),
    path("exercices/", include("egide.web.exercises.urls")),
    path("risque/", include("egide.web.risk.estimates.urls")),
    path("pertes/", include("egide.web.risk.urls")),
    path("fichiers/", include("egide.web.files.urls")),
    path("journal/", include("egide.web.audit.urls")),
    path("travaux/", include("egide.web.jobs.urls")),
    path("compte/", include("egide.web.organisations.accounts")),
    path("", include("egide.web.home.urls")),
    prefix_default_language=False,
)
handler400 = "egide.web.home.errors.bad_request"
handler403 = "egide.web.home.errors.forbidden"
handler404 = "egide.web.home.errors.not_found"
handler500 = "egide.web.home.errors.fault"
