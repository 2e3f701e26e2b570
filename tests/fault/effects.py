# SPDX-License-Identifier: MIT
"""effect(job): what a job really did, counted where it lies, against what it had to do."""
import os

from files import BAD, MEMBERS, RECORDS, TEAMS, sha256
from plan import PATIENCE
from support.wait import wait_until

# What may follow what in a job's history. A wish may stand between any two.
WISHES = ("pause_requested", "resume_requested", "cancel_requested")
NEXT = {
    None: ("queued",),
    "queued": ("started", "paused", "cancelled"),
    "started": ("succeeded", "failed", "paused", "cancelled", "yielded", "retry_scheduled", "taken_over", "review",
                "commit_refused"),
    "commit_refused": ("failed", "paused", "cancelled", "yielded", "retry_scheduled", "taken_over", "review"),
    "yielded": ("started", "paused", "cancelled"),
    "retry_scheduled": ("started", "paused", "cancelled"),
    "taken_over": ("started", "paused", "cancelled", "resumed", "retried", "restarted"),
    "paused": ("resumed", "cancelled"),
    "review": ("resumed", "cancelled"),
    "resumed": ("started", "paused", "cancelled"),
    "failed": ("retried",),
    "retried": ("started", "paused", "cancelled"),
    "cancelled": ("restarted",),
    "restarted": ("started", "paused", "cancelled"),
    "succeeded": (),
}
HASH = ("SELECT COUNT(*) AS n, COUNT(DISTINCT row_no) AS d, COALESCE(MAX(row_no), 0) AS last, COALESCE(BIT_XOR(CAST(CONV(LEFT("
        "MD5(CONCAT_WS('|', row_no, c1, c2, c3, c4)), 16), 16, 10) AS UNSIGNED)), 0) AS h FROM sluice_data.ds_{} "
        "WHERE import_id = %s")


class Effects:
    def __init__(self, world):
        self.world, self.db = world, world.db

    def learn(self, job):
        """Take an undisturbed import as the reference, after comparing each of its rows with the file."""
        found = self.import_of(job)
        rows = self.db.rows(f"SELECT row_no, c1, c2, c3, c4 FROM sluice_data.ds_{found['dataset_id']} ORDER BY row_no")
        lines = self.world.data.decode().splitlines()
        good = [lines[n] for n in range(1, RECORDS + 1) if n not in BAD]
        got = [f"{r['c1']},{r['c2']},{r['c3']},{r['c4']}" for r in rows]
        assert got == good, "the reference import is not the file"
        assert [r["row_no"] for r in rows] == list(range(1, len(good) + 1))
        self.reference = self.db.row(HASH.format(found["dataset_id"]), found["id"])

    def import_of(self, job):
        return self.db.row("SELECT i.* FROM imports i JOIN jobs j ON j.id = i.job_id AND j.run_no = i.run_no "
                           "WHERE j.uid = UNHEX(%s)", job.replace("-", ""))

    def rows_of(self, job):
        """Rows in the table of a job's import, published or not; 0 when there is no table."""
        found = self.import_of(job)
        if not found or not found["dataset_id"]:
            return 0
        table = self.db.value("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'sluice_data' "
                              "AND table_name = %s", f"ds_{found['dataset_id']}")
        return self.db.row(HASH.format(found["dataset_id"]), found["id"])["n"] if table else 0

    def exactly(self, job):
        """The job has succeeded and did what it had to, once."""
        row = self.world.row(job)
        assert row["state"] == "succeeded", row
        self.legal(job)
        getattr(self, f"{row['kind']}_exactly")(job, row)

    def import_exactly(self, job, row):
        found = self.import_of(job)
        assert found["published_at"] is not None, found
        counts = (found["records"], found["loaded"], found["rejected"], found["skipped"])
        assert counts == (RECORDS + 1, RECORDS - len(BAD), len(BAD), 1), counts  # one: the header
        got = self.db.row(HASH.format(found["dataset_id"]), found["id"])
        assert got == self.reference, (got, self.reference)
        rejects = [r["record_no"] for r in self.db.rows("SELECT record_no FROM rejects WHERE import_id = %s ORDER BY 1", found["id"])]
        header = rejects[0] - BAD[0]  # records of the file count its header or not
        assert header in (0, 1) and rejects == [n + header for n in BAD], rejects

    def export_exactly(self, job, row):
        answer = self.world.stack.get(f"/export/{job}/file")
        assert answer.status == 200, answer
        assert sha256(answer.body) == self.world.exported_sha256, (len(answer.body), answer.headers)
        assert self.world.stack.get(f"/export/{job}").json["sha256"] == self.world.exported_sha256

    def team_exactly(self, job, row):
        tag = self.world.seen_teams[job]
        got = self.db.row(
            "SELECT COUNT(*) AS n, COUNT(DISTINCT t.id) AS teams, COUNT(DISTINCT m.id) AS members, SUM(s.role = 'admin') AS admins "
            "FROM memberships s JOIN teams t ON t.id = s.team_id JOIN members m ON m.id = s.member_id "
            "WHERE m.email LIKE %s AND t.name LIKE %s", f"%@{tag}.example", f"{tag} %")
        assert (got["n"], got["teams"], got["members"]) == (MEMBERS, TEAMS, MEMBERS), got
        assert int(got["admins"]) == (MEMBERS + 2) // 3, got

    def nothing(self, job):
        """A cancelled job: nothing of it can be seen."""
        row = self.world.row(job)
        assert row["state"] == "cancelled", row
        self.legal(job)
        if row["kind"] == "import":
            found = self.import_of(job)
            assert found is None or found["published_at"] is None, found
        elif row["kind"] == "export":
            assert self.world.stack.get(f"/export/{job}/file").status in (404, 409, 410)
            # a holder that was about to publish may still have named its file; nobody can reach it, and the clean-up takes it
            folder, name = f"{self.world.stack.data_dir}/exports", job.replace("-", "")
            wait_until(lambda: not [n for n in os.listdir(folder) if n.startswith(name)], PATIENCE, "the file is gone", every=0.1)
        else:
            tag = self.world.seen_teams[job]
            assert not self.db.rows("SELECT id FROM members WHERE email LIKE %s", f"%@{tag}.example")
            assert not self.db.rows("SELECT id FROM teams WHERE name LIKE %s", f"{tag} %")

    def legal(self, job):
        last, events = None, self.world.events(job)
        for event in events:
            if event in WISHES:
                continue
            assert event in NEXT.get(last, ()), (event, "after", last, events)
            last = event

    def nothing_left(self):
        """All jobs have ended; what the cancelled ones left is gone; files, rows and jobs fit together."""
        wait_until(lambda: not self.db.value("SELECT COUNT(*) FROM jobs WHERE cleanup_pending = 1 OR (state = 'running' AND "
                                             "kind <> 'sweep')"), PATIENCE, "all is cleaned up", every=0.1)
        parts = f"{self.world.stack.data_dir}/exports/.part"
        wait_until(lambda: not os.path.isdir(parts) or not os.listdir(parts), PATIENCE, "no part of an export is left", every=0.2)
        said = self.world.stack.sluice("ctl", "verify")
        assert ", 0 do not fit" in said, said
