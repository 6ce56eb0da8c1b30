"""ODT of the same blocks as the PDF: a package of fixed parts (templates/odt) around a body written here."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from egide.report.papers import office
from egide.report.papers.blocks import Block
from egide.report.papers.office import HOLE, Heading, headings, millimetres, xml

LINE = f"0.4pt solid #{office.RULE}"
CELL = '<style:table-cell-properties fo:padding="1mm" fo:border-left="none" fo:border-right="none"'
FIXED = (
    f'<style:style style:name="Cell" style:family="table-cell">{CELL} fo:border-top="{LINE}" fo:border-bottom="{LINE}"/></style:style>'
    f'<style:style style:name="HeadCell" style:family="table-cell">{CELL} fo:border-top="{LINE}" fo:border-bottom="{LINE}" fo:background-color="#{office.SOFT}"/></style:style>'
    '<style:style style:name="Kept" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>'
    '<style:style style:name="Cut" style:family="table-row"><style:table-row-properties fo:keep-together="auto"/></style:style>'
    '<style:style style:name="Index" style:family="section"><style:section-properties style:editable="false"/></style:style>'
)
STOP = office.PORTRAIT.room


def compiled(data: Mapping[str, Any], on: date) -> bytes:
    """Return the ODT of what `pdf.frame` returns, dated `on`: same data, same bytes."""
    body = _Body(data)
    text = body.text()
    holes = {
        **{name: xml(value) for name, value in data.items() if isinstance(value, str)},
        "locale": f"{data['lang']}-{data['region']}",
        "on": on.isoformat(),
        "portrait": str(office.PORTRAIT.room),
        "landscape": str(office.LANDSCAPE.room),
        **{f"stop{n}": str(STOP - 4 * (n - 1)) for n in (1, 2, 3)},
        "styles": FIXED + "".join(body.styles.values()),
        "body": text,
    }
    return office.package("odt", holes, "mimetype")


class _Body:
    """The body being written: what comes next may have to begin a page, of one side or the other."""

    def __init__(self, data: Mapping[str, Any]):
        self.data = data
        self.headings = headings(data["blocks"])
        self.left = iter(self.headings)
        self.paper = office.PORTRAIT
        self.begins = "First"
        """The kind of page that the next element begins: a page name, "page" for one more of the same, "" for none."""
        self.styles: dict[str, str] = {}
        self.tables = 0
        self.writers: Mapping[str, Callable[[Block], str]] = {
            "heading": self._heading,
            "paragraph": lambda block: self._p("Standard", block["text"]),
            "lead": lambda block: self._p("Lead", block["text"]),
            "remark": lambda block: self._p("Remark", block["text"]),
            "blank": lambda block: self._p("Blank", block["text"]),
            "items": self._items,
            "pairs": self._pairs,
            "table": self._table,
            "groups": self._groups,
            "lines": self._lines,
            "picture": self._picture,
            "contents": self._contents,
        }

    def text(self) -> str:
        """Return the whole body; the styles that it needs are then in `styles`."""
        data = self.data
        parts = [self._p("Buyer", data["buyer"]), self._p("Title", data["title"]), self._p("Subtitle", data["subject"])]
        for n, (paper, held) in enumerate(office.sections(data["blocks"])):
            if n or paper.landscape:
                self.paper, self.begins = paper, paper.name
            parts += [self._block(block) for block in held]
        return "".join(parts)

    def _block(self, block: Block) -> str:
        if block["kind"] == "new_page":
            self.begins = self.begins or "page"
            return ""
        return self.writers[block["kind"]](block)

    # ---------------------------------------------------------------------------------------------------------- texts
    def _named(self, style: str) -> str:
        """Return the style of the next paragraph: `style`, or one that also begins the page that is due."""
        begins, self.begins = self.begins, ""
        if not begins:
            return style
        name = f"{style}.{begins}"
        master, broken = _page(begins)
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="paragraph" style:parent-style-name="{style}"{master}>'
            f"<style:paragraph-properties{broken}/></style:style>"
        )
        return name

    def _p(self, style: str, text: str) -> str:
        return f'<text:p text:style-name="{self._named(style)}">{_inline(text)}</text:p>'

    def _heading(self, block: Block) -> str:
        found = next(self.left)
        place = f'<text:bookmark text:name="{found.place}"/>'
        style = self._named(f"Heading_20_{found.level}")
        return f'<text:h text:style-name="{style}" text:outline-level="{found.level}">{place}{_inline(found.text)}</text:h>'

    def _items(self, block: Block) -> str:
        entries = (f"<text:list-item>{self._p('List_20_Bullet', text)}</text:list-item>" for text in block["texts"])
        return f'<text:list text:style-name="Bullets">{"".join(entries)}</text:list>'

    def _contents(self, block: Block) -> str:
        title = xml(self.data["contents"])
        depth = block["depth"]
        shape = (
            "<text:index-entry-link-start/><text:index-entry-chapter/><text:index-entry-text/>"
            '<text:index-entry-tab-stop style:type="right" style:leader-char="."/><text:index-entry-page-number/><text:index-entry-link-end/>'
        )
        shapes = "".join(
            f'<text:table-of-content-entry-template text:outline-level="{n}" text:style-name="Contents_20_{n}">{shape}</text:table-of-content-entry-template>'
            for n in (1, 2, 3)
        )
        source = f'<text:table-of-content-source text:outline-level="{depth}"><text:index-title-template text:style-name="Contents_20_Heading">{title}</text:index-title-template>{shapes}</text:table-of-content-source>'
        heading = self._p("Contents_20_Heading", self.data["contents"])
        entries = "".join(_entry(each) for each in self.headings if each.level <= depth)
        body = (
            f'<text:index-title text:style-name="Index" text:name="Contents_Head">{heading}</text:index-title>{entries}'
        )
        return f'<text:table-of-content text:style-name="Index" text:name="Contents">{source}<text:index-body>{body}</text:index-body></text:table-of-content>'

    def _lines(self, block: Block) -> str:
        parts = [self._p("Lines", block["head"])]
        for part in block["parts"]:
            parts.append(self._p("Lines_20_Title", part["title"]))
            parts += [
                f'<text:p text:style-name="Lines"><text:span text:style-name="Strong">{_inline(name)}</text:span>{_inline(" · " + said)}</text:p>'
                for name, said in part["rows"]
            ]
            parts += [self._p("Lines_20_Foot", part["foot"])] if part["foot"] else []
        return "".join(parts)

    # --------------------------------------------------------------------------------------------------------- tables
    def _pairs(self, block: Block) -> str:
        rows = [_row(_cell(label, "Table_20_Strong") + _cell(value, "Table_20_Text")) for label, value in block["rows"]]
        return self._whole([56, self.paper.room - 56], rows)

    def _table(self, block: Block) -> str:
        strong, sides, kept = frozenset(block["strong"]), block["sides"], block["short"]
        rows = [
            _row(_cells(cells, sides, "Table_20_Strong" if n in strong else "Table_20_Text"), kept=kept)
            for n, cells in enumerate(block["rows"])
        ]
        return self._whole(self._widths(block), rows, _head(block["head"], sides))

    def _groups(self, block: Block) -> str:
        sides, wide, span, kept = block["sides"], len(block["columns"]), block["span"], block["short"]
        rows = []
        for part in block["parts"]:
            rows.append(_row(_cell(part["title"], "Table_20_Group", span=wide)))
            rows += [_row(_cells(cells, sides, "Table_20_Small"), kept=kept) for cells in part["rows"]]
            if part["foot"]:
                rest = _cell("", "Table_20_Small", span=wide - span) if span < wide else ""
                rows.append(_row(_cell(part["foot"], "Table_20_Group_20_Right", span=span) + rest))
        return self._whole(self._widths(block), rows, _head(block["head"], sides))

    def _picture(self, block: Block) -> str:
        if not block["tabled"]:
            return ""
        widths, sides = office.behind(block, self.paper.room)
        caption = self._p("Caption", block["caption"])
        body = [_row(_cells(row, sides, "Table_20_Text")) for row in block["rows"]]
        return caption + self._whole(widths, body, _head(block["head"], sides), block["alt"])

    def _widths(self, block: Block) -> list[float]:
        return millimetres(block["columns"], self.paper.room)

    def _whole(self, widths: Sequence[float], rows: Sequence[str], head: str = "", alt: str = "") -> str:
        self.tables += 1
        columns = "".join(f'<table:table-column table:style-name="{self._column(width)}"/>' for width in widths)
        told = f"<table:desc>{xml(alt)}</table:desc>" if alt else ""
        return f'<table:table table:name="Table{self.tables}" table:style-name="{self._grid(sum(widths))}">{told}{columns}{head}{"".join(rows)}</table:table>'

    def _column(self, width: float) -> str:
        name = f"Column.{round(width * 100)}"
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="table-column"><style:table-column-properties style:column-width="{width:.2f}mm"/></style:style>'
        )
        return name

    def _grid(self, width: float) -> str:
        begins, self.begins = self.begins, ""
        name = f"Table.{round(width * 100)}{begins}"
        master, broken = _page(begins)
        self.styles[name] = (
            f'<style:style style:name="{name}" style:family="table"{master}><style:table-properties style:width="{width:.2f}mm" '
            f'table:align="left" fo:margin-top="1mm" fo:margin-bottom="3mm" table:border-model="collapsing"{broken}/></style:style>'
        )
        return name


# ------------------------------------------------------------------------------------------------------------- elements
_SPACES = re.compile(r"(?:^|(?<=\n)| ) +|\t|\n")


def _inline(text: str) -> str:
    """Return a text with its lines and spaces as ODF writes them."""
    said = _SPACES.sub(_mark, xml(text))
    return HOLE.sub(r'<text:span text:style-name="Hole">\1</text:span>', said) if "[" in text else said


def _mark(found: re.Match[str]) -> str:
    if found[0] == "\n":
        return "<text:line-break/>"
    return "<text:tab/>" if found[0] == "\t" else f'<text:s text:c="{len(found[0])}"/>'


def _page(begins: str) -> tuple[str, str]:
    """Return what a style and its properties say of the page that it begins."""
    if begins == "page":
        return "", ' fo:break-before="page"'
    return (f' style:master-page-name="{begins}"' if begins else ""), ""


def _cell(text: str, style: str, *, span: int = 1, cell: str = "Cell") -> str:
    spanned = f' table:number-columns-spanned="{span}"' if span > 1 else ""
    covered = "<table:covered-table-cell/>" * (span - 1)
    said = f'<text:p text:style-name="{style}">{_inline(text)}</text:p>'
    return f'<table:table-cell table:style-name="{cell}"{spanned} office:value-type="string">{said}</table:table-cell>{covered}'


def _cells(texts: Sequence[str], sides: Sequence[str], style: str, cell: str = "Cell") -> str:
    right = "Table_20_Right" if style == "Table_20_Text" else f"{style}_20_Right"
    return "".join(
        _cell(text, right if side == "right" else style, cell=cell) for text, side in zip(texts, sides, strict=True)
    )


def _head(texts: Sequence[str], sides: Sequence[str]) -> str:
    """Return the row of the headings, repeated on each page."""
    row = _row(_cells(texts, sides, "Table_20_Head", "HeadCell"))
    return f"<table:table-header-rows>{row}</table:table-header-rows>"


def _row(cells: str, *, kept: bool = True) -> str:
    """Return a row; one of short texts is `kept` on one page."""
    return f'<table:table-row table:style-name="{"Kept" if kept else "Cut"}">{cells}</table:table-row>'


def _entry(heading: Heading) -> str:
    """Return a line of the table of contents; its page is a reference that follows the layout."""
    page = f'<text:bookmark-ref text:reference-format="page" text:ref-name="{heading.place}"> </text:bookmark-ref>'
    said = _inline(f"{heading.number} {heading.text}".replace("\n", " "))
    link = f'<text:a xlink:type="simple" xlink:href="#{heading.place}">{said}<text:tab/>{page}</text:a>'
    return f'<text:p text:style-name="Contents_20_{heading.level}">{link}</text:p>'
