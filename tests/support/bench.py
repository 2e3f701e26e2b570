# SPDX-License-Identifier: MIT
"""What the benches share: contenders measured in turn, one table, the same as JSON in build/bench/.

    options = bench.options(__doc__)
    figures = bench.Figures("1 GiB on one connection", "MB/s", beside="nginx PUT")
    bench.in_turn(figures, options.rounds, {"nginx PUT": put, "Sluice": upload})      # callables that give one figure
    figures.require("Sluice", least=0.75)
    sys.exit(bench.report("upload", [figures], options, notes=["…"]))
"""
import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess

from .servers import ROOT

ROUNDS, QUICK_ROUNDS = 5, 2
STEADY = 2.0  # a figure whose rounds differ by more than this factor is marked


def options(about, **more):
    """Arguments every bench takes, and more: name=(default, help)."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds instead of {ROUNDS}")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure misses its budget")
    parser.add_argument("--rounds", type=int, help="so many rounds")
    for name, (default, text) in more.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default, help=f"{text} (default {default})")
    chosen = parser.parse_args()
    chosen.rounds = chosen.rounds or (QUICK_ROUNDS if chosen.quick else ROUNDS)
    return chosen


class Figures:
    """One measure of several contenders, a figure a round. `beside`: whom the others are compared with (None: nobody)."""

    def __init__(self, name, unit, beside=None):
        self.name, self.unit, self.beside = name, unit, beside
        self.rounds = {}  # contender -> its figures, round by round
        self.budgets = {}  # contender -> (what is judged, least, most)

    def add(self, contender, figure):
        self.rounds.setdefault(contender, []).append(figure)

    def require(self, contender, least=None, most=None, of="ratio"):
        """A budget for the contender's "ratio" or "median": at least or at most so much."""
        self.budgets[contender] = (of, least, most)

    def ratio(self, contender):
        """The median of the rounds' ratios: both sides of one round ran one after the other on the same machine."""
        if self.beside in (None, contender):
            return None
        pairs = zip(self.rounds[contender], self.rounds[self.beside])
        return statistics.median(own / other for own, other in pairs)

    def summary(self):
        """One dict a contender: median, least, most, ratio, unsteady, budget, missed, rounds."""
        return [self._summary_of(contender, figures) for contender, figures in self.rounds.items()]

    def _summary_of(self, contender, figures):
        line = {"contender": contender, "median": statistics.median(figures), "least": min(figures), "most": max(figures),
                "ratio": self.ratio(contender), "unsteady": max(figures) > STEADY * min(figures), "rounds": figures}
        of, least, most = self.budgets.get(contender, (None, None, None))
        line["budget"] = {"of": of, "least": least, "most": most} if of else None
        line["missed"] = of is not None and ((least is not None and line[of] < least) or (most is not None and line[of] > most))
        return line


def in_turn(figures, rounds, contenders, warm_up=True):
    """Measure every contender once a round, one after the other; the warm-up's figures do not count."""
    for number in range(0 if warm_up else 1, rounds + 1):
        for contender, measure in contenders.items():
            figure = measure()
            if number:
                figures.add(contender, figure)
            print(f"  {figures.name}, {f'round {number}' if number else 'warm-up'}: {contender} {figure:.4g} {figures.unit}", flush=True)


def report(name, measures, chosen, notes=()):
    """Print the tables, write build/bench/<name>.json; 1 when --check was asked and a budget is missed, else 0."""
    summaries = [(figures, figures.summary()) for figures in measures]
    for figures, lines in summaries:
        print(f"\n{figures.name} ({figures.unit}, {chosen.rounds} rounds)")
        print(f"  {'':<24}{'median':>10}{'least':>10}{'most':>10}{'ratio':>8}")
        for line in lines:
            print("  " + table_line(line))
    for note in notes:
        print(note)
    written = write_json(name, {
        "bench": name, "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "commit": commit(),
        "machine": {"cpus": os.cpu_count(), "kernel": platform.release(), "load_average": os.getloadavg()[0]},
        "rounds": chosen.rounds, "notes": list(notes),
        "measures": [{"name": figures.name, "unit": figures.unit, "beside": figures.beside, "contenders": lines}
                     for figures, lines in summaries]})
    print(f"written to {os.path.relpath(written, ROOT)}", flush=True)
    missed = any(line["missed"] for _, lines in summaries for line in lines)
    return 1 if chosen.check and missed else 0


def table_line(line):
    ratio = "" if line["ratio"] is None else f"{line['ratio']:.3f}"
    text = f"{line['contender']:<24}{line['median']:>10.4g}{line['least']:>10.4g}{line['most']:>10.4g}{ratio:>8}"
    if line["budget"]:
        of, least, most = line["budget"]["of"], line["budget"]["least"], line["budget"]["most"]
        bounds = " and ".join(f"{word} {bound:g}" for word, bound in (("at least", least), ("at most", most)) if bound is not None)
        text += f"  {'MISSED: ' if line['missed'] else 'ok: '}{of} {bounds}"
    return text + ("  (varied by more than 2x)" if line["unsteady"] else "")


def write_json(name, content):
    folder = os.path.join(ROOT, "build", "bench")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{name}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")
    return path


def commit():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return done.stdout.strip() or None
