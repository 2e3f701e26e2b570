# SPDX-License-Identifier: MIT
"""What an export can be asked for, against an independent reader; the real tables by ranges; what a download says of itself."""
import base64
import ctypes
import datetime
import gzip
import hashlib
import os
import unittest

from support import stack
from support.counting import text_of
from support.datasets import cells, peers

# Which column of a real table is looked at by days, and how its dates are written.
DATES = {"birdstrikes.csv": ("Flight Date", "%Y-%m-%d"), "github-hourly.csv": ("time", "%Y/%m/%d %H:%M:%S"),
         "raw-polls-2018.csv": ("polldate", "%m/%d/%y"), "seattle-weather.csv": ("date", "%Y-%m-%d"), "stocks.csv": ("date", "%b %d %Y"),
         "tweets-ratio-a.csv": ("created_at", "%m/%d/%y %H:%M"), "vix-daily.csv": ("DATE", "%Y-%m-%d")}


def zstd_decompressed(data, most):
    library = ctypes.CDLL("libzstd.so.1")
    library.ZSTD_decompress.restype = ctypes.c_size_t
    out = ctypes.create_string_buffer(most)
    length = library.ZSTD_decompress(out, ctypes.c_size_t(most), data, ctypes.c_size_t(len(data)))
    if library.ZSTD_isError(ctypes.c_size_t(length)):
        raise AssertionError("not a zstd file")
    return out.raw[:length]


