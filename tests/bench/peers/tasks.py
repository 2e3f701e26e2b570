# SPDX-License-Identifier: MIT
"""Celery's side: a task that only says when it began, and one that writes a line at a time, as the faults need it."""
import os
import time

import redis
from celery import Celery

SOCKET = os.environ["PEER_REDIS"]
app = Celery("tasks", broker=f"redis+socket://{SOCKET}", backend=f"redis+socket://{SOCKET}")
app.conf.update(task_acks_late=os.environ.get("PEER_LATE") == "1", worker_prefetch_multiplier=1, broker_connection_retry=True)


@app.task
def begin(sent):
    redis.Redis(unix_socket_path=SOCKET).rpush("begun", f"{sent} {time.time()}")


@app.task
def write(path, lines, seconds):
    """`lines` lines, spread over so many seconds; what a job did can be counted in its file."""
    for number in range(lines):
        with open(path, "a") as file:
            file.write(f"{number}\n")
        time.sleep(seconds / lines)
