# SPDX-License-Identifier: MIT
"""Exports over HTTP: ranges row by row, cancel, pause, download by ranges, mistakes in requests."""
import csv
import gzip
import hashlib
import io
import os
import unittest

from support import stack
from support.wait import wait_until


def days(rows):
    """CSV text with a header and `rows` rows over two years, one of 2 MB or so a 40,000."""
    out = ["day,number,words"]
    for i in range(rows):
        day = i * 730 // rows
        out.append(f"{2016 + day // 365}-{day % 365 // 31 + 1:02}-{day % 28 + 1:02},{i},row number {i} of this file")
    return ("\r\n".join(out) + "\r\n").encode()


def records(data):
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


class Exports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()
        cls.data = days(60000)
        cls.stack.load(cls.data, filename="exports.csv", dataset="exports test")

    def ask(self, **request):
        answer = self.stack.post("/export", {"dataset": "exports test", **request})
        self.assertEqual(answer.status, 202, answer)
        self.assertEqual(answer.headers["location"], f"/export/{answer.json['uid']}")
        return answer.json["uid"]

    def export(self, **request):
        """Ask, wait, download; returns (bytes, the export's JSON)."""
        uid = self.ask(**request)
        self.assertEqual(self.stack.wait_job(uid)["state"], "succeeded")
        shown = self.stack.get(f"/export/{uid}").json
        answer = self.stack.get(shown["file"]["url"])
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(hashlib.sha256(answer.body).hexdigest(), shown["sha256"])
        self.assertEqual(len(answer.body), shown["bytes"])
        return answer.body, shown

    def refused(self, status, code, **request):
        answer = self.stack.post("/export", {"dataset": "exports test", **request})
        self.assertEqual((answer.status, answer.json["code"]), (status, code), answer)
        self.assertTrue(answer.json["detail"])

    def test_the_whole_comes_back_byte_for_byte(self):
        body, shown = self.export()
        self.assertEqual(body, self.data)
        self.assertEqual(shown["rows"], 60000)

    def test_a_range_holds_both_its_days_and_no_other(self):
        header, *rows = records(self.data)
        for first, last in (("2016-03-05", "2016-03-09"), ("2016-12-31", "2017-01-01"), ("2017-02-02", "2017-02-02")):
            body, _ = self.export(**{"from": first, "to": last})
            self.assertEqual(records(body), [header] + [row for row in rows if first <= row[0] <= last])
        body, shown = self.export(to="2015-01-01")
        self.assertEqual((records(body), shown["rows"]), ([header], 0))

    def test_columns_delimiter_header_and_compression(self):
        body, shown = self.export(columns=["words", "number"], delimiter=";", header="no", compression="gzip")
        rows = [line.split(";") for line in gzip.decompress(body).decode().splitlines()]
        self.assertEqual(rows[:2], [["row number 0 of this file", "0"], ["row number 1 of this file", "1"]])
        self.assertTrue(shown["file"]["name"].endswith(".csv.gz"))

    def test_an_estimate_starts_nothing(self):
        ask = lambda **request: self.stack.post("/export/estimate", {"dataset": "exports test", **request})
        before = self.stack.get("/export?limit=1").json["items"]
        answer = ask()
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual((answer.json["rows"], answer.json["rows_exact"], answer.json["bytes"]), (60000, True, len(self.data)))
        part = ask(**{"from": "2016-03-01", "to": "2016-03-31"}).json
        self.assertEqual((part["date_column"], part["least"], part["greatest"]), ("day", "2016-01-01", "2017-12-28"))
        real = sum(1 for row in records(self.data)[1:] if row[0].startswith("2016-03"))
        self.assertTrue(real / 2 < part["rows"] < real * 2, (real, part))
        self.assertEqual(ask(to="2010-01-01").json["rows"], 0)
        self.assertEqual(ask(columns=["nothing"]).json["code"], "export.unknown_column")
        self.assertEqual(ask(dataset="nowhere").status, 404)
        self.assertEqual(self.stack.get("/export?limit=1").json["items"], before)

    def test_lists_can_be_narrowed(self):
        self.stack.load(b"a,b\n1,2\n", filename="narrow.csv", dataset="narrow")
        answer = self.stack.post("/export", {"dataset": "narrow"})
        uid = answer.json["uid"]
        self.stack.wait_job(uid)
        names = lambda path: [item["uid"] for item in self.stack.get(path).json["items"]]
        self.assertEqual(names("/export?dataset=narrow"), [uid])
        self.assertEqual(names("/export?dataset=narrow&state=queued,running"), [])
        self.assertEqual(names("/export?dataset=narrow&state=succeeded"), [uid])
        kinds = sorted(item["kind"] for item in self.stack.get("/jobs?dataset=narrow").json["items"])
        self.assertEqual(kinds, ["export", "import"])
        self.assertEqual(self.stack.get("/export?dataset=nowhere").json["code"], "dataset.not_found")
        self.assertEqual(self.stack.get("/export?state=asleep").json["code"], "request.members")

    def test_a_download_goes_on_by_range(self):
        uid = self.ask()
        self.stack.wait_job(uid)
        whole = self.stack.get(f"/export/{uid}/file")
        part = self.stack.get(f"/export/{uid}/file", {"Range": "bytes=1000-1999"})
        self.assertEqual((part.status, part.body), (206, whole.body[1000:2000]))
        self.assertIn("attachment", whole.headers["content-disposition"])
        self.assertEqual(whole.headers["x-content-type-options"], "nosniff")
        beyond = self.stack.get(f"/export/{uid}/file", {"Range": f"bytes={len(whole.body)}-"})
        self.assertEqual((beyond.status, beyond.headers.get_content_type()), (416, "application/problem+json"))
        self.assertEqual((beyond.json["code"], beyond.headers["content-range"]), ("http.416", f"bytes */{len(whole.body)}"))
        self.assertEqual([name for name in set(beyond.headers.keys()) if len(beyond.headers.get_all(name)) > 1], [])

    def test_mistakes_have_codes(self):
        self.refused(422, "export.date_range", **{"from": "2017-01-02", "to": "2017-01-01"})
        self.refused(422, "request.members", **{"from": "2017-02-30"})
        self.refused(422, "request.members", surprise=1)
        self.refused(422, "export.unknown_column", columns=["nothing"])
        self.refused(422, "export.no_date_column", date_column="words", to="2017-01-01")
        self.refused(422, "export.delimiter", delimiter="ab")
        self.refused(404, "export.dataset_not_found", dataset="no such dataset")
        self.stack.load(b"a,b\n1,x\n2,y\n", filename="no-dates.csv", dataset="no dates")
        self.refused(422, "export.no_date_column", dataset="no dates", **{"from": "2017-01-01"})
        answer = self.stack.get("/export/01234567-89ab-4def-8123-456789abcdef")
        self.assertEqual((answer.status, answer.json["code"]), (404, "export.not_found"))

    def test_cancelled_it_leaves_nothing(self):
        uid = self.ask()
        answer = self.stack.delete(f"/export/{uid}")
        if answer.status == 204:  # it was quicker
            self.assertEqual(self.stack.get(f"/export/{uid}/file").status, 410)
            return
        self.assertEqual(answer.status, 202, answer)
        self.assertEqual(self.stack.wait_job(uid)["state"], "cancelled")
        self.assertEqual(self.stack.get(f"/export/{uid}/file").status, 409)
        self.assertIsNone(self.stack.get(f"/export/{uid}").json["file"])
        wait_until(lambda: not self.files_of(uid), 60, "no file of it is left")

    def files_of(self, uid):
        found = []
        for folder, _, names in os.walk(os.path.join(self.stack.data_dir, "exports")):
            found += [name for name in names if name.startswith(uid.replace("-", ""))]
        return found

    def test_deleted_its_file_is_gone(self):
        uid = self.ask()
        self.stack.wait_job(uid)
        self.assertEqual(len(self.files_of(uid)), 1)
        self.assertEqual(self.stack.delete(f"/export/{uid}").status, 204)
        self.assertEqual(self.files_of(uid), [])
        answer = self.stack.get(f"/export/{uid}/file")
        self.assertEqual((answer.status, answer.json["code"]), (410, "export.deleted"))

    def test_paused_and_resumed_it_comes_to_the_same_bytes(self):
        uid = self.ask(compression="zstd")
        self.assertIn(self.stack.post(f"/export/{uid}/pause").status, (200, 202, 409))
        state = self.stack.wait_job(uid, ("paused", "succeeded"))["state"]
        if state == "paused":
            self.assertEqual(self.stack.get(f"/export/{uid}/file").json["code"], "export.not_ready")
            self.assertEqual(self.stack.post(f"/export/{uid}/resume").status, 202)
        self.stack.wait_job(uid, "succeeded")
        again, _ = self.export(compression="zstd")
        self.assertEqual(self.stack.get(f"/export/{uid}/file").body, again)

    def test_the_same_request_is_pointed_at(self):
        first = self.ask(compression="gzip", header="no")
        self.stack.post(f"/export/{first}/pause")
        state = self.stack.wait_job(first, ("paused", "succeeded"))["state"]
        answer = self.stack.post("/export", {"dataset": "exports test", "compression": "gzip", "header": "no"})
        self.assertEqual(answer.json["same_as"], first if state == "paused" else None)
        self.stack.delete(f"/export/{first}")

    def test_one_key_makes_one_export(self):
        headers = {"Idempotency-Key": "exports-one-key", "Content-Type": "application/json"}
        body = b'{"dataset": "exports test"}'
        first = self.stack.post("/export", body, headers)
        again = self.stack.post("/export", body, headers)
        self.assertEqual((first.status, again.status, again.json["uid"]), (202, 202, first.json["uid"]))
        self.assertEqual(again.body, first.body)
        other = self.stack.post("/export", b'{"dataset": "exports test", "header": "no"}', headers)
        self.assertEqual((other.status, other.json["code"]), (422, "idempotency.mismatch"))

    def test_a_kept_answer_goes_on_naming_the_same_request(self):
        self.stack.supervisor.stop("runner")
        try:
            first = self.ask(header="no", values="typed")
            headers = {"Idempotency-Key": "exports-same-as", "Content-Type": "application/json"}
            body = b'{"dataset": "exports test", "header": "no", "values": "typed"}'
            named = self.stack.post("/export", body, headers)
            self.assertEqual((named.status, named.json["same_as"]), (202, first))
            without_key = self.stack.post("/export", body, {"Content-Type": "application/json"})
            self.assertEqual(without_key.json["same_as"], named.json["uid"], "the newest of those before it")
            self.assertLess(self.stack.delete(f"/export/{first}").status, 300)
            self.assertEqual(self.stack.post("/export", body, headers).body, named.body)
        finally:
            self.stack.supervisor.start("runner")
        for uid in (named.json["uid"], without_key.json["uid"]):
            self.stack.wait_job(uid, "succeeded")

    def test_the_list_has_it(self):
        uid = self.ask()
        self.assertIn(uid, [item["uid"] for item in self.stack.get("/export?limit=5").json["items"]])
