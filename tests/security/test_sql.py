# SPDX-License-Identifier: MIT
"""Requirements 29 to 34: nothing of a request becomes SQL, and nothing of SQL comes out."""
import glob
import os
import re
import socket
import struct
import subprocess
import threading
import time
import urllib.parse

from hostile import SecurityTest
from support.servers import ROOT
from support.wait import wait_until

PAYLOADS = [
    "' OR 1=1 -- ", '" OR ""="', "'; DROP TABLE jobs; --", "1; SELECT SLEEP(6)", "' AND SLEEP(6) #", "' UNION SELECT password FROM mysql.user -- ",
    "\\'; SELECT 1", "%' OR '%'='", "`; DROP TABLE uploads; --", "') OR ('1'='1", "1' RLIKE SLEEP(6) -- ", "0x27", "' || SLEEP(6) || '", "/*!50000 SELECT*/",
    "'+(SELECT 1)+'", "\"; WAITFOR DELAY '0:0:6' --", "' INTO OUTFILE '/tmp/x", "@@version", "LOAD_FILE('/etc/passwd')", "BENCHMARK(99999999,MD5(1))",
    "'\n;\nSELECT 1", "%00' OR 1=1", "＇ OR 1=1", "’ OR 1=1", "\\", "\\\\'", "''", "?", ":name", "{0}"]
SLEPT = 5.0
SQL_WORDS = re.compile(r"SQLSTATE|You have an error in your SQL|mysql_|near '|Duplicate entry|\bSELECT .* FROM\b|/var/|/tmp/")


class RogueServer:
    """Speaks enough of MariaDB's protocol to ask whoever connects for a file (LOCAL INFILE) at its first query."""

    def __init__(self, path):
        self.path, self.given, self.asked = path.encode(), b"", 0
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self.talk(connection)
                except (OSError, struct.error):
                    pass

    @staticmethod
    def packet(number, content):
        return struct.pack("<I", len(content))[:3] + bytes([number]) + content

    @staticmethod
    def receive(connection):
        head = connection.recv(4, socket.MSG_WAITALL)
        return connection.recv(int.from_bytes(head[:3], "little"), socket.MSG_WAITALL) if len(head) == 4 else b""

    def talk(self, connection):
        greeting = (b"\x0a10.11.0-MariaDB\0" + struct.pack("<I", 1) + b"12345678\0" + struct.pack("<H", 0xA28D | 0x80) + b"\x2d" +
                    struct.pack("<H", 2) + struct.pack("<H", 0x0008) + b"\x15" + b"\0" * 10 + b"123456789012\0" + b"mysql_native_password\0")
        connection.sendall(self.packet(0, greeting))
        self.receive(connection)
        connection.sendall(self.packet(2, b"\0\0\0\2\0\0\0"))
        while query := self.receive(connection):
            if query[:1] != b"\x03":
                connection.sendall(self.packet(1, b"\0\0\0\2\0\0\0"))
                continue
            self.asked += 1
            connection.sendall(self.packet(1, b"\xfb" + self.path))
            while part := self.receive(connection):
                self.given += part
            return

    def close(self):
        self.listening.close()


