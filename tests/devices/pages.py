"""Reading printed pages back: PDF to pixels and text, codes out of pixels.

Owns: how a test sees a page. Does not own: what is on it. The reader of PDFs loads late: it takes a
second, and every process that looks for tests imports this.
"""

from __future__ import annotations

import zxingcpp
from PIL import Image

FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128])


def pdf_image(pdf: bytes, dpi: int) -> Image.Image:
    """The only page of a PDF as a grey picture."""
    import pymupdf

    with pymupdf.open(stream=pdf) as document:
        assert len(document) == 1
        pixmap = document[0].get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
        return Image.frombytes("L", (pixmap.width, pixmap.height), pixmap.samples)


def pdf_text(pdf: bytes) -> str:
    import pymupdf

    with pymupdf.open(stream=pdf) as document:
        return str(document[0].get_text())


def codes_in(image: Image.Image) -> dict[str, str]:
    """Text by format name."""
    found = zxingcpp.read_barcodes(image, formats=FORMATS)
    return {str(code.format): code.text for code in found}
