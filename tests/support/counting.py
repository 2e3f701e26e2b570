# SPDX-License-Identifier: MIT
"""How many records a file has, said by another reader than Sluice's, and the account that an import gives of them."""
import codecs
import csv
import io
import os

csv.field_size_limit(1 << 30)
# The five bytes that windows-1252 leaves open are the control characters of the same number (WHATWG encoding).
codecs.register_error("open_bytes", lambda error: (error.object[error.start:error.end].decode("latin-1"), error.end))


def text_of(data):
    """The file's text: UTF-16 by its byte order mark or its zero bytes, UTF-8, else windows-1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    if data[1::2].count(0) * 2 > len(data) // 2:
        return data.decode("utf-16-le")
    if data[0::2].count(0) * 2 > len(data) // 2:
        return data.decode("utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "open_bytes")


def records_in(data, delimiter=",", quote='"'):
    """Records as Python's csv reads them, blank lines included. data: bytes or a path."""
    if isinstance(data, (str, os.PathLike)):
        with open(data, "rb") as file:
            data = file.read()
    return sum(1 for _ in csv.reader(io.StringIO(text_of(data), newline=""), delimiter=delimiter, quotechar=quote))


def lines_in(data):
    """Physical lines: the records of a file that has no line ends inside its fields, whatever its quotes look like."""
    return len(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")) if data else 0


def require_account(found, records, what="import"):
    """loaded + rejected + skipped of an import's JSON (or a job's result) = `records`, counted elsewhere."""
    parts = [found[name] for name in ("loaded", "rejected", "skipped")]
    if sum(parts) != records or found["records"] != records:
        raise AssertionError(f"{what}: loaded + rejected + skipped = {' + '.join(map(str, parts))} and "
                             f"{found['records']} records, but the file has {records}")
