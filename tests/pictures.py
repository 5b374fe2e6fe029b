"""Pictures as notebooks hold them."""

from __future__ import annotations

import base64
import io

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 4)) -> str:
    """A picture of one colour in the format `kind`, in base64."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, kind)
    return base64.b64encode(buffer.getvalue()).decode()
