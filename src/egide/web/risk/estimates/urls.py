"""Addresses."""

from django.urls import path

from egide.web.risk import backtest
from egide.web.risk.estimates import assumptions, insurance, pages, papers

app_name = "estimates"
urlpatterns = [
    path("", pages.index, name="index"),
    path("hypotheses", assumptions.public, name="library"),
    path("controle", backtest.page, name="backtest"),
    path("controle.json", backtest.data, name="backtest_data"),
    path("<uuid:organisation>/", pages.show, name="show"),
    path("<uuid:organisation>/estimer", pages.ask, name="ask"),
    path("<uuid:organisation>/hypotheses", assumptions.listed, name="assumptions"),
    path("<uuid:organisation>/hypotheses/<str:parameter>", assumptions.change, name="change"),
    path("<uuid:organisation>/assurance", insurance.insurance, name="insurance"),
    path("<uuid:organisation>/estimations", pages.past, name="past"),
    path("<uuid:organisation>/estimations/<uuid:estimate>", pages.one, name="one"),
    path("<uuid:organisation>/estimations/<uuid:estimate>/rapport.pdf", papers.establishment, name="paper"),
    path("<uuid:organisation>/estimations/<uuid:estimate>/estimation.json", papers.data, name="data"),
    path("<uuid:organisation>/ght.pdf", papers.group, name="group_paper"),
]
