"""The words of a PDF as Typst sets them, for tests that ask what it says."""

import re
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
STRING = re.compile(rb"\(((?:\\.|[^\\()])*)\)", re.DOTALL)
SHOWN = re.compile(rb"(\[(?:\((?:\\.|[^\\()])*\)|[^\]])*\]|\((?:\\.|[^\\()])*\))T[jJ]", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words_of(pdf: bytes) -> str:
    """A line a run of letters and typeface: each run is read with every typeface, and one of these is right."""
    streams = [_inflated(stream) for stream in STREAM.findall(pdf)]
    typefaces = [_letters(stream) for stream in streams if b"begincmap" in stream]
    runs = [b"".join(map(_bytes, STRING.findall(run))) for stream in streams for run in SHOWN.findall(stream)]
    return "\n".join(_read(run, letters) for run in runs for letters in typefaces)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _letters(cmap: bytes) -> dict[int, str]:
    """{number of a glyph: what it stands for}"""
    singles = b"".join(re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL))
    pairs = re.findall(rb"<([0-9A-F]+)>\s*<([0-9A-F]+)>", singles)
    return {int(glyph, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for glyph, letter in pairs}


def _bytes(string: bytes) -> bytes:
    def meant(found: re.Match) -> bytes:
        said = found[1]
        return bytes([int(said, 8) & 255]) if said.isdigit() else PLAIN.get(said, said)

    return ESCAPED.sub(meant, string)


def _read(run: bytes, letters: dict[int, str]) -> str:
    return "".join(
        letters.get(run[n] << 8 | run[n + 1], "\N{REPLACEMENT CHARACTER}") for n in range(0, len(run) - 1, 2)
    )
