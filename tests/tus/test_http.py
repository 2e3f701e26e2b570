# SPDX-License-Identifier: MIT
"""tus as it looks from outside, through nginx: what a request to a pool alone cannot show."""
import socket
import unittest

from support.stack import shared
from support.tus import PATCH_TYPE, VERSION, metadata
from support.wait import wait_until

SMALL, LONG = 1000, (16 << 20) + 1  # bodies of either lane


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = shared()
        cls.tus = cls.stack.tus

    def create(self, length):
        location = self.tus.create(length, filename="http.bin")
        self.addCleanup(self.tus.delete, location)
        return location

    def expecting(self, location, offset, length):
        """A connection on which a PATCH with Expect: 100-continue was announced, and its reader."""
        connection = socket.create_connection(("127.0.0.1", self.stack.port), 30)
        self.addCleanup(connection.close)
        connection.sendall((f"PATCH {location} HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\nContent-Type: {PATCH_TYPE}\r\n"
                            f"Upload-Offset: {offset}\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n").encode())
        reader = connection.makefile("rb")
        self.addCleanup(reader.close)
        return connection, reader

    def test_expect_100_continue_is_answered_in_both_lanes(self):
        for length in (SMALL, LONG):
            connection, reader = self.expecting(self.create(length + 1), 0, length)
            self.assertEqual(reader.readline(), b"HTTP/1.1 100 Continue\r\n")
            self.assertEqual(reader.readline(), b"\r\n")
            connection.sendall(b"x" * length)
            self.assertTrue(reader.readline().startswith(b"HTTP/1.1 204 "))

    def test_who_expects_100_continue_is_refused_before_a_byte(self):
        for length in (SMALL, LONG):
            _, reader = self.expecting(self.create(length), 7, length)
            answer = reader.readline() + reader.readline() + reader.readline()
            # nginx 1.22 says 100 also before it throws a body away; what counts is that it waits for none
            self.assertIn(b"HTTP/1.1 409 ", answer)

    def test_the_method_is_overridden_in_both_lanes(self):
        for length in (SMALL, LONG):
            location = self.create(length + 1)
            answer = self.tus.request("POST", location, b"x" * length, {
                "X-HTTP-Method-Override": "PATCH", "Content-Type": PATCH_TYPE, "Upload-Offset": "0"})
            self.assertEqual((answer.status, answer.headers["Upload-Offset"]), (204, str(length)), answer)

    def test_a_location_is_relative_whatever_a_proxy_says(self):
        answer = self.tus.request("POST", "/upload", None, {
            "Upload-Length": "1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "files.example", "Forwarded": "proto=https"})
        self.assertRegex(answer.headers["Location"], r"^/upload/[0-9a-f-]{36}$")
        self.addCleanup(self.tus.delete, answer.headers["Location"])

    def test_a_name_of_any_bytes_stays_in_its_header(self):
        for name in ('a"; filename="b.html', "../../etc/passwd", "x\u202egnp.csv", "%0d%0aSet-Cookie: x=1", "日本.csv"):
            answer = self.tus.request("POST", "/upload", b"id\n1\n", {
                "Upload-Length": "5", "Content-Type": PATCH_TYPE, "Upload-Metadata": metadata(filename=name, odd=b"\0\r\n\xff")})
            self.assertEqual(answer.status, 201, (name, answer))
            location = answer.headers["Location"]
            file = wait_until(lambda at=location: (got := self.stack.get(f"{at}/file")).status == 200 and got, 60, "its file is there")
            self.assertEqual(file.body, b"id\n1\n")
            self.assertEqual(len(file.headers.get_all("Content-Disposition")), 1, name)
            self.assertRegex(file.headers["Content-Disposition"], r'^attachment; filename="[^"/\\]*"(; filename\*=UTF-8\'\'[\w%.~!$&+^`|-]*)?$')
            self.assertIsNone(file.headers["Set-Cookie"])
            self.assertEqual(file.headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(self.tus.head(location).headers["Upload-Metadata"], metadata(filename=name, odd=b"\0\r\n\xff"))

    def test_an_empty_body_moves_nothing(self):
        location = self.create(3)
        for body in (b"", iter([])):
            answer = self.tus.patch(location, 0, body)
            self.assertEqual((answer.status, answer.headers["Upload-Offset"]), (204, "0"), answer)
        self.assertEqual(self.tus.request("HEAD", location, None, VERSION).headers["Upload-Offset"], "0")
