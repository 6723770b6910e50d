"""An address as a square code to scan, drawn as a path: no picture, no inline style."""

import qrcode
from django import template

register = template.Library()


@register.inclusion_tag("components/qr_code.html")
def qr_code(address, words):
    code = qrcode.QRCode(border=4)
    code.add_data(address)
    squares = code.get_matrix()
    dark = [(x, y) for y, line in enumerate(squares) for x, is_dark in enumerate(line) if is_dark]
    return {"size": len(squares), "path": "".join(f"M{x} {y}h1v1h-1z" for x, y in dark), "words": words}
