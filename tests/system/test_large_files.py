# SPDX-License-Identifier: MIT
"""Long, wide and hostile files: the right result, and runners that stay small. SLUICE_TEST_RECORDS makes the long file
longer (10000000 is the size that the design asks for; it takes minutes)."""
import os
import tempfile
import unittest

from support.stack import Stack

RECORDS = int(os.environ.get("SLUICE_TEST_RECORDS", "300000"))
MOST_RUNNER_MIB = 128
MIB = 1 << 20


class LargeFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(SLUICE_RUNNER_PROCS=1, SLUICE_MAX_JOBS=5).start()
        cls.addClassCleanup(cls.stack.stop)
        cls.folder = tempfile.TemporaryDirectory(prefix="sluice-", dir="/tmp")
        cls.addClassCleanup(cls.folder.cleanup)

    def tearDown(self):
        for name, pid in self.stack.pids("runner").items():
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                peak = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
            print(f"    {name}: {peak} MiB at most", flush=True)
            self.assertLessEqual(peak, MOST_RUNNER_MIB, name)

    def load(self, name, chunks, records):
        """Write the chunks of bytes to a file of so many records and load it; the dataset, the import and the file's path."""
        path = os.path.join(self.folder.name, name)
        with open(path, "wb", MIB) as file:
            file.writelines(chunks)
        _, job = self.stack.load(path, records=records, timeout=3600, filename=name)
        dataset = self.stack.get(f"/datasets/{job['result']['dataset']}").json
        [one] = dataset["imports"]
        self.assertEqual((one["records"], one["loaded"] + one["rejected"] + one["skipped"]), (records, records))
        return dataset, one, path

    def cells(self, columns):
        """The cells of the rows in the only dataset's table that lie at its end, as {column: text}."""
        [newest] = self.stack.sql("SELECT MAX(dataset_id) AS id FROM imports")
        return self.stack.sql(f"SELECT row_no, {columns} FROM ds_{newest['id']} ORDER BY row_no DESC LIMIT 2", "sluice_data")

    def test_the_last_of_many_records_breaks_the_type(self):
        def chunks():
            yield b"n,day,amount,code\n"
            for i in range(1, RECORDS):
                yield b"%d,20%02d-%02d-%02d,%d.%02d,A%d\n" % (i, i % 20, 1 + i % 12, 1 + i % 28, i % 1000, i % 100, i % 10)
            yield b"%d.5,2001-02-03,much,7\n" % RECORDS

        dataset, one, path = self.load("late.csv", chunks(), RECORDS + 1)
        os.remove(path)
        self.assertEqual((one["loaded"], one["rejected"]), (RECORDS, 0))
        types = {column["name"]: column["type"].split("(")[0] for column in dataset["columns"]}
        self.assertEqual(types, {"n": "decimal", "day": "date", "amount": "varchar", "code": "varchar"})
        last, before = self.cells("c1 AS n, c3 AS amount, c4 AS code")
        self.assertEqual((last["n"], last["amount"], last["code"]), (f"{RECORDS}.5", "much", "7"))
        self.assertEqual((before["row_no"], before["n"]), (str(RECORDS - 1), f"{RECORDS - 1}.0"))

    def test_902_columns(self):
        kinds = ["%d", "%d.25", "2019-03-%02d", "word %d", "", "%d of the survey, long text that people write", "yes"]

        def cell(column, row):
            kind = kinds[column % len(kinds)]
            text = kind % (1 + (row + column) % 28) if "%" in kind else kind
            return f'"{text}"' if "," in text else text

        rows = 1500
        lines = [",".join(f"question {i}" for i in range(902))] + [",".join(cell(i, row) for i in range(902)) for row in range(rows)]
        dataset, one, path = self.load("survey.csv", (line.encode() + b"\r\n" for line in lines), rows + 1)
        self.assertEqual((len(dataset["columns"]), dataset["layout"], one["loaded"], one["rejected"]), (902, "packed", rows, 0))
        self.assertEqual({column["type"].split("(")[0] for column in dataset["columns"]},
                         {"bool", "date", "decimal", "int", "text", "varchar"})
        job = self.stack.wait_job(self.stack.post("/export", {"dataset": "survey"}).json["uid"])
        self.assertEqual(job["state"], "succeeded", job)
        with open(path, "rb") as file:
            self.assertEqual(self.stack.get(f"/export/{job['uid']}/file").body, file.read())

    def test_fields_of_64_mb_cost_one_record_each(self):
        def chunks():
            yield b"id,text\n" + b"".join(b"%d,short\n" % i for i in range(1, 5001))
            yield b"5001,"
            yield from (b"x" * MIB for _ in range(64))
            yield b'\n5002,c\n5003,"'
            yield from ((b"y" * 1023 + b"\n") * 1024 for _ in range(64))
            yield b'"\n' + b"".join(b"%d,short\n" % i for i in range(5004, 10001))

        _, one, _ = self.load("huge.csv", chunks(), 10001)
        self.assertEqual((one["loaded"], one["rejected"]), (9998, 2))
        rejects = self.stack.sql("SELECT code, record_no FROM rejects WHERE import_id = (SELECT MAX(id) FROM imports) "
                                 "ORDER BY record_no")
        self.assertEqual([(reject["code"], reject["record_no"]) for reject in rejects], [("too_long", "5002"), ("too_long", "5004")])

    def test_quotes_that_never_close_cost_their_own_records(self):
        count = 200_000

        def chunks():
            yield b"id,text,n\n"
            for i in range(count):
                yield b'%d,"open %d,7\n' % (i, i) if i % 2 else b"%d,shut,7\n" % i

        _, one, _ = self.load("hostile.csv", chunks(), count + 1)
        self.assertEqual((one["loaded"], one["rejected"]), (count, 0))
