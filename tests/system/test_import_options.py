# SPDX-License-Identifier: MIT
"""What people may say about a file, at the upload and at POST /upload/{uid}/load: each option, and its errors."""
import json
import unittest

from support import stack
from support.datasets import cells


class ImportOptions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()

    def loaded(self, data, records=None, filename="options.csv", **options):
        """Upload with options in the metadata; (dataset, rows)."""
        _, job = self.stack.load(data, records=records, filename=filename, options=json.dumps(options))
        dataset = self.stack.dataset_of(job)
        return dataset, self.stack.rows(dataset["uid"])

    def failed(self, data, **options):
        """An import that is to fail: (its upload, the job's error)."""
        upload = self.stack.upload(data, filename="fails.csv", options=json.dumps(options))
        job = self.stack.wait_job(upload)
        self.assertEqual(job["state"], "failed", job)
        return upload, job["error"]

    def typed(self, dataset):
        return cells(self.stack.exported(dataset["uid"], values="typed", header="no"))

    def test_delimiters_of_one_to_four_bytes(self):
        for delimiter in (";", "::", "<|>", "€|"):
            with self.subTest(delimiter):
                data = delimiter.join("abc").encode() + b"\n" + delimiter.join(["1", "x,y", "3"]).encode() + b"\n"
                dataset, rows = self.loaded(data, records=2, delimiter=delimiter, header=True)
                self.assertEqual(rows, [["1", "x,y", "3"]])
                self.assertEqual(dataset["imports"][0]["dialect"]["delimiter"], delimiter)
        _, rows = self.loaded(b"a,b\n1,2\n", delimiter="", header=False)
        self.assertEqual(rows, [["a,b"], ["1,2"]])

    def test_quote_and_escape(self):
        _, rows = self.loaded(b"a|b\n~x|y~|1\n~p~~q~|2\n", records=3, delimiter="|", quote="~")
        self.assertEqual(rows, [["x|y", "1"], ["p~q", "2"]])
        _, rows = self.loaded(b'a,b\n"x,1\ny",2\n', records=3, quote="")
        self.assertEqual(rows, [['"x', "1"], ['y"', "2"]])
        _, rows = self.loaded(b'a,b\n"x\\"y",1\n', records=2, quote='"', escape="\\")
        self.assertEqual(rows, [['x"y', "1"]])

    def test_header_none_one_or_several_rows(self):
        data = b"north,south\nin m,in m\n1,2\n3,4\n"
        for header, names, count in ((0, ["col_0", "col_1"], 4), (False, ["col_0", "col_1"], 4), (1, ["north", "south"], 3),
                                     (True, ["north", "south"], 3), (2, ["north in m", "south in m"], 2)):
            with self.subTest(header=header):
                dataset, rows = self.loaded(data, header=header)
                self.assertEqual([column["name"] for column in dataset["columns"]], names)
                self.assertEqual(len(rows), count)

    def test_encodings_by_hand(self):
        for name, codec in (("windows-1252", "cp1252"), ("utf-16le", "utf-16-le"), ("utf-16be", "utf-16-be"), ("utf-8", "utf-8")):
            with self.subTest(name):
                _, rows = self.loaded("a,b\n1,café €\n".encode(codec), records=2, encoding=name)
                self.assertEqual(rows, [["1", "café €"]])

    def test_lines_to_skip_also_many(self):
        before = "".join(f"line {i}, of something; else\n" for i in range(20_000))
        dataset, rows = self.loaded(before.encode() + b"a;b\n1;2\n3;4\n", records=20_003, skip_lines=20_000)
        self.assertEqual([column["name"] for column in dataset["columns"]], ["a", "b"])
        self.assertEqual(rows, [["1", "2"], ["3", "4"]])
        self.assertEqual(dataset["imports"][0]["skipped"], 20_001)

    def test_columns_get_names_types_and_date_formats(self):
        dataset, rows = self.loaded(b"a,b,c\n1,01/02/2017,x\n2,03/04/2017,y\n", columns=[
            {"index": 0, "name": "number", "type": "decimal(8,2)"},
            {"index": 1, "name": "day", "type": "date", "date_format": "%d/%m/%Y"}, {"index": 2, "name": "NUMBER"}])
        self.assertEqual([column["name"] for column in dataset["columns"]], ["number", "day", "NUMBER_2"])
        self.assertEqual([column["type"] for column in dataset["columns"]][:2], ["decimal(8,2)", "date"])
        self.assertEqual(rows, [["1", "01/02/2017", "x"], ["2", "03/04/2017", "y"]])
        self.assertEqual(self.typed(dataset), [["1.00", "2017-02-01", "x"], ["2.00", "2017-04-03", "y"]])

    def test_a_fraction_of_a_second_with_its_mark_written_or_not(self):
        for given, mark in (("%S%f", "."), ("%S.%f", "."), ("%S,%f", ",")):
            with self.subTest(given):
                whole = f"2017-01-02 03:04:05{mark}678000"
                dataset, rows = self.loaded(f"at;n\n{whole};1\n2017-01-02 03:04:06{mark}5;2\n".encode(), columns=[
                    {"index": 0, "type": "datetime", "date_format": f"%Y-%m-%d %H:%M:{given}"}])
                self.assertEqual(rows, [[whole, "1"], [f"2017-01-02 03:04:06{mark}5", "2"]])
                self.assertEqual(self.typed(dataset)[1], ["2017-01-02 03:04:06.500000", "2"])

    def test_a_type_by_hand_keeps_how_values_are_written(self):
        data = b"i;v;d;y\n1;1,5;31/12/2017;yes\n2;2,25;01/02/2018;no\n"
        dataset, rows = self.loaded(data, columns=[{"index": 1, "type": "decimal(10,4)"}, {"index": 2, "type": "date"},
                                                   {"index": 3, "type": "bool"}])
        self.assertEqual([column["type"] for column in dataset["columns"]][1:], ["decimal(10,4)", "date", "bool"])
        self.assertEqual(rows, [["1", "1,5", "31/12/2017", "yes"], ["2", "2,25", "01/02/2018", "no"]])
        self.assertEqual(self.typed(dataset), [["1", "1.5000", "2017-12-31", "true"], ["2", "2.2500", "2018-02-01", "false"]])
        dataset, rows = self.loaded(data, columns=[{"index": 1, "type": "double"}])
        self.assertEqual((rows[1][1], self.typed(dataset)[1][1]), ("2,25", "2.25"))

    def test_the_cell_that_keeps_a_column_from_being_dates_is_named_and_the_advice_works(self):
        lines = [f"{i};{i % 28 + 1:02d}.{i // 28 % 12 + 1:02d}.2017;2017-01-{i % 28 + 1:02d};{i}.50" for i in range(300)]
        lines[140] = "140;NULL;2017-01-01;140.50"
        lines[150] = "150;soon;2017-02-30;150.50"
        lines[200] = "200;01.03.2017;2017-01-01;free"
        data = ("id;day;iso;price\n" + "\n".join(lines) + "\n").encode()
        dataset, rows = self.loaded(data)
        self.assertEqual(len(rows), 300)
        day, iso, price = dataset["imports"][0]["notices"]
        self.assertEqual(day, 'Column day stays text because of "soon" in line 152: nearly all other values are dates. Mend the file, '
                              'or load it again with null_words "soon", "NULL" for the column, if it stands for no value.')
        self.assertIn('Column iso stays text because of "2017-02-30" in line 152:', iso)
        self.assertIn("with type date and date_format %Y-%m-%d: then such records become rejects.", iso)
        self.assertIn('Column price stays text because of "free" in line 202:', price)
        self.assertIn("with type decimal(38,2): then such records become rejects.", price)
        dataset, rows = self.loaded(data, columns=[
            {"index": 1, "null_words": ["soon", "NULL"]}, {"index": 2, "type": "date", "date_format": "%Y-%m-%d"},
            {"index": 3, "type": "decimal(38,2)"}])
        self.assertEqual([column["type"] for column in dataset["columns"]][1:], ["date", "date", "decimal(38,2)"])
        self.assertEqual((dataset["row_count"], dataset["imports"][0]["rejected"], dataset["imports"][0]["notices"]), (298, 2, []))
        self.assertEqual(rows[0], ["0", "01.01.2017", "2017-01-01", "0.50"])
        january = cells(self.stack.exported(dataset["uid"], header="no", date_column="day", **{"from": "2017-01-01", "to": "2017-01-31"}))
        self.assertEqual(january, [line.split(";") for line in lines if ";01.01.2017" in line or ".01.2017;" in line])
        self.assertEqual(len(january), 28)

    def test_every_word_for_null_counts_with_and_without_a_type(self):
        data = b"n,t,u\n1,?,NA\nnone,x,-\n?,none,NA\n4,,y\n"
        words = ["none", "?"]
        dataset, rows = self.loaded(data, columns=[{"index": 0, "null_words": words}, {"index": 1, "null_words": words}])
        self.assertEqual([column["type"].split("(")[0] for column in dataset["columns"]], ["int", "varchar", "varchar"])
        self.assertEqual(rows, [["1", "?", "NA"], ["none", "x", "-"], ["?", "none", "NA"], ["4", None, "y"]])
        self.assertEqual(self.typed(dataset), [["1", "", "NA"], ["", "x", "-"], ["", "", "NA"], ["4", "", "y"]])
        dataset, _ = self.loaded(b"n\n1\nNA\n3\n", columns=[{"index": 0, "null_words": []}])  # none at all
        self.assertTrue(dataset["columns"][0]["type"].startswith("varchar"))
        dataset, _ = self.loaded(b"n,k\n1,a\nNA,b\nnone,c\n", columns=[{"index": 0, "type": "int", "null_words": words}])
        self.assertEqual((dataset["row_count"], dataset["imports"][0]["rejected"]), (2, 1))  # NA is none of the words
        self.assertEqual(self.typed(dataset), [["1", "a"], ["", "c"]])

    def test_types_text_keeps_everything_text(self):
        dataset, rows = self.loaded(b"a,b\n1,2017-01-01\n", types="text")
        self.assertEqual({column["type"].split("(")[0] for column in dataset["columns"]}, {"varchar"})
        self.assertEqual(rows, [["1", "2017-01-01"]])

    def test_limits_of_rejects(self):
        lines = [f"{i},x" for i in range(1, 100)]
        lines[10] = lines[20] = lines[30] = "1,2,3"
        data = ("a,b\n" + "\n".join(lines) + "\n").encode()
        for option in ({"all_or_nothing": True}, {"limit": 2}, {"percent": 2.5}):
            with self.subTest(option):
                _, error = self.failed(data, on_reject=option)
                self.assertEqual(error["code"], "import.too_many_rejects")
        for option in ({"limit": 3}, {"percent": 3}, {"limit": 3, "percent": 50}):
            with self.subTest(option):
                dataset, rows = self.loaded(data, on_reject=option)
                self.assertEqual((len(rows), dataset["imports"][0]["rejected"]), (96, 3))
        _, error = self.failed(b"n\n1\n2\nx\n", columns=[{"index": 0, "type": "int"}], on_reject={"limit": 0})  # found by the load
        self.assertEqual(error["code"], "import.too_many_rejects")
        self.assertEqual([d for d in self.stack.get("/datasets?limit=1000").json["items"] if d["name"].startswith("fails")], [])

    def test_rejects_alone_replace_nothing_and_are_not_appended(self):
        upload, job = self.stack.load(b"n,s\nx,1\ny,2\n", filename="kept.csv")
        dataset = self.stack.dataset_of(job)
        answer = self.stack.post(f"/upload/{upload}/load", {"columns": [{"index": 0, "type": "int"}]})
        job = self.stack.wait_job(answer.json["uid"])
        self.assertEqual((job["state"], job["error"]["code"]), ("failed", "import.too_many_rejects"), job)
        self.assertIn("None of the 2 records can be loaded (line 2: ", job["error"]["detail"])
        self.assertEqual(self.stack.rows(dataset["uid"]), [["x", "1"], ["y", "2"]])
        self.assertEqual(len(self.stack.get(f"/upload/{upload}/rejects").json["items"]), 2)
        upload = self.stack.upload(b"n,s\n1,2,3\n", filename="more.csv", dataset="kept", mode="append",
                                   options=json.dumps({"header": True}))
        error = self.stack.wait_job(upload)["error"]  # known before anything is loaded
        self.assertEqual(error["code"], "import.too_many_rejects")
        self.assertIn("The only record cannot be loaded (line 2: ", error["detail"])
        self.assertEqual(self.stack.get(f"/upload/{upload}/rejects").json["items"][0]["raw"], "1,2,3")
        dataset, rows = self.loaded(b"a,b\n1,2,3\n", records=2, header=True)  # a first load always makes one
        self.assertEqual((rows, dataset["imports"][0]["rejected"]), ([], 1))
        _, rows = self.loaded(b"a,b\n\n", records=2, header=True)  # no records are no rejects
        self.assertEqual(rows, [])

    def test_the_same_options_at_load(self):
        upload, _ = self.stack.load(b"a;b\n1;2\n3;4\n", filename="again.csv")
        job = self.stack.load_again(upload, {"delimiter": ",", "header": False, "dataset": "whole lines"})
        other = self.stack.dataset_of(job)
        self.assertEqual(other["name"], "whole lines")
        self.assertEqual(self.stack.rows(other["uid"]), [["a;b"], ["1;2"], ["3;4"]])

    def test_a_load_again_that_is_added_takes_no_types(self):
        upload, _ = self.stack.load(b"n,s\n1,x\n2,NA\n", filename="shared.csv", dataset="shared", options=json.dumps(
            {"columns": [{"index": 0, "type": "bigint"}]}))
        answer = self.stack.post(f"/upload/{upload}/load", {"columns": [{"index": 99, "name": "x"}]})
        self.assertEqual((answer.status, answer.json["code"]), (422, "import.options"), answer)
        self.assertIn("no column with index 99: it has 2 columns", answer.json["detail"])
        self.stack.load_again(upload, {"columns": [{"index": 1, "null_words": ["NA"]}]})  # its only import: all may change
        self.stack.load(b"n,s\n3,y\n", filename="shared too.csv", dataset="shared", mode="append")
        for options, named in (({"columns": [{"index": 0, "type": "text"}]}, "columns"), ({"types": "text"}, "types"),
                               ({"columns": [{"index": 1, "null_words": ["x"]}]}, "columns")):
            with self.subTest(options):
                answer = self.stack.post(f"/upload/{upload}/load", options)
                self.assertEqual((answer.status, answer.json["code"]), (422, "import.options"), answer)
                self.assertIn(f"`{named}`", answer.json["detail"])
        answer = self.stack.post(f"/upload/{upload}/load", {"header": False, "delimiter": ";"})
        self.assertEqual((answer.status, answer.json["code"]), (422, "import.columns_differ"), answer)
        job = self.stack.load_again(upload, {})  # the upload's own options are those of the dataset
        self.assertEqual(self.stack.rows(self.stack.dataset_of(job)["uid"]), [["3", "y"], ["1", "x"], ["2", "NA"]])
        job = self.stack.load_again(upload, {"types": "text", "dataset": "shared no more"})
        self.assertNotEqual(self.stack.dataset_of(job)["name"], "shared")

    def test_wrong_options_are_refused_by_name_wherever_they_come(self):
        upload, _ = self.stack.load(b"a,b\n1,2\n", filename="wrong.csv")
        for options, named in (({"delimiter": "12345"}, "delimiter"), ({"quote": "ab"}, "quote"), ({"escape": "é"}, "escape"),
                               ({"encoding": "klingon"}, "encoding"), ({"header": 21}, "header"), ({"header": "yes"}, "header"),
                               ({"skip_lines": -1}, "skip_lines"), ({"skip_lines": 2**63}, "skip_lines"), ({"types": "all"}, "types"),
                               ({"columns": [{"name": "x"}]}, "columns[0].index"),
                               ({"columns": [{"index": 0, "type": "money"}]}, "columns[0].type"),
                               ({"columns": [{"index": 0, "date_format": "%Y"}]}, "columns[0].date_format"),
                               ({"columns": [{"index": 0, "type": "date", "date_format": "%d/%m/%Y%d"}]}, "columns[0].date_format"),
                               ({"columns": [{"index": 0, "type": "date", "date_format": "%d.%j"}]}, "columns[0].date_format"),
                               ({"columns": [{"index": 0, "type": "int", "date_format": "%Y"}]}, "columns[0].date_format"),
                               ({"columns": [{"index": 0, "type": "time", "date_format": "%I:%M"}]}, "columns[0].date_format"),
                               ({"columns": [{"index": 0, "null_words": "NA"}]}, "columns[0].null_words"),
                               ({"columns": [{"index": 0}, {"index": 0}]}, "columns"),
                               ({"on_reject": {"percent": 101}}, "on_reject.percent"),
                               ({"on_reject": {"limit": "3"}}, "on_reject.limit"), ({"mode": "append"}, "dataset"),
                               ({"mode": "append", "dataset": "x", "columns": [{"index": 0, "type": "int"}]}, "columns")):
            with self.subTest(options):
                answer = self.stack.post(f"/upload/{upload}/load", options)
                self.assertEqual((answer.status, answer.json["code"]), (422, "import.options"), answer)
                self.assertIn(f"`{named}`", answer.json["detail"])
                with self.assertRaises(AssertionError) as refused:
                    self.stack.upload(b"a\n", filename="x.csv", options=json.dumps(options))
                self.assertEqual(refused.exception.response.status, 422)
        self.assertEqual(self.stack.post(f"/upload/{upload}/load", {"unknown": 1}).status, 422)
        _, error = self.failed(b"a,b\n1,2\n", columns=[{"index": 7, "name": "x"}])
        self.assertEqual(error["code"], "import.options")
        self.assertIn("2 columns", error["detail"])


