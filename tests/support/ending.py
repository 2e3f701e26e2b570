# SPDX-License-Identifier: MIT
"""A suite that is told to end stops what it started: SIGTERM and SIGHUP act as Ctrl+C, which unittest lets through, and
whatever was given to `at_exit` is stopped by then, whether the test had a chance to clean up or not."""
import atexit
import signal
import threading

_started = []


def at_exit(thing):
    """thing.stop() is called at the end of the process, newest first, unless forget(thing) came before."""
    if thing not in _started:
        _started.append(thing)


def forget(thing):
    if thing in _started:
        _started.remove(thing)


@atexit.register
def _stop_all():
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        if threading.current_thread() is threading.main_thread():
            signal.signal(number, signal.SIG_IGN)  # once is enough: what is being stopped takes its time
    while _started:
        _started.pop().stop()


def _told_to_end(number, _):
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt(signal.Signals(number).name)


if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGTERM, _told_to_end)
    signal.signal(signal.SIGHUP, _told_to_end)
