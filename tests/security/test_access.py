# SPDX-License-Identifier: MIT
"""Requirements 35, 38, 39, 41 to 44, 47, 51, 52 and 54: files, teams, foreign pages, headers, bodies."""
import os
import re
import stat
import urllib.parse
import uuid

from hostile import ORIGIN, UID, SecurityTest

POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
          "form-action 'self'; frame-ancestors 'none'")
HTML = {"Accept": "text/html"}
PAGES = ("/", "/upload", "/team", "/team/groups", "/export", "/datasets", "/jobs", "/status")


class Access(SecurityTest):
    def export(self, dataset):
        uid = self.stack.post("/export", {"dataset": dataset}).json["uid"]
        self.stack.wait_job(uid, "succeeded")
        return uid

    def test_35_files_have_names_of_ours_and_are_nobody_elses(self):
        upload, _ = self.stack.load(b"a\n1\n", filename="../../etc/cron.d/x", dataset="names")
        self.export("names")
        location = self.tus.create(100, filename="/etc/passwd")
        self.tus.patch(location, 0, b"x" * 10)
        seen = 0
        for folder, _, files in os.walk(self.stack.data_dir):
            for name in files:
                path = os.path.join(folder, name)
                inside = os.path.relpath(path, self.stack.data_dir)
                self.assertRegex(inside, r"^(uploads/(pieces|files)|exports)/[0-9a-z/._-]+$|^(uploads/incoming|tmp)/", path)
                self.assertNotRegex(inside, "etc|cron|passwd|names", path)
                mode = os.lstat(path).st_mode
                self.assertTrue(stat.S_ISREG(mode), path)
                self.assertEqual(mode & 0o137, 0, f"{path}: {mode:o}")
                seen += 1
        self.assertGreaterEqual(seen, 3)
        self.assertEqual(self.stack.get(f"/upload/{upload}/file").body, b"a\n1\n")

    def test_38_shown_names_cannot_leave_their_header(self):
        name = '"; x=<svg>\u202egnp.exe; filename=y/../\\z\u0085.csv'
        upload, job = self.stack.load(b"a\n1\n", filename=name, dataset="shown")
        file = self.stack.get(f"/upload/{upload}/file", HTML)
        shown = self.stack.post("/export", {"dataset": job["result"]["dataset"]}).json["uid"]
        self.stack.wait_job(shown, "succeeded")
        for answer, media in ((file, "application/octet-stream"), (self.stack.get(f"/export/{shown}/file", HTML), "text/csv")):
            self.assertEqual(answer.status, 200, answer)
            disposition = answer.headers["Content-Disposition"]
            self.assertRegex(disposition, r"""^attachment; filename="[^"\\/\x00-\x1f\x7f-\xff]*"; filename\*=UTF-8''[A-Za-z0-9%!#$&+.^_`|~-]+$""")
            extended = urllib.parse.unquote(disposition.rsplit("''", 1)[1])
            self.assertNotRegex(extended, "[\u202a-\u202e\u2066-\u2069\u0000-\u001f\u007f-\u009f/\\\\]")
            self.assertEqual(answer.headers["Content-Type"].split(";")[0], media)
            self.assertEqual(answer.headers.get_all("X-Content-Type-Options"), ["nosniff"])
            self.assertIn("sandbox", answer.headers["Content-Security-Policy"])

    def test_39_only_a_finished_export_has_a_file_and_never_half_of_two(self):
        self.stack.load(b"a\n" + b"1\n" * 1000, filename="files.csv", dataset="files")
        first, second = self.export("files"), self.export("files")
        unknown = self.stack.get(f"/export/{uuid.uuid4()}/file")
        self.assertEqual((unknown.status, unknown.json["code"]), (404, "export.not_found"))
        tag = self.stack.get(f"/export/{first}/file").headers["ETag"]
        part = self.stack.get(f"/export/{first}/file", {"Range": "bytes=0-9", "If-Range": tag})
        self.assertEqual((part.status, len(part.body)), (206, 10))
        other = self.stack.get(f"/export/{second}/file", {"Range": "bytes=0-9", "If-Range": '"of-another"'})
        self.assertEqual((other.status, len(other.body)), (200, int(self.stack.get(f"/export/{second}").json["bytes"])))
        self.assertEqual(self.stack.delete(f"/export/{first}").status, 204)
        self.assertEqual(self.stack.get(f"/export/{first}/file").status, 410)
        self.assertEqual(self.raw_file(second).status, 404)

    def raw_file(self, uid):
        """The address that nginx keeps for itself."""
        return self.ask(f"GET /_files/exports/{uid}.csv")

    def check(self, data, query="?dry_run=1"):
        answer = self.stack.post(f"/team{query}", data, {"Content-Type": "text/csv"})
        self.assertEqual(answer.status, 202, answer)
        uid = answer.json["uid"]
        self.stack.wait_job(uid, ("paused", "succeeded", "failed"))
        return uid, self.stack.get(f"/team/{uid}").json

    def test_41_columns_named_like_privileges_give_none(self):
        _, found = self.check(b"team,email,role,is_admin,owner_id\nPlain41,a@plain41.example,viewer,1,7\n", "")
        self.assertEqual(found["team_import"]["columns"]["ignored"], ["is_admin", "owner_id"])
        team = self.stack.get("/team/groups?search=Plain41").json["items"][0]["uid"]
        self.assertEqual([m["role"] for m in self.stack.get(f"/team/groups/{team}").json["members"]], ["viewer"])

    def test_42_markup_in_names_stays_text(self):
        """That no page runs it: suite browser, stories `lists` and `upload`."""
        marker = "<script>window.ran = 1</script>"
        self.check(f"team,email,name\nMarked,m@marked.example,{marker}\n".encode(), "")
        team = self.stack.get("/team/groups?search=Marked").json["items"][0]["uid"]
        answer = self.stack.get(f"/team/groups/{team}")
        self.assertEqual(answer.json["members"][0]["name"], marker)
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "application/json")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        page = self.stack.get(f"/team/groups/{team}", HTML)
        self.assertNotIn(marker, page.text)

    def test_43_nothing_of_a_team_file_is_written_before_all_of_it_is_checked(self):
        good = b"team,email,name\nWhole43,a@whole43.example,Ann\n"
        rows = good + b'Whole43,"b@whole43.example\r\nBcc: x",Bob\nWhole43,c@whole43.example,' + b"n" * 10_000 + b"\nWhole43,a@whole43.example,Twice\n"
        uid, found = self.check(rows, "")  # on_error=abort
        self.assertEqual((found["state"], found["error"]["code"]), ("failed", "team.rows_have_errors"))
        errors = self.stack.get(f"/team/{uid}/rows?status=error").json["items"]
        self.assertEqual([row["row"] for row in errors], [2, 3, 4])
        self.assertEqual([row["line"] for row in errors], [3, 5, 6])
        self.assertEqual(self.stack.get("/team/groups?search=Whole43").json["items"], [])
        _, found = self.check(rows, "?on_error=skip")
        self.assertEqual((found["state"], found["team_import"]["counts"]["created"]), ("succeeded", 1))

    def test_44_one_key_has_one_effect(self):
        """Also at the same moment: suite cases, `races`."""
        key = {"Content-Type": "text/csv", "Idempotency-Key": f"key-{self.seed}-{uuid.uuid4()}"}
        body = b"team,email\nOnce44,a@once44.example\n"
        first, again = (self.stack.post("/team", body, key) for _ in range(2))
        self.assertEqual((first.status, again.status, again.json["uid"]), (202, 202, first.json["uid"]))
        other = self.stack.post("/team", body + b"Once44,b@once44.example\n", key)
        self.assertEqual((other.status, other.json["code"]), (422, "idempotency.mismatch"))

    def test_47_pages_of_other_origins_can_do_nothing(self):
        before = self.uploads()
        for header in ("Origin: https://evil.example", "Origin: null", "Origin: http://localhost.evil.example", "Origin: http://127.0.0.1:1",
                       "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"):
            for line, more in ((f"DELETE /upload/{UID}", []), (f"POST /jobs/{UID}/cancel", []), ("POST /export", ["Content-Type: application/json"]),
                               ("POST /team", ["Content-Type: text/csv"]), ("POST /upload", ["Tus-Resumable: 1.0.0", "Upload-Length: 5"])):
                answer = self.ask(line, header, "Content-Length: 0", *more)
                self.assert_refused(answer, 403, what=f"{line} {header}")
                self.assertNotIn(answer.header("Access-Control-Allow-Origin"), ("*", "null", "https://evil.example"))
                self.assertIsNone(answer.header("Access-Control-Allow-Credentials"))
        self.assertEqual(self.uploads(), before)
        own = self.ask("POST /upload", f"Origin: {ORIGIN}", "Tus-Resumable: 1.0.0", "Upload-Length: 5", "Content-Length: 0")
        self.assertEqual((own.status, own.header("Access-Control-Allow-Origin")), (201, ORIGIN))

    def test_51_pages_run_nothing_but_what_they_bring(self):
        for path in PAGES:
            page = self.stack.get(path, HTML)
            self.assertEqual((page.status, page.headers.get_all("Content-Security-Policy")), (200, [POLICY]), path)
            self.assertIsNone(re.search(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|javascript:|\sstyle=", page.text), path)

    def test_52_every_answer_is_guarded_and_kept_by_nobody_who_should_not(self):
        for path, headers in ((path, headers) for path in (*PAGES[1:], f"/jobs/{UID}", "/nothing") for headers in ({}, HTML)):
            answer = self.stack.get(path, headers)
            for name, value in (("X-Content-Type-Options", "nosniff"), ("Cross-Origin-Opener-Policy", "same-origin")):
                self.assertEqual(answer.headers.get_all(name), [value], path)
            for name in ("Referrer-Policy", "Permissions-Policy"):
                self.assertEqual(len(answer.headers.get_all(name) or []), 1, f"{path}: {name}")
            self.assertEqual(answer.headers["Server"], "nginx")
            self.assertNotIn("X-Powered-By", answer.headers)
            if answer.headers["Content-Type"].startswith("application/"):
                kept = answer.headers["Cache-Control"]
                self.assertEqual(kept, "private, no-cache" if answer.headers.get("ETag") else "no-store", path)
            if path in PAGES[1:] and path != "/status":
                self.assertIn("Accept", answer.headers.get_all("Vary"), path)

    def test_54_json_that_is_meant_to_hurt(self):
        """What each fault is called: suite unit, `json_request`."""
        deep = b'{"dataset":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        for body, statuses in ((b'{"dataset":"' + b"x" * 65_536 + b'"}', (413,)), (deep[:60_000], (400,)), (deep, (400, 413)),
                               (b'{"dataset":"a","dataset":"b"}', (400,)), (b'{"dataset":NaN}', (400,)), (b'{"dataset":"a","mode":1}', (422,)),
                               (b"{" + b",".join(b'"%d":1' % n for n in range(100_000)) + b"}", (413,)),
                               (b"{" + b",".join(b'"%d":1' % n for n in range(5000)) + b"}", (422,)), (b'{"data\\u0000set":"a"}', (400,)),
                               (b'{"dataset":"\xff"}', (400,)), (b"[]", (422,)), (b"", (400,))):
            answer = self.ask("POST /export", "Content-Type: application/json", f"Content-Length: {len(body)}", body=body)
            self.assert_refused(answer, *statuses, what=body[:60])
