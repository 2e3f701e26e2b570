# SPDX-License-Identifier: MIT
"""Requirements 10-21: lying tus clients. What many do at the same moment is in cases/races.py and cases/crowds.py."""
import base64
import concurrent.futures
import hashlib
import os
import socket

from hostile import PATCH_TYPE, SecurityTest, UID
from support.tus import OpenPatch
from support.wait import wait_until

NUMBERS = ("-1", "+1", "1e9", "0x5", "1.0", "1 0", "1,1", "٣".encode(), "９".encode(), b"1\xa0", "9223372036854775808",
           "18446744073709551616", "1" * 20, "NaN", "null", "")


def b64(raw):
    return base64.b64encode(raw if isinstance(raw, bytes) else raw.encode()).decode()


def named(name, value):
    return name.encode() + b": " + (value if isinstance(value, bytes) else value.encode())


class Tus(SecurityTest):
    def test_10_numbers_are_digits_that_fit(self):
        location = self.create(10)
        before = self.uploads()
        for number in NUMBERS:
            self.assert_refused(self.post(named("Upload-Length", number)), 400, what=("length", number))
            self.assert_refused(self.patch(location, named("Upload-Offset", number), body=b"abc"), 400, what=("offset", number))
        self.assert_refused(self.post("Upload-Length: 5", "Upload-Length: 6"), 400)
        self.assert_refused(self.post("Upload-Length: 5", "Upload-Length: 5"), 400)
        self.assertEqual(self.uploads(), before)
        for size in (3, (16 << 20) + 1):  # both lanes
            self.assert_refused(self.patch(location, "Upload-Offset: 0", "Upload-Offset: 0", body=b"abc", length=size), 400)
            self.assert_refused(self.patch(location, "Upload-Offset: 0", "Upload-Offset: 3", body=b"abc", length=size), 400)
        self.assertEqual(self.offset(location), 0)

    def test_10_other_headers_come_once(self):
        for header in ("Tus-Resumable: 1.0.0", "Upload-Metadata: filename YQ==", "Upload-Concat: partial"):
            self.assert_refused(self.post("Upload-Length: 5", header, header), 400, what=header)
        location = self.create(10)
        self.assert_refused(self.patch(location, f"Content-Type: {PATCH_TYPE}", f"Content-Type: {PATCH_TYPE}", body=b"abc"), 400)
        self.assert_refused(self.post("Upload-Defer-Length: 1", "Upload-Length: 5"), 400)
        self.assert_refused(self.post("Upload-Defer-Length: 2"), 400)
        self.assert_refused(self.post(), 400)
        self.assert_refused(self.patch(location, "Content-Encoding: gzip", body=b"abc"), 415)
        self.assertEqual(self.offset(location), 0)

    def test_11_a_length_beyond_all_space_reserves_nothing(self):
        before = self.uploads(), self.reserved()
        for length in (2**50, 2**62, 2**63 - 1):
            answer = self.post(f"Upload-Length: {length}")
            self.assert_refused(answer, 507, 413, what=length)
            self.assertTrue(answer.header("Retry-After"), answer)
        self.assertEqual((self.uploads(), self.reserved()), before)

    def test_12_what_a_patch_may_not(self):
        location = self.create(10)
        for headers, body, offset, status in (
            ((), b"x" * 11, 0, 413), ((), b"x", 3, 409), (("Content-Type: text/plain",), b"x", 0, 415),
            (("Content-Type: application/offset+octet-stream; charset=utf-8",), b"x", 0, 415),
            (("Tus-Resumable: 0.2.2",), b"x", 0, 412), (("Tus-Resumable: 2.0.0",), b"x", 0, 412), (("Tus-Resumable: ",), b"x", 0, 412),
        ):
            for chunked in (False, True):
                if chunked:  # pool stream
                    answer = self.ask(f"PATCH {location}", *self.usual(headers, offset), *headers, "Transfer-Encoding: chunked",
                                      body=b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))
                else:
                    answer = self.patch(location, *headers, body=body, offset=offset)
                self.assert_refused(answer, status, 400 if status == 413 else status, what=(headers, body, chunked))
                self.assertEqual(answer.header("Tus-Resumable"), "1.0.0", answer)
                if status == 412:
                    self.assertEqual(answer.header("Tus-Version"), "1.0.0", answer)
        self.assertEqual(self.offset(location), 0)
        self.assert_refused(self.patch(f"/upload/{UID}", body=b"x"), 404)

    @staticmethod
    def usual(headers, offset):
        names = {header.split(":")[0] for header in headers}
        return [f"{name}: {value}" for name, value in (("Tus-Resumable", "1.0.0"), ("Content-Type", PATCH_TYPE),
                                                       ("Upload-Offset", offset)) if name not in names]

    def test_13_metadata_bombs(self):
        before = self.uploads()
        for value in (b"filename !!!", b"filename YQ==,filename Yg==", b",", b"a b c", b"filename YQ==,,x",
                      b"filename YQ=", b"filename Y Q==", b",".join(b"k%d YQ==" % i for i in range(17)), b"filename " + b"QUFB" * 1100,
                      *(b"filename " + b64(raw).encode() for raw in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"a\0b", b"a\r\nX: 1")),
                      b"dataset " + b64(b"\xff").encode(), b"mode " + b64("delete").encode()):
            self.assert_refused(self.post("Upload-Length: 5", b"Upload-Metadata: " + value), 400, what=value)
        self.assertEqual(self.uploads(), before)
        strange = "own " + b64(b"\xff\0\r\n") + ",other"
        answer = self.post("Upload-Length: 5", "Upload-Metadata: " + strange)
        self.assertEqual(answer.status, 201, answer)
        head = self.tus.head(answer.header("Location"))
        self.assertEqual(head.headers["Upload-Metadata"], strange)

    def test_14_one_of_many_patches_wins_through_nginx(self):
        size, senders = 1000, 16
        location = self.create(10 * size)
        with concurrent.futures.ThreadPoolExecutor(senders) as threads:
            content = b""
            for number in range(10):
                bodies = [bytes([65 + sender]) * size for sender in range(senders)]
                answers = list(threads.map(lambda body: self.patch(location, body=body, offset=number * size), bodies))
                self.assertEqual(sorted(answer.status for answer in answers), [204] + [409] * (senders - 1))
                content += bodies[[answer.status for answer in answers].index(204)]
        uid = location.rsplit("/", 1)[1]
        wait_until(lambda: self.stack.get(f"/upload/{uid}/file").status == 200, 60, "the file is assembled")
        self.assertEqual(self.stack.get(f"/upload/{uid}/file").body, content)

    def test_15_checksums(self):
        location = self.create(10)
        right = b64(hashlib.sha1(b"abc").digest())
        for value, status in ((f"sha1 {b64(b'x' * 20)}", 460), ("sha1 !!", 400), ("sha1", 400), (f"SHA1 {right}", 400),
                              (f"rot13 {right}", 400), (f"sha1 {b64(b'short')}", 400)):
            answer = self.patch(location, f"Upload-Checksum: {value}", body=b"abc")
            self.assertEqual(answer.status, status, (value, answer))
        self.assertEqual(self.offset(location), 0)
        checked = self.ask(f"PATCH {location}", *self.usual((), 0), f"Upload-Checksum: sha1 {right}", "Content-Length: 3", body=b"abc")
        self.assertEqual(checked.status, 204, checked)
        self.assertEqual(self.offset(location), 3)

    def test_15_a_cut_body_with_a_checksum_keeps_nothing(self):
        location = self.create(1000)
        head = "".join(line + "\r\n" for line in (
            f"PATCH {location} HTTP/1.1", "Host: localhost", *self.usual((), 0), f"Upload-Checksum: sha1 {b64(b'x' * 20)}",
            "Transfer-Encoding: chunked"))
        with socket.create_connection(("127.0.0.1", self.stack.port), 30) as connection:
            connection.sendall(head.encode() + b"\r\n" + b"64\r\n" + b"x" * 100 + b"\r\n")
            wait_until(lambda: self.running() > 0, 30, "the body is being read")
        wait_until(lambda: self.running() == 0, 30, "the request has ended")
        self.assertEqual(self.offset(location), 0)

    def running(self):
        """Files that somebody writes to below the folder of pieces."""
        found = 0
        for pid in self.stack.pids("stream").values():
            for name in os.listdir(f"/proc/{pid}/fd"):
                try:
                    found += "/uploads/pieces/" in os.readlink(f"/proc/{pid}/fd/{name}")
                except OSError:
                    pass
        return found

    def test_16_an_override_counts_on_post_only(self):
        location = self.create(10)
        for method in ("GET", "HEAD", "OPTIONS"):
            answer = self.ask(f"{method} {location}", "Tus-Resumable: 1.0.0", "X-HTTP-Method-Override: DELETE")
            self.assertIn(answer.status, (200, 204), answer)
        self.assertEqual(self.offset(location), 0)
        foreign = self.ask(f"POST {location}", "Tus-Resumable: 1.0.0", "X-HTTP-Method-Override: DELETE", "Content-Length: 0",
                           "Origin: https://evil.example")
        self.assert_refused(foreign, 403)
        self.assertEqual(self.offset(location), 0)
        self.assert_refused(self.ask(f"POST {location}", "Tus-Resumable: 1.0.0", "X-HTTP-Method-Override: PURGE", "Content-Length: 0"), 400)
        own = self.ask(f"POST {location}", "Tus-Resumable: 1.0.0", "X-HTTP-Method-Override: DELETE", "Content-Length: 0")
        self.assertEqual(own.status, 204, own)
        self.assertIn(self.tus.head(location).status, (404, 410))

    def test_17_concatenation_of_what_is_not_there_for_it(self):
        unfinished = self.tus.create(5, headers={"Upload-Concat": "partial"})
        whole = self.tus.upload(b"a,b\n1,2\n")
        before = self.uploads()
        for parts in (f"/upload/{UID}", unfinished, whole, "/upload/../../etc/passwd", "/etc/passwd", "/upload/%2e%2e", f"/upload/{UID}/",
                      "", " ", "http://evil.example/", f"file:///upload/{UID}", " ".join([f"/upload/{UID}"] * 150), "\\", "/upload/'"):
            answer = self.post(f"Upload-Concat: final;{parts}")
            self.assertEqual(answer.status // 100, 4, (parts, answer))
            self.assert_harmless(answer, parts)
        for value in ("final", "finally;/upload/x", "partial;x", "PARTIAL", "final:/upload/x"):
            self.assert_refused(self.post(f"Upload-Concat: {value}", "Upload-Length: 5"), 400, what=value)
        self.assertEqual(self.uploads(), before)

    def test_18_a_patch_is_never_acknowledged_after_the_delete(self):
        for chunked in (False, True):
            size = 20 << 20  # pool stream in both
            location = self.create(size)
            uid = location.rsplit("/", 1)[1]
            patch = OpenPatch(f"http://127.0.0.1:{self.stack.port}", location, 0, size, chunked)
            patch.send(b"x" * (1 << 20))
            wait_until(lambda: self.offset(location) > 0, 30, "some of it counts")
            self.assertEqual(self.tus.delete(location).status, 204)
            try:
                patch.send(b"x" * (19 << 20))
                answer = patch.finish()
                self.assertRegex(answer, r"^HTTP/1.1 4(04|10) ")
            except (ConnectionResetError, BrokenPipeError):
                pass  # the refusal came before the rest was sent
            self.assertIn(self.tus.head(location).status, (404, 410))
            name = uid.replace("-", "")
            folder = os.path.join(self.stack.data_dir, "uploads", "pieces", name[:2], name)
            wait_until(lambda: not os.path.exists(folder) or not os.listdir(folder), 30, "no file is left")
            self.assertEqual(self.sql(f"SELECT COUNT(*) FROM upload_pieces p JOIN uploads u ON u.id = p.upload_id "
                                      f"WHERE u.uid = UNHEX('{name}')"), "0")
            self.assertEqual(self.sql(f"SELECT reserved_bytes FROM uploads WHERE uid = UNHEX('{name}')"), "0")

    def test_19_the_last_patch_again_makes_no_second_import(self):
        location = self.create(8, filename="once.csv")
        uid = location.rsplit("/", 1)[1]
        self.assertEqual(self.patch(location, body=b"a,b\n1,2\n").status, 204)
        for _ in range(3):
            self.assertEqual(self.patch(location, body=b"a,b\n1,2\n").status, 409)
            self.assertEqual(self.patch(location, offset=8).status, 409)
        self.assertEqual(self.offset(location), 8)
        self.assertEqual(self.sql(f"SELECT COUNT(*) FROM jobs WHERE JSON_VALUE(params, '$.upload') = '{uid}'"), "1")

    def test_20_an_abandoned_upload_expires_and_says_when(self):
        answer = self.post("Upload-Length: 5")
        self.assertRegex(answer.header("Upload-Expires"), r"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$")
        location = answer.header("Location")
        self.assertTrue(self.patch(location, body=b"abc").header("Upload-Expires"))
        self.stack.sql(f"UPDATE uploads SET expires_at = UTC_TIMESTAMP(6) WHERE uid = UNHEX('{location[8:].replace('-', '')}')")
        self.assert_refused(self.patch(location, body=b"de", offset=3), 410, 404)
        self.assertIn(self.tus.head(location).status, (404, 410))

    def test_21_two_hundred_at_once_and_heads_that_nobody_keeps(self):
        with concurrent.futures.ThreadPoolExecutor(50) as threads:
            locations = list(threads.map(lambda _: self.create(5), range(200)))
        self.assertEqual(len(set(locations)), 200)
        head = self.tus.head(locations[0])
        self.assertEqual((head.headers["Cache-Control"], head.headers["Upload-Offset"]), ("no-store", "0"))
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            list(threads.map(self.tus.delete, locations))

