# SPDX-License-Identifier: MIT
"""A proxy between Sluice and MariaDB that reads the client/server protocol: it knows which connection works on which
job, at which statement, and can hold a statement or its answer back, cut the connection, or answer with an error.

It runs in a thread of the tests. The server's own socket stays what it is; only Sluice is told the proxy's.
"""
import asyncio
import collections
import os
import re
import socket
import struct
import threading

from plan import AFTER, BEFORE, ERROR

QUERY, PREPARE, EXECUTE, BULK = 0x03, 0x16, 0x17, 0xFA
CLAIM = re.compile(r"UPDATE jobs SET state = 'running', epoch = epoch \+ 1")
SETTLE = re.compile(r"UPDATE jobs SET state = '(succeeded|failed|paused|cancelled|queued)'")
PAGE = re.compile(r"SELECT .* FROM .*ds_\d+", re.S)
BLOCK = 1 << 18


class Session:
    """One client's connection: id (as in jobs.connection_id), user, pid of the client."""

    def __init__(self, pid):
        self.pid, self.id, self.user = pid, None, ""
        self.statements, self.preparing = {}, None
        self.plan, self.counting, self.settling, self.open = None, False, False, True
        self.hold_answer, self.answered = None, False  # of the statement under way: whose plan holds it; given in the server's place
        self.swallow = None                       # a future: the server's next answer is not the client's


class Proxy:
    def __init__(self, path, server):
        self.path, self.server = path, server
        self.sessions = {}            # id -> Session of those that are open
        self.plans = {}               # job id -> Plan
        self.web_plans = collections.deque()  # taken by the next statement of pool web that matches `starts`
        self.default_plan = None      # job id -> Plan or None, for jobs without one
        self.expecting = 0            # tests that have a job made and will say what its plan is
        self.loop = asyncio.new_event_loop()
        self._planned = asyncio.Event()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result(10)

    async def _listen(self):
        await asyncio.start_unix_server(self._serve, self.path, limit=BLOCK)
        os.chmod(self.path, 0o666)

    # --- tests ---
    def expect(self):
        """with proxy.expect(): make a job; proxy.plan(id, Plan(…)). Until then no runner gets to work on it."""
        return _Expecting(self)

    def plan(self, job_id, plan):
        self.loop.call_soon_threadsafe(self._plan, job_id, plan)
        return plan

    def _plan(self, job_id, plan):
        self.plans[job_id] = plan
        self._planned.set()

    def _expect(self, change):
        self.expecting += change
        self._planned.set()

    # --- one session ---
    async def _serve(self, client_reader, client_writer):
        peer = client_writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        session = Session(struct.unpack("3i", peer)[0])
        try:
            server_reader, server_writer = await asyncio.open_unix_connection(self.server, limit=BLOCK)
        except OSError:
            client_writer.close()
            return
        session.client, session.to_server = client_writer, server_writer
        ways = [asyncio.ensure_future(self._commands(session, client_reader, server_writer)),
                asyncio.ensure_future(self._answers(session, server_reader, client_writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        session.open = False
        client_writer.close()
        server_writer.close()
        self.sessions.pop(session.id, None)

    async def _commands(self, session, reader, writer):
        while True:
            head = await reader.readexactly(4)
            body = await reader.readexactly(int.from_bytes(head[:3], "little"))
            if head[3] == 1 and not session.user:
                session.user = body[32:body.index(b"\0", 32)].decode()
            if head[3] == 0 and body and not await self._before(session, body):
                return
            if session.answered:
                session.answered = False
                continue
            writer.write(head + body)
            await writer.drain()

    async def _answers(self, session, reader, writer):
        while block := await reader.read(BLOCK):
            if session.id is None and block[4] == 10:
                at = block.index(b"\0", 5) + 1
                session.id = int.from_bytes(block[at:at + 4], "little")
                self.sessions[session.id] = session
            if session.preparing is not None:
                if block[4] == 0:
                    session.statements[block[5:9]] = session.preparing
                session.preparing = None
            if session.hold_answer:
                plan, session.hold_answer = session.hold_answer, None
                if await plan.verdict(self.loop) == "drop":
                    return
            if session.swallow is not None:
                session.swallow.set_result(True)
                session.swallow = None
                continue
            writer.write(block)
            await writer.drain()

    async def _before(self, session, body):
        """Called with each command before it goes to the server; False: cut the connection."""
        text = self._text(session, body)
        if text is None:
            return True
        if CLAIM.match(text):
            await self._take_plan(session, int.from_bytes(body[-8:], "little"))
            return True
        if self.web_plans and session.user == "sluice_web" and self.web_plans[0].starts.search(text):
            session.plan, session.counting, session.settling = self.web_plans.popleft(), True, False
            session.plan.attach(session)
        plan = session.plan
        if plan is None:
            return True
        if SETTLE.match(text):
            session.settling = True
        elif text == "ROLLBACK":
            session.settling = False
        if session.settling and text == "COMMIT":  # the last statement that is the job's
            session.plan = None
        if not session.counting:  # the rest of the claim's transaction
            session.counting = text == "COMMIT"
            return True
        if plan.pace and (text == "COMMIT" or PAGE.match(text)):
            await asyncio.sleep(plan.pace)
        if not plan.is_due(text):
            return True
        if plan.action == BEFORE:
            return await plan.verdict(self.loop) == "forward"
        if plan.action == AFTER:
            session.hold_answer = plan
        if plan.action == ERROR:
            await self._fail(session, plan)
        return True

    def _text(self, session, body):
        """The text of a statement that is carried out; None for anything else."""
        if body[0] == QUERY:
            return body[1:].decode("utf-8", "replace")
        if body[0] == PREPARE:
            session.preparing = body[1:].decode("utf-8", "replace")
        if body[0] in (EXECUTE, BULK):
            return session.statements.get(body[1:5], "")
        return None

    async def _take_plan(self, session, job_id):
        while job_id not in self.plans and self.expecting > 0:
            self._planned.clear()
            try:
                await asyncio.wait_for(self._planned.wait(), 2)
            except asyncio.TimeoutError:
                break
        plan = self.plans.get(job_id)
        if plan is None and self.default_plan is not None:
            plan = self.default_plan(job_id)
        session.plan, session.counting, session.settling = plan, False, False
        if plan is not None:
            plan.attach(session)

    async def _fail(self, session, plan):
        """Answer in the server's place. After a deadlock the server has rolled back; after a lock wait it has not."""
        if plan.number == 1213:
            swallowed = session.swallow = self.loop.create_future()
            session.to_server.write(b"\x09\0\0\0\x03ROLLBACK")
            await swallowed
        state, what = (b"40001", b"Deadlock found") if plan.number == 1213 else (b"HY000", b"Lock wait timeout exceeded")
        body = b"\xff" + plan.number.to_bytes(2, "little") + b"#" + state + what
        session.client.write(len(body).to_bytes(3, "little") + b"\1" + body)
        session.answered = True
        plan.reached.set()


class _Expecting:
    def __init__(self, proxy):
        self.proxy = proxy

    def __enter__(self):
        self.proxy.loop.call_soon_threadsafe(self.proxy._expect, 1)

    def __exit__(self, *_):
        self.proxy.loop.call_soon_threadsafe(self.proxy._expect, -1)
