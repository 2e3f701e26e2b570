# SPDX-License-Identifier: MIT
"""How slow the machine is right now, so that a time limit can be that of a quiet one."""
import subprocess
import sys
import time

QUIET = 0.012  # seconds to start a program on a quiet machine


def slowness():
    """How many times longer than on a quiet machine it takes to start a program; at least 1."""
    started_at = time.monotonic()
    for _ in range(5):
        subprocess.run([sys.executable, "-S", "-c", "pass"], check=True)
    return max(1.0, (time.monotonic() - started_at) / 5 / QUIET)
