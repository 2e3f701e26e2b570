# SPDX-License-Identifier: MIT
"""Requirements 36, 37, 40: names that want out of their folder, places that are not there."""
import os

from hostile import SecurityTest, UID

TRICKS = ("..", "%2e%2e", "%252e%252e", "..%2f..%2fetc%2fpasswd", "..%5c", "%c0%ae%c0%ae", "%c0%af", "%00", "~", "~root",
          f"{UID}.info", f"{UID}%00", f"{UID}%2f..", f"../upload/{UID}", UID.upper(), UID.replace("-", ""), "%2f", "'", '"', "*",
          "0", "-1", "a" * 3000)


class Paths(SecurityTest):
    def test_36_tricks_in_the_place_of_a_uid(self):
        for trick in TRICKS:
            for area in ("upload", "jobs", "export", "datasets", "team", "team/groups"):
                answer = self.ask(f"GET /{area}/{trick}", "Tus-Resumable: 1.0.0")
                self.assert_harmless(answer, trick)
                if trick in ("..", "%2e%2e", f"../upload/{UID}"):  # leads to another address of ours, or above the root
                    self.assertIn(answer.status, (200, 400, 404), (area, trick, answer))
                else:
                    self.assertIn(answer.status // 100, (4,), (area, trick, answer))
            for method in ("HEAD", "PATCH", "DELETE"):
                answer = self.ask(f"{method} /upload/{trick}", "Tus-Resumable: 1.0.0", "Upload-Offset: 0", "Content-Length: 0",
                                  "Content-Type: application/offset+octet-stream")
                self.assert_harmless(answer, trick)
                self.assertIn(answer.status // 100, (4,), (method, trick, answer))

    def test_37_places_that_are_not_there(self):
        for path in ("/_files", "/_files/", "/_files../", "/_files/uploads/pieces/", "/_pre", "/_why", "/_problem", "/.git", "/.git/HEAD",
                     "/.env", "/docker-compose.yml", "/sql", "/sql/migrations/0001_initial.sql", "/var/secrets", "/server-status",
                     "/nginx.conf", "/samples/../sluice", "/assets/..%2f..%2f..%2fsluice", "/.well-known/../.env"):
            answer = self.ask(f"GET {path}")
            self.assertIn(answer.status, (400, 404), (path, answer))
            self.assert_harmless(answer, path)

    def test_40_a_planted_link_is_not_followed(self):
        uid, _ = self.stack.load(b"a,b\n1,2\n", filename="planted.csv")
        name = uid.replace("-", "")
        path = os.path.join(self.stack.data_dir, "uploads", "files", name[:2], name)
        self.assertEqual(self.stack.get(f"/upload/{uid}/file").body, b"a,b\n1,2\n")
        os.rename(path, path + ".away")
        self.addCleanup(os.rename, path + ".away", path)
        for target in ("/etc/passwd", path + ".away", os.path.join(self.stack.state_dir, "secrets", "redis")):
            os.symlink(target, path)
            try:
                answer = self.stack.get(f"/upload/{uid}/file")
                self.assertIn(answer.status, (403, 404), answer)
            finally:
                os.unlink(path)
        os.mkfifo(path)
        try:
            self.assertIn(self.stack.get(f"/upload/{uid}/file").status, (403, 404))
        finally:
            os.unlink(path)