class ExportOptions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()

    def dataset(self, data, name, **options):
        _, job = self.stack.load(data, filename=f"{name}.csv", dataset=name, **options)
        return self.stack.dataset_of(job)["uid"]

    def exported(self, dataset, **options):
        return self.stack.exported(dataset, **options).decode()

    def succeeded(self, dataset, **options):
        uid = self.stack.post("/export", {"dataset": dataset, **options}).json["uid"]
        self.assertEqual(self.stack.wait_job(uid)["state"], "succeeded")
        return uid

    # --- ranges ---
    def test_real_tables_by_ranges(self):
        folder = peers("realdata")
        if folder is None:
            self.skipTest("the real tables are not beside this clone")
        for name, (column, pattern) in DATES.items():
            with self.subTest(name):
                with open(os.path.join(folder, name), "rb") as file:
                    data = file.read()
                header, *rows = cells(text_of(data))
                at = header.index(column)
                dated = [(datetime.datetime.strptime(row[at], pattern).date(), row) for row in rows]
                days = sorted(day for day, _ in dated)
                dataset = self.dataset(data, f"ranges of {name}")
                for first, last in ((days[len(days) // 3], days[len(days) * 2 // 3]), (days[0], days[0]), (days[-1], None), (None, days[0])):
                    limits = {"from": first and first.isoformat(), "to": last and last.isoformat()}
                    limits = {limit: day for limit, day in limits.items() if day}
                    wanted = [row for day, row in dated if (not first or day >= first) and (not last or day <= last)]
                    self.assertTrue(wanted)
                    self.assertEqual(cells(self.exported(dataset, date_column=column, **limits)), [header, *wanted])

    def test_both_days_are_whole_ones_and_the_column_can_be_chosen(self):
        rows = ["2020-02-28 23:59:59,2021-05-01", "2020-02-29 00:00:00,2021-05-02", "2020-02-29 23:59:59,2021-05-03", "2020-03-01 00:00:00,2021-05-04"]
        dataset = self.dataset(("sent,paid\n" + "\n".join(rows) + "\n").encode(), "two dates")
        got = self.exported(dataset, header="no", **{"from": "2020-02-29", "to": "2020-02-29"})
        self.assertEqual(got.splitlines(), rows[1:3])
        got = self.exported(dataset, header="no", date_column="paid", **{"from": "2021-05-02", "to": "2021-05-03"})
        self.assertEqual(got.splitlines(), rows[1:3])
        got = self.exported(dataset, header="no", date_column="paid", **{"from": "2021-05-04"})
        self.assertEqual(got.splitlines(), rows[3:])

    # --- how it is written ---
    def test_typed_values(self):
        dataset = self.dataset(b'day,price,paid\n31.12.2016,"$1,000.50",yes\n01.02.2017,$7.25,no\n15.03.2017,$12.00,yes\n', "typed")
        self.assertEqual(cells(self.exported(dataset))[1], ["31.12.2016", "$1,000.50", "yes"])
        self.assertEqual([row[:2] for row in cells(self.exported(dataset, values="typed"))[1:]],
                         [["2016-12-31", "1000.50"], ["2017-02-01", "7.25"], ["2017-03-15", "12.00"]])

    def test_formulas_are_escaped_and_numbers_left_alone(self):
        texts = ["=1+1", "+cmd", "-x", "@sum", "plain", "-5 apples", "=\"a\""]
        dataset = self.dataset(("what,n\n" + "".join('"%s",-%d\n' % (t.replace('"', '""'), i) for i, t in enumerate(texts))).encode(), "formulas")
        self.assertEqual(cells(self.exported(dataset)), [["what", "n"]] + [[t, f"-{i}"] for i, t in enumerate(texts)])
        escaped = [t if t == "plain" else "'" + t for t in texts]  # the numbers are a column of texts: there is a -0
        self.assertEqual(cells(self.exported(dataset, formulas="escape")), [["what", "n"]] + [[t, f"-{i}"] for i, t in enumerate(escaped)])

    def test_a_header_that_the_file_did_not_have(self):
        dataset = self.dataset(b"1,2.5\n2,3.5\n3,4.5\n", "headless")
        self.assertEqual(cells(self.exported(dataset)), [["1", "2.5"], ["2", "3.5"], ["3", "4.5"]])
        self.assertEqual(cells(self.exported(dataset, header="yes"))[0], ["col_0", "col_1"])
        self.assertEqual(cells(self.exported(dataset, columns=["col_1"], header="yes")), [["col_1"], ["2.5"], ["3.5"], ["4.5"]])

    def test_names_of_columns_are_those_of_the_file(self):
        header = ["Größe (cm)", "group", "a b", "GROUP-2"]
        dataset = self.dataset((",".join(header) + "\n1,x,y,z\n2,x,y,z\n").encode(), "names")
        self.assertEqual(cells(self.exported(dataset))[0], header)
        self.assertEqual(cells(self.exported(dataset, columns=header[::-1], delimiter="\t").replace("\t", ","))[0], header[::-1])

    def test_compressed_it_is_the_same(self):
        dataset = self.dataset(b"n,word\n" + b"".join(b"%d,word %d\n" % (i, i % 7) for i in range(20_000)), "compressed")
        plain = self.stack.exported(dataset)
        self.assertEqual(gzip.decompress(self.stack.exported(dataset, compression="gzip")), plain)
        self.assertEqual(zstd_decompressed(self.stack.exported(dataset, compression="zstd"), len(plain) + 1), plain)

    # --- what it sees ---
    def test_nothing_of_a_later_import_is_seen(self):
        data = b"n,day\n" + b"".join(b"%d,2020-01-%02d\n" % (i, 1 + i % 28) for i in range(40_000))
        dataset = self.dataset(data, "pinned")
        for _ in range(10):  # until one was not quicker than its pause
            uid = self.stack.post("/export", {"dataset": dataset}).json["uid"]
            self.stack.post(f"/export/{uid}/pause")
            if self.stack.wait_job(uid, ("paused", "succeeded"))["state"] == "paused":
                break
        else:
            self.fail("no export could be paused")
        self.dataset(b"n,day\n-1,2020-01-01\n-2,2020-01-02\n", "pinned", mode="append")
        self.assertEqual(self.stack.get(f"/datasets/{dataset}").json["row_count"], 40_002)
        self.assertEqual(self.stack.post(f"/export/{uid}/resume").status, 202)
        self.stack.wait_job(uid, "succeeded")
        self.assertEqual(self.stack.get(f"/export/{uid}/file").body, data.replace(b"\n", b"\r\n"))
        self.assertEqual(len(cells(self.exported(dataset))), 40_003)

    # --- the download ---
    def test_a_download_says_what_it_is(self):
        name = 'quo"te; ../é\\x'
        dataset = self.dataset(b"a,b\n1,2\n3,4\n", "download")
        again = self.dataset(b"a,b\n1,2\n3,4\n", name)
        uid = self.succeeded(again)
        got = self.stack.get(f"/export/{uid}/file")
        digest = base64.b64encode(hashlib.sha256(got.body).digest()).decode()
        self.assertEqual(got.headers["Repr-Digest"], f"sha-256=:{digest}:")
        said = got.headers["Content-Disposition"]
        self.assertTrue(said.startswith("attachment;"), said)
        self.assertIn("filename*=UTF-8''quo%22te%3b%20", said.lower().replace("utf-8", "UTF-8"))
        plain = said.split('filename="', 1)[1].split('"', 1)[0]
        self.assertFalse(set(plain) & set('"\\/') or not plain.isascii(), said)
        tag = got.headers["ETag"]
        self.assertEqual(self.stack.get(f"/export/{uid}/file", {"If-None-Match": tag}).status, 304)
        part = self.stack.get(f"/export/{uid}/file", {"Range": "bytes=3-", "If-Range": tag})
        self.assertEqual((part.status, part.body), (206, got.body[3:]))
        whole = self.stack.get(f"/export/{uid}/file", {"Range": "bytes=3-", "If-Range": '"another"'})
        self.assertEqual((whole.status, whole.body), (200, got.body))
        self.assertEqual(self.stack.exported(dataset), got.body)

    def test_after_its_time_it_is_gone_and_can_be_made_again(self):
        dataset = self.dataset(b"a,b\n1,2\n3,4\n", "expiring")
        uid = self.succeeded(dataset)
        shown = self.stack.get(f"/export/{uid}").json
        self.assertIsNotNone(shown["file"]["expires_at"])
        body = self.stack.get(f"/export/{uid}/file").body
        self.stack.sql("UPDATE exports e JOIN jobs j ON j.id = e.job_id SET e.expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 SECOND "
                       f"WHERE j.uid = UNHEX('{uid.replace('-', '')}')")
        answer = self.stack.get(f"/export/{uid}/file")
        self.assertEqual((answer.status, answer.json["code"]), (410, "export.expired"))
        shown = self.stack.get(f"/export/{uid}").json
        self.assertEqual((shown["state"], shown["expired"], shown["file"]), ("succeeded", True, None))
        again = self.succeeded(dataset)
        self.assertEqual(self.stack.get(f"/export/{again}/file").body, body)
