# SPDX-License-Identifier: MIT
"""A line of the failure matrix: what a trial is, how many go at once, and what became of them."""
import concurrent.futures
import os
import random
import statistics
import time
import traceback

from support.pace import slowness

# A limit is a promise of an idle machine. To be late alone is a failure beyond so many times the limit, times how much
# slower than an idle one the machine is just then.
SLACK = float(os.environ.get("SLUICE_FAULT_SLACK", 3))


class Outcome:
    def __init__(self, seed, seconds=None, error=None):
        self.seed, self.seconds, self.error = seed, seconds, error


class Line:
    """name; at_once: trials that share a fault or run side by side; limit and what: seconds promised for what a trial
    measures (None: nothing is measured); world: which stack it needs."""
    name = ""
    at_once = 4
    limit = None
    what = ""
    world = "plain"

    def seeds(self, seeds):
        """Those of a run that this line takes."""
        return seeds

    def batch(self, world, randoms):
        """Trials that share one fault; returns what each measured (or its exception), or raises for all. By default
        they run side by side, each with its own fault."""
        with concurrent.futures.ThreadPoolExecutor(len(randoms)) as pool:
            running = [pool.submit(self.trial, world, random) for random in randoms]
        return [future.exception() or future.result() for future in running]

    def trial(self, world, random):
        raise NotImplementedError

    def run(self, world, seeds, say=print):
        """The trials of all seeds; a batch that fails is reported with its first seed, which repeats it."""
        outcomes = []
        for first in range(0, len(seeds), self.at_once):
            some = seeds[first:first + self.at_once]
            randoms = [random.Random(f"{self.name} {seed}") for seed in some]
            try:
                before = slowness()
                measured = self.batch(world, randoms)
                patience = SLACK * max(before, slowness())
                for seed, seconds in zip(some, measured):
                    if isinstance(seconds, Exception):
                        say(f"    seed {seed}: {''.join(traceback.format_exception(seconds)[-3:])}")
                        outcomes.append(Outcome(seed, None, repr(seconds)))
                        continue
                    late = seconds is not None and self.limit and seconds > self.limit * patience
                    outcomes.append(Outcome(seed, seconds, f"{self.what}: {seconds:.1f} s" if late else None))
            except Exception as error:  # whatever went wrong is what the line shows; the next ones still run
                say(f"    seeds {some[0]}…{some[-1]}: {traceback.format_exc()}")
                outcomes += [Outcome(seed, None, repr(error)) for seed in some]
            if any(outcome.error for outcome in outcomes[-len(some):]):
                world.mend()
        return outcomes


class Summary:
    """Of a line's outcomes."""

    def __init__(self, line, outcomes, took):
        self.line, self.outcomes, self.took = line, outcomes, took
        self.failed = [o for o in outcomes if o.error]
        self.seconds = sorted(o.seconds for o in outcomes if o.seconds is not None)

    def json(self):
        return {"line": self.line.name, "seeds": len(self.outcomes), "passed": len(self.outcomes) - len(self.failed),
                "failed_seeds": [o.seed for o in self.failed], "what": self.line.what, "limit_seconds": self.line.limit,
                "median_seconds": round(statistics.median(self.seconds), 3) if self.seconds else None,
                "most_seconds": round(self.seconds[-1], 3) if self.seconds else None,
                "within_limit": sum(s <= self.line.limit for s in self.seconds) if self.line.limit else None,
                "took_seconds": round(self.took, 1)}

    def text(self):
        it = self.json()
        text = f"{'ok  ' if not self.failed else 'FAIL'} {it['line']}: {it['passed']} of {it['seeds']}"
        if self.seconds:
            text += f"; {it['what']}: median {it['median_seconds']} s, most {it['most_seconds']} s"
            text += f" (promised {self.line.limit} s)" if self.line.limit else ""
        return f"{text}; took {it['took_seconds']} s"


def run_line(line, world, seeds, say=print):
    started = time.monotonic()
    outcomes = line.run(world, seeds, say)
    try:
        world.effects.nothing_left()
    except Exception as error:
        say(f"    after the line: {traceback.format_exc()}")
        outcomes.append(Outcome(seeds[-1], None, repr(error)))
        world.mend()
    world.tidy()
    return Summary(line, outcomes, time.monotonic() - started)
