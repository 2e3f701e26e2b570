# SPDX-License-Identifier: MIT
"""sluicectl check-upload: what it says of an address that resumes uploads, and of proxies that spoil them."""
import os
import subprocess
import unittest

from support.front import Front
from support.servers import ROOT
from support.stack import free_port, shared


class CheckUpload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = shared()

    def check(self, url, *options):
        done = subprocess.run([os.path.join(ROOT, "build/release/ctl/sluicectl"), "check-upload", url, *options],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=200)
        failures = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
        return done.returncode, failures, done.stdout

    def test_our_own_nginx_resumes(self):
        before = len(self.stack.get("/upload?state=open&limit=1000").json["items"])
        code, failures, said = self.check(self.stack.url)
        self.assertEqual((code, failures), (0, []), said)
        self.assertIn("the proxy streams: ", said)
        self.assertEqual(len(self.stack.get("/upload?state=open&limit=1000").json["items"]), before)  # leaves nothing

    def test_a_proxy_that_passes_everything_on_resumes(self):
        with Front.proxy(self.stack, "proxy_request_buffering off;") as front:
            code, failures, said = self.check(front.url + "/upload")
        self.assertEqual((code, failures), (0, []), said)

    def test_a_buffering_proxy_is_found_out(self):
        with Front.proxy(self.stack, "proxy_request_buffering on;") as front:
            code, failures, said = self.check(front.url, "--patience", "2")
        self.assertEqual(code, 1, said)
        self.assertIn("BUFFERS", said)
        self.assertIn("after a cut 0 of ", said)
        self.assertEqual(len(failures), 2, said)

    def test_other_things_that_proxies_do(self):
        for directives, word in (
            ("proxy_request_buffering off; client_max_body_size 1m;", "413"),
            ("proxy_request_buffering off; proxy_intercept_errors on; error_page 404 409 =404 /none; ", "Tus-Resumable"),
            ("proxy_request_buffering off; proxy_hide_header Tus-Resumable;", "Tus-Resumable"),
            ("proxy_request_buffering off; proxy_set_header X-HTTP-Method-Override '';", "X-HTTP-Method-Override"),
            ("proxy_request_buffering off; limit_except GET HEAD OPTIONS POST PATCH { deny all; }", "DELETE"),
        ):
            with Front.proxy(self.stack, directives) as front:
                code, failures, said = self.check(front.url, "--patience", "2")
            self.assertEqual(code, 1, (directives, said))
            self.assertTrue(any(word in line for line in failures), (directives, said))

    def test_pages_of_other_origins(self):
        code, failures, said = self.check(self.stack.url, "--origin", "https://not-allowed.example")
        self.assertEqual(code, 1, said)
        self.assertTrue(any("may not upload" in line for line in failures), said)

    def test_where_nobody_answers(self):
        code, _, said = self.check(f"http://127.0.0.1:{free_port()}")
        self.assertEqual(code, 2, said)
