"""What a file is that is no notebook, in words for the person who handed it in."""

from __future__ import annotations

# The first bytes of what gets handed in by mistake.  Only names are read, no such file is ever opened or unpacked.
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"),
    (b"version https://git-lfs", "a Git LFS pointer instead of the file itself"),
)
_ZIPPED: tuple[tuple[bytes, str], ...] = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"application/vnd.oasis.opendocument", "a LibreOffice document"),
    (b".ipynb", "a zip archive that holds a notebook"),
)


def kind_of(data: bytes) -> str:
    """What `data` looks like ("a PDF"), or "" where nothing is recognised."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"PK\x03\x04"):
        return next((kind for name, kind in _ZIPPED if name in data), "a zip archive")
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:1] == b"<" and not head.startswith(b"<<<<<<<"):
        return "a web page"
    if head.startswith((b"import ", b"from ", b"def ", b"#", b'"""', b"print(")):
        return "a Python script"
    return ""


def broken(text: str) -> str:
    """Why `text`, which is not valid JSON, may be what it is: one clause about "the file"."""
    stripped = text.strip("\x00 \t\r\n")
    if any(mark in text for mark in ("\n<<<<<<< ", "\n>>>>>>> ")) or text.startswith("<<<<<<< "):
        return "it holds the marks of an unfinished Git merge"
    if not stripped.startswith("{"):
        return "it is not a Jupyter notebook"
    if not stripped.endswith("}"):
        return "its end is missing, as after an interrupted download or upload"
    return "it is damaged (it is not valid JSON)"
