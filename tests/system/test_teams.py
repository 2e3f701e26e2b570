# SPDX-License-Identifier: MIT
"""Teams from a CSV over HTTP: check, review, commit, report; every mistake has a code; a mended report is clean."""
import contextlib
import csv
import io
import subprocess

from support.wait import wait_until
from team_verbs import TeamTest, sample


class Teams(TeamTest):
    def test_a_good_file_is_created_at_once(self):
        done = self.send(sample("members.csv"), "", **{"Content-Disposition": "attachment; filename=\"members.csv\""})
        told = done["team_import"]
        self.assertTrue(told["committed"])
        self.assertEqual(told["filename"], "members.csv")
        self.assertEqual((told["counts"]["errors"], told["counts"]["total"]), (0, 200))
        self.assertEqual(told["counts"]["created"] + told["counts"]["unchanged"] + told["counts"]["updated"], 200)
        again = self.send(sample("members.csv"))["team_import"]["counts"]
        self.assertEqual((again["created"], again["unchanged"]), (0, 200))

    def test_a_check_writes_nothing_until_it_is_committed(self):
        one = self.send("team,name,email,role\nReview,Ann,ann@review.example,admin\n", "?dry_run=1", ("paused",))
        self.assertEqual(one["progress"]["phase"], "review")
        self.assertEqual(self.stack.get("/team/groups?search=Review").json["items"], [])
        answer = self.stack.post(one["links"]["commit"])
        self.assertEqual(answer.status, 202, answer)
        self.stack.wait_job(one["uid"], "succeeded")
        self.assertEqual([(m["name"], m["role"]) for m in self.members("Review")], [("Ann", "admin")])
        late = self.stack.post(f"/team/{one['uid']}/commit")
        self.assertEqual((late.status, late.json["code"]), (409, "team.not_in_review"))

    def test_a_commit_is_refused_when_the_teams_changed(self):
        one = self.send("team,email\nChanged,a@changed.example\n", "?dry_run=1", ("paused",))
        self.send("team,email\nChanged,b@changed.example\n")
        answer = self.stack.post(f"/team/{one['uid']}/commit")
        self.assertEqual((answer.status, answer.json["code"]), (412, "team.changed"))
        self.assertEqual(self.stack.post(f"/jobs/{one['uid']}/resume").status, 202)
        self.stack.wait_job(one["uid"], "paused")
        self.assertEqual(self.stack.post(f"/team/{one['uid']}/commit").status, 202)
        self.stack.wait_job(one["uid"], "succeeded")
        self.assertEqual(len(self.members("Changed")), 2)

    @contextlib.contextmanager
    def nothing_applied(self):
        """Whoever wants to apply an import waits."""
        holder = self.stack.administrator("START TRANSACTION; SELECT SLEEP(60) FROM sluice.users FOR UPDATE",
                                          stderr=subprocess.DEVNULL)  # it will be killed
        try:
            wait_until(self.teams_are_locked, what="the teams are locked")
            yield
        finally:
            killer = self.stack.administrator("SELECT id INTO @id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(60)%'; "
                                              "EXECUTE IMMEDIATE CONCAT('KILL ', @id)")
            self.assertEqual(killer.wait(), 0)
            holder.wait()

    def teams_are_locked(self):
        try:
            self.stack.sql("SELECT id FROM users FOR UPDATE NOWAIT")
        except AssertionError:
            return True
        return False

    def test_of_two_commits_at_once_one_is_refused_and_says_why(self):
        checks = [self.send(f"team,email\nAtOnce,{name}@atonce.example\n", "?dry_run=1", ("paused",))["uid"] for name in "ab"]
        with self.nothing_applied():
            self.assertEqual([self.stack.post(f"/team/{uid}/commit").status for uid in checks], [202, 202])
        ended = {self.stack.wait_job(uid, ("succeeded", "paused"))["state"]: uid for uid in checks}
        self.assertEqual(set(ended), {"succeeded", "paused"})
        loser = self.stack.get(f"/team/{ended['paused']}").json
        told = loser["team_import"]
        self.assertEqual((told["commit_refused"]["code"], told["checked"], told["committed"], told["dry_run"], loser["progress"]["phase"]),
                         ("team.changed", True, False, True, "review"))
        self.assertIn("commit_refused", [event["event"] for event in self.stack.get(f"/jobs/{loser['uid']}/events").json["items"]])
        self.assertIsNone(self.stack.get(f"/team/{ended['succeeded']}").json["team_import"]["commit_refused"])
        self.assertEqual(len(self.members("AtOnce")), 1)
        self.assertEqual(self.stack.post(f"/team/{loser['uid']}/commit").status, 202)
        self.stack.wait_job(loser["uid"], "succeeded")
        self.assertIsNone(self.stack.get(f"/team/{loser['uid']}").json["team_import"]["commit_refused"])
        self.assertEqual(len(self.members("AtOnce")), 2)

    def test_a_check_that_is_resumed_creates_nothing(self):
        one = self.send("team,email\nOnlyLooked,a@onlylooked.example\n", "?dry_run=1", ("paused",))
        self.assertEqual(self.stack.post(f"/jobs/{one['uid']}/resume").status, 202)
        wait_until(lambda: [event["event"] for event in self.stack.get(f"/jobs/{one['uid']}/events").json["items"]].count("review") == 2,
                   what="a second review")
        self.assertEqual(self.stack.get("/team/groups?search=OnlyLooked").json["items"], [])
        self.assertEqual(self.stack.post(f"/team/{one['uid']}/commit").status, 202)
        self.stack.wait_job(one["uid"], "succeeded")
        self.assertEqual(len(self.members("OnlyLooked")), 1)

    def test_every_mistake_of_the_sample_has_a_code(self):
        one = self.send(sample("members-with-mistakes.csv"), "?dry_run=1", ("paused",))
        wrong = {row["name"]: [e["code"] for e in row["errors"] if e["severity"] == "error"] for row in self.rows(one["uid"], "error")}
        self.assertEqual(len(wrong), one["team_import"]["counts"]["errors"])
        codes = {code for row in wrong.values() for code in row}
        self.assertLessEqual({"team.email_invalid", "team.email_missing", "team.team_missing", "team.name_missing", "team.role_unknown",
                              "team.duplicate_in_file", "team.name_too_long", "team.team_too_long", "team.too_few_fields",
                              "team.too_many_fields"}, codes)
        refused = self.stack.post(f"/team/{one['uid']}/commit")
        self.assertEqual((refused.status, refused.json["code"]), (422, "team.rows_have_errors"))

    def test_a_mended_report_uploads_clean(self):
        one = self.send("name,team,email,role,note\nAnn,Mended,ann@mended.example,admin,=1+1\nBob,Mended,bob@@mended.example,,\n"
                        "Cid,Mended,cid@mended.example,boss,\"a, b\"\n", "?dry_run=1&on_error=skip", ("paused",))
        answer = self.stack.get(f"/team/{one['uid']}/report")
        self.assertEqual(answer.status, 200)
        self.assertIn("attachment", answer.headers["content-disposition"])
        rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
        self.assertEqual([row["_status"] for row in rows], ["created", "error", "error"])
        self.assertEqual([row["note"] for row in rows], ["=1+1", "", "a, b"])
        self.assertIn("not an e-mail address", rows[1]["_error"])
        rows[1]["email"], rows[2]["role"] = "bob@mended.example", "viewer"
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
        done = self.send(out.getvalue())["team_import"]
        self.assertEqual((done["counts"]["errors"], done["counts"]["created"]), (0, 3))
        self.assertEqual(done["columns"]["ignored"], ["note"])
        self.assertEqual({m["name"]: m["role"] for m in self.members("Mended")}, {"Ann": "admin", "Bob": "member", "Cid": "viewer"})

    def test_abort_creates_nothing_and_skip_the_good_rows(self):
        data = "team,email\nPartly,a@partly.example\nPartly,nobody\n"
        one = self.send(data, "", ("failed",))
        self.assertEqual(one["error"]["code"], "team.rows_have_errors")
        self.assertEqual(self.stack.get("/team/groups?search=Partly").json["items"], [])
        self.assertEqual(self.stack.get(f"/team/{one['uid']}/report").status, 200)
        self.send(data, "?on_error=skip")
        self.assertEqual(len(self.members("Partly")), 1)

    def test_what_is_no_team_file_is_told(self):
        one = self.send("name,role\nAnn,admin\nBob,viewer\n", "", ("failed",))
        self.assertEqual(one["error"]["code"], "team.missing_column")
        self.assertIn("email", one["error"]["detail"])
        empty = self.stack.post("/team", b"", {"Content-Type": "text/csv"})
        self.assertEqual((empty.status, empty.json["code"]), (422, "team.empty"))
        options = self.stack.post("/team?on_error=maybe", b"x", {"Content-Type": "text/csv"})
        self.assertEqual((options.status, options.json["code"]), (422, "team.options"))
        kind = self.stack.post("/team", b"x", {"Content-Type": "image/png"})
        self.assertEqual((kind.status, kind.json["code"]), (415, "http.media_type"))

    def test_the_file_of_a_team_can_be_had_again(self):
        data = b"team,email\n" + b"".join(b"Again,%d@again.example\n" % i for i in range(200))
        upload = self.stack.upload(data, 1000, filename="again.csv", purpose="team")
        early = self.stack.get(f"/upload/{upload}/file")
        self.assertEqual((early.status, early.json["code"]), (409, "upload.not_assembled"))
        jobs = [self.stack.post("/team?dry_run=1", {"upload": upload}).json["uid"] for _ in range(2)]  # both want the file
        for job in jobs:
            self.stack.wait_job(job, ("paused",))
        sent = self.stack.get(f"/upload/{upload}/file")
        self.assertEqual((sent.status, sent.body), (200, data))
        self.assertIn("again.csv", sent.headers["Content-Disposition"])

    def test_an_upload_can_be_named(self):
        upload = self.stack.upload(b"team,email\nNamed,a@named.example\n", filename="named.csv", purpose="team", load="review")
        answer = self.stack.post("/team", {"upload": upload})
        self.assertEqual(answer.status, 202, answer)
        self.stack.wait_job(answer.json["uid"], "succeeded")
        self.assertEqual(self.stack.get(f"/team/{answer.json['uid']}").json["team_import"]["filename"], "named.csv")
        self.assertEqual(len(self.members("Named")), 1)

    def test_columns_can_be_named(self):
        data = "team,Crew,mail,Contact\nx,Mapped,no,ann@mapped.example\n"
        one = self.send(data, "?team_column=crew&email_column=Contact&name_column=")
        self.assertEqual(one["team_import"]["columns"]["mapped"],
                         {"team": "Crew", "name": None, "email": "Contact", "role": None})
        self.assertEqual([m["email"] for m in self.members("Mapped")], ["ann@mapped.example"])
        again = self.stack.post("/team?dry_run=1", {"upload": one["team_import"]["upload"], "columns": {"team": "team", "email": "mail"}})
        self.assertEqual(again.status, 202, again)
        self.stack.wait_job(again.json["uid"], "paused")
        self.assertEqual([e["code"] for e in self.rows(again.json["uid"])[0]["errors"]], ["team.email_invalid"])
        missing = self.send(data, "?team_column=Gang", ("failed",))
        self.assertEqual(missing["error"]["code"], "team.unknown_column")
        twice = self.stack.post("/team?team_column=a&email_column=A", b"a\n", {"Content-Type": "text/csv"})
        self.assertEqual((twice.status, twice.json["code"]), (422, "team.options"))

    def test_an_import_can_be_undone(self):
        one = self.send("team,email\nUndone,a@undone.example\nUndone,b@undone.example\n")
        self.assertEqual(one["progress"]["records_done"], 2)
        answer = self.stack.post(one["links"]["undo"])
        self.assertEqual(answer.status, 202, answer)
        self.assertEqual(answer.json["team_import"]["undo_of"], one["uid"])
        undo = self.stack.wait_job(answer.json["uid"], "succeeded")
        self.assertEqual(undo["result"], {"memberships_removed": 2, "members_removed": 2, "teams_removed": 1, "restored": 0})
        self.assertEqual(self.stack.get("/team/groups?search=Undone").json["items"], [])
        shown = self.stack.get(f"/team/{one['uid']}").json
        self.assertTrue(shown["team_import"]["undone"])
        self.assertNotIn("undo", shown["links"])
        again = self.stack.post(f"/team/{one['uid']}/undo")
        self.assertEqual((again.status, again.json["code"]), (409, "team.undone"))
        nothing = self.stack.post(f"/team/{answer.json['uid']}/undo")
        self.assertEqual((nothing.status, nothing.json["code"]), (409, "team.not_committed"))

    def test_an_undo_that_would_take_more_fails(self):
        one = self.send("team,email\nKept,a@kept.example\n")
        self.send("team,email\nKept,b@kept.example\n")
        undo = self.stack.wait_job(self.stack.post(f"/team/{one['uid']}/undo").json["uid"], "failed")
        self.assertEqual(undo["error"]["code"], "team.in_use")
        self.assertEqual(len(self.members("Kept")), 2)

    def test_teams_come_back_as_a_file(self):
        big = "".join(f"Sheet big,p{i}@sheet.example\n" for i in range(2300))
        small = "".join(f"Sheet {i:03},s{i}@sheet.example\n" for i in range(450))
        self.send("team,email\n" + big + small + 'Sheet =1+1,x@sheet.example\n')
        answer = self.stack.get("/team/groups.csv?search=sheet")
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "text/csv; charset=utf-8"))
        rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
        self.assertEqual({(row["team"], row["email"]) for row in rows},
                         {("Sheet big", f"p{i}@sheet.example") for i in range(2300)}
                         | {(f"Sheet {i:03}", f"s{i}@sheet.example") for i in range(450)} | {("Sheet =1+1", "x@sheet.example")})
        self.assertEqual(len(rows), 2751)
        again = self.send(answer.body)["team_import"]["counts"]
        self.assertEqual((again["unchanged"], again["total"]), (2751, 2751))

    def test_one_key_has_one_effect(self):
        headers = {"Content-Type": "text/csv", "Idempotency-Key": "teams-one-key"}
        body = b"team,email\nOnce,a@once.example\n"
        first, again = (self.stack.post("/team", body, headers) for _ in range(2))
        self.assertEqual((first.status, again.json["uid"]), (202, first.json["uid"]))
        other = self.stack.post("/team", body + b"Once,b@once.example\n", headers)
        self.assertEqual((other.status, other.json["code"]), (422, "idempotency.mismatch"))

    def test_columns_named_like_privileges_are_only_named(self):
        one = self.send("Squad,E-Mail,is_admin,role\nPlain,a@plain.example,1,viewer\n")
        self.assertEqual(one["team_import"]["columns"]["ignored"], ["is_admin"])
        self.assertEqual(one["team_import"]["columns"]["mapped"]["team"], "Squad")
        self.assertEqual([m["role"] for m in self.members("Plain")], ["viewer"])
