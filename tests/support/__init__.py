# SPDX-License-Identifier: MIT
"""What the suites share: servers, a whole stack, a tus client, HTTP, the runner. Standard library only."""
