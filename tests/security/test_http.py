# SPDX-License-Identifier: MIT
"""Requirements 1-9: HTTP parsing, smuggling, forged headers, spelling of addresses."""
import time

from hostile import END, SecurityTest, UID
from support.tus import PATCH_TYPE

SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


class HttpParsing(SecurityTest):
    def test_01_lengths_that_contradict_each_other(self):
        chunks = b"0\r\n\r\n" + SMUGGLED
        for headers, body in (
            (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunks),
            (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunks),
            (b"Transfer-Encoding: chunked, identity\r\n", chunks),
            (b"Transfer-Encoding: xchunked\r\n", chunks),
            (b"Transfer-Encoding: chunked;q=1\r\n", chunks),
            (b"Transfer-Encoding: gzip\r\n", chunks),
            (b"Transfer-Encoding: gzip, chunked\r\n", chunks),
            (b"Content-Length: 0\r\nContent-Length: 5\r\n", SMUGGLED),
            (b"Content-Length: 5\r\nContent-Length: 5\r\n", SMUGGLED),
            (b"Content-Length: 0, 5\r\n", SMUGGLED),
        ):
            for line in (b"POST /export", b"PATCH /upload/" + UID.encode(), b"POST /upload"):
                request = line + b" HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n" + body
                self.assert_refused(self.raw(request), 400, 501, what=request)
        old = b"POST /upload HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
        self.assert_refused(self.raw(old), 400, 501, what=old)

    def test_02_lengths_out_of_range(self):
        location = self.create(10)
        for length in ("-1", "+5", "0x5", "1e3", "", " ", str(10**26), str(2**63 - 1), str(2**63), str(2**64 - 1)):
            begun = time.monotonic()
            for line in ("POST /export", "POST /upload", f"PATCH {location}", "POST /team"):
                answer = self.ask(line, "Tus-Resumable: 1.0.0", f"Content-Type: {PATCH_TYPE}", "Upload-Offset: 0",
                                  "Upload-Length: 10", f"Content-Length: {length}")
                allowed = (400, 413) if line != "POST /team" else (400, 413, 415)
                if length.strip() == "":  # as none: the body is empty
                    allowed = (201, 204, 400, 411, 413, 415, 422)
                    self.assertIn(answer.status, allowed, (line, length, answer))
                else:
                    self.assert_refused(answer, *allowed, what=(line, length))
            self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(self.offset(location), 0)

    def test_03_control_characters_inject_nothing(self):
        for path in ("/upload%0d%0aX-Injected:%201", "/jobs?cursor=%0d%0aX-Injected:%201", "/upload/%00", f"/upload/{UID}%0a",
                     "/jobs?limit=1%00", "/upload?state=open%0d%0a%0d%0aHTTP/1.1%20200%20OK", "/%0d%0aX-Injected:1/export"):
            answer = self.ask(f"GET {path}")
            self.assertIsNone(answer.header("X-Injected"), path)
            self.assert_harmless(answer, path)
            self.assertIn(answer.status, (400, 404), path)
        for line in (b"GET /a\0b", b"GET /jobs?a=\0", b"GET /a\x01b", b"GET /jobs\x7f"):
            self.assert_refused(self.raw(line + b" HTTP/1.1\r\n" + END), 400, 404, what=line)
        for header in (b"X-Request-Id: a\0b", b"Upload-Metadata: filename \0", b"Bad\x01Name: 1", b"X-Request-Id: a\rX-Injected: 1"):
            answer = self.ask("GET /jobs", header)
            self.assertIsNone(answer.header("X-Injected"), header)
            self.assert_harmless(answer, header)

    def test_04_what_is_no_request_of_ours(self):
        for request in (b"GET http://evil.example/upload HTTP/1.1\r\n" + END, b"CONNECT localhost:22 HTTP/1.1\r\n" + END,
                        b"OPTIONS * HTTP/1.1\r\n" + END, b"GET /\r\n", b"GET / HTTP/2.5\r\n" + END, b"TRACE / HTTP/1.1\r\n" + END,
                        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03" + b"x" * 160 + b"\r\n\r\n"):
            answer = self.raw(request)
            self.assert_harmless(answer, request)
            self.assertIn(answer.status // 100, (0, 4, 5), request)
            self.assertNotIn(answer.status, (500, 502), request)
        print(f"seed {self.seed}", end=" ")
        for _ in range(60):
            junk = self.random.randbytes(self.random.randrange(1, 400)).replace(b"\n", b"") + b"\r\n\r\n"
            answer = self.raw(junk)
            self.assert_harmless(answer, junk)
            self.assertIn(answer.status, (0, 400, 405, 414, 505), junk)

    def test_05_oversized_heads(self):
        for request, statuses in (
            (b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n" + END, (414,)),
            (b"GET /upload HTTP/1.1\r\nCookie: " + b"a" * 40_000 + b"\r\n" + END, (400, 431)),
            (b"GET /upload HTTP/1.1\r\nUpload-Metadata: " + b"a" * 40_000 + b"\r\n" + END, (400, 431)),
            (b"GET /upload HTTP/1.1\r\n" + b"".join(b"X-%d: %d\r\n" % (i, i) for i in range(5000)) + END, (400, 431)),
        ):
            self.assert_refused(self.raw(request), *statuses, what=request[:60])

    def test_06_forged_hosts_never_come_back(self):
        for header in ("X-Forwarded-Host: evil.example", "Forwarded: host=evil.example;proto=https", "X-Host: evil.example",
                       "X-Forwarded-Server: evil.example", "X-Forwarded-Proto: https"):
            answer = self.post("Upload-Length: 5", header)
            self.assertEqual(answer.status, 201, answer)
            self.assertRegex(answer.header("Location"), r"^/upload/[0-9a-f-]{36}$")
            self.assertNotIn(b"evil.example", answer.raw)
        for host in ("evil.example", "localhost.evil.example", "a<script>", "127.0.0.1.evil.example", "evil.example:8081"):
            answer = self.raw(b"GET /upload HTTP/1.1\r\nHost: " + host.encode() + b"\r\nConnection: close\r\n\r\n")
            self.assert_refused(answer, 421, 400, what=host)
            self.assertNotIn(host.encode(), answer.raw)

    def test_07_headers_meant_for_servers_have_no_effect(self):
        for header in ("X-Original-URL: /healthz", "X-Rewrite-URL: /healthz", "X-Accel-Redirect: /_files/uploads/",
                       "X-Sendfile: /etc/passwd", "Proxy: http://evil.example", "X-Why: 204", "X-Problem: {}", "X-Accel-Buffering: no",
                       "X-Forwarded-Prefix: /healthz", "Request_Body_File: /etc/passwd", "Document-URI: /_pre"):
            answer = self.ask("GET /nothing-here", header)
            self.assert_refused(answer, 404, what=header)
            self.assertEqual(self.ask("GET /livez", header).status, 200, header)

    def test_09_every_spelling_meets_the_same_gate(self):
        before = self.uploads()
        for path in ("/upload", "//upload", "/upload/", "/UPLOAD", "/%75pload", "/upload/../upload", "/./upload", "/upload;x=1",
                     "/upload%2f", "/upload/.", "/jobs/../upload", "/upload%20", "/upload/upload"):
            foreign = self.ask(f"POST {path}", "Tus-Resumable: 1.0.0", "Upload-Length: 5", "Origin: https://evil.example",
                               "Content-Length: 0")
            self.assertIn(foreign.status, (400, 403, 404, 405), (path, foreign))
            unversioned = self.ask(f"POST {path}", "Upload-Length: 5", "Content-Length: 0")
            self.assertIn(unversioned.status, (400, 404, 405, 412), (path, unversioned))
            self.assert_harmless(foreign, path)
        self.assertEqual(self.uploads(), before)
