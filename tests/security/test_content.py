# SPDX-License-Identifier: MIT
"""Requirements 22 to 28: what a malicious author of a CSV can write into it."""
import codecs
import gzip
import io
import os
import time
import zipfile

from hostile import SecurityTest
from support import pace
from support.datasets import cells
from support.wait import wait_until

FORMULAS = ["=1+1", "+1", "-x", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "plain"]
MOST_GROWTH = 64 << 20
PATIENCE = 120


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


class Content(SecurityTest):
    def ended(self, data, **metadata):
        """The job of an upload, ended one way or the other, but never by a defect of ours."""
        job = self.stack.wait_job(self.stack.upload(data, **metadata), ("succeeded", "failed"), timeout=120)
        if job["state"] == "failed":
            self.assertNotIn(job["error"]["code"], ("job.defect", "db.statement", "job.runner_crashed", "import.count_mismatch"), job)
            self.assertTrue(job["error"]["detail"])
        else:
            told = job["result"]
            self.assertEqual(told["records"], told["loaded"] + told["rejected"] + told["skipped"], job)
        return job

    def test_22_formulas_are_kept_and_can_be_made_safe(self):
        quoted = ['"' + cell.replace('"', '""') + '"' for cell in FORMULAS]
        data = ("n,text\r\n" + "".join(f"{-5 - n},{cell}\r\n" for n, cell in enumerate(quoted))).encode()
        self.stack.load(data, filename="formulas.csv", dataset="formulas")
        kept = cells(self.stack.exported("formulas"))
        self.assertEqual([row[1] for row in kept[1:]], FORMULAS)
        safe = cells(self.stack.exported("formulas", formulas="escape"))
        self.assertEqual([row[1] for row in safe[1:]], ["'" + cell if cell != "plain" else cell for cell in FORMULAS])
        self.assertEqual([row[0] for row in safe[1:]], [str(-5 - n) for n in range(len(FORMULAS))])  # numbers stay numbers

    def warm_up(self):
        """Each runner has had a job: what it maps for its first one is no growth."""
        def all_have_worked():
            for uid in [self.stack.upload(b"a,b\n1,2\n" * 1000, filename="warm.csv") for _ in range(8)]:
                self.stack.wait_job(uid)
            started = self.stack.sql("SELECT DISTINCT actor FROM job_events WHERE event = 'started'")
            return self.stack.pids("runner").keys() <= {row["actor"] for row in started}
        wait_until(all_have_worked, PATIENCE, "each runner has had a job", every=0)

    def test_23_records_without_measure_are_accounted_for(self):
        self.warm_up()
        before = {name: resident(pid) for name, pid in self.stack.pids("runner").items()}
        wide = ",".join(f"c{n}" for n in range(20_000))
        for name, data in (("unterminated", b'a,b\n1,2\n3,"' + b"x\n" * 50_000), ("long cell", b"a,b\n1," + b"y" * 1_000_000 + b"\n2,z\n"),
                           ("wide", f"{wide}\n{wide}\n".encode()), ("empty lines", b"a,b\n1,2\n" + b"\n" * 1_000_000),
                           ("delimiters", b"," * 2_000_000 + b"\n" + b";" * 1000)):
            with self.subTest(name):
                self.ended(data, filename=f"{name}.csv")
        self.assertEqual(before.keys(), self.stack.pids("runner").keys())
        wait_until(lambda: all(resident(pid) - before[name] < MOST_GROWTH for name, pid in self.stack.pids("runner").items()),
                   30, "no runner has grown")

    def test_24_bytes_that_are_no_text_of_one_encoding(self):
        for name, data in (("nul", b"a,b\n1,\x002\n3,4\n"), ("utf-8", b"a,b\n1,\xff\xfe\n3,\xc3\xa9\n5,\xc3\n"), ("bidi", "a,b\n1,\u202eevil\n".encode()),
                           ("lone cr", b"a,b\r1,2\r\n3,4\n5,6\r"), ("bom", codecs.BOM_UTF8 + b"a,b\n1,2\n"), ("utf-16", "a,b\n1,é\n".encode("utf-16"))):
            with self.subTest(name):
                job = self.ended(data, filename=f"{name}.csv")
                if job["state"] == "succeeded" and job["result"]["rejected"]:
                    for reject in self.stack.get(f"/datasets/{job['result']['dataset']}/rejects").json["items"]:
                        self.assertGreaterEqual(reject["first_line"], 2)
                        self.assertGreaterEqual(reject["byte_offset"], 4)

    def test_25_what_is_packed_is_refused_by_its_content(self):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("xl/workbook.xml", "<x/>")
        for name, data in (("gzip", gzip.compress(b"a,b\n1,2\n" * 1000)), ("zip", packed.getvalue()), ("png", b"\x89PNG\r\n\x1a\n" + os.urandom(2000))):
            with self.subTest(name):
                job = self.ended(data, filename="table.csv")
                self.assertEqual((job["state"], job["error"]["code"]), ("failed", "import.not_text"))

    def test_26_names_that_look_the_same_are_one(self):
        team = "team,email\nCafé,a@same.example\nCafe\u0301,b@same.example\nＲed,c@same.example\nred,d@same.example\n".encode()
        asked = self.stack.post("/team?dry_run=1", team, {"Content-Type": "text/csv"})
        uid = asked.json["uid"]
        self.stack.wait_job(uid, "paused")
        counted = self.stack.get(f"/team/{uid}").json["team_import"]
        # the two spellings of Café are one name to the byte after NFC
        self.assertEqual(counted["teams_created"] + counted["counts"]["errors"], 3, counted)
        self.assertEqual(self.stack.post(f"/jobs/{uid}/cancel").status, 202)
        _, job = self.stack.load(b"Name,name,NAME\n1,2,3\n", filename="collide.csv", dataset="collide")
        names = [column["name"] for column in self.stack.dataset_of(job)["columns"]]
        self.assertEqual(len({name.casefold() for name in names}), 3, names)

    def test_27_header_names_never_become_identifiers(self):
        header = ["x" * 300, "", "id", "select", "`; DROP TABLE jobs; --", "<script>", "😀", "id", "import_id", "a'b\\"]
        row = [str(n) for n in range(len(header))]
        data = (",".join(header) + "\n" + ",".join(row) + "\n").encode()
        _, job = self.stack.load(data, filename="header.csv", dataset="header")
        dataset = self.stack.dataset_of(job)
        self.assertEqual(self.stack.rows(dataset["uid"]), [row])
        number = self.sql(f"SELECT id FROM datasets WHERE uid = UNHEX('{dataset['uid'].replace('-', '')}')")
        found = self.stack.sql(f"SELECT column_name AS c FROM information_schema.columns WHERE table_name = 'ds_{number}'")
        self.assertEqual({row["c"] for row in found}, {"import_id", "row_no", *(f"c{n + 1}" for n in range(len(header)))})

    def test_28_detection_takes_a_second_at_most(self):
        slow = pace.slowness()
        for name, data in (("quotes", b'"",' * 700_000), ("mixed", b'a;b,c|d\te:"\n\'' * 150_000), ("one line", b"x" * 2_000_000)):
            with self.subTest(name):
                location = self.tus.create(len(data) + 1, filename="hostile.csv")  # not complete: no job runs beside
                self.tus.patch(location, 0, data)
                begun = time.monotonic()
                answer = self.stack.get(f"{location}/preview")
                self.assertIn(answer.status, (200, 409, 422), answer)
                self.assertLess(time.monotonic() - begun, 1 * slow)
                self.tus.delete(location)
