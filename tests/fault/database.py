# SPDX-License-Identifier: MIT
"""SQL of the tests, straight to the stack's MariaDB, past the proxy; one connection a thread."""
import os
import threading

import pymysql


class Database:
    def __init__(self, stack):
        self.stack, self.local = stack, threading.local()

    def rows(self, query, *values):
        """Rows as dicts. MariaDB being away is a ConnectionError: to wait_until that is "not yet"."""
        known = getattr(self.local, "connection", None) is not None
        try:
            return self.ask(query, values)
        except (pymysql.OperationalError, pymysql.InterfaceError) as error:
            self.local.connection = None
            if known:  # it was that of a server that has ended since
                return self.rows(query, *values)
            raise ConnectionError(str(error)) from None

    def ask(self, query, values):
        if getattr(self.local, "connection", None) is None:
            self.local.connection = self.connect("migrate")
        with self.local.connection.cursor() as cursor:
            cursor.execute(query, values or None)
            return list(cursor.fetchall())

    def connect(self, role):
        with open(os.path.join(self.stack.state_dir, "secrets", f"db_{role}")) as secret:
            return pymysql.connect(unix_socket=os.path.join(self.stack.run_dir, "mariadb.sock"), user=f"sluice_{role}",
                                   password=secret.read(), database="sluice", autocommit=True,
                                   cursorclass=pymysql.cursors.DictCursor)

    def kill(self, connection_id):
        """KILL a runner's connection; only its own user may."""
        with self.connect("runner") as runner, runner.cursor() as cursor:
            cursor.execute("KILL %s", (connection_id,))

    def row(self, query, *values):
        found = self.rows(query, *values)
        return found[0] if found else None

    def value(self, query, *values):
        row = self.row(query, *values)
        return next(iter(row.values())) if row else None
