# SPDX-License-Identifier: MIT
"""Every operation of openapi.json is asked for once; support/openapi.py holds each answer against it (as all answers of
this suite)."""
import unittest

from support import openapi, stack

TABLE = ("id,day,price\n" + "".join(f"{n},2017-03-{1 + n % 28:02d},{n}.50\n" for n in range(1, 30001)) + "x,y,z,too,many\n").encode()
TEAMS = b"team,name,email,role\nDescribed,Ann,ann@described.example,admin\nDescribed,Bob,bob@@described.example,member\n"


class Description(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = stack.shared()

    def ask(self, method, path, body=None, status=200, **headers):
        answer = self.stack.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        statuses = status if isinstance(status, tuple) else (status,)
        self.assertIn(answer.status, statuses, f"{method} {path}: {answer}")
        return answer

    def test_every_operation_answers_as_it_is_described(self):
        self.uploads()
        dataset = self.datasets()
        self.exports(dataset)
        self.jobs()
        self.teams()
        for path in ("/livez", "/readyz", "/metrics", "/openapi.json"):
            self.ask("GET", path)
        answer = self.ask("GET", f"/datasets/{dataset['uid']}")
        self.ask("GET", f"/datasets/{dataset['uid']}", status=304, If_None_Match=answer.headers["ETag"])
        self.ask("DELETE", f"/datasets/{dataset['uid']}/imports/{dataset['imports'][0]['uid']}", status=204)
        self.ask("DELETE", f"/datasets/{dataset['uid']}", status=204)
        self.assertEqual(sorted(openapi.described() - openapi.seen), [])

    def uploads(self):
        tus = self.stack.tus
        location = tus.create(4, filename="described.csv")
        self.ask("OPTIONS", "/upload", status=204)
        self.ask("OPTIONS", location, status=204)
        self.assertEqual(tus.patch(location, 0, b"a\n").status, 204)
        self.assertEqual(tus.head(location).status, 200)
        self.ask("GET", location)
        self.ask("GET", "/upload?state=open,complete&limit=2")
        self.ask("DELETE", location, status=204, Tus_Resumable="1.0.0")

    def datasets(self):
        upload, job = self.stack.load(TABLE, filename="described.csv", dataset="described")
        self.ask("GET", f"/upload/{upload}")
        self.ask("GET", f"/upload/{upload}/preview?rows=3")
        self.ask("GET", f"/upload/{upload}/preview?rows=3&delimiter=%3B&header=false&skip_lines=1&types=text")
        for what in ("rejects", "rejects.csv", "file"):
            self.ask("GET", f"/upload/{upload}/{what}")
        self.stack.load_again(upload, {"types": "auto", "on_reject": {"percent": 50}, "columns": [{"index": 0, "name": "id"}]})
        dataset = self.stack.dataset_of(job)
        self.ask("GET", "/datasets?limit=2")
        for what in ("rows?limit=3", "rows?column=price&least=2&greatest=3", "columns/2/top?limit=4", "rejects?limit=5", "rejects.csv"):
            self.ask("GET", f"/datasets/{dataset['uid']}/{what}")
        return dataset

    def ordered(self, dataset, wish):
        """An export that had not ended when the wish came."""
        for _ in range(30):
            uid = self.ask("POST", "/export", {"dataset": dataset["uid"]}, 202).json["uid"]
            method, path = ("DELETE", f"/export/{uid}") if wish == "cancel" else ("POST", f"/export/{uid}/{wish}")
            if self.ask(method, path, status=(202, 204, 409)).status == 202:
                return uid
        self.fail(f"every export ended before its {wish}")

    def exports(self, dataset):
        asked = {"dataset": dataset["uid"], "from": "2017-03-02", "to": "2017-03-09", "columns": ["day", "id"], "values": "typed",
                 "header": "yes", "delimiter": ";", "compression": "gzip", "formulas": "escape", "date_column": "day"}
        self.ask("POST", "/export/estimate", asked)
        uid = self.ask("POST", "/export", asked, 202).json["uid"]
        self.stack.wait_job(uid, "succeeded")
        for path in ("/export?state=succeeded&limit=3", f"/export?dataset={dataset['uid']}", f"/export/{uid}", f"/export/{uid}/file"):
            self.ask("GET", path)
        self.ask("GET", f"/export/{uid}/file", status=206, Range="bytes=0-9")
        self.ask("DELETE", f"/export/{uid}", status=204)
        paused = self.ordered(dataset, "pause")
        self.stack.wait_job(paused, "paused")
        self.ask("POST", f"/export/{paused}/pause")
        self.ask("POST", f"/export/{paused}/resume", status=202)
        cancelled = self.ordered(dataset, "cancel")
        self.stack.wait_job(cancelled, "cancelled")
        self.ask("POST", f"/export/{cancelled}/retry", status=202)

    def jobs(self):
        upload = self.stack.upload(b"a,b\n1,2\n", filename="review.csv", load="review")
        job = self.stack.wait_job(upload, "paused")["uid"]
        for path in ("/jobs?state=paused,running&kind=import&limit=5", f"/jobs/{job}", f"/jobs/{job}/events"):
            self.ask("GET", path)
        self.ask("POST", f"/jobs/{job}/pause")
        self.ask("POST", f"/jobs/{job}/cancel", status=202)
        self.ask("POST", f"/jobs/{job}/retry", status=202)
        self.stack.wait_job(job, "paused")
        self.ask("POST", f"/jobs/{job}/resume", status=202)
        self.stack.wait_job(job, "succeeded")

    def teams(self):
        uid = self.ask("POST", "/team?dry_run=1&on_error=skip", TEAMS, 202, Content_Type="text/csv").json["uid"]
        self.stack.wait_job(uid, "paused")
        for path in ("/team?limit=3", f"/team/{uid}", f"/team/{uid}/rows?status=error", f"/team/{uid}/rows", f"/team/{uid}/report"):
            self.ask("GET", path)
        self.ask("POST", f"/team/{uid}/commit?on_error=skip", status=202)
        self.stack.wait_job(uid, "succeeded")
        team = self.ask("GET", "/team/groups?search=Described").json["items"][0]
        self.ask("GET", f"/team/groups/{team['uid']}?limit=10")
        self.ask("GET", "/team/groups.csv?search=Described&formulas=escape")
        undo = self.ask("POST", f"/team/{uid}/undo", status=202).json["uid"]
        self.stack.wait_job(undo, "succeeded")
        file = self.stack.upload(TEAMS, filename="teams.csv", purpose="team")
        again = self.ask("POST", "/team?dry_run=1", {"upload": file, "columns": {"name": ""}}, 202).json["uid"]
        self.stack.wait_job(again, "paused")
        self.ask("GET", f"/team/{again}")
