"""Code pictures: a code as a QR in SVG, black on white in every theme.

Owns: the picture with its quiet zone. Does not own: what the code says, where it is shown.
"""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_MODULES = 4


def qr_svg(code: str) -> str:
    """The QR of a code as an SVG image of its own, sharp at every size."""
    maker = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES)
    maker.add_data(code)
    maker.make(fit=True)
    rows = maker.get_matrix()
    black = ((x, y) for y, row in enumerate(rows) for x, is_black in enumerate(row) if is_black)
    path = "".join(f"M{x} {y}h1v1h-1z" for x, y in black)
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{side * 8}" height="{side * 8}" shape-rendering="crispEdges">'
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{path}" fill="#000"/></svg>'
    )
