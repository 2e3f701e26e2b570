# SPDX-License-Identifier: MIT
"""What the proxy does to the MariaDB connection that works on one job: the exact place of a fault, without a sleep."""
import re
import threading

BEFORE, AFTER, ERROR = "before", "after", "error"
PATIENCE = 120  # seconds for anything that has to happen at all
_NO_STEP = re.compile(r"START TRANSACTION|ROLLBACK|SET |KILL ")


class Plan:
    """Counts the statements of a job's attempt, from its claim on, and acts at one of them.

    points: for the first claim, the second …, the statement (from 1) to act at; afterwards nothing more happens.
    where: a pattern; only statements that match are counted. pace: seconds before each COMMIT and each page of rows.
    action: BEFORE holds the statement back, AFTER lets it be carried out and holds its answer back, both until
    go_on() or drop(); ERROR answers with `number` in the server's place (1213 rolls back first, as the server would).
    """

    def __init__(self, *points, action=BEFORE, where=None, pace=0.0, number=0):
        self.points, self.action, self.number, self.pace = list(points), action, number, pace
        self.where = re.compile(where) if where else None
        self.reached = threading.Event()  # the statement has come (for AFTER: its answer has)
        self.connection = None            # the one that works on the job now
        self.claims = 0
        self.counted = 0                  # statements of the present attempt
        self.text = None                  # the statement acted at
        self._loop = self._verdict = None
        self._decided = None

    # --- called by tests ---
    def wait(self, timeout=PATIENCE, alive=lambda: True):
        """Wait until the statement has come; False when alive() says that it never will."""
        for _ in range(int(timeout * 20)):
            if self.reached.wait(0.05):
                return True
            if not alive():
                return self.reached.wait(0.05)
        raise AssertionError(f"the job's statement {self.points} was not reached within {timeout} s")

    @property
    def pid(self):
        """The process at the other end."""
        return self.connection.pid

    def go_on(self):
        self._decide("forward")

    def drop(self):
        """Cut the connection, both sides."""
        self._decide("drop")

    def _decide(self, verdict):
        self._decided = verdict
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._set_verdict)

    def _set_verdict(self):
        if self._verdict is not None and not self._verdict.done():
            self._verdict.set_result(self._decided)

    # --- called by the proxy, in its thread ---
    def attach(self, connection):
        self.connection, self.counted = connection, 0
        self.claims += 1
        self.point = self.points.pop(0) if self.points else None
        self.reached.clear()
        self._decided = self._verdict = None

    def is_due(self, text):
        if self.where is not None and not self.where.search(text):
            return False
        if self.action == ERROR and (_NO_STEP.match(text) or (self.number == 1205 and text == "COMMIT")):
            return False
        self.counted += 1
        if self.point != self.counted:
            return False
        self.text = text
        return True

    async def verdict(self, loop):
        self._loop, self._verdict = loop, loop.create_future()
        self.reached.set()
        if self._decided:
            return self._decided
        return await self._verdict
