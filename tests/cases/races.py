# SPDX-License-Identifier: MIT
"""What text cannot say: requests at the same time, clients that idle, processes that end, servers that are away."""
import concurrent.futures
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import termios

from support.wait import wait_until

VERSION = {"Tus-Resumable": "1.0.0"}
PATCH = {**VERSION, "Content-Type": "application/offset+octet-stream"}


def tests():
    module = sys.modules[__name__]
    return [(f"races/{name}", getattr(module, name)) for name in dir(module) if name.endswith("_") and not name.startswith("_")]


def create(pools, length, **headers):
    answer = pools.request("POST", "/upload", {**VERSION, "Upload-Length": str(length), **headers})
    assert answer.status == 201, answer
    return answer.header("Location")


def patch(pools, location, offset, body, lane=None, **headers):
    return pools.request("PATCH", location, {**PATCH, "Upload-Offset": str(offset), **headers}, body, lane)


def offset(pools, location):
    answer = pools.request("HEAD", location, VERSION)
    assert answer.status == 200, answer
    return int(answer.header("Upload-Offset"))


def open_patch(pools, location, at, length=None):
    return pools.open("PATCH", location, {**PATCH, "Upload-Offset": str(at)}, length)


def uid(location):
    return location.rsplit("/", 1)[1]


def jobs_of(pools, location):
    return pools.sql(f"SELECT COUNT(*) FROM jobs WHERE JSON_VALUE(params, '$.upload') = '{uid(location)}'")


def at_once(works):
    with concurrent.futures.ThreadPoolExecutor(len(works)) as threads:
        return [future.result() for future in [threads.submit(work) for work in works]]


def one_of_sixteen_patches_at_one_offset_wins_(pools):  # security 14
    for lane in ("file", "stream"):
        location = create(pools, 1000)
        bodies = [bytes([65 + i]) * 1000 for i in range(16)]
        answers = at_once([lambda body=body: patch(pools, location, 0, body, lane) for body in bodies])
        statuses = sorted(answer.status for answer in answers)
        assert statuses == [204] + [409] * 15, statuses
        assert pools.content(uid(location)) in bodies
        assert pools.files(uid(location)) == 1
        assert jobs_of(pools, location) == "1"


def two_hundred_creations_at_once_(pools):  # security 21
    answers = at_once([lambda: create(pools, 10) for _ in range(200)])
    assert len(set(answers)) == 200


def bytes_count_while_the_client_idles_(pools):
    location = create(pools, 10)
    for known in (10, None):
        running = open_patch(pools, location, offset(pools, location), None if known is None else 10 - offset(pools, location))
        start = offset(pools, location)
        running.send(b"abc")
        wait_until(lambda: offset(pools, location) == start + 3, 10, "three bytes count")
        if known:
            running.cut()
            continue
        running.send(b"defg")
        running.end()
        answer = running.answer()
        assert (answer.status, answer.header("Upload-Offset")) == (204, "10"), answer
    assert pools.content(uid(location)) == b"abcabcdefg"
    assert jobs_of(pools, location) == "1"


def a_delete_ends_a_running_patch_(pools):  # security 18
    location = create(pools, 10)
    running = open_patch(pools, location, 0, 10)
    running.send(b"abc")
    wait_until(lambda: offset(pools, location) == 3, 10, "three bytes count")
    assert pools.request("DELETE", location, VERSION).status == 204
    running.send(b"defghij")
    running.end()
    answer = running.answer()
    assert answer.status in (404, 410), answer
    assert pools.files(uid(location)) == 0
    assert jobs_of(pools, location) == "0"


def a_newer_patch_takes_over_(pools):
    location = create(pools, 10)
    old = open_patch(pools, location, 0, 10)
    old.send(b"abc")
    wait_until(lambda: offset(pools, location) == 3, 10, "three bytes count")
    assert patch(pools, location, 3, b"defghij", "stream").status == 204
    old.send(b"DEFGHIJ")
    old.end()
    assert old.answer().status == 409
    assert pools.content(uid(location)) == b"abcdefghij"


def a_head_ends_no_running_patch_(pools):
    location = create(pools, 6)
    running = open_patch(pools, location, 0, 6)
    running.send(b"abc")
    wait_until(lambda: offset(pools, location) == 3, 10, "three bytes count")
    running.send(b"def")
    running.end()
    assert running.answer().status == 204


def an_upload_never_expires_under_a_running_patch_(pools):
    location = create(pools, 6)
    at = f"uid = UNHEX('{uid(location).replace('-', '')}')"
    pools.sql(f"UPDATE uploads SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 1 MINUTE WHERE {at}")
    running = open_patch(pools, location, 0, 6)
    wait_until(lambda: pools.sql(f"SELECT expires_at > UTC_TIMESTAMP(6) + INTERVAL 6 DAY FROM uploads WHERE {at}") == "1", 10,
               "put off before a byte came")
    running.send(b"abcdef")
    running.end()
    assert running.answer().status == 204


