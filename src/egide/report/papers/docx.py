"""DOCX of the same blocks as the PDF: a package of fixed parts (templates/docx) around a body written here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from egide.report.papers import office
from egide.report.papers.blocks import Block
from egide.report.papers.office import HOLE, SOFT, Heading, Paper, headings, millimetres, xml

TWIPS = 1440 / 25.4
"""A millimetre, in twentieths of a point."""
BOLD = "<w:rPr><w:b/><w:bCs/></w:rPr>"
TABLE_END = '<w:p><w:pPr><w:pStyle w:val="TableEnd"/></w:pPr></w:p>'
"""Two tables in a row would be one."""


def compiled(data: Mapping[str, Any], on: date) -> bytes:
    """Return the DOCX of what `pdf.frame` returns, dated `on`: same data, same bytes."""
    said = {name: xml(value) for name, value in data.items() if isinstance(value, str)}
    holes = {
        **said,
        "locale": f"{data['lang']}-{data['region']}",
        "decimal": "," if data["lang"] == "fr" else ".",
        "on": on.isoformat(),
        "portrait": str(_twips(office.PORTRAIT.room)),
        "landscape": str(_twips(office.LANDSCAPE.room)),
        "body": _Body(data).text(),
    }
    return office.package("docx", holes)


class _Body:
    """The body being written: what comes next may have to begin a page."""

    def __init__(self, data: Mapping[str, Any]):
        self.data = data
        self.headings = headings(data["blocks"])
        self.left = iter(enumerate(self.headings))
        self.paper = office.PORTRAIT
        self.new_page = False
        self.writers: Mapping[str, Callable[[Block], str]] = {
            "heading": self._heading,
            "paragraph": lambda block: self._said("Normal", block["text"]),
            "lead": lambda block: self._said("Lead", block["text"]),
            "remark": lambda block: self._said("Remark", block["text"]),
            "blank": lambda block: self._said("Blank", block["text"]),
            "items": lambda block: "".join(self._said("ListBullet", text) for text in block["texts"]),
            "pairs": self._pairs,
            "table": self._table,
            "groups": self._groups,
            "lines": self._lines,
            "picture": self._picture,
            "contents": self._contents,
        }

    def text(self) -> str:
        """Return the whole body."""
        data = self.data
        parts = [_p("Buyer", data["buyer"]), _p("Title", data["title"]), _p("Subtitle", data["subject"])]
        runs = office.sections(data["blocks"])
        if not runs or runs[0][0] is not office.PORTRAIT:
            runs.insert(0, (office.PORTRAIT, []))
        for n, (self.paper, held) in enumerate(runs):
            self.new_page = False
            parts += [self._block(block) for block in held]
            last = n == len(runs) - 1
            section = _section(self.paper, first=n == 0)
            parts.append(section if last else f'<w:p><w:pPr><w:pStyle w:val="TableEnd"/>{section}</w:pPr></w:p>')
        return "".join(parts)

    def _block(self, block: Block) -> str:
        if block["kind"] == "new_page":
            self.new_page = True
            return ""
        return self.writers[block["kind"]](block)

    def _said(self, style: str, text: str, extra: str = "") -> str:
        return _p(style, text, self._break() + extra)

    def _break(self) -> str:
        """Return what makes the next paragraph begin a page, when it must."""
        wanted, self.new_page = self.new_page, False
        return "<w:pageBreakBefore/>" if wanted else ""

    def _before_table(self) -> str:
        """Return the paragraph that a table needs before it to begin a page."""
        return _p("TableEnd", "", self._break()) if self.new_page else ""

    # ---------------------------------------------------------------------------------------------------------- texts
    def _heading(self, block: Block) -> str:
        n, found = next(self.left)
        start, end = f'<w:bookmarkStart w:id="{n}" w:name="{found.place}"/>', f'<w:bookmarkEnd w:id="{n}"/>'
        style = _style(f"Heading{found.level}", self._break())
        return f"<w:p>{style}{start}{_run(found.text)}{end}</w:p>"

    def _contents(self, block: Block) -> str:
        shown = [each for each in self.headings if each.level <= block["depth"]]
        title = self._said("TOCHeading", self.data["contents"])
        if not shown:
            return title
        begin, end = _field(f'TOC \\o "1-{block["depth"]}" \\h \\z \\u')
        entries = [(_style(f"TOC{each.level}"), _entry(each)) for each in shown]
        last = len(entries) - 1
        lines = [
            f"<w:p>{style}{begin if n == 0 else ''}{entry}{end if n == last else ''}</w:p>"
            for n, (style, entry) in enumerate(entries)
        ]
        return title + "".join(lines)

    def _lines(self, block: Block) -> str:
        parts = [self._said("Lines", block["head"])]
        for part in block["parts"]:
            parts.append(_p("TableGroup", part["title"], '<w:spacing w:before="160" w:after="40"/>'))
            parts += [
                f"<w:p>{_style('Lines')}{_run(name, BOLD)}{_run(' · ' + said)}</w:p>" for name, said in part["rows"]
            ]
            parts += [_p("TableGroup", part["foot"], '<w:spacing w:before="40" w:after="80"/>')] if part["foot"] else []
        return "".join(parts)

    # --------------------------------------------------------------------------------------------------------- tables
    def _pairs(self, block: Block) -> str:
        grid = _Grid([56, self.paper.room - 56], ["left", "left"])
        rows = [_row(grid.cell(0, label, bold=True) + grid.cell(1, value)) for label, value in block["rows"]]
        return self._whole(grid, rows)

    def _table(self, block: Block) -> str:
        grid = self._columns(block)
        strong = frozenset(block["strong"])
        rows = [_row(grid.cells(row, "TableText", bold=n in strong)) for n, row in enumerate(block["rows"])]
        return self._whole(grid, [grid.head(block["head"]), *rows])

    def _groups(self, block: Block) -> str:
        grid = self._columns(block)
        wide, span = len(grid.widths), block["span"]
        rows = [grid.head(block["head"])]
        for part in block["parts"]:
            rows.append(_row(grid.cell(0, part["title"], "TableGroup", span=wide)))
            rows += [_row(grid.cells(row, "TableSmall")) for row in part["rows"]]
            if part["foot"]:
                rest = grid.cell(span, "", "TableSmall", span=wide - span) if span < wide else ""
                rows.append(_row(grid.cell(0, part["foot"], "TableSmall", span=span, side="right", bold=True) + rest))
        return self._whole(grid, rows)

    def _picture(self, block: Block) -> str:
        if not block["tabled"]:
            return ""
        grid = _Grid(*office.behind(block, self.paper.room))
        body = [_row(grid.cells(row, "TableText")) for row in block["rows"]]
        return self._said("Caption", block["caption"]) + self._whole(
            grid, [grid.head(block["head"]), *body], block["alt"]
        )

    def _columns(self, block: Block) -> "_Grid":
        return _Grid(millimetres(block["columns"], self.paper.room), block["sides"])

    def _whole(self, grid: "_Grid", rows: Sequence[str], alt: str = "") -> str:
        before = _p("TableEnd", "", self._break()) if self.new_page else ""
        return f"{before}<w:tbl>{grid.properties(alt)}{''.join(rows)}</w:tbl>{TABLE_END}"


@dataclass(frozen=True)
class _Grid:
    """The columns of a table: their widths in millimetres and their sides."""

    widths: Sequence[float]
    sides: Sequence[str]

    def properties(self, alt: str) -> str:
        """Return what stands before the rows."""
        columns = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in self.widths)
        told = f'<w:tblDescription w:val="{xml(alt)}"/>' if alt else ""
        look = '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        whole = f'<w:tblW w:w="{sum(map(_twips, self.widths))}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        return f'<w:tblPr><w:tblStyle w:val="Ruled"/>{whole}{look}{told}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>'

    def head(self, texts: Sequence[str]) -> str:
        """Return the row of the headings, repeated on each page."""
        cells = "".join(self.cell(n, text, "TableHead", fill=SOFT) for n, text in enumerate(texts))
        return _row(cells, "<w:tblHeader/>")

    def cells(self, texts: Sequence[str], style: str, *, bold: bool = False) -> str:
        """Return the cells of a row."""
        return "".join(self.cell(n, text, style, bold=bold) for n, text in enumerate(texts))

    def cell(
        self, n: int, text: str, style: str = "TableText", *, span: int = 1, side: str = "", bold: bool = False, fill: str = ""
    ) -> str:  # fmt: skip
        """Return a cell that begins at column `n`."""
        width = sum(map(_twips, self.widths[n : n + span]))
        spanned = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
        filled = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
        right = (side or (self.sides[n] if span == 1 else "left")) == "right"
        inner = _style(style, '<w:jc w:val="right"/>' if right else "")
        said = _run(text, BOLD if bold else "") if text else ""
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}{filled}</w:tcPr><w:p>{inner}{said}</w:p></w:tc>'


# ------------------------------------------------------------------------------------------------------------- elements
def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS)


def _style(name: str, more: str = "") -> str:
    return f'<w:pPr><w:pStyle w:val="{name}"/>{more}</w:pPr>'


def _run(text: str, properties: str = "") -> str:
    if "[" not in text:
        return _piece(text, properties)
    marked = properties.replace("</w:rPr>", f"{_YELLOW}</w:rPr>") or f"<w:rPr>{_YELLOW}</w:rPr>"
    pieces = enumerate(HOLE.split(text))
    return "".join(_piece(piece, marked if n % 2 else properties) for n, piece in pieces if piece)


def _piece(text: str, properties: str) -> str:
    lines = [f"{_OPEN}{line}</w:t>" for line in xml(text).split("\n")]
    return f"<w:r>{properties}{'<w:br/>'.join(lines)}</w:r>".replace("\t", f"</w:t><w:tab/>{_OPEN}")


_OPEN = '<w:t xml:space="preserve">'
_YELLOW = '<w:highlight w:val="yellow"/>'


def _p(style: str, text: str, more: str = "") -> str:
    return f"<w:p>{_style(style, more)}{_run(text) if text else ''}</w:p>"


def _row(cells: str, properties: str = "") -> str:
    """Return a row. None is forbidden to split: LibreOffice then breaks off tables whose heading is repeated."""
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{cells}</w:tr>"


def _field(code: str) -> tuple[str, str]:
    """Return what stands before and after the result of a field."""
    begin = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> {xml(code)} </w:instrText></w:r>'
    return f'{begin}<w:r><w:fldChar w:fldCharType="separate"/></w:r>', '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _entry(heading: Heading) -> str:
    """Return a line of the table of contents, without its page: only a word processor that updates the field knows it."""
    said = _run(f"{heading.number} {heading.text}".replace("\n", " "))
    return f'<w:hyperlink w:anchor="{heading.place}" w:history="1">{said}</w:hyperlink>'


def _section(paper: Paper, *, first: bool) -> str:
    """Return the pages of a section: its header, footer, side and margins."""
    end = "-landscape" if paper.landscape else ""
    width, height = map(_twips, paper.size)
    side, top, bottom = map(_twips, (paper.side, paper.top, paper.bottom))
    turned = ' w:orient="landscape"' if paper.landscape else ""
    kept = f'<w:headerReference w:type="default" r:id="header{end}"/>'
    kept += (
        f'<w:headerReference w:type="first" r:id="first"/><w:footerReference w:type="first" r:id="footer{end}"/>'
        if first
        else ""
    )
    kept += f'<w:footerReference w:type="default" r:id="footer{end}"/><w:type w:val="nextPage"/>'
    margins = f'<w:pgMar w:top="{top}" w:right="{side}" w:bottom="{bottom}" w:left="{side}" w:header="{_twips(10)}" w:footer="{_twips(9)}" w:gutter="0"/>'
    return f'<w:sectPr>{kept}<w:pgSz w:w="{width}" w:h="{height}"{turned}/>{margins}{"<w:titlePg/>" if first else ""}</w:sectPr>'