class Sql(SecurityTest):
    def test_29_no_request_data_is_joined_into_sql(self):
        """SQL is in core/db only (suite tree), and what is joined there is a constant, a number or an identifier of ours."""
        joined = re.compile(r'"\s*\+\s*(?!std::to_string|placeholders|rows_table|quote_identifier|column_identifier|sql_type)([a-z_.]*(?:name|text|value|filter|search|filename|email)\b)')
        statement = re.compile(r'"[^"]*\b(?:SELECT|INSERT|UPDATE|DELETE|WHERE|FROM)\b[^"]*"')
        bad = []
        for path in glob.glob(os.path.join(ROOT, "core", "db", "*.cpp")):
            with open(path) as source:
                for line in source:
                    if statement.search(line) and joined.search(line):
                        bad.append(f"{os.path.basename(path)}: {line.strip()}")
        self.assertEqual(bad, [])

    def test_30_payloads_are_refused_or_kept_as_they_are(self):
        uid = self.stack.load(b"a,day\nx,2017-03-01\n", filename="payloads.csv", dataset="payloads")[1]["result"]["dataset"]
        for payload in PAYLOADS:
            word = urllib.parse.quote(payload)
            asked = [("GET", f"/team/groups?search={word}", None), ("GET", f"/datasets/{uid}/rows?column=a&equals={word}", None),
                     ("GET", f"/datasets/{uid}/rows?column={word}&equals=1", None), ("GET", f"/jobs?state={word}&kind={word}", None),
                     ("GET", f"/jobs?dataset={word}", None), ("GET", f"/upload?fingerprint={word}", None), ("GET", f"/jobs?cursor={word}", None),
                     ("POST", "/export", {"dataset": payload}), ("POST", "/export", {"dataset": uid, "columns": [payload]}),
                     ("POST", "/export/estimate", {"dataset": uid, "from": payload, "date_column": payload})]
            for method, path, body in asked:
                begun = time.monotonic()
                answer = self.stack.request(method, path, body)
                self.assertIn(answer.status, (200, 400, 404, 422), f"{method} {path} {body}: {answer}")
                self.assertLess(time.monotonic() - begun, SLEPT, f"{method} {path} {body}")
                self.assertIsNone(SQL_WORDS.search(answer.text.replace(payload, "")), answer)
        table = "text,n\n" + "".join('"' + payload.replace('"', '""') + f'",{n}\n' for n, payload in enumerate(PAYLOADS))
        _, job = self.stack.load(table.encode(), filename="'; DROP TABLE jobs; --.csv", dataset="' OR 1=1 -- ")
        self.assertEqual([row[0] for row in self.stack.rows(job["result"]["dataset"])], PAYLOADS)

    def test_31_no_client_gives_a_file_to_a_rogue_server(self):
        self.assertEqual(self.stack.sql("SHOW GLOBAL VARIABLES LIKE 'local_infile'")[0]["Value"], "OFF")
        rogue = RogueServer("/etc/passwd")
        self.addCleanup(rogue.close)
        users = {f"SLUICE_DB_{user}_{part}": "x" for user in ("MIGRATE", "RUNNER", "WEB") for part in ("USER", "PASSWORD")}
        for command in (["migrate", "--plan"], ["verify"], ["requeue"]):
            subprocess.run([os.path.join(ROOT, "build", "release", "ctl", "sluicectl"), *command], timeout=60, capture_output=True, cwd=ROOT,
                           env={"PATH": os.environ["PATH"], "SLUICE_DB_HOST": "127.0.0.1", "SLUICE_DB_PORT": str(rogue.port), **users})
        self.assertGreater(rogue.asked, 0)
        self.assertEqual(rogue.given, b"")

    def test_32_a_deleted_dataset_is_hidden_at_once(self):
        """What the database's users may not do: suite integration, `rights`."""
        uid = self.stack.load(b"a\n1\n", filename="hide.csv", dataset="hide")[1]["result"]["dataset"]
        self.assertEqual(self.stack.delete(f"/datasets/{uid}").status, 204)
        for path in (f"/datasets/{uid}", f"/datasets/{uid}/rows", f"/datasets/{uid}/rejects.csv"):
            self.assertIn(self.stack.get(path).status, (404, 410), path)
        self.assertEqual(self.stack.post("/export", {"dataset": uid}).status, 404)
        self.stack.load(b"a\n2\n", filename="hide.csv", dataset="hide")  # its name is free

    def test_33_limits_and_cursors_are_checked(self):
        uid = "12345678-1234-4234-9234-123456789abc"
        for path in ("/jobs", "/upload", "/datasets", "/export", "/team", "/team/groups", f"/datasets/{uid}/rows", f"/jobs/{uid}/events"):
            for query in ("limit=0", "limit=1001", "limit=-1", "limit=1e3", "limit=%D9%A1", "limit=", "cursor=x", "cursor=MTIz", "cursor=..%2F..", "limit=1&limit=2"):
                answer = self.stack.get(f"{path}?{query}")
                self.assertEqual(answer.status, 400, f"{path}?{query}: {answer}")
                self.assertIn(answer.json["code"], ("http.limit", "http.cursor", "http.query"))

    def test_34_a_lost_connection_undoes_the_request_and_says_nothing_of_sql(self):
        """1205 and 1213 in numbers: suite cases, `crowds`; a server that is away: test_57."""
        before = self.uploads()
        holder = self.stack.administrator("BEGIN; SELECT id FROM sluice.upload_space FOR UPDATE; DO SLEEP(20)")
        self.addCleanup(holder.wait)
        waiting = "SELECT id FROM information_schema.processlist WHERE user = '{}' AND info LIKE '%{}%' AND id <> CONNECTION_ID()"
        sleeper = wait_until(lambda: self.root("SELECT id FROM information_schema.processlist WHERE info LIKE 'DO SLEEP(20)%'"), 30, "the row is held")
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.post("Upload-Length: 5")))
        thread.start()
        victim = wait_until(lambda: self.root(waiting.format("sluice_web", "upload_space")), 30, "a creation waits")
        self.root(f"KILL {victim}")
        thread.join()
        self.root(f"KILL {sleeper}")
        self.assert_refused(answers[0], 503)
        self.assertIsNotNone(answers[0].header("Retry-After"))
        self.assertIsNone(SQL_WORDS.search(answers[0].body.decode()))
        self.assertEqual(self.uploads(), before)
        self.assertEqual(self.post("Upload-Length: 5").status, 201)

    def root(self, query):
        """As the database's administrator: the first cell, or nothing."""
        from support.stack import stack_user
        done = subprocess.run(["mariadb", "--no-defaults", f"--socket={self.stack.run_dir}/mariadb.sock", "--user", stack_user(), "-NBe", query],
                              capture_output=True, text=True, check=True, **({"user": stack_user()} if os.getuid() == 0 else {}))
        return done.stdout.split("\n")[0].strip()