class Append(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()
        _, job = cls.stack.load(b"id,day,name\n1,2017-01-01,Ann\n2,2017-01-02,Bob\n", filename="base.csv", dataset="append base")
        cls.uid = job["result"]["dataset"]

    def append(self, data, **options):
        upload, _ = self.stack.load(data, filename="more.csv")
        return self.stack.post(f"/upload/{upload}/load", {"dataset": "append base", "mode": "append", **options})

    def problems(self, answer):
        self.assertEqual((answer.status, answer.json["code"]), (422, "import.columns_differ"), answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        return [(problem["code"], problem["pointer"]) for problem in answer.json["errors"]]

    def test_names_and_types_that_do_not_fit_are_listed(self):
        self.assertEqual(self.problems(self.append(b"id,when,what,name\n3,2017-01-03,x,Cy\n")),
                         [("missing", "dataset/columns/1"), ("unknown", "file/columns/1"), ("unknown", "file/columns/2")])
        answer = self.append(b"id,day,name\nx,2017-01-03,Cy\ny,03.01.2017,Di\n")
        self.assertEqual(self.problems(answer), [("type", "dataset/columns/0")])
        self.assertIn('"x" in line 2', answer.json["errors"][0]["detail"])
        self.assertEqual(self.problems(self.append(b"3,2017-01-03\n4,2017-01-04\n", header=False)), [("count", "file/columns")])
        answer = self.stack.post(f"/upload/{self.stack.load(b'id')[0]}/load", {"dataset": "nobody", "mode": "append"})
        self.assertEqual((answer.status, answer.json["code"]), (422, "upload.no_such_dataset"))

    def test_dates_of_another_order_are_refused(self):
        self.stack.load(b"day,n\n12/31/2017,1\n01/02/2018,2\n", filename="mdy.csv", dataset="append mdy")
        upload, _ = self.stack.load(b"day,n\n31/12/2018,3\n01/02/2018,4\n", filename="dmy.csv")
        answer = self.stack.post(f"/upload/{upload}/load", {"dataset": "append mdy", "mode": "append"})
        self.assertEqual(self.problems(answer), [("type", "dataset/columns/0")])
        self.assertEqual(answer.json["errors"][0]["detail"], 'Column day has dates as %m/%d/%Y in the dataset, and as %d/%m/%Y in the '
                         'file ("31/12/2018" in line 2): day and month would be swapped.')

    def test_a_column_of_text_says_nothing_of_the_order_of_another(self):
        self.stack.load(b"day,note\n31/12/2017,a\n", filename="first.csv", dataset="append beside")
        upload, _ = self.stack.load(b"day,note\n01/02/2018,12/31/2018\n02/02/2018,01/31/2018\n", filename="beside.csv")
        answer = self.stack.post(f"/upload/{upload}/load", {"dataset": "append beside", "mode": "append"})
        self.assertEqual(answer.status, 202, answer)
        job = self.stack.wait_job(answer.json["uid"])
        self.assertEqual(job["state"], "succeeded", job)
        typed = self.stack.exported(self.stack.dataset_of(job)["uid"], values="typed", header="no")
        self.assertEqual(cells(typed), [["2017-12-31", "a"], ["2018-02-01", "12/31/2018"], ["2018-02-02", "01/31/2018"]])

    def test_the_job_says_the_same_of_an_upload_that_appends(self):
        upload = self.stack.upload(b"id,when,name\n3,2017-01-03,Cy\n", filename="more.csv", dataset="append base", mode="append")
        error = self.stack.wait_job(upload)["error"]
        self.assertEqual(error["code"], "import.columns_differ")
        self.assertIn("Column day is not in the file. Column when is not in the dataset.", error["detail"])

    def test_columns_in_another_order_and_under_other_names(self):
        before = len(self.stack.rows(self.uid))
        answer = self.append(b"name,when,ID\nEve,2017-02-01,5\nFay,no day,6\n", columns=[{"index": 1, "name": "day"}])
        self.assertEqual(answer.status, 202, answer)
        job = self.stack.wait_job(answer.json["uid"])
        self.assertEqual((job["state"], job["result"]["loaded"], job["result"]["rejected"]), ("succeeded", 1, 1), job)
        self.assertEqual(self.stack.rows(self.uid)[before:], [["5", "2017-02-01", "Eve"]])


if __name__ == "__main__":
    unittest.main()
