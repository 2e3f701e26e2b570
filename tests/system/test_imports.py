# SPDX-License-Identifier: MIT
"""Imports over HTTP: real files, types, odd files, rejects that are mended, undo, load again."""
import csv
import io
import json
import os
import unittest

from support import datasets, stack
from support.counting import lines_in, records_in, require_account, text_of
from support.datasets import cells
from support.wait import wait_until

class Imports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()

    def load(self, data, **metadata):
        upload, job = self.stack.load(data, **metadata)
        return upload, job, self.stack.dataset_of(job)

    def peers(self, folder):
        return datasets.peers(folder) or self.skipTest(f"the public files ({folder}) are not beside this clone")

    def test_an_upload_is_shown_at_one_moment(self):
        """Its job's end and its dataset come in one commit: nobody sees the one without the other."""
        for number in range(20):
            upload = self.stack.upload("n\n".encode() + b"1\n" * 50, filename=f"moment {number}.csv")

            def ended():
                shown = self.stack.get(f"/upload/{upload}").json
                return shown["job"] and shown["job"]["state"] == "succeeded" and shown
            shown = wait_until(ended, 60, "it has been loaded", every=0)
            self.assertEqual((shown["import"]["loaded"], shown["dataset"]["uid"]), (50, shown["job"]["result"]["dataset"]))

    def assert_side_store_is_nearly_empty(self, job):
        """Else everything could hide there: at most one cell in a hundred is written otherwise than its type says."""
        dataset = self.stack.dataset_of(job)
        odd = int(self.stack.sql("SELECT COUNT(*) AS n FROM cell_texts WHERE import_id = (SELECT id FROM imports WHERE "
                                 f"HEX(uid) = '{job['result']['import'].replace('-', '').upper()}')")[0]["n"])
        self.assertLessEqual(odd * 100, dataset["row_count"] * len(dataset["columns"]), dataset["name"])

    def test_real_files_come_back_cell_by_cell_after_a_cut(self):
        names = [n for n in sorted(os.listdir(self.peers("realdata"))) if n.endswith(".csv")]
        self.assertGreater(len(names), 4)
        for name in names:
            with self.subTest(name):
                with open(os.path.join(self.peers("realdata"), name), "rb") as file:
                    data = file.read()
                location = self.stack.tus.create(len(data), filename=name)
                self.stack.tus.cut_patch(location, 0, data, len(data) // 3)
                self.stack.tus.resume(location, io.BytesIO(data), len(data), 256 << 10)
                job = self.stack.wait_job(location.rsplit("/", 1)[1])
                self.assertEqual(job["state"], "succeeded", job)
                dataset = self.stack.dataset_of(job)
                wanted = cells(text_of(data))
                require_account(job["result"], len(wanted), name)
                self.assertEqual(job["result"]["rejected"], 0)
                self.assertEqual(cells(self.stack.exported(dataset["uid"])), wanted)
                self.assertEqual([[cell or "" for cell in row] for row in self.stack.rows(dataset["uid"])], wanted[1:])
                self.assertTrue(any(column["date"] for column in dataset["columns"]), dataset["columns"])
                self.assertEqual(dataset["layout"], "columns")
                self.assert_side_store_is_nearly_empty(job)

    def test_csv_spectrum_is_read_as_its_authors_meant_it(self):
        folder = self.peers("csv-spectrum")
        names = sorted(name[:-4] for name in os.listdir(os.path.join(folder, "csvs")))
        self.assertEqual(len(names), 12)
        for name in names:
            with self.subTest(name):
                with open(os.path.join(folder, "json", name + ".json"), encoding="utf-8") as file:
                    wanted = json.load(file)
                _, _, dataset = self.load(os.path.join(folder, "csvs", name + ".csv"))
                header, *rows = cells(self.stack.exported(dataset["uid"]))
                found = [dict(zip(header, row)) for row in rows]
                wanted = [wanted] if isinstance(wanted, dict) else wanted
                for record in found + wanted:
                    record.pop("Contact Phone Number", None)  # the public JSON has another number than its CSV
                self.assertEqual(found, wanted)

    def test_types_names_and_counts_that_others_get_wrong(self):
        folder = self.peers("typecases")
        with open(os.path.join(folder, "expected.json")) as file:
            expected = json.load(file)
        for name, wanted in expected.items():
            with self.subTest(name):
                _, job, dataset = self.load(os.path.join(folder, name + ".csv"))
                self.assertEqual(dataset["layout"], "packed" if name.startswith("wide") else "columns")
                if name not in ("spaces_kept", "ragged", "null_word"):
                    self.assert_side_store_is_nearly_empty(job)
                types = [column["type"].split("(")[0] for column in dataset["columns"]]
                types = ["text" if t in ("varchar", "longtext") else t for t in types]
                if "types" in wanted:
                    self.assertEqual(len(types), len(wanted["types"]))
                    for found, allowed in zip(types, wanted["types"]):
                        self.assertIn(found, allowed.split("|"))
                if "types_any" in wanted:
                    self.assertIn(types, wanted["types_any"])
                if "names" in wanted:
                    self.assertEqual([column["name"] for column in dataset["columns"]], wanted["names"])
                if "columns" in wanted:
                    self.assertEqual(len({column["name"] for column in dataset["columns"]}), wanted["columns"])
                if name == "names":  # the originals are kept, whatever is shown
                    with open(os.path.join(folder, "names.csv"), "rb") as file:
                        self.assertEqual([c["original_name"] for c in dataset["columns"]], cells(text_of(file.read()))[0])
                if "loaded" in wanted:
                    self.assertEqual(dataset["row_count"], wanted["loaded"])
                if "skipped" in wanted:
                    header = dataset["imports"][0]["dialect"]["header_rows"]  # skipped too, but not counted there
                    self.assertEqual(dataset["imports"][0]["skipped"] - header, wanted["skipped"])
                if wanted.get("order") == "ambiguous":
                    self.assertTrue(dataset["columns"][0]["ambiguous"])
                found = [cell for row in self.stack.rows(dataset["uid"]) for cell in row] if "contains" in wanted else []
                for text in wanted.get("contains", []):
                    self.assertIn(text, found)
                if "iso" in wanted:
                    typed = cells(self.stack.exported(dataset["uid"], values="typed", header="no"))
                    self.assertEqual([row[0].replace("T", " ").rstrip("Z") for row in typed], wanted["iso"])
                typed = cells(self.stack.exported(dataset["uid"], values="typed", header="no")) if "value" in wanted else []
                for column, row, text in wanted.get("value", []):
                    self.assertEqual(typed[row][column], text)

    def test_what_is_no_text_fails_with_a_reason(self):
        upload = self.stack.upload(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, filename="picture.csv")
        job = self.stack.wait_job(upload)
        self.assertEqual(job["state"], "failed")
        self.assertEqual(job["error"]["code"], "import.not_text")
        self.assertIn("PNG", job["error"]["detail"])

    def test_empty_and_header_only_are_datasets_of_no_rows(self):
        for data in (b"", b"a,b\n"):
            _, _, dataset = self.load(data, filename="nothing.csv")
            self.assertEqual(dataset["row_count"], 0)
            self.assertTrue(dataset["imports"][0]["notices"])
            self.assertEqual(self.stack.rows(dataset["uid"]), [])

    def test_rejects_are_mended_and_appended(self):
        lines = ["id,name,day"] + [f"{i},name {i},2017-03-{i:02}" for i in range(1, 29)]
        lines[10] = "10,name, 10,2017-03-10"
        data = "\n".join(lines).encode() + b"\n"
        _, _, dataset = self.load(data, filename="people.csv")
        self.assertEqual(dataset["row_count"], 27)
        rejects = self.stack.get(f"/datasets/{dataset['uid']}/rejects").json["items"]
        self.assertEqual([(r["code"], r["first_line"], r["raw"]) for r in rejects], [("too_many_fields", 11, lines[10])])
        answer = self.stack.get(f"/datasets/{dataset['uid']}/rejects.csv")
        header, broken = cells(answer.text)
        self.assertEqual(header, ["id", "name", "day", "_line", "_column", "_error"])
        self.assertEqual(broken[3], "11")
        mended = io.StringIO()
        csv.writer(mended).writerows([header, ["10", "name, 10", "2017-03-10"] + broken[3:6]])
        self.load(mended.getvalue().encode(), filename="mended.csv", dataset=dataset["name"], mode="append")
        again = self.stack.get(f"/datasets/{dataset['uid']}").json
        self.assertEqual(again["row_count"], 28)
        self.assertIn(["10", "name, 10", "2017-03-10"], self.stack.rows(dataset["uid"]))

    def test_undo_of_an_import_and_of_a_dataset(self):
        _, first, dataset = self.load(b"a,b\n1,x\n2,y\n3,z\n", filename="undo.csv")
        _, second, _ = self.load(b"a,b\n4,x\n5,y\n", filename="more.csv", dataset=dataset["name"], mode="append")
        self.assertEqual(len(self.stack.rows(dataset["uid"], limit=2)), 5)
        uid = dataset["uid"]
        self.assertEqual(self.stack.delete(f"/datasets/{uid}/imports/{second['result']['import']}").status, 204)
        self.assertEqual(self.stack.rows(uid), [["1", "x"], ["2", "y"], ["3", "z"]])
        self.assertEqual(self.stack.get(f"/datasets/{uid}").json["row_count"], 3)
        self.assertEqual(self.stack.delete(f"/datasets/{uid}").status, 204)
        self.assertEqual(self.stack.get(f"/datasets/{uid}").status, 404)
        _, _, other = self.load(b"a,b\n1,x\n2,y\n", filename="undo.csv")
        self.assertEqual(other["name"], dataset["name"])

    def test_a_job_says_what_it_is_about(self):
        about = lambda job: self.stack.get(f"/jobs/{job}").json["about"]  # noqa: E731
        upload, job = self.stack.load(b"a,b\n1,2\n", filename="Größen 2016.csv", dataset="sizes")
        self.assertEqual(job["about"], "Größen 2016.csv")
        again = self.stack.post(f"/upload/{upload}/load", {"dataset": "sizes again"}).json["uid"]
        self.assertEqual(about(again), "Größen 2016.csv")
        self.assertEqual(about(self.stack.post("/export", {"dataset": "sizes"}).json["uid"]), "sizes")
        listed = {one["uid"]: one["about"] for one in self.stack.get("/jobs?limit=1000").json["items"]}
        self.assertEqual(listed[again], "Größen 2016.csv")
        nameless = self.stack.upload(b"a,b\n1,2\n")
        self.assertIsNone(self.stack.get(f"/upload/{nameless}").json["job"]["about"])

    def test_preview_review_and_load_again(self):
        data = b"1;Ann\n2;Bob\n3;Cy\n"
        upload = self.stack.upload(data, filename="review.csv", load="review")
        job = self.stack.wait_job(upload, ("paused",))
        self.assertEqual(job["progress"]["phase"], "review")
        preview = self.stack.get(f"/upload/{upload}/preview?rows=2").json
        self.assertEqual(preview["dialect"]["delimiter"], ";")
        self.assertEqual(len(preview["rows"]), 2)
        answer = self.stack.post(f"/upload/{upload}/load", {"header": False, "columns": [{"index": 1, "name": "who"}]})
        self.assertEqual(answer.status, 202, answer)
        job = self.stack.wait_job(upload)
        dataset = self.stack.dataset_of(job)
        self.assertEqual([column["name"] for column in dataset["columns"]], ["col_0", "who"])
        self.assertEqual(self.stack.rows(dataset["uid"]), [["1", "Ann"], ["2", "Bob"], ["3", "Cy"]])
        self.assertEqual(self.stack.get(f"/upload/{upload}/file").body, data)
        again = self.stack.post(f"/upload/{upload}/load", {"header": True, "types": "text"})
        self.assertEqual(again.status, 202, again)
        job = self.stack.wait_job(again.json["uid"])
        self.assertEqual(job["result"]["dataset"], dataset["uid"])
        self.assertEqual(self.stack.rows(dataset["uid"]), [["2", "Bob"], ["3", "Cy"]])

    def test_bad_options_are_refused_by_name(self):
        upload, _, _ = self.load(b"a,b\n1,2\n", filename="options.csv")
        for body in ({"delimiter": "12345"}, {"encoding": "klingon"}, {"columns": [{"name": "x"}]}, {"unknown": 1}):
            answer = self.stack.post(f"/upload/{upload}/load", body)
            self.assertEqual(answer.status, 422, answer)

    def test_the_file_is_not_there_before_it_is_assembled(self):
        location = self.stack.tus.create(10, filename="open.csv")
        uid = location.rsplit("/", 1)[1]
        self.assertEqual(self.stack.get(f"/upload/{uid}/file").status, 409)
        self.assertEqual(self.stack.get(f"/upload/{uid}/preview").status, 409)
        self.stack.tus.patch(location, 0, b"a,b\n1,2\n")
        self.assertEqual(self.stack.get(f"/upload/{uid}/preview").json["rows"], [["1", "2"]])
        self.stack.tus.delete(location)

    def test_a_cancelled_import_leaves_nothing(self):
        before = {d["uid"] for d in self.stack.get("/datasets?limit=1000").json["items"]}
        data = b"id,text\n" + b"".join(b"%d,some text of row %d\n" % (i, i) for i in range(300_000))
        upload = self.stack.upload(data, filename="cancelled.csv")
        job = self.stack.job_of(upload)
        self.stack.post(f"/jobs/{job}/cancel")
        ended = self.stack.wait_job(job)
        self.assertEqual(ended["state"], "cancelled", ended)
        self.assertEqual({d["uid"] for d in self.stack.get("/datasets?limit=1000").json["items"]}, before)
        wait_until(lambda: self.stack.sql("SELECT cleanup_pending FROM jobs WHERE HEX(uid) = '%s'" %
                                          job.replace("-", "").upper())[0]["cleanup_pending"] == "0", 60, "clean-up")
        left = self.stack.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'sluice_data' AND "
                              "table_name NOT IN (SELECT CONCAT('ds_', id) FROM sluice.datasets)")
        self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()
