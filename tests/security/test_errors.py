# SPDX-License-Identifier: MIT
"""What nginx answers itself: every error of /upload names the tus version, is problem+json, and can be read by a page of an
allowed origin, so that a client in a browser sees the status and when to come again."""
import concurrent.futures
import os
import shutil
import signal
import socket
import subprocess
import time

from hostile import Answer, END, ORIGIN, SecurityTest, UID
from support import http
from support.front import Front
from support.tus import PATCH_TYPE, VERSION
from support.stack import stack_user
from support.wait import wait_until

PATCH = {**VERSION, "Content-Type": PATCH_TYPE, "Upload-Offset": "0"}


class NginxErrors(SecurityTest):
    def assert_complete(self, header, status, body, wanted, origin=ORIGIN):
        self.assertIn(status, wanted, (header("Content-Type"), body))
        self.assertEqual(header("Content-Type"), "application/problem+json")
        self.assertIn(b'"code":', body)
        self.assertIn(b'"status":%d' % status, body)
        self.assertEqual(header("Tus-Resumable"), "1.0.0")
        self.assertEqual(header("Access-Control-Allow-Origin"), origin)
        if origin:
            self.assertIn("Tus-Resumable", header("Access-Control-Expose-Headers"))
        if status in (500, 502, 503, 504, 507):
            self.assertTrue(int(header("Retry-After")) > 0)

    def through(self, url, method, path, wanted, body=None, headers=PATCH):
        for origin in (ORIGIN, None, "https://evil.example"):
            sent = {**headers, **({"Origin": origin} if origin else {})}
            answer = http.request(url, method, path, body, sent)
            if origin == "https://evil.example" and answer.status == 403:
                continue  # refused for its origin
            self.assert_complete(answer.headers.get, answer.status, answer.body, wanted, origin if origin == ORIGIN else None)

    def test_00_errors_before_there_is_a_request(self):
        origin = b"Origin: " + ORIGIN.encode() + b"\r\n"
        for request, wanted in (
            (b"PATCH /upload/x HTTP/1.1\r\n" + origin + b"Content-Length: 1\r\nContent-Length: 2\r\n" + END, (400,)),
            (b"PATCH /upload/x HTTP/1.1\r\n" + origin + b"Content-Length: -1\r\n" + END, (400,)),
            (b"POST /upload HTTP/1.1\r\n" + origin + b"Upload-Metadata: " + b"a" * 40_000 + b"\r\n" + END, (400, 431)),
            (b"POST /upload HTTP/1.1\r\n" + origin + b"Transfer-Encoding: gzip\r\n" + END, (501,)),
        ):
            answer = self.raw(request)
            self.assert_complete(answer.header, answer.status, answer.body, wanted)
        long = self.raw(b"PATCH /upload/" + b"x" * 40_000 + b" HTTP/1.1\r\n" + origin + END)
        self.assert_complete(long.header, long.status, long.body, (414,), None)  # its headers were never read

    def test_00_errors_of_limits(self):
        self.through(self.stack.url, "POST", f"/upload/{UID}/load", (413,), b"x" * 70_000,
                     {**VERSION, "Content-Type": "application/json"})

    def test_00_refusals_of_the_pre_check(self):
        location = self.create(10)
        for path, headers, status in ((location, {**PATCH, "Upload-Offset": "5"}, 409), (f"/upload/{UID}", PATCH, 404),
                                      (location, {**PATCH, "Tus-Resumable": "2.0.0"}, 412)):
            self.through(self.stack.url, "PATCH", path, (status,), b"abc", headers)

    def test_00_refusals_of_the_pre_check_say_what_the_worker_says(self):
        """Before the body, in both lanes: the same answer as without nginx, with a name for what is wrong."""
        location = self.create(10)
        created = {**VERSION, "Upload-Length": "3", "Content-Type": PATCH_TYPE}
        for method, path, headers, code, named in (
            ("PATCH", location, {**PATCH, "Upload-Offset": "x"}, "tus.offset", "Upload-Offset"),
            ("PATCH", location, {**PATCH, "Upload-Checksum": "sha9 YQ=="}, "tus.checksum_header", "Upload-Checksum"),
            ("POST", "/upload", {**created, "Upload-Metadata": "mode eA=="}, "upload.options", "Upload-Metadata/mode"),
            ("POST", "/upload", {**created, "Upload-Metadata": "options eyJxdW90ZSI6MX0="}, "import.options", "Upload-Metadata/options"),
        ):
            for body in (b"abc", iter([b"abc"])):
                answer = http.request(self.stack.url, method, path, body, headers)
                self.assertEqual((answer.json["code"], answer.json["status"], answer.json["errors"][0]["pointer"]),
                                 (code, answer.status, named), answer)
                self.assertIn(named.rpartition("/")[2], answer.json["detail"])
                self.assertEqual(answer.json["instance"], path)
        # One that would not fit into the headers between nginx and the worker is said in general.
        answer = http.request(self.stack.url, "POST", "/upload" + '"' * 6000, b"abc", {**created, "Origin": "https://evil.example"})
        self.assertEqual((answer.status, answer.json["status"], answer.json["code"]), (403, 403, "http.403"), answer)

    def test_00_a_dead_pool(self):
        location = self.create(10)
        self.stack.supervisor.stop("web")
        try:
            for method, body in (("HEAD", None), ("PATCH", b"abc"), ("PATCH", b"x" * (17 << 20)), ("POST", None), ("DELETE", None)):
                if method == "HEAD":
                    answer = http.request(self.stack.url, method, location, None, {**PATCH, "Origin": ORIGIN})
                    self.assert_complete(answer.headers.get, answer.status, b'"code":"status":502', (502,))
                else:
                    self.through(self.stack.url, method, location if method != "POST" else "/upload", (500, 502), body)
        finally:
            self.stack.supervisor.start("web")
        self.stack.supervisor.stop("stream")
        try:
            self.through(self.stack.url, "PATCH", location, (502,), iter([b"abc"]), PATCH)
        finally:
            self.stack.supervisor.start("stream")
        self.stack.wait_running()
        self.assertEqual(self.tus.offset(location), 0)

    def test_00_a_pool_that_does_not_answer(self):
        location = self.create(10)
        with Front.beside(self.stack, {"fastcgi_read_timeout 60s": "fastcgi_read_timeout 1s"}) as front:
            pids = list(self.stack.pids("web").values())
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            try:
                self.through(front.url, "DELETE", location, (504,))
                self.through(front.url, "PATCH", location, (500, 504), b"abc")
            finally:
                for pid in pids:
                    os.kill(pid, signal.SIGCONT)
        # The DELETE was only late: its client heard 504 and would ask again.
        wait_until(lambda: self.tus.head(location).status in (404, 410), 30, "the late DELETE has its effect")

    # --- clients that stall ---
    STALL = 1  # seconds that the nginx of these tests waits

    def stall(self, port, start):
        """Send the start of a request and nothing more, wait for the server to give up."""
        begun, answer = time.monotonic(), b""
        with socket.create_connection(("127.0.0.1", port), 30) as connection:
            connection.sendall(start)
            try:
                while block := connection.recv(65536):
                    answer += block
            except ConnectionResetError:
                pass
            return Answer(answer), time.monotonic() - begun

    def test_00_a_client_that_stalls(self):
        """nginx closes without a word (in its log it is a 408): for a tus client a broken line, after which it asks HEAD and goes
        on; a 408 it would take for a refusal. Should an nginx answer, then as for all errors. What had come counts as ever."""
        buffered, streamed, long = 1 << 20, None, 17 << 20
        locations = {what: self.create(20 << 20) for what in (buffered, streamed, long)}

        def head(length):
            framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
            headers = [f"{name}: {value}" for name, value in {**PATCH, "Host": "localhost", "Origin": ORIGIN}.items()]
            return "\r\n".join([f"PATCH {locations[length]} HTTP/1.1", *headers, framing, "", ""]).encode()
        starts = [b"PATCH /upl", head(buffered)[:-2], head(buffered) + b"x" * 100_000, head(long) + b"x" * 100_000,
                  head(streamed) + b"186a0\r\n" + b"x" * 100_000 + b"\r\n"]
        waits = {f"_timeout {seconds}s": f"_timeout {self.STALL}s" for seconds in (5, 10, 30)}
        with Front.beside(self.stack, {f"client_{what}{old}": f"client_{what}{new}" for what in ("header", "body")
                                       for old, new in waits.items()}) as front, concurrent.futures.ThreadPoolExecutor(8) as threads:
            for answer, took in threads.map(lambda start: self.stall(front.port, start), starts):
                self.assertGreater(took, self.STALL * 0.9)
                if answer.raw:
                    self.assert_complete(answer.header, answer.status, answer.body, (408,))
        for what in (streamed, long):
            wait_until(lambda: self.offset(locations[what]) == 100_000, 30, "what came before the stall is kept")
        self.assertEqual(self.offset(locations[buffered]), 0)
        for what, location in locations.items():
            self.assertEqual(self.tus.patch(location, self.offset(location), b"y" * 10).status, 204, what)

    # --- no room for a body ---
    def test_00_no_room_for_a_body(self):
        """The disk fills while nginx takes a body into a file: 507, which tus clients repeat; the offset stays, and with room again
        the same PATCH goes through."""
        if os.getuid() != 0:
            self.skipTest("mounting takes root")
        tiny = os.path.join(self.stack.data_dir, "uploads", "incoming", "777")  # workers take digits only
        os.mkdir(tiny)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=1m,uid={stack_user()},mode=0700", "tmpfs", tiny], check=True)
        mounts = [tiny]
        try:
            location = self.create(2 << 20)
            body = self.random.randbytes(2 << 20)
            with Front.beside(self.stack, {'/uploads/incoming" 1 2': '/uploads/incoming/777" 1 2'}) as front:
                self.through(front.url, "PATCH", location, (507,), body)
                self.through(front.url, "POST", "/upload", (507,), body, {**PATCH, "Upload-Length": str(len(body))})
                self.assertEqual(self.offset(location), 0)
                wait_until(lambda: not any(files for _, _, files in os.walk(tiny)), 30, "nothing is left of the bodies")
                subprocess.run(["umount", "--lazy", mounts.pop()], check=True)
                shutil.chown(tiny, stack_user())
                answer = http.request(front.url, "PATCH", location, body, PATCH)
                self.assertEqual((answer.status, answer.headers.get("Upload-Offset")), (204, str(len(body))), answer)
        finally:
            for mount in mounts:
                subprocess.run(["umount", "--lazy", mount], check=True)
            shutil.rmtree(tiny)
