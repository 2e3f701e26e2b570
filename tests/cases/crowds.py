# SPDX-License-Identifier: MIT
"""Many requests at the same moment, over two processes of each pool: what must be exact for all of them together."""
import itertools
import json
import os
import re
import sys
import threading

import races
from support.wait import wait_until


def tests():
    """(name, work, settings of the pools, made when the servers run)"""
    module = sys.modules[__name__]
    return [(f"crowds/{name}", getattr(module, name), getattr(module, "of_" + name, lambda servers: {}))
            for name in dir(module) if name.endswith("_") and not name.startswith("_") and not name.startswith("of_")]


def forget_uploads(pools):
    pools.sql("UPDATE uploads SET state = 'gone', reserved_bytes = 0")


def post_at_once(pools, count, length):
    headers = {**races.VERSION, **({"Upload-Length": str(length)} if length is not None else {"Upload-Defer-Length": "1"})}
    answers = races.at_once([lambda: pools.request("POST", "/upload", headers)] * count)
    statuses = sorted(answer.status for answer in answers)
    return {status: len(list(group)) for status, group in itertools.groupby(statuses)}


def of_exactly_as_many_uploads_open_as_may_(servers):
    return {"SLUICE_MAX_OPEN_UPLOADS": "23"}


def exactly_as_many_uploads_open_as_may_(pools):  # security 21
    forget_uploads(pools)
    assert post_at_once(pools, 64, 5) == {201: 23, 429: 41}
    forget_uploads(pools)
    assert post_at_once(pools, 64, None) == {201: 23, 429: 41}


def of_exactly_the_bytes_of_the_quota_are_promised_(servers):
    return {"SLUICE_MAX_OPEN_BYTES": "1000"}


def exactly_the_bytes_of_the_quota_are_promised_(pools):  # security 11
    forget_uploads(pools)
    assert post_at_once(pools, 64, 90) == {201: 11, 507: 53}
    forget_uploads(pools)
    locations = [races.create(pools, 0, **{"Upload-Length": "", "Upload-Defer-Length": "1"}) for _ in range(64)]
    answers = races.at_once([
        lambda at=location: races.patch(pools, at, 0, b"", "file", **{"Upload-Length": "90"}) for location in locations])
    assert sorted(answer.status for answer in answers) == [204] * 11 + [507] * 53
    assert pools.sql("SELECT SUM(length) FROM uploads WHERE state = 'open'") == "990"


def free_bytes(folder):
    status = os.statvfs(folder)
    return status.f_bavail * status.f_frsize


def of_exactly_the_free_space_is_promised_(servers):
    return {"SLUICE_MIN_FREE_DISK": "1m"}


def exactly_the_free_space_is_promised_(pools):  # security 11
    # Each wants a share of what is free now of which eight and a half fit: others may use some of it meanwhile.
    forget_uploads(pools)
    share = free_bytes(pools.data_dir) * 2 // 17
    assert post_at_once(pools, 64, share // 2) == {201: 8, 507: 56}
    forget_uploads(pools)


def a_long_list_takes_as_many_queries_as_a_short_one_(pools):
    def queries(items):
        before = int(pools.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'").split()[1])
        answer = pools.request("GET", "/upload?limit=1000")
        assert answer.status == 200 and len(json.loads(answer.body)["items"]) == items, answer
        return int(pools.sql("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'").split()[1]) - before
    forget_uploads(pools)
    counts = []
    for items in (1, 40):
        while int(pools.sql("SELECT COUNT(*) FROM uploads WHERE state <> 'gone'")) < items:
            races.patch(pools, races.create(pools, 4), 0, b"a\n1\n", "file")
        counts.append(queries(items))
    assert counts[0] == counts[1], counts


def of_a_statement_that_takes_too_long_is_ended_(servers):
    return {"SLUICE_STATEMENT_TIMEOUT": "1s"}


def a_statement_that_takes_too_long_is_ended_(pools):
    """Somebody holds the row that every creation locks."""
    holder = pools.session()
    holder.stdin.write("BEGIN; SELECT 'held' FROM upload_space FOR UPDATE;\n")
    holder.stdin.flush()
    assert holder.stdout.readline() == "held\n"
    headers = {**races.VERSION, "Upload-Length": "5"}
    refused = pools.request("POST", "/upload", headers)
    holder.communicate("ROLLBACK;\n", timeout=30)
    assert refused.status == 503 and json.loads(refused.body)["code"] == "db.too_slow", refused
    assert refused.header("Retry-After"), refused
    assert pools.request("POST", "/upload", headers).status == 201


def requests_of_all_processes_are_counted_together_(pools):
    """Over two processes of both pools; a request is counted just after its answer."""
    def counted(what):
        metrics = pools.request("GET", "/metrics").body.decode()
        found = re.search(rf'^sluice_http_request_duration_seconds_{what} ([0-9.]+)$', metrics, re.M)
        return float(found.group(1)) if found else 0
    puts = 'route="datasets",method="PUT",code="4xx"'
    before = counted(f"count{{{puts}}}")
    races.at_once([lambda lane=lane: pools.request("PUT", "/datasets", lane=lane) for lane in ("plain", "stream") * 20])
    wait_until(lambda: counted(f"count{{{puts}}}") == before + 40, 30, "all 40 are counted")
    assert counted(f'bucket{{{puts},le="\\+Inf"}}') == before + 40
    assert counted(f"sum{{{puts}}}") > 0


def one_patch_of_sixteen_wins_a_thousand_times_(pools):  # security 14
    """Each round: 16 PATCHes at one offset at once, in both lanes; then the offset has moved once, over one's bytes."""
    senders, rounds, size = 16, 1000, 24
    location = races.create(pools, rounds * size)
    barrier = threading.Barrier(senders)
    won = [[] for _ in range(rounds)]
    other, busy = [], []

    def body(sender, number):
        return (b"%02d:%04d;" % (sender, number)) * 3

    def send(sender):
        for number in range(rounds):
            barrier.wait(120)
            answer = races.patch(pools, location, number * size, body(sender, number), ("file", "stream")[sender % 2])
            if answer.status == 204:
                assert answer.header("Upload-Offset") == str((number + 1) * size), answer
                won[number].append(sender)
            elif answer.status == 503 and b'"db.conflict"' in answer.body:
                busy.append(sender)  # five deadlocks in a row: nothing was changed, and the client is told to try again
            elif answer.status != 409:
                other.append(answer)

    races.at_once([lambda sender=sender: send(sender) for sender in range(senders)])
    assert not other, other[:3]
    assert len(busy) < rounds * senders / 100, len(busy)
    assert all(len(senders_) == 1 for senders_ in won), [w for w in won if len(w) != 1][:5]
    content = b"".join(body(winners[0], number) for number, winners in enumerate(won))
    assert pools.content(races.uid(location)) == content
    assert races.jobs_of(pools, location) == "1"
    assert len({winners[0] % 2 for winners in won}) == 2, "one lane won every time: the other was not in the race"
