"""The same questionnaire as ODS, written by us: same sheets, lists, locks and hidden digest as the XLSX."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from html import escape

from egide.clausier.model import Clausier, Point
from egide.exchange.package import letters
from egide.exchange.questionnaire import ANSWER, CHOICES, COLUMNS, GUIDE, MEANINGS, TITLES, height, properties, texts
from egide.message import Language

TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = {
    "office": "office",
    "style": "style",
    "text": "text",
    "table": "table",
    "fo": "xsl-fo-compatible",
    "meta": "meta",
    "config": "config",
    "number": "datastyle",
}
_SPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{uri}:1.0"' for name, uri in _NAMES.items())
_SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PARTS = ("content", "styles", "meta", "settings")
_FRAME = 'fo:border="{width} solid {colour}" fo:padding="0.6mm" style:vertical-align="top" fo:wrap-option="wrap"'
_THIN, _THICK = (_FRAME.format(width=width, colour=colour) for width, colour in (("0.5pt", "#B9C3CE"), ("1.5pt", "#8A6D1D")))  # fmt: skip
_WRAPPED = 'fo:wrap-option="wrap" style:vertical-align="top"'
_LIGHT = f'{_THICK} fo:background-color="#FFF9E0" style:cell-protect="none"'
_STYLES: Mapping[str, tuple[str, str, str]] = {
    "title": ("", "", 'fo:font-weight="bold" fo:font-size="15pt"'),
    "section": ("", "", 'fo:font-weight="bold" fo:font-size="12pt"'),
    "guide": (_WRAPPED, "", ""),
    "head": (f'{_THIN} fo:background-color="#1F3A5F"', "", 'fo:font-weight="bold" fo:color="#FFFFFF"'),
    "asked": (_THIN, "", 'fo:font-size="9pt"'),
    "name": (_THIN, "", 'fo:font-weight="bold"'),
    "answer": (_LIGHT, "", ""),
    "choice": (_LIGHT, 'fo:text-align="center"', 'fo:font-weight="bold"'),
}
"""Each style of the XLSX: its cell, its paragraph, its text."""


def content(
    clausier: Clausier, points: Sequence[Point] | None, language: Language = "fr", *, created: date | datetime
) -> bytes:
    """Return the questionnaire of `points` (all of them by default) as ODS. Same inputs, same bytes."""
    asked = list(clausier.points.values() if points is None else points)
    instant = created.replace(tzinfo=None) if isinstance(created, datetime) else datetime.combine(created, time())
    parts = {
        "mimetype": TYPE,
        "content.xml": _content(clausier, asked, language),
        "styles.xml": _styles(language),
        "meta.xml": _meta(clausier, language, instant),
        "settings.xml": _settings(language),
        "META-INF/manifest.xml": _manifest(),
    }
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, part.encode())
    return memory.getvalue()


# -------------------------------------------------------------------------------------------------------------- sheets
def _content(clausier: Clausier, points: Sequence[Point], language: Language) -> str:
    widths = sorted({column.width for column in COLUMNS} | {16, 120})
    styles = [
        f'<style:style style:name="c{width:g}" style:family="table-column"><style:table-column-properties style:column-width="{_millimetres(width)}mm"/></style:style>'
        for width in widths
    ]
    guide, guide_heights = _guide(clausier, language)
    rows, heights = _points(clausier, points, language)
    styles += [
        f'<style:style style:name="r{tall:g}" style:family="table-row"><style:table-row-properties style:row-height="{tall:g}pt" style:use-optimal-row-height="false"/></style:style>'
        for tall in sorted(guide_heights | heights)
    ]
    styles += [_cell_style(name, *parts) for name, parts in _STYLES.items()]
    styles.append(
        '<style:style style:name="page" style:family="table" style:master-page-name="Sheet"><style:table-properties table:display="true"/></style:style>'
    )
    return (
        f'{_HEAD}<office:document-content {_SPACES} office:version="1.3"><office:automatic-styles>{"".join(styles)}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{_choices(language)}{guide}{rows}</office:spreadsheet></office:body></office:document-content>\n"
    )


def _cell_style(name: str, cell: str, paragraph: str, text: str) -> str:
    inner = f"<style:table-cell-properties {cell}/>" if cell else ""
    inner += f"<style:paragraph-properties {paragraph}/>" if paragraph else ""
    inner += f"<style:text-properties {text}/>" if text else ""
    return f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default">{inner}</style:style>'


def _choices(language: Language) -> str:
    """Return the list of answers that a cell accepts."""
    allowed = escape(";".join(f'"{text.say(language)}"' for text in CHOICES.values()))
    cell = f"{_sheet(language)}.{letters(ANSWER)}2"
    said = escape(TITLES["choose"].say(language))
    error = f'<table:error-message table:message-type="stop" table:title="Égide" table:display="true"><text:p>{said}</text:p></table:error-message>'
    return (
        f'<table:content-validations><table:content-validation table:name="answers" table:condition="of:cell-content-is-in-list({allowed})" '
        f'table:allow-empty-cell="true" table:display-list="unsorted" table:base-cell-address="{cell}">{error}</table:content-validation></table:content-validations>'
    )


def _guide(clausier: Clausier, language: Language) -> tuple[str, set[float]]:
    blank = "<table:table-row><table:table-cell/></table:table-row>"
    version = f"{clausier.id}, {TITLES['version'].say(language)} {clausier.version}"
    rows = [_row([("title", clausier.title.say(language))]), _row([("guide", version)]), blank]
    rows += [_row([("guide", f"{n}."), ("guide", text.say(language))], 28) for n, text in enumerate(GUIDE, 1)]
    rows += [blank, _row([("section", TITLES["values"].say(language))])]
    rows += [
        _row([("name", CHOICES[declared].say(language)), ("guide", meaning.say(language))])
        for declared, meaning in MEANINGS.items()
    ]
    columns = '<table:table-column table:style-name="c16"/><table:table-column table:style-name="c120"/>'
    return _table(TITLES["guide"].say(language), columns + "".join(rows)), {28}


def _points(clausier: Clausier, points: Sequence[Point], language: Language) -> tuple[str, set[float]]:
    hidden = len(COLUMNS) - 1
    columns = "".join(
        f'<table:table-column table:style-name="c{column.width:g}"{_HIDDEN if n == hidden else ""}/>'
        for n, column in enumerate(COLUMNS)
    )
    head = _row([("head", column.title.say(language)) for column in COLUMNS])
    styles = [column.style for column in COLUMNS]
    heights = [height(point.wording(language), point.title.say(language)) for point in points]
    rows = [
        _row(list(zip(styles, texts(clausier, point, language), strict=True)), tall)
        for point, tall in zip(points, heights, strict=True)
    ]
    name = _sheet(language)
    printed = f' table:print-ranges="{name}.A1:{name}.{letters(hidden - 1)}{max(len(points), 1) + 1}"'
    inner = f"{columns}<table:table-header-rows>{head}</table:table-header-rows>{''.join(rows)}"
    return _table(name, inner, printed), set(heights)


_HIDDEN = ' table:visibility="collapse"'


def _sheet(language: Language) -> str:
    return TITLES["sheet"].say(language)


def _table(name: str, inner: str, more: str = "") -> str:
    return f'<table:table table:name="{escape(name)}" table:style-name="page" table:protected="true"{more}>{inner}</table:table>'


def _row(cells: Sequence[tuple[str, str]], tall: float = 0) -> str:
    styled = f' table:style-name="r{tall:g}"' if tall else ""
    return f"<table:table-row{styled}>{''.join(_cell(style, text) for style, text in cells)}</table:table-row>"


def _cell(style: str, text: str) -> str:
    """Return a cell of text: it is never a formula nor a number."""
    checked = ' table:content-validation-name="answers"' if style == "choice" else ""
    if not text:
        return f'<table:table-cell table:style-name="{style}"{checked}/>'
    lines = "".join(f"<text:p>{_spaced(line)}</text:p>" for line in text.split("\n"))
    return (
        f'<table:table-cell table:style-name="{style}"{checked} office:value-type="string">{lines}</table:table-cell>'
    )


_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RUN = re.compile(r"(?:^| ) +")


def _spaced(text: str) -> str:
    return _RUN.sub(lambda run: f'<text:s text:c="{len(run[0])}"/>', escape(_REFUSED.sub("", text)))


def _millimetres(characters: float) -> float:
    """Return the width of a column of so many characters, as a spreadsheet reckons it."""
    return round((characters * 7 + 5) * 25.4 / 96, 2)


# --------------------------------------------------------------------------------------------------------- other parts
def _styles(language: Language) -> str:
    country = "FR" if language == "fr" else "GB"
    default = (
        '<style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial" fo:font-family="Arial" '
        f'fo:font-size="10pt" fo:language="{language}" fo:country="{country}"/></style:default-style>'
        '<style:style style:name="Default" style:family="table-cell"/>'
    )
    layout = (
        '<style:page-layout style:name="wide"><style:page-layout-properties fo:page-width="297mm" fo:page-height="210mm" '
        'style:print-orientation="landscape" fo:margin-top="10mm" fo:margin-bottom="10mm" fo:margin-left="10mm" fo:margin-right="10mm" '
        'style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout>'
    )
    footer = "<text:p><text:sheet-name>?</text:sheet-name> – <text:page-number>1</text:page-number> / <text:page-count>1</text:page-count></text:p>"
    master = f'<style:master-page style:name="Sheet" style:page-layout-name="wide"><style:footer>{footer}</style:footer></style:master-page>'
    return (
        f'{_HEAD}<office:document-styles {_SPACES} office:version="1.3"><office:styles>{default}</office:styles>'
        f"<office:automatic-styles>{layout}</office:automatic-styles><office:master-styles>{master}</office:master-styles></office:document-styles>\n"
    )


def _meta(clausier: Clausier, language: Language, instant: datetime) -> str:
    own = "".join(
        f'<meta:user-defined meta:name="{name}" meta:value-type="string">{escape(value)}</meta:user-defined>'
        for name, value in properties(clausier).items()
    )
    when = instant.isoformat(timespec="seconds")
    return (
        f'{_HEAD}<office:document-meta {_SPACES} office:version="1.3"><office:meta><dc:title>{escape(clausier.title.say(language))}</dc:title>'
        f"<meta:initial-creator>Égide</meta:initial-creator><meta:creation-date>{when}</meta:creation-date><dc:date>{when}</dc:date>"
        f"<dc:language>{language}</dc:language>{own}</office:meta></office:document-meta>\n"
    )


def _settings(language: Language) -> str:
    """Return what the program shows first: the sheet to fill in, its head and first column always in sight."""
    frozen = {
        "HorizontalSplitMode": ("short", 2),
        "VerticalSplitMode": ("short", 2),
        "HorizontalSplitPosition": ("int", 1),
        "VerticalSplitPosition": ("int", 1),
        "ActiveSplitRange": ("short", 3),
        "PositionLeft": ("int", 0),
        "PositionRight": ("int", 1),
        "PositionTop": ("int", 0),
        "PositionBottom": ("int", 1),
    }
    items = "".join(
        f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        for name, (kind, value) in frozen.items()
    )
    name = escape(_sheet(language))
    tables = f'<config:config-item-map-named config:name="Tables"><config:config-item-map-entry config:name="{name}">{items}</config:config-item-map-entry></config:config-item-map-named>'
    view = f'<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1</config:config-item>{tables}<config:config-item config:name="ActiveTable" config:type="string">{name}</config:config-item></config:config-item-map-entry>'
    return (
        f'{_HEAD}<office:document-settings {_SPACES} xmlns:ooo="http://openoffice.org/2004/office" office:version="1.3"><office:settings>'
        f'<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">{view}</config:config-item-map-indexed></config:config-item-set>'
        "</office:settings></office:document-settings>\n"
    )


def _manifest() -> str:
    entry = '<manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>'
    entries = [entry.format(name="/", kind=TYPE)]
    entries += [entry.format(name=f"{name}.xml", kind="text/xml") for name in _PARTS]
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return f'{_HEAD}<manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">{"".join(entries)}</manifest:manifest>\n'
