import pytest
from django.urls import reverse


def url(name, row, *more):
    return reverse(f"tenders:{name}", args=[row.uuid, *more])


def test_the_table_says_what_came_in(pacs, hospital, sign_in):
    page = sign_in(hospital.buyer).get(url("bids", pacs))
    assert page.status_code == 200, page.content.decode()
    assert len(page.context["lines"]) == len(pacs.definition["tenderers"])


@pytest.mark.parametrize("name", ["bids_tenderer", "bids_answers", "bids_findings"])
def test_one_tenderer(pacs, hospital, sign_in, name):
    for each in pacs.definition["tenderers"]:
        page = sign_in(hospital.buyer).get(url(name, pacs, each["id"]))
        assert page.status_code == 200, page.content.decode()


@pytest.mark.parametrize("name", ["bids_opening", "bids_candidacies", "deposits", "bids_files", "bids_doubts"])
def test_the_others(pacs, hospital, sign_in, name):
    page = sign_in(hospital.buyer).get(url(name, pacs))
    assert page.status_code == 200, page.content.decode()
