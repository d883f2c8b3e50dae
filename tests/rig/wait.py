"""Waiting for a condition, with a limit; tests never just sleep.

TEST_PATIENCE: how many times longer, for slow builds.
"""
import os
import threading
import time

TICK_S = 0.01
PATIENCE = int(os.environ.get("TEST_PATIENCE", "1"))
LIMIT_S = 15 * PATIENCE


def wait_until(condition, what="the condition", limit_s=LIMIT_S):
    """Returns the first true value of condition()."""
    end = time.monotonic() + limit_s
    tick = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what}: not within {limit_s} s")
        tick.wait(TICK_S)
