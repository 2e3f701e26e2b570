# SPDX-License-Identifier: MIT
"""What nginx alone decides: page or API, which lane, limits, its own errors, headers. Numbers: design requirements."""
import re
import socket
import unittest

from support.stack import shared
from support.wait import wait_until

UID = "12345678-1234-4234-9234-123456789abc"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
          "base-uri 'none'; form-action 'self'; frame-ancestors 'none'")


def raw(stack, request, timeout=15):
    """Send bytes as they are; read one answer, by its length, or until the server closes."""
    with socket.create_connection(("127.0.0.1", stack.port), timeout) as connection:
        connection.sendall(request)
        answer = b""
        try:
            while not is_whole(answer) and (block := connection.recv(65536)):
                answer += block
        except ConnectionResetError:
            pass
        return answer


def is_whole(answer):
    head, blank, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"\r\nContent-Length: (\d+)", head)
    return bool(blank and length) and len(body) >= int(length.group(1))


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = shared()

    def assert_problem(self, answer, status):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        problem = answer.json
        self.assertEqual(problem["status"], status)
        self.assertTrue(problem["code"] and problem["request_id"] and problem["title"])
        return problem


class Logs(Case):
    def lines(self, program):
        return {line["req"]: line for line in self.stack.logged(program) if "req" in line}

    def test_nginx_writes_every_request_and_a_worker_what_it_changed_or_refused(self):
        read, refused = self.stack.get("/jobs"), self.stack.get(f"/jobs/{UID}")
        self.assertEqual((read.status, refused.status), (200, 404))
        ids = [answer.headers["X-Request-Id"] for answer in (read, refused)]
        written = wait_until(lambda: (lines := self.lines("nginx")).keys() >= set(ids) and lines, 30, "nginx has written both")
        self.assertEqual([written[one]["status"] for one in ids], [200, 404])
        wait_until(lambda: ids[1] in self.lines("web"), 30, "the worker has written what it refused")
        self.assertNotIn(ids[0], self.lines("web"))


class Pages(Case):
    def test_each_page_is_at_the_address_of_its_api(self):
        for path in ("/", "/upload", "/team", "/team/groups", "/export", "/datasets", "/jobs", "/status", f"/upload/{UID}",
                     f"/team/{UID}", f"/team/groups/{UID}", f"/export/{UID}", f"/datasets/{UID}", f"/jobs/{UID}"):
            page = self.stack.get(path, HTML)
            self.assertEqual((path, page.status), (path, 200))
            self.assertTrue(page.headers["Content-Type"].startswith("text/html"), path)
            self.assertEqual(page.headers["Content-Security-Policy"], POLICY)
            self.assertEqual(page.headers.get_all("Vary"), ["Accept"], path)
            self.assertEqual(page.headers["Cache-Control"], "no-cache")

    def test_a_program_gets_json_at_the_same_address(self):
        for path in ("/upload", "/jobs", "/datasets", "/export", "/team"):
            answer = self.stack.get(path, {"Accept": "*/*"})
            self.assertRegex(answer.headers["Content-Type"], "json", path)
            self.assertIn("Accept", answer.headers.get_all("Vary"), path)

    def test_downloads_are_never_pages(self):
        for path in (f"/upload/{UID}/file", f"/export/{UID}/file", f"/team/{UID}/report", f"/datasets/{UID}/rejects.csv"):
            answer = self.stack.get(path, HTML)
            # Refused, and said so by the page of errors, which has the number of the request.
            self.assertEqual((path, answer.status), (path, 404))
            self.assertIn(answer.headers["X-Request-Id"], answer.text)
            self.assertEqual(answer.headers["Content-Security-Policy"], POLICY)
            self.assertEqual(answer.headers["Cache-Control"], "no-store")

    def test_assets_are_kept_for_ever_and_come_compressed(self):
        script = re.search(r'src="(/assets/[^"]+\.js)"', self.stack.get("/upload", HTML).text).group(1)
        asset = self.stack.get(script, {"Accept-Encoding": "gzip"})
        self.assertEqual((asset.status, asset.headers["Content-Encoding"]), (200, "gzip"))
        self.assertIn("immutable", asset.headers["Cache-Control"])
        self.assertEqual(asset.headers["X-Content-Type-Options"], "nosniff")

    def test_pages_hold_nothing_inline(self):
        for path in ("/", "/upload", "/team", "/export", "/datasets", "/jobs", "/status"):
            page = self.stack.get(path, HTML).text
            self.assertNotRegex(page, r"<script(?![^>]*\ssrc=)[^>]*>", path)
            self.assertNotRegex(page, r"<style|\sstyle=|\son[a-z]+=", path)