def unread(connection):
    """What was sent and not yet read at the other end of a Unix socket (SIOCOUTQ)."""
    return struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0]


def stopping_keeps_the_bytes_(pools):
    locations = [create(pools, 100) for _ in range(8)]
    running = [open_patch(pools, location, 0, 100) for location in locations]
    for one in running:
        one.send(b"some bytes")
    wait_until(lambda: all(offset(pools, location) > 0 for location in locations), 10, "bytes count")
    for one in running:
        one.send(b"more")
    wait_until(lambda: all(unread(one.socket) == 0 for one in running), 10, "the process has taken all that was sent")
    assert pools.stop("stream") == 0
    told = []
    for one in running:
        answer = one.answer()
        assert answer.status == 503, answer
        assert answer.header("Retry-After"), answer
        assert answer.header("Upload-Offset") == "14", answer
        told.append(int(answer.header("Upload-Offset")))
    assert [offset(pools, location) for location in locations] == told


def bytes_become_durable_in_the_background_(pools):
    """Soon after a PATCH, without another one; and a pool that stops leaves nothing unsynced behind."""
    def synced(location):
        return pools.sql(f"SELECT synced_offset FROM uploads WHERE uid = UNHEX('{uid(location).replace('-', '')}')")
    location = create(pools, 10)
    for lane, at in (("file", 0), ("stream", 3)):
        assert patch(pools, location, at, b"abc", lane).status == 204
        wait_until(lambda at=at: synced(location) == str(at + 3), 60, "synced_offset moves")
    assert patch(pools, location, 6, b"abc", "stream").status == 204
    pools.stop("stream")
    assert synced(location) == "9"
    pools.start("stream")


def killing_the_pool_keeps_what_counted_(pools):
    location = create(pools, 6)
    running = open_patch(pools, location, 0, 6)
    running.send(b"abc")
    wait_until(lambda: offset(pools, location) == 3, 10, "three bytes count")
    os.kill(pools.processes["stream"].pid, signal.SIGKILL)
    pools.processes.pop("stream").wait()
    running.cut()
    pools.start("stream")
    assert patch(pools, location, 3, b"def", "stream").status == 204
    assert pools.content(uid(location)) == b"abcdef"
    assert jobs_of(pools, location) == "1"


def one_key_sent_twice_at_once_makes_one_upload_(pools):  # security 44
    before = int(pools.sql("SELECT COUNT(*) FROM uploads"))
    for lane, body in (("plain", None), ("file", b"a\n1\n"), ("stream", b"a\n1\n")):
        headers = {**VERSION, "Upload-Length": "4", "Idempotency-Key": f"key-{lane}"}
        if body:
            headers["Content-Type"] = PATCH["Content-Type"]
        answers = at_once([lambda: pools.request("POST", "/upload", headers, body, lane) for _ in range(3)])
        if lane != "stream":
            assert [answer.status for answer in answers] == [201] * 3, answers
            assert len({answer.header("Location") for answer in answers}) == 1, answers
        again = pools.request("POST", "/upload", headers, body, lane)
        assert again.status == 201 and again.header("Location") in {a.header("Location") for a in answers}, again
    assert int(pools.sql("SELECT COUNT(*) FROM uploads")) >= before + 3


def without_its_database_it_says_503_and_comes_back_(pools):
    location = create(pools, 3)
    pools.servers.kill9("mariadb")
    answer = pools.request("HEAD", location, VERSION)
    assert (answer.status, answer.header("Retry-After")) == (503, "2"), answer
    pools.stop("web")
    pools.start("web")  # it starts without a database, too
    answer = pools.request("POST", "/upload", {**VERSION, "Upload-Length": "1"})
    assert answer.status == 503 and b"db.unavailable" in answer.body, answer
    pools.servers.start_mariadb()
    assert offset(pools, location) == 0
    assert patch(pools, location, 0, b"abc").status == 204


def without_redis_uploads_go_on_(pools):
    pools.servers.kill9("redis")
    location = create(pools, 3)
    assert patch(pools, location, 0, b"abc").status == 204
    assert jobs_of(pools, location) == "1"
    pools.servers.start_redis()


def bad_settings_end_with_78_(pools):
    for settings in ({"SLUICE_PUBLISH": "0.0.0.0:8081"}, {"SLUICE_WEB_THREADS": "none"}, {"SLUICE_AUTH": "maybe"}):
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.join(pools.servers.run_dir, f"bad{next(iter(settings))}.sock"))
            listening.listen(1)
            done = subprocess.run([pools.program(), "--pool", "web"], stdin=listening, capture_output=True, timeout=30,
                                  env={**pools.environment, **settings})
        assert done.returncode == 78, done
        assert next(iter(settings)).encode() in done.stderr, done
    assert subprocess.run([pools.program(), "--pool", "other"], capture_output=True).returncode == 78
    with open(os.devnull) as nothing:  # descriptor 0 is no listening socket
        assert subprocess.run([pools.program(), "--pool", "web"], stdin=nothing, capture_output=True,
                              env=pools.environment).returncode == 78
