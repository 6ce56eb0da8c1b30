"""A consultation prepared through the pages, as a buyer does it. Everything is fictitious."""

import re
from html import unescape

from django.urls import reverse

from egide.web.jobs import queue
from egide.web.tenders.models import Consultation

REASON = "L2113-11 2° : une seule base d'images ; des lots distincts rendraient l'exploitation plus coûteuse."


def begin(client, organisation, **values):
    """Begin a consultation by the page, and return its row."""
    data = {
        "organisation": str(organisation.uuid), "title": "Archivage d'images (fictif)", "reference": "2026-014",
        "sent_on": "01/12/2026", "amount": "500 000", "profiles": ["saas_health"], "care": ["critical"], "lots": "", "level": "",
    }  # fmt: skip
    response = client.post(reverse("tenders:new"), data | values)
    assert response.status_code == 302, texts(response, "error-summary")
    return Consultation.objects.get(uuid=response["Location"].split("/")[-3])


def address(name, row, *more):
    return reverse(f"tenders:{name}", args=[row.uuid, *more])


def fields(response, number=None):
    """Return what a browser would send of the forms of a page: the biggest POST form, or the one of that rank."""
    page = response.content.decode()
    posts = [found[0] for found in re.findall(r"(<form[^>]*method=\"post\".*?</form>)()", page, re.DOTALL)]
    posts = [each for each in posts if "/compte/" not in each.split(">")[0]]
    chosen = max(posts, key=len, default="") if number is None else posts[number]
    data = {}

    def give(name, value):
        data.setdefault(unescape(name), []).append(unescape(value))

    for tag in re.findall(r"<input[^>]*>", chosen):
        known = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if "name" not in known or " disabled" in tag or known.get("type") in {"file", "submit"}:
            continue
        if known.get("type") in {"checkbox", "radio"} and " checked" not in tag:
            continue
        give(known["name"], known.get("value", "on" if known.get("type") in {"checkbox", "radio"} else ""))
    for head, inner in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", chosen, re.DOTALL):
        give(re.search(r'name="([^"]*)"', head)[1], inner.removeprefix("\n"))
    for head, inner in re.findall(r"<select([^>]*)>(.*?)</select>", chosen, re.DOTALL):
        options = re.findall(r"<option([^>]*)>([^<]*)", inner)
        picked = next((each for each in options if " selected" in each[0]), options[0])
        value = re.search(r'value="([^"]*)"', picked[0])
        give(re.search(r'name="([^"]*)"', head)[1], value[1] if value else picked[1].strip())
    data.pop("csrfmiddlewaretoken", None)
    return data


def send(client, url, **values):
    """Open a page, change fields as a person does, and send it."""
    return client.post(
        url, fields(client.get(url)) | {name.replace("___", "-"): value for name, value in values.items()}
    )


def read(response):
    """Return a page as it is read: entities, unbreakable spaces and curved apostrophes made plain."""
    return unescape(response.content.decode()).translate({0xA0: " ", 0x202F: " ", 0x2019: "'"})


def texts(response, css):
    """Return the words of the elements of a class, without tags."""
    page = read(response)
    found = re.findall(rf'<[^>]*class="[^"]*\b{css}\b[^"]*"[^>]*>(.*?)</(?:div|article|section)>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def complete(client, row):
    """Write what a new consultation leaves to write: then nothing stands against its publication."""
    response = send(client, address("lots", row), allotment__reason=REASON)
    assert response.status_code == 302, texts(response, "error-summary")
    sheet = {"purpose": "Héberger les images", "nature": "Hébergement", "data": "Images", "persons": "Patients", "duration": "48 mois",
             "recipients": "Services de soins", "transfers": "Aucun", "controller": "L'établissement", "dpo": "dpo@valmont.exemple.fr"}  # fmt: skip
    response = send(
        client, address("processing", row), **{f"processing___0___{name}": value for name, value in sheet.items()}
    )
    assert response.status_code == 302, texts(response, "error-summary")
    row.refresh_from_db()


def work():
    """Do the jobs that wait; return the last."""
    last = None
    while (job := queue.take()) is not None:
        queue.work(job)
        job.refresh_from_db()
        last = job
    return last


def published(client, row):
    """Write the documents of a complete consultation and publish it."""
    client.post(address("write_documents", row))
    job = work()
    assert job.state == "done", job.result
    data = fields(client.get(address("publish", row))) | {"notice": "26-123456"}
    if 'name="seen"' in client.get(address("publish", row)).content.decode():
        data["seen"] = "on"
    response = client.post(address("publish", row), data)
    assert response.status_code == 302
    row.refresh_from_db()
    return row
