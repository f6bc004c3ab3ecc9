#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Jinwei and its peers on the same files: who takes how long, and do they agree?

Generates the data (a made-up nation, see nation.h), runs jinwei grade and the
same computation as SQL in DuckDB, PostgreSQL and SQLite, compares all results
row by row, and prints one table and the goals. Exit status 1 if any two
results differ or a program failed.

Data is kept in the data folder (`make clean` removes it) and made anew only
when the generator has changed; what the programs write is removed.
"""
import argparse
import contextlib
import dataclasses
import hashlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys

import compare
import programs

FULL = 5_250_000
SIZES = (600, 50_000, 500_000, FULL)
GENERATOR = ('generate.c', 'nation.c', 'nation.h')     # what the data follows from
SINGLES_FROM = FULL             # ballots one by one are measured from this size on
# Peers that take minutes run once, and one by one ballots only with --all.
SLOW = (programs.PostgreSQL, programs.SQLite)
SMALL_RUNS = 15                 # of runs that take milliseconds
BYTES_PER_ORG = {'files': 420, 'singles': 900, 'scratch': 2200, 'scratch singles': 12000}
MARK = ('<!-- table: written by bench/run.py -->', '<!-- end of table -->')
PERFORMANCE = os.path.join(programs.ROOT, 'docs/performance.md')
KEYS = {'out': 1, 'summary': 3}         # columns that name a row


@dataclasses.dataclass
class Row:
    """One line of the table: a program on one set of files."""
    size: int
    counted: bool
    name: str
    cost: programs.Cost
    runs: int


def say(text):
    print(text, file=sys.stderr, flush=True)


def warm(*paths):
    """Writes out what ran before left and reads the files: nobody waits for the disk."""
    os.sync()
    for path in paths:
        with open(path, 'rb', buffering=0) as f:
            while f.read(1 << 24):
                pass


def make_data(build, folder, size, options):
    """Generates the files of one size if they are not there; what the generator says of them.

    `options` are the generator's: -1 single ballots too, -r rows in random order.
    """
    digest = hashlib.sha256()
    for name in GENERATOR:
        with open(os.path.join(programs.BENCH, name), 'rb') as f:
            digest.update(f.read())
    digest = digest.hexdigest()
    stamp = os.path.join(folder, 'made.json')
    with contextlib.suppress(OSError, ValueError, KeyError), open(stamp, encoding='utf-8') as f:
        made = json.load(f)
        if made['generator'] == digest and set(options) <= set(made['options']):
            return made
    os.makedirs(folder, exist_ok=True)
    say(f'generating {size:,} organisations in {folder}')
    command = [os.path.join(build, 'bench/generate'), '-n', str(size), *options, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise programs.Failed(f'generate: {done.stderr}')
    made = json.loads(done.stdout) | {'generator': digest, 'options': options}
    with open(stamp, 'w', encoding='utf-8') as f:
        json.dump(made, f)
    return made


def check_space(folder, sizes, single, everything):
    largest = max(sizes)
    per_org = BYTES_PER_ORG['files'] + BYTES_PER_ORG['scratch']
    if single and largest >= SINGLES_FROM:
        per_org += BYTES_PER_ORG['singles']
        per_org += BYTES_PER_ORG['scratch singles'] if everything else 0
    needed = largest * per_org
    os.makedirs(folder, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise programs.Failed(f'{folder}: {free >> 20:,} MB free, {needed >> 20:,} MB needed')


def check_release(build):
    """Figures of a debug or sanitizer build would be worthless."""
    path = os.path.join(build, 'meson-info/intro-buildoptions.json')
    with open(path, encoding='utf-8') as f:
        options = {option['name']: option['value'] for option in json.load(f)}
    if options['buildtype'] != 'release' or options['b_sanitize'] not in ('none', []):
        raise programs.Failed(f'{build} is no release build')


def median_cost(costs):
    def middle(values):
        return statistics.median(values)
    phases = {name: middle([c.phases[name] for c in costs]) for name in costs[0].phases}
    return programs.Cost(middle([c.wall for c in costs]), middle([c.cpu for c in costs]),
                         int(middle([c.memory for c in costs])), phases)


class Bench:
    def __init__(self, args):
        self.build, self.data = os.path.abspath(args.build), os.path.abspath(args.data)
        self.runs, self.everything, self.shuffled = args.runs, args.all, args.shuffled
        self.rows, self.notes, self.wrong = [], [], []
        self.made = {}

    def folder(self, size):
        return os.path.join(self.data, f'{size}-shuffled' if self.shuffled else str(size))

    def programs_for(self, peers, size, counted):
        found = []
        for kind in (programs.Jinwei, *peers):
            if kind in SLOW and not counted and not self.everything:
                continue
            if kind is not programs.Jinwei and size == min(SIZES):
                continue        # a county: only how long jinwei takes
            program = kind(self.build)
            reason = program.missing()
            if reason:
                self.note(f'{program.name} was not run: {reason}')
            else:
                found.append(program)
        return found

    def note(self, text):
        if text not in self.notes:
            say(text)
            self.notes.append(text)

    def measure(self, size, counted, peers):
        """Runs all programs on one set of files and compares what they wrote."""
        folder = self.folder(size)
        running = self.programs_for(peers, size, counted)
        costs = {program: [] for program in running}
        results = {}
        scratch = os.path.join(folder, 'scratch')
        os.makedirs(scratch, exist_ok=True)
        try:
            # In turns, so that a busy minute of the machine does not hit one alone.
            for turn in range(SMALL_RUNS if size <= 1000 else self.runs):
                for program in running:
                    if turn > 0 and (program.__class__ in SLOW or program not in costs):
                        continue
                    self.run_once(program, size, counted, folder, scratch, costs, results)
            for program in running:
                if costs.get(program):
                    self.rows.append(Row(size, counted, program.name,
                                         median_cost(costs[program]), len(costs[program])))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def run_once(self, program, size, counted, folder, scratch, costs, results):
        def path(name):
            return os.path.join(folder, name)
        first = not results
        job = programs.Job(path('orgs.csv'), path('scores.csv'),
                           path('ballots.csv' if counted else 'ballots-single.csv'), counted,
                           os.path.join(scratch, 'first-out.csv' if first else 'out.csv'),
                           os.path.join(scratch, 'first-summary.csv' if first else 'summary.csv'),
                           scratch)
        say(f'{size:,} organisations, {"counted" if counted else "single"} ballots: {program.name}')
        warm(job.orgs, job.scores, job.ballots)
        try:
            costs[program].append(program.run(job))
        except programs.Failed as failure:
            self.wrong.append(f'{size:,}: {failure}')
            say(self.wrong[-1])
            del costs[program]
            return
        if first:
            results.update(name=program.name, out=job.out, summary=job.summary)
            return
        for kind, keys in KEYS.items():
            other = getattr(job, kind)
            for text in compare.compare(results[kind], other, keys):
                self.wrong.append(f'{size:,}, {kind}: {results["name"]} against '
                                  f'{program.name}: {text}')
                say(self.wrong[-1])
            os.remove(other)

    def cost(self, size, counted, name):
        for row in self.rows:
            if (row.size, row.counted, row.name) == (size, counted, name):
                return row.cost
        return None


def table(bench):
    """The table as lines of Markdown."""
    def cell(value):
        return '–' if value is None else f'{value:.3f}' if value < 1 else f'{value:.2f}'

    def ratio(value, own):
        return f'{value / own:.1f}' if own else '–'

    lines = ['| organisations | ballots | program | load s | compute s | export s | whole s '
             '| CPU s | peak MB | whole ÷ jinwei | CPU ÷ jinwei | memory ÷ jinwei | runs |',
             '|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|']
    for row in bench.rows:
        own = bench.cost(row.size, row.counted, 'jinwei') or programs.Cost(0, 0, 0, {})
        ballots = bench.made[row.size]['ballots']
        lines.append(f'| {row.size:,} | {ballots:,} {"counted" if row.counted else "single"} '
                     f'| {row.name} | ' +
                     ' | '.join(cell(row.cost.phases.get(phase)) for phase in programs.PHASES) +
                     f' | {cell(row.cost.wall)} | {cell(row.cost.cpu)} '
                     f'| {row.cost.memory / 1e6:,.0f} | {ratio(row.cost.wall, own.wall)} '
                     f'| {ratio(row.cost.cpu, own.cpu)} | {ratio(row.cost.memory, own.memory)} '
                     f'| {row.runs} |')
    return lines


def goal(text, value, limit, unit=''):
    return (f'- {"met" if value <= limit else "NOT met"}: {text}: '
            f'{value:.3g}{unit} (goal: at most {limit:g}{unit})')


def goals(bench):
    """The goals that these runs can judge, as lines of Markdown."""
    lines = []
    for counted, what in ((True, 'counted ballots'), (False, 'single ballots')):
        own, peer = (bench.cost(FULL, counted, name) for name in ('jinwei', 'DuckDB'))
        if own and peer:
            for name, part, limit in (('time', own.wall / peer.wall, 0.1),
                                      ('CPU', own.cpu / peer.cpu, 0.1),
                                      ('memory', own.memory / peer.memory, 0.5)):
                lines.append(goal(f'5.25 M, {what}: {name}, as a part of DuckDB\'s', part, limit))
    county = bench.cost(min(SIZES), True, 'jinwei')
    if county:
        lines.append(goal('a county of 600, whole process', county.wall * 1e3, 10, ' ms'))
    for small, large in ((50_000, 500_000), (500_000, FULL)):
        costs = [bench.cost(size, True, 'jinwei') for size in (small, large)]
        if all(costs):
            lines.append(goal(f'{small:,} → {large:,}: CPU per organisation grows by the factor',
                              costs[1].cpu / costs[0].cpu * small / large, 1.25))
    return lines


def regrade(bench):
    """Regrading the largest files in memory, as lines of Markdown."""
    size = max(bench.made)
    files = [os.path.join(bench.folder(size), name)
             for name in ('orgs.csv', 'scores.csv', 'ballots.csv')]
    done = subprocess.run([os.path.join(bench.build, 'bench/regrade'), programs.SCHEME, *files],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        bench.wrong.append(f'regrade: exit status {done.returncode}: {done.stdout}{done.stderr}')
        return []
    lines = [f'- regrading {size:,} organisations in memory: {done.stdout.strip()}']
    if size == FULL:
        took = int(re.match(r'(\d+) ms with 2 threads', done.stdout)[1])
        lines.append(goal('regrading 5.25 M in memory with 2 threads', took, 120, ' ms'))
    return lines


def limits(bench):
    """What this machine can do at best with the largest files, as lines of Markdown."""
    files = [os.path.join(bench.folder(max(bench.made)), name)
             for name in ('orgs.csv', 'scores.csv', 'ballots.csv')]
    done = subprocess.run([os.path.join(bench.build, 'bench/limits'), *files],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise programs.Failed(f'limits: {done.stderr}')
    return [f'- limit: {line}' for line in done.stdout.splitlines()]


def machine():
    with open('/proc/cpuinfo', encoding='utf-8') as f:
        model = next((line.split(':')[1].strip() for line in f if line.startswith('model name')),
                     platform.machine())
    return (f'{model}, {os.cpu_count()} cores, Linux {platform.release()}; load when it began: '
            f'{os.getloadavg()[0]:.1f}. Each program may use {programs.THREADS} threads. Files are '
            'read once before each run. Medians; MB is 10^6 bytes.')


def write_performance(lines):
    """Puts the lines between the marks of docs/performance.md."""
    with open(PERFORMANCE, encoding='utf-8') as f:
        text = f.read()
    before, rest = text.split(MARK[0])
    after = rest.split(MARK[1])[1]
    with open(PERFORMANCE, 'w', encoding='utf-8') as f:
        f.write('\n'.join([before + MARK[0], *lines, MARK[1] + after]))


def parse_arguments():
    names = {kind.name.lower(): kind for kind in (programs.DuckDB, *SLOW)}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--quick', action='store_true', help='50,000 organisations only')
    parser.add_argument('--sizes', help='organisations, e.g. 50000,500000 (default: all)')
    parser.add_argument('--peers', default=','.join(names), help='of %(default)s; or none')
    parser.add_argument('--runs', type=int, default=3, help='of jinwei and DuckDB (default 3)')
    parser.add_argument('--all', action='store_true',
                        help='also the slow peers on single ballots (half an hour, 60 GB)')
    parser.add_argument('--shuffled', action='store_true',
                        help='scores and counts in random order, not by township')
    parser.add_argument('--no-single', action='store_true', help='counted ballots only')
    parser.add_argument('--build', default='build', help='where Meson built (default: build)')
    parser.add_argument('--data', default='build/bench-data', help='default: %(default)s')
    parser.add_argument('--write', action='store_true',
                        help='put the table into docs/performance.md')
    args = parser.parse_args()
    if args.sizes and args.quick:
        parser.error('--quick and --sizes exclude each other')
    try:
        args.peers = [names[name] for name in args.peers.split(',') if name != 'none']
        args.sizes = [int(size) for size in args.sizes.split(',')] if args.sizes else None
    except (KeyError, ValueError) as error:
        parser.error(f'not understood: {error}')
    args.sizes = args.sizes or ([50_000] if args.quick else list(SIZES))
    return args


def run(args):
    single = not args.no_single
    bench = Bench(args)
    check_release(bench.build)
    check_space(bench.data, args.sizes, single, args.all)
    head = machine()
    for size in sorted(args.sizes):
        singles = single and size >= SINGLES_FROM
        options = ['-1'] * singles + ['-r'] * args.shuffled
        bench.made[size] = make_data(bench.build, bench.folder(size), size, options)
        for counted in (True, False) if singles else (True,):
            bench.measure(size, counted, args.peers)
    lines = [head, '', *table(bench), '', *goals(bench), *regrade(bench)]
    if FULL in bench.made:
        lines += limits(bench)
    lines += [f'- {note}' for note in bench.notes]
    lines += [f'- WRONG: {text}' for text in bench.wrong]
    if not bench.wrong:
        lines.append('- all results are the same, row by row and column by column')
    print('\n'.join(lines))
    if args.write:
        write_performance(lines)
    return 1 if bench.wrong else 0


def main():
    try:
        return run(parse_arguments())
    except programs.Failed as failure:
        say(f'bench: {failure}')
        return 1


if __name__ == '__main__':
    sys.exit(main())
