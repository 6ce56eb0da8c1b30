import pytest
import templates


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color: red">',
        "<style>",
        "<script>alert(1)</script>",
        '<button onclick="x()">',
        '<div hx-on:click="x()">',
        '<a href="javascript:x()">',
        '<script src="https://ailleurs.example/x.js"></script>',
        '<link rel="stylesheet" href="//ailleurs.example/x.css">',
        "{{ text|safe }}",
        "{% autoescape off %}",
    ],
)
def test_what_the_policy_refuses_is_named_with_its_line(line):
    assert [found.split(":")[0] for found in templates.refused(f"<p>{{{{ x }}}}</p>\n{line}")] == ["2"]


@pytest.mark.parametrize(
    "line",
    [
        '<script src="/x.js" defer></script>',
        '<a href="https://ailleurs.example/">',
        '<p class="style" data-onclick-count="2">',
        "{{ text|safestring }}",
    ],
)
def test_what_is_allowed_is_left_alone(line):
    assert list(templates.refused(line)) == []


def test_the_templates_are_found():
    assert len(templates.templates()) > 20
