"""The look of the .docx, as styles that a researcher can change in one place; python-docx objects come untyped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

DATE = datetime(2000, 1, 1)
"""Stands in the properties and the archive, so that the same report gives the same file."""

_INK, _FAINT, _ACCENT, _MARK = "1D1F21", "5C6166", "2F5D7C", "FDF3C4"
_BODY, _SANS = "Cambria", "Calibri"


def prepare(document: Any, title: str, landscape: bool) -> None:
    """Page, properties and styles of a new document."""
    _properties(document, title)
    _page(document.sections[0], landscape)
    _styles(document.styles)
    _page_number(document.sections[0].footer.paragraphs[0])


def _properties(document: Any, title: str) -> None:
    known = document.core_properties
    known.title, known.author, known.comments, known.last_modified_by = title[:255], "", "", ""
    known.created = known.modified = DATE
    known.revision = 1


def _page(section: Any, landscape: bool) -> None:
    """A4; wide tables lie across."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    short, long = Cm(21), Cm(29.7)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)


def _styles(styles: Any) -> None:
    _set(styles["Normal"], size=11, after=6, line=1.15)
    _set(styles["Title"], _SANS, 22, bold=True, after=8)
    _plain_title(styles["Title"])
    for level, size in enumerate((16, 13, 11.5, 11, 11, 11, 11, 11, 11), 1):
        _set(styles[f"Heading {level}"], _SANS, size, bold=True, before=18 if level == 1 else 14, after=4, keep=True)
    _set(styles["Quote"], before=8, after=2, left=1.0, right=0.6, line=1.15)
    styles["Quote"].font.no_proof = True  # speech as it was spoken is not underlined in red
    _set(styles["Caption"], _SANS, 10, bold=True, before=8, after=4, keep=True)
    new: dict[str, dict[str, Any]] = {
        "Attribution": {"name": _SANS, "size": 9, "colour": _FAINT, "left": 1.0, "after": 10},
        "Quote Memo": {"size": 9.5, "colour": _FAINT, "left": 1.0, "right": 0.6, "after": 2, "italic": True},
        "Facts": {"name": _SANS, "size": 9.5, "colour": _FAINT, "after": 1},
        "Remark": {"name": _SANS, "size": 9.5, "colour": _FAINT, "after": 4},
        "Table Text": {"name": _SANS, "size": 9, "after": 1, "before": 1},
        "After Table": {"size": 6, "after": 4},
        "Turn": {"size": 10.5, "before": 3, "after": 3},
        "Turn Dimmed": {"size": 10.5, "before": 3, "after": 3, "colour": _FAINT},
        "Margin Mark": {"name": _SANS, "size": 8.5, "before": 4, "after": 3, "colour": _ACCENT},
    }
    for name, look in new.items():
        _set(_new(styles, name), **look)
    _context_style(styles)
    _table_style(styles)


def _context_style(styles: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    style = styles.add_style("Quote Context", WD_STYLE_TYPE.CHARACTER)
    style.font.color.rgb, style.font.size = RGBColor.from_string(_FAINT), Pt(10)


def _new(styles: Any, name: str) -> Any:
    from docx.enum.style import WD_STYLE_TYPE

    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    return style


def _set(
    style: Any,
    name: str = _BODY,
    size: float = 11,
    *,
    colour: str = _INK,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    after: float = 0,
    left: float = 0,
    right: float = 0,
    line: float = 1.0,
    keep: bool = False,
) -> None:
    """Sizes and distances above and below in points, indents in centimetres."""
    from docx.shared import Cm, Pt, RGBColor

    style.font.name, style.font.size, style.font.bold, style.font.italic = name, Pt(size), bold, italic
    style.font.color.rgb = RGBColor.from_string(colour)
    _without_theme(style)
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), line
    shape.left_indent, shape.right_indent = Cm(left), Cm(right)
    shape.keep_with_next = keep
    shape.widow_control = True


def _without_theme(style: Any) -> None:
    """The fonts named in the style win over those of the template's theme."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _plain_title(style: Any) -> None:
    """Without the rule under the template's title."""
    from docx.oxml.ns import qn

    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _table_style(styles: Any) -> None:
    """Rules above, below and under the head, as journals print tables."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    style = styles.add_style("Report Table", WD_STYLE_TYPE.TABLE)
    style.base_style = styles["Normal Table"]
    rule, hair = 'w:val="single" w:sz="8" w:color="1D1F21"', 'w:val="single" w:sz="4" w:color="D9D9D3"'
    style.element.append(
        parse_xml(
            f"<w:tblPr {nsdecls('w')}><w:tblBorders><w:top {rule}/><w:bottom {rule}/><w:insideH {hair}/></w:tblBorders>"
            '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        )
    )
    style.element.append(
        parse_xml(
            f'<w:tblStylePr {nsdecls("w")} w:type="firstRow"><w:tcPr><w:tcBorders><w:bottom {rule}/></w:tcBorders>'
            '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
        )
    )


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = '<w:fldSimple {} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field.format(nsdecls("w"))))


def repeated_head(row: Any) -> None:
    """The row stands at the top of every page its table runs over."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def unbroken(row: Any) -> None:
    """The row stands on one page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def text_width(section: Any) -> float:
    """Centimetres between the margins."""
    return float(section.page_width - section.left_margin - section.right_margin) / 360_000  # EMU in a centimetre


def sized(table: Any, widths: Sequence[float]) -> None:
    """Columns of these widths in centimetres."""
    from docx.shared import Cm

    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def right_to_left(paragraph: Any, run: Any) -> None:
    """Hebrew, Arabic … are set from the right."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shape = paragraph._p.get_or_add_pPr()
    if shape.find(qn("w:bidi")) is None:
        after = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
        shape.insert_element_before(OxmlElement("w:bidi"), *after)
    run.font.rtl = True


def shaded(run: Any) -> None:
    """A marked range of a turn."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    run._r.get_or_add_rPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{_MARK}"/>'))
