"""Painting: pages of placed marks become PDF files and pictures.

Owns: widths of text, painting every kind of mark. Does not own: where a mark
goes (devices lay pages out), printers and files. Works without a display (offscreen platform).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import assert_never

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPainterPath,
    QPdfWriter,
    QPen,
)

from app.domain.page import (
    Mark,
    Page,
    PlacedBars,
    PlacedFrame,
    PlacedModules,
    PlacedRule,
    PlacedText,
)
from ui.printing.print_font import print_family

_UM_PER_INCH = 25_400
_PDF_DPI = 1_200
_MEASURE_PX = 200
_BOLD_STROKE_PX = 9
"""Widths are taken in a large size, so that rounding to pixels cannot shift a column."""


def text_width_um(text: str, size_um: int, bold: bool) -> int:
    """How wide a text is painted, in micrometres; fits domain.page.Measure."""
    width_px = _metrics().horizontalAdvance(text) + (_BOLD_STROKE_PX if bold else 0)
    return round(width_px * size_um / _MEASURE_PX)


@cache
def _metrics() -> QFontMetricsF:
    return QFontMetricsF(_font())


def _font() -> QFont:
    font = QFont(print_family())
    font.setPixelSize(_MEASURE_PX)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # Local forms and ligatures replace characters by glyphs that a PDF cannot name: copied text
    # would be rubbish, and a receipt is copied from.
    for tag in ("locl", "liga"):
        font.setFeature(QFont.Tag(tag), 0)
    return font


def page_pdf(page: Page) -> bytes:
    """The page as a PDF of exactly its size."""
    return pages_pdf((page,))


def pages_pdf(pages: Sequence[Page]) -> bytes:
    """Pages of one size, one behind the other, as a PDF."""
    first = pages[0]
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(first.title)
    writer.setResolution(_PDF_DPI)
    size = QSizeF(first.width_um / 1000, first.height_um / 1000)
    layout = QPageLayout(
        QPageSize(size, QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch),
        QPageLayout.Orientation.Portrait,
        QMarginsF(0, 0, 0, 0),
    )
    # A card is wider than high; Qt would turn such a page unless it is told not to.
    layout.setMode(QPageLayout.Mode.FullPageMode)
    writer.setPageLayout(layout)
    painter = QPainter(writer)
    for number, page in enumerate(pages):
        if number:
            writer.newPage()
        painter.save()
        _Painting(painter, text_as_outlines=False).paint(page, _PDF_DPI)
        painter.restore()
    painter.end()
    buffer.close()
    return bytes(buffer.data().data())


def page_image(page: Page, *, dpi: int) -> QImage:
    """The page as a picture, black on white, for the screen or a preview."""
    width = round(page.width_um * dpi / _UM_PER_INCH)
    height = round(page.height_um * dpi / _UM_PER_INCH)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    _Painting(painter, text_as_outlines=True).paint(page, dpi)
    painter.end()
    return image


def paint_page(painter: QPainter, page: Page, *, dpi: int) -> None:
    """Paint the page from the painter's origin on: on a printer, whatever its resolution."""
    _Painting(painter, text_as_outlines=True).paint(page, dpi)


@dataclass(frozen=True, slots=True)
class _Painting:
    """Paints in micrometres: the painter's scale turns them into dots.

    A PDF keeps text as text, to be searched; a picture gets outlines, which stay in place at
    every scale where the raster engine would snap glyphs to pixels.
    """

    painter: QPainter
    text_as_outlines: bool

    def paint(self, page: Page, dpi: int) -> None:
        scale = dpi / _UM_PER_INCH
        self.painter.scale(scale, scale)
        for mark in page.marks:
            self._mark(mark)

    def _mark(self, mark: Mark) -> None:
        match mark:
            case PlacedText():
                self._text(mark)
            case PlacedRule():
                self._rule(mark)
            case PlacedModules():
                self._black(_module_boxes(mark))
            case PlacedBars():
                self._black(_bar_boxes(mark))
            case PlacedFrame():
                self.painter.setPen(QPen(Qt.GlobalColor.black, mark.thickness_um))
                self.painter.setBrush(Qt.BrushStyle.NoBrush)
                box = QRectF(mark.x_um, mark.y_um, mark.width_um, mark.height_um)
                self.painter.drawRoundedRect(box, mark.radius_um, mark.radius_um)
            case never:
                assert_never(never)

    def _text(self, mark: PlacedText) -> None:
        width = text_width_um(mark.text, mark.size_um, mark.bold)
        shift = {"left": 0, "centre": width // 2, "right": width}[mark.align]
        self.painter.save()
        self.painter.translate(mark.x_um - shift, mark.baseline_um)
        # The font is set in one size and scaled, so that it is as wide as it was measured.
        factor = mark.size_um / _MEASURE_PX
        self.painter.scale(factor, factor)
        outlines = QPainterPath()
        outlines.addText(QPointF(0, 0), _font(), mark.text)
        if self.text_as_outlines:
            self.painter.fillPath(outlines, Qt.GlobalColor.black)
        else:
            self.painter.setPen(Qt.GlobalColor.black)
            self.painter.setFont(_font())
            self.painter.drawText(QPointF(0, 0), mark.text)
        if mark.bold:
            # The shipped family has one weight; its bold is the outline drawn thicker.
            self.painter.strokePath(outlines, QPen(Qt.GlobalColor.black, _BOLD_STROKE_PX))
        self.painter.restore()

    def _rule(self, mark: PlacedRule) -> None:
        pen = QPen(Qt.GlobalColor.black, mark.thickness_um)
        if mark.dashed:
            pen.setDashPattern([4, 2.5])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.painter.setPen(pen)
        end = QPointF(mark.x_um + mark.width_um, mark.y_um)
        self.painter.drawLine(QPointF(mark.x_um, mark.y_um), end)

    def _black(self, boxes: Iterable[QRectF]) -> None:
        # One path, one filling: boxes filled one by one leave hairlines between neighbours.
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for box in boxes:
            path.addRect(box)
        antialiased = self.painter.testRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.painter.fillPath(path, Qt.GlobalColor.black)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, antialiased)


def _module_boxes(mark: PlacedModules) -> Iterator[QRectF]:
    step = mark.module_um
    for row_number, row in enumerate(mark.rows):
        for column, black in enumerate(row):
            if black:
                x, y = mark.x_um + column * step, mark.y_um + row_number * step
                yield QRectF(x, y, step, step)


def _bar_boxes(mark: PlacedBars) -> Iterator[QRectF]:
    x = mark.x_um
    for position, modules in enumerate(mark.widths):
        width = modules * mark.module_um
        if position % 2 == 0:
            yield QRectF(x, mark.y_um, width, mark.height_um)
        x += width
