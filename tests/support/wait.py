# SPDX-License-Identifier: MIT
"""Waiting for a state, with a deadline: the only way a test may wait."""
import http.client
import time


def wait_until(condition, timeout=30, what="condition", every=0.02):
    """Call condition() until it gives something true and return that; OSError and http errors count as "not yet"."""
    deadline = time.monotonic() + timeout
    last = None
    while True:
        try:
            last = condition()
            if last:
                return last
        except (OSError, http.client.HTTPException) as error:
            last = error
        if time.monotonic() >= deadline:
            raise AssertionError(f"{what}: not reached within {timeout} s; last seen: {last!r}")
        time.sleep(every)
