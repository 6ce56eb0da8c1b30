import catalogue
import pytest

PAGE = """
{% extends "base.html" %}
{# {% say "un commentaire n'est pas un texte" %} #}
<h1>{% say "Bonjour" %}</h1> {% say 'Le « {name} »' name=person.name %} {% say "Il a dit \\"non\\"" as refusal %}
{% card title="Un titre" %}<p>{{ name }}</p>{% endcard %}
"""


def test_the_texts_of_templates_are_found_with_their_quotes():
    assert list(catalogue.said(PAGE)) == ["Bonjour", "Le « {name} »", 'Il a dit "non"']
    assert not list(catalogue.misused(PAGE))


@pytest.mark.parametrize(
    "tag",
    [
        'trans "Bonjour"',
        'translate "Bonjour"',
        "blocktranslate",
        'blocktrans with name="x"',
        "say title",
        'say "Bonjour"|upper',
        "say",
    ],
)
def test_a_tag_that_the_catalogue_cannot_serve_is_named(tag):
    assert list(catalogue.misused("<p>{% " + tag + " %}</p>")) == [tag]


def test_a_text_of_a_template_is_asked_from_the_catalogue(tmp_path, monkeypatch):
    folder = tmp_path / "web" / "home" / "templates" / "home"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text('{% say "Un texte que personne n\'a traduit" %} {% trans "Autre" %}', "utf-8")
    locale = tmp_path / "locale" / "en" / "LC_MESSAGES"
    locale.mkdir(parents=True)
    (locale / "django.po").write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n', "utf-8")
    monkeypatch.setattr(catalogue, "SOURCE", tmp_path)
    monkeypatch.setattr(catalogue, "LOCALES", tmp_path / "locale")
    monkeypatch.setattr(catalogue, "TOOLS", tmp_path / "tools")
    (tmp_path / "tools").mkdir()
    assert [path.name for path in catalogue.templates()] == ["page.html"]
    assert catalogue.missing() == [
        "en: not in the catalogue: Un texte que personne n'a traduit",
        'web/home/templates/home/page.html: {% trans "Autre" %}: texts of templates are {% say "..." %}',
    ]


def test_no_template_of_ours_hides_a_text_from_the_catalogue():
    """Also {% translate %} and its sisters, which would read another catalogue."""
    found = [
        f"{path.name}: {tag}" for path in catalogue.templates() for tag in catalogue.misused(path.read_text("utf-8"))
    ]
    assert catalogue.templates()
    assert not found
