# SPDX-License-Identifier: MIT
"""What one can ask of a dataset: statistics of its columns, rows by what they hold, rejects, undo."""
import csv
import datetime
import io
import json
import unittest
import urllib.parse

from support import stack
from support.datasets import cells


def table(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


class Statistics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()
        day = datetime.date(2016, 1, 1)
        cls.rows = [[str(i), f"{i * 37 % 1000 / 4:.2f}" if i % 10 else "", str(day + datetime.timedelta(days=i % 400)),
                     f"name {i % 77}", "yes" if i % 3 else "no"] for i in range(5000)]
        _, cls.job = cls.stack.load(table([["n", "price", "day", "name", "paid"]] + cls.rows), filename="numbers.csv")
        cls.uid = cls.job["result"]["dataset"]

    def columns(self):
        return {column["name"]: column for column in self.stack.get(f"/datasets/{self.uid}").json["columns"]}

    def test_nulls_least_greatest_and_about_how_many_differ(self):
        columns = self.columns()
        for at, (name, least, greatest) in enumerate((("n", "0", "4999"), ("price", "0.25", "249.75"), ("day", "2016-01-01", "2017-02-03"),
                                                      ("name", "name 0", "name 9"), ("paid", None, None))):
            with self.subTest(name):
                values = [row[at] for row in self.rows if row[at]]
                self.assertEqual(columns[name]["nulls"], len(self.rows) - len(values))
                self.assertEqual((columns[name]["least"], columns[name]["greatest"]), (least, greatest))
                self.assertAlmostEqual(columns[name]["distinct"], len(set(values)), delta=max(2, len(set(values)) * 0.1))

    def test_no_more_differ_than_there_are(self):
        for rows in (1500, 3000, 6000, 9000):  # of four estimates about half are too high
            _, job = self.stack.load(table([["n"]] + [[str(i)] for i in range(rows)]), filename="differ.csv")
            [column] = self.stack.dataset_of(job)["columns"]
            self.assertLessEqual(column["distinct"], rows)
            self.assertGreater(column["distinct"], rows * 0.85)

    def test_the_greatest_instant_finds_its_row(self):
        _, job = self.stack.load(b"id,at\n1,2020-01-01T00:00:00.000Z\n2,2020-01-02T23:59:59.999Z\n", filename="instants.csv")
        column = self.stack.dataset_of(job)["columns"][1]
        self.assertEqual((column["least"], column["greatest"]), ("2020-01-01 00:00:00.000", "2020-01-02 23:59:59.999"))
        query = urllib.parse.urlencode({"column": "at", "greatest": column["greatest"]})
        self.assertEqual(len(self.stack.get(f"/datasets/{job['result']['dataset']}/rows?{query}").json["items"]), 2)

    def test_appended_and_undone_imports_change_them(self):
        upload = self.stack.upload(table([["n", "price", "day", "name", "paid"], ["-7", "999.5", "2020-05-05", "zoe", "no"]]),
                                   filename="more.csv", dataset="numbers", mode="append")
        job = self.stack.wait_job(upload)
        self.assertEqual(job["state"], "succeeded", job)
        columns = self.columns()
        self.assertEqual([(columns[name]["least"], columns[name]["greatest"]) for name in ("n", "price", "day", "name")],
                         [("-7", "4999"), ("0.25", "999.5"), ("2016-01-01", "2020-05-05"), ("name 0", "zoe")])
        self.assertAlmostEqual(columns["name"]["distinct"], 78, delta=3)
        self.assertEqual(self.stack.delete(f"/datasets/{self.uid}/imports/{job['result']['import']}").status, 204)
        self.assertEqual(self.columns()["n"]["least"], "0")


class Rows(unittest.TestCase):
    """Filters, in both layouts."""

    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()
        cls.rows = [[str(i), f"{i % 50 / 4:.2f}", f"{1 + i % 28:02}.03.2017", ("a", "a ", "b", "")[i % 4], f"x{i}"] for i in range(400)]
        names = ["n", "price", "day", "word", "last"]
        _, narrow = cls.stack.load(table([names] + cls.rows), filename="narrow.csv")
        filler = [str(i) for i in range(1100)]
        _, wide = cls.stack.load(table([names + [f"f{i}" for i in range(1100)]] + [row + filler for row in cls.rows]), filename="wide.csv")
        cls.uids = {"columns": narrow["result"]["dataset"], "packed": wide["result"]["dataset"]}

    def found(self, layout, **query):
        return [row[:5] for row in self.stack.rows(self.uids[layout], limit=150, **query)]

    def test_equal_range_and_null(self):
        day = lambda row: int(row[2][:2])  # noqa: E731
        for layout, uid in self.uids.items():
            self.assertEqual(self.stack.get(f"/datasets/{uid}").json["layout"], layout)
            for query, admits in (({"column": "n", "equals": "17"}, lambda r: r[0] == "17"),
                                  ({"column": "N", "least": "390"}, lambda r: int(r[0]) >= 390),
                                  ({"column": "price", "least": "3.5", "greatest": "4"}, lambda r: 3.5 <= float(r[1]) <= 4),
                                  ({"column": "day", "equals": "2017-03-05"}, lambda r: day(r) == 5),
                                  ({"column": "day", "least": "27.03.2017"}, lambda r: day(r) >= 27),
                                  ({"column": "day", "greatest": "2017-03-02"}, lambda r: day(r) <= 2),
                                  ({"column": "word", "equals": "a"}, lambda r: r[3] == "a"),
                                  ({"column": "word", "least": "a "}, lambda r: r[3] >= "a "),
                                  ({"column": "word", "null": "true"}, lambda r: r[3] == ""),
                                  ({"column": "last", "equals": "nobody"}, lambda r: False)):
                with self.subTest(layout=layout, query=query):
                    wanted = [[cell or None for cell in row] for row in self.rows if admits(row)]
                    self.assertEqual(self.found(layout, **query), wanted)

    def test_pages_of_a_filter_go_on_by_key(self):
        first = self.stack.rows_page(self.uids["columns"], column="word", equals="b", limit=60)
        self.assertEqual(len(first["items"]), 60)
        rest = self.stack.rows_page(self.uids["columns"], column="word", equals="b", limit=60, cursor=first["next"])
        self.assertEqual([row[0] for row in first["items"] + rest["items"]], [row[0] for row in self.rows if row[3] == "b"])
        self.assertIsNone(rest["next"])

    def test_wrong_filters_are_refused(self):
        for query, code in (("column=n", "dataset.filter"), ("equals=3", "dataset.filter"), ("column=n&equals=1&least=1", "dataset.filter"),
                            ("column=n&equals=x", "dataset.filter"), ("column=day&equals=2017-02-30", "dataset.filter"),
                            ("column=n&null=no", "dataset.filter"), ("column=nobody&equals=1", "dataset.unknown_column")):
            with self.subTest(query):
                answer = self.stack.get(f"/datasets/{self.uids['columns']}/rows?{query}")
                self.assertEqual((answer.status, answer.json["code"]), (422, code), answer)


class Top(unittest.TestCase):
    """The most frequent values of a column."""

    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()

    def top(self, uid, number, **query):
        return self.stack.get(f"/datasets/{uid}/columns/{number}/top?{urllib.parse.urlencode(query)}").json

    def test_all_rows_of_a_small_dataset_are_counted_in_both_layouts(self):
        long = "ä" * 60  # 120 bytes
        values = ["a"] * 5 + [""] * 4 + ["b"] * 3 + [long + "1", long + "2"] + ["07.50"]
        for layout, filler in (("columns", []), ("packed", ["x"] * 1100)):
            with self.subTest(layout):
                header = ["n", "word"] + [f"f{i}" for i in range(len(filler))]
                upload, job = self.stack.load(table([header] + [[str(n), value] + filler for n, value in enumerate(values)]), filename="top.csv")
                uid = job["result"]["dataset"]
                self.assertEqual(self.stack.get(f"/datasets/{uid}").json["layout"], layout)
                self.assertEqual(self.top(uid, 2), {"column": "word", "rows": 15, "of": 15, "items": [
                    {"value": "a", "count": 5}, {"value": None, "count": 4}, {"value": "b", "count": 3}, {"value": "ä" * 50, "count": 2},
                    {"value": "07.50", "count": 1}]})
                self.assertEqual(self.top(uid, 2, limit=1)["items"], [{"value": "a", "count": 5}])
                self.assertEqual(len(self.top(uid, 1)["items"]), 10)
                answer = self.stack.get(f"/datasets/{uid}/columns/{len(header) + 1}/top")
                self.assertEqual((answer.status, answer.json["code"]), (404, "dataset.column_not_found"))

    def test_a_sample_of_a_large_one_comes_from_all_over_it(self):
        part = 15000
        rows = [[str(n), f"tenth {10 * n // (2 * part)}"] for n in range(2 * part)]
        _, job = self.stack.load(table([["n", "tenth"]] + rows[:part]), filename="half.csv")
        uid, name = job["result"]["dataset"], job["result"]["dataset_name"]
        self.stack.load(table([["n", "tenth"]] + rows[part:]), filename="half.csv", dataset=name, mode="append")
        top = self.top(uid, 2)
        self.assertEqual((top["rows"], top["of"]), (20000, 2 * part))
        self.assertEqual(top["items"], [{"value": f"tenth {i}", "count": 2000} for i in range(10)])


class Rejects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()

    def test_rejects_of_a_failed_import_can_be_looked_at_and_mended(self):
        for data, options, code in ((b"id,name\n1,Ann\n2,Bob,x\n3,Cy\n4,Di,y\n", {}, "too_many_fields"),
                                    (b"id,name\n1,Ann\nzwei,Bob\n3,Cy\nvier,Di\n", {"columns": [{"index": 0, "type": "int"}]}, "bad_type")):
            with self.subTest(code):
                upload = self.stack.upload(data, filename="strict.csv", options=json.dumps({**options, "on_reject": {"all_or_nothing": True}}))
                job = self.stack.wait_job(upload)
                self.assertEqual((job["state"], job["error"]["code"]), ("failed", "import.too_many_rejects"), job)
                answer = self.stack.get(f"/upload/{upload}/rejects?limit=1").json
                self.assertEqual(answer["codes"], [{"code": code, "count": 2}])
                rejects = self.stack.get(f"/upload/{upload}/rejects").json["items"]
                self.assertEqual([(one["code"], one["first_line"]) for one in rejects], [(code, 3), (code, 5)])
                header, *lines = cells(self.stack.get(f"/upload/{upload}/rejects.csv").text)
                self.assertEqual(header, ["id", "name", "_line", "_column", "_error"])
                self.assertEqual([line[1] for line in lines], ["Bob", "Di"])
                whole = [["id", "name"], ["1", "Ann"], ["3", "Cy"]]
                _, job = self.stack.load(table(whole), filename="good.csv")
                name = job["result"]["dataset_name"]
                mended = [header] + [[str(at), line[1], *line[2:5]] for at, line in zip((2, 4), lines)]
                self.stack.load(table(mended), filename="mended.csv", dataset=name, mode="append")
                self.assertEqual(sorted(self.stack.rows(job["result"]["dataset"])),
                                 [["1", "Ann"], ["2", "Bob"], ["3", "Cy"], ["4", "Di"]])

    def test_rejects_of_an_upload_that_was_loaded_are_those_of_its_dataset(self):
        upload, job = self.stack.load(b"a,b\n1,2\n1,2,3\n3,4\n", filename="one.csv")
        one = self.stack.get(f"/upload/{upload}/rejects").json
        self.assertEqual(len(one["items"]), 1)
        self.assertEqual(one["items"], self.stack.get(f"/datasets/{job['result']['dataset']}/rejects").json["items"])
        open_one = self.stack.tus.create(10, filename="open.csv").rsplit("/", 1)[1]
        answer = self.stack.get(f"/upload/{open_one}/rejects")
        self.assertEqual((answer.status, answer.json["code"]), (404, "import.not_found"))
        self.stack.tus.delete(f"/upload/{open_one}")


if __name__ == "__main__":
    unittest.main()
