# SPDX-License-Identifier: MIT
"""What a preview says, what it says if something were different, and the second table of a file."""
import unittest
from urllib.parse import urlencode

from support import stack


class Preview(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()

    def preview(self, upload, **trial):
        answer = self.stack.get(f"/upload/{upload}/preview?{urlencode(trial)}")
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def test_it_says_what_was_found_and_how_sure_it_is(self):
        data = "Exported by hand\n\nid;price;when\n1;2,50;13/01/2017\n2;3,75;01/02/2017\n4;x;y;z\n".encode("utf-16")
        upload = self.stack.upload(data, filename="preview.csv", load="review")
        self.stack.wait_job(upload, ("paused",))
        seen = self.preview(upload)
        dialect = seen["dialect"]
        self.assertEqual((dialect["delimiter"], dialect["encoding"], dialect["header_rows"], dialect["preamble_lines"]),
                         (";", "utf-16le", 1, 2))
        self.assertGreater(dialect["confidence"], 0.3)
        self.assertIn("delimiter", dialect["runner_up"] or {"delimiter": None})
        self.assertEqual([column["name"] for column in seen["columns"]], ["id", "price", "when"])
        self.assertEqual([column["type"].split("(")[0] for column in seen["columns"]], ["int", "decimal", "date"])
        self.assertEqual([(one["code"], one["text"]) for one in seen["skipped"]],
                         [("preamble", "Exported by hand"), ("preamble", ""), ("header", "id;price;when")])
        self.assertEqual([(one["code"], one["line"]) for one in seen["rejects"]], [("too_many_fields", 6)])
        self.assertEqual(seen["counts"]["records"], 6)
        self.stack.tus.delete(f"/upload/{upload}")

    def test_trial_options_change_nothing_but_the_answer(self):
        data = b"a,b;c\n1,2;3\n4,5;6\n"
        upload, job = self.stack.load(data, filename="trial.csv", dataset="trial")
        first = self.preview(upload)
        tried = self.preview(upload, delimiter=";")
        self.assertEqual(tried["rows"], [["1,2", "3"], ["4,5", "6"]])
        self.assertEqual([column["name"] for column in tried["columns"]], ["a,b", "c"])
        self.assertEqual(self.preview(upload, delimiter=";", header="false")["rows"][0], ["a,b", "c"])
        self.assertEqual(self.preview(upload, skip_lines=1, header=0, delimiter=",")["rows"], [["1", "2;3"], ["4", "5;6"]])
        self.assertEqual({c["type"].split("(")[0] for c in self.preview(upload, types="text")["columns"]}, {"varchar"})
        self.assertEqual(self.preview(upload, quote="", escape="", encoding="windows-1252")["dialect"]["encoding"], "windows-1252")
        self.assertEqual(self.preview(upload), first)
        for wrong in ({"delimiter": "12345"}, {"header": "perhaps"}, {"skip_lines": "-1"}, {"encoding": "x"}, {"types": "x"}):
            answer = self.stack.get(f"/upload/{upload}/preview?{urlencode(wrong)}")
            self.assertEqual((answer.status, answer.json["code"]), (422, "import.options"), answer)

    def test_a_second_table_is_offered_and_loaded_as_a_dataset_of_its_own(self):
        first = b"id,name\n1,Ann\n2,Bob\n"
        filler = b"".join(b"%d,somebody\n" % i for i in range(3, 9000))  # more than detection samples
        data = first + filler + b"id,name,town\n7,Cy,Rome\n8,Di,Oslo\n"
        lines = data.count(b"\n")
        upload, job = self.stack.load(data, filename="two.csv", dataset="first table")
        self.assertEqual(job["result"]["loaded"], 8999)
        offer = self.preview(upload)["dialect"]["second_table"]
        self.assertEqual(offer, {"line": lines - 2, "skip_lines": lines - 3})
        seen = self.preview(upload, skip_lines=offer["skip_lines"])
        self.assertEqual(seen["rows"], [["7", "Cy", "Rome"], ["8", "Di", "Oslo"]])
        again = self.stack.load_again(upload, {"skip_lines": offer["skip_lines"], "dataset": "second table"})
        second = self.stack.dataset_of(again)
        self.assertEqual([column["name"] for column in second["columns"]], ["id", "name", "town"])
        self.assertEqual(self.stack.rows(second["uid"]), [["7", "Cy", "Rome"], ["8", "Di", "Oslo"]])
        self.assertEqual(again["result"]["records"], lines)
        self.assertEqual(self.stack.get(f"/datasets/{job['result']['dataset']}").json["row_count"], 8999)


if __name__ == "__main__":
    unittest.main()
