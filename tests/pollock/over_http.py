# SPDX-License-Identifier: MIT
"""Many small files through Sluice's own API with defaults: upload by tus, wait, export as uploaded, all at once."""
import os
import time
from concurrent.futures import ThreadPoolExecutor

from support.counting import require_account
from support.tus import Refused
from support.wait import wait_until

CLIENTS = 4
BUSY = "queued,running"


def patiently(ask, tries=20):
    """Ask again while the answer is 503, as any client must: a busy disk lets the database run out of time."""
    for left in reversed(range(tries)):
        try:
            return ask()
        except Refused as refused:
            if refused.response.status != 503 or left == 0:
                raise
            time.sleep(int(refused.response.headers.get("Retry-After", "1")))


class OverHttp:
    def __init__(self, stack):
        self.stack = stack

    def load_all(self, sources, records_of, checks):
        """sources: name -> bytes. Loads them; returns name -> job. records_of(name, data): how many records it has; whether
        every one is accounted for is a check."""
        with ThreadPoolExecutor(CLIENTS) as pool:
            uploads = dict(zip(sources, pool.map(lambda item: self.upload(*item), sources.items())))
            self.wait_until_idle()
            jobs = dict(zip(sources, pool.map(lambda uid: self.stack.job(self.stack.job_of(uid)), uploads.values())))
        wrong = []
        for name, job in jobs.items():
            if job["state"] != "succeeded":
                raise AssertionError(f"import of {name} ended as {job}")
            try:
                require_account(job["result"], records_of(name, sources[name]), name)
            except AssertionError as error:
                wrong.append(str(error))
        checks.check(f"loaded + rejected + skipped = records, in {len(jobs)} files:", not wrong, "; ".join(wrong))
        return jobs

    def export_all(self, jobs, out, header="auto"):
        """jobs: name -> job of its import. What the exports hold lies in out/<name>_converted.csv."""
        os.makedirs(out, exist_ok=True)
        with ThreadPoolExecutor(CLIENTS) as pool:
            exports = dict(zip(jobs, pool.map(lambda job: self.order(job, header), jobs.values())))
            self.wait_until_idle()
            for name, data in zip(jobs, pool.map(self.fetch, exports.values())):
                with open(os.path.join(out, name + "_converted.csv"), "wb") as file:
                    file.write(data)

    def upload(self, name, data):
        """tus with creation-with-upload: a small file is one request."""
        if not data:
            return self.stack.upload(data, filename=name)
        return patiently(lambda: self.stack.tus.create(len(data), data, filename=name)).rsplit("/", 1)[1]

    def order(self, job, header):
        answer = self.post_export({"dataset": job["result"]["dataset"], "header": header})
        if answer.status != 202:
            raise AssertionError(f"export of {job}: {answer!r}")
        return answer.json["uid"]

    def post_export(self, request):
        def post():
            answer = self.stack.post("/export", request)
            if answer.status == 503:
                raise Refused("POST /export", answer)
            return answer
        return patiently(post)

    def fetch(self, uid):
        answer = self.stack.get(f"/export/{uid}/file")
        if answer.status != 200:
            raise AssertionError(f"file of export {uid}: {answer!r}, {self.stack.job(uid)}")
        return answer.body

    def wait_until_idle(self):
        wait_until(lambda: self.stack.get(f"/jobs?state={BUSY}&limit=1").json["items"] == [], 600, "no job is under way",
                   every=0.2)
