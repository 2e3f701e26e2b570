# SPDX-License-Identifier: MIT
"""Verbs about datasets over HTTP, mixed into Stack: load a file, read its rows, export it."""
import csv
import io
import os
from urllib.parse import urlencode

from .counting import records_in, require_account


def cells(text):
    """Strictly read RFC 4180: rows of texts."""
    if isinstance(text, bytes):
        text = text.decode()
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


class DatasetVerbs:
    def load(self, data, timeout=120, records=None, **metadata):
        """Upload, wait until loaded; returns (upload uid, job JSON). Fails unless the job succeeded and every record of
        the file is accounted for: `records` of them, by default as many as Python's csv reads."""
        uid = self.upload(data, **metadata)
        job = self.wait_job(uid, timeout=timeout)
        if job["state"] != "succeeded":
            raise AssertionError(f"import of {metadata} ended as {job}")
        require_account(job["result"], records_in(data) if records is None else records,
                        data if isinstance(data, str) else metadata)
        return uid, job

    def load_again(self, upload, options, state="succeeded", timeout=120):
        """POST /upload/{uid}/load and wait; returns the job."""
        answer = self.post(f"/upload/{upload}/load", options)
        if answer.status != 202:
            raise AssertionError(f"load {options}: {answer!r}")
        job = self.wait_job(answer.json["uid"], timeout=timeout)
        if job["state"] != state:
            raise AssertionError(f"load {options} ended as {job}")
        return job

    def dataset_of(self, job):
        answer = self.get(f"/datasets/{job['result']['dataset']}")
        if answer.status != 200:
            raise AssertionError(f"dataset of {job['uid']}: {answer!r}")
        return answer.json

    def rows(self, uid, limit=1000, **query):
        """All rows of a dataset, page by page: lists of texts, None for a bare empty field."""
        rows, cursor = [], None
        while True:
            page = self.rows_page(uid, limit=limit, cursor=cursor, **query)
            rows += page["items"]
            cursor = page["next"]
            if cursor is None:
                return rows

    def rows_page(self, uid, **query):
        text = urlencode({name: value for name, value in query.items() if value is not None})
        page = self.get(f"/datasets/{uid}/rows?{text}")
        if page.status != 200:
            raise AssertionError(f"rows {query}: {page!r}")
        return page.json

    def exported(self, uid, **options):
        """The bytes of an export of a dataset."""
        answer = self.post("/export", {"dataset": uid, **options})
        if answer.status != 202:
            raise AssertionError(f"export {options}: {answer!r}")
        job = self.wait_job(answer.json["uid"])
        if job["state"] != "succeeded":
            raise AssertionError(f"export {options} ended as {job}")
        return self.get(f"/export/{answer.json['uid']}/file").body


PEERS = os.environ.get("SLUICE_PEERS") or os.path.join(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))), "shared", "peers")


def peers(folder):
    """A folder of public files to measure against. They are not ours and lie beside the project, so a clone may have
    none: then None, and the caller says what it leaves out. Where CI is set they must be there."""
    path = os.path.join(PEERS, folder)
    if os.path.isdir(path):
        return path
    if os.environ.get("CI"):
        raise AssertionError(f"{path} is missing")
    return None
