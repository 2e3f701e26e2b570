# SPDX-License-Identifier: MIT
"""The failure matrix, line by line."""
from . import clocks, connections, disks, owners, races, runners, servers, soak, submits

LINES = [line() for module in (runners, submits, servers, connections, races, owners, soak, disks, clocks)
         for line in module.LINES]