class Errors(Case):
    def test_hidden_places_are_not_found(self):
        for path in ("/_files/", "/_files/uploads", "/_files../secrets/redis", "/_pre", "/_why", "/_problem", "/.git/config",
                     "/.env", "/docker-compose.yml", "/sql/grants.sql", "/assets/../sluice", "/samples/../nginx/nginx.conf",
                     "/samples/make.py.bak", "/nothing"):
            self.assertEqual((path, self.stack.get(path).status), (path, 404))

    def test_what_cannot_be_parsed_is_refused_as_problem_json(self):
        end = b"Host: localhost\r\nConnection: close\r\n\r\n"
        for request, status in (
            (b"GET /a%00b HTTP/1.1\r\n" + end, 400),
            (b"GET /a\0b HTTP/1.1\r\n" + end, 400),
            (b"GET /../../etc/passwd HTTP/1.1\r\n" + end, 400),
            (b"GET /assets/../../sluice HTTP/1.1\r\n" + end, 400),
            (b"CONNECT a:1 HTTP/1.1\r\n" + end, 400),
            (b"\x16\x03\x01\x02junk\r\n\r\n", 400),
            (b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\n" + end, 414),
            (b"GET / HTTP/1.1\r\nX: " + b"a" * 40000 + b"\r\n" + end, 400),
            (b"GET / HTTP/2.5\r\n" + end, 505),
            (b"POST /export HTTP/1.1\r\nTransfer-Encoding: gzip\r\n" + end, 501),
            (b"POST /export HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n" + end, 400),
            (b"POST /export HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n" + end, 400),
            (b"POST /export HTTP/1.1\r\nContent-Length: -1\r\n" + end, 400),
            (b"POST /export HTTP/1.1\r\nContent-Length: 0x5\r\n" + end, 400),
            (b"PATCH /upload/x HTTP/1.1\r\nContent-Length: 99999999999999999999999999\r\n" + end, 400),
            (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        ):
            head, _, body = raw(self.stack, request).partition(b"\r\n\r\n")
            self.assertTrue(head.startswith(b"HTTP/1.1 %d " % status), (request[:40], head[:80]))
            self.assertIn(b"application/problem+json", head, request[:40])
            self.assertIn(b'"status":%d' % status, body, request[:40])
            self.assertEqual(head.count(b"HTTP/1.1"), 1)

    def test_http_0_9_is_closed_without_an_answer(self):
        self.assertEqual(raw(self.stack, b"GET /\r\n"), b"")

    def test_small_bodies_end_at_64_kb(self):
        for path in ("/export", "/team", f"/upload/{UID}/load", f"/jobs/{UID}/pause", "/nothing"):
            size = (16 << 20) + 1 if path == "/team" else 64 * 1024 + 1
            answer = self.stack.post(path, b"x" * size, {"Content-Type": "application/json"})
            self.assert_problem(answer, 413)
        chunked = self.stack.request("POST", "/export", iter([b"x" * 70_000]), {"Content-Type": "application/json"})
        self.assertEqual(chunked.status, 413)

    def test_request_ids_are_taken_over_only_if_harmless(self):
        good = self.stack.get("/nothing", {"X-Request-Id": "my-request-0123456789"})
        self.assertEqual(good.headers.get_all("X-Request-Id"), ["my-request-0123456789"])
        self.assertEqual(good.json["request_id"], "my-request-0123456789")
        for bad in ("short", 'x"y<z' * 5, "a" * 65):
            self.assertRegex(self.stack.get("/nothing", {"X-Request-Id": bad}).headers["X-Request-Id"], r"^[0-9a-f]{32}$")

    def test_a_dead_pool_is_502_that_passes_by_itself_and_says_so(self):
        self.stack.supervisor.stop("web")
        try:
            answer = self.stack.get("/jobs")
            person = self.stack.get("/metrics", HTML)
            patch = self.stack.tus.patch(f"/upload/{UID}", 0, b"x" * 3_000_000)
            health = self.stack.get("/healthz")
        finally:
            self.stack.supervisor.start("web")
        self.assert_problem(answer, 502)
        self.assertTrue(int(answer.headers["Retry-After"]) > 0)
        self.assertEqual((person.status, person.headers["Content-Type"]), (502, "text/html; charset=utf-8"))
        self.assertIn("is being restarted", person.text)
        self.assertIn(patch.status, (500, 502))  # never 413: clients would give up
        self.assertEqual(patch.headers["Tus-Resumable"], "1.0.0")
        self.assertEqual(patch.headers["Content-Type"], "application/problem+json")
        self.assertEqual(health.status, 200)


class Headers(Case):
    def test_every_kind_of_answer_is_guarded(self):
        for path in ("/", "/jobs", "/nothing", "/healthz", "/samples/upload/deliveries-with-mistakes.csv"):
            answer = self.stack.get(path)
            self.assertEqual(answer.headers.get_all("Content-Security-Policy"), [POLICY], path)
            self.assertEqual(answer.headers.get_all("X-Content-Type-Options"), ["nosniff"], path)
            for name in ("Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "X-Request-Id"):
                self.assertEqual(len(answer.headers.get_all(name) or []), 1, (path, name))
            self.assertEqual(answer.headers["Server"], "nginx", path)
            self.assertNotIn("X-Powered-By", answer.headers)

    def test_samples_are_downloads(self):
        sample = self.stack.get("/samples/team/members.csv", HTML)
        self.assertEqual((sample.status, sample.headers["Content-Disposition"]), (200, "attachment"))
        self.assertTrue(sample.headers["Content-Type"].startswith("text/csv"))


class Bodies(Case):
    def test_a_wrong_offset_is_refused_before_the_body_in_both_lanes(self):
        location = self.stack.tus.create(100 << 20, filename="early.csv")
        self.addCleanup(self.stack.tus.delete, location)
        for announced in (1000, 16 << 20, (16 << 20) + 1, 100 << 20):
            answer = raw(self.stack, (f"PATCH {location} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 7\r\n"
                                      f"Content-Type: application/offset+octet-stream\r\nContent-Length: {announced}\r\n"
                                      f"Connection: close\r\n\r\n").encode())
            self.assertTrue(answer.startswith(b"HTTP/1.1 409 "), answer[:200])
            self.assertIn(b"upload.offset_mismatch", answer)
            self.assertIn(b"Tus-Resumable: 1.0.0", answer)
        self.assertEqual(self.stack.tus.offset(location), 0)

    def test_bodies_around_the_limit_of_the_lanes_arrive_whole(self):
        for size in (0, 1, 16 << 20, (16 << 20) + 1):
            location = self.stack.tus.create(size + 1, filename="lanes.csv")
            self.addCleanup(self.stack.tus.delete, location)
            answer = self.stack.tus.patch(location, 0, b"a" * size)
            self.assertEqual((answer.status, answer.headers["Upload-Offset"]), (204, str(size)))

    def test_a_chunked_body_arrives_whole(self):
        location = self.stack.tus.create(31, filename="chunked.csv")
        self.addCleanup(self.stack.tus.delete, location)
        answer = self.stack.tus.patch(location, 0, iter([b"abc"] * 10))
        self.assertEqual((answer.status, answer.headers["Upload-Offset"]), (204, "30"))
