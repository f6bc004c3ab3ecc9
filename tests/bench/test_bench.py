#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The benchmark is honest: the same data each time, however it is written; a
peer that keeps the contract; a comparison that sees every difference.

usage: test_bench.py BUILD
"""
import collections
import csv
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'bench'), os.path.join(ROOT, 'tests/house')]
sys.dont_write_bytecode = True

import compare          # noqa: E402
import programs         # noqa: E402
from tap import Tap     # noqa: E402

FILES = ('orgs.csv', 'scores.csv', 'ballots.csv', 'ballots-single.csv')
VECTOR = os.path.join(ROOT, 'tests/vectors/zhangji')
INDICATORS = ('leader', 'ideas', 'systems', 'venue', 'guarantees', 'results', 'response')
ORGS = 3000


def generate(build, folder, *options):
    os.makedirs(folder)
    return subprocess.run([os.path.join(build, 'bench/generate'), '-n', str(ORGS), '-1', *options,
                           folder], capture_output=True, text=True, check=False)


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as f:
        return f.read()


def test_generator(tap, build, work):
    a, b, shuffled, other = (os.path.join(work, name) for name in ('a', 'b', 'shuffled', 'other'))
    done = generate(build, a)
    tap.check('the generator writes a nation', done.returncode == 0, done.stderr)
    generate(build, b)
    generate(build, shuffled, '-r')
    generate(build, other, '-s', '2')
    tap.check('the same seed gives the same bytes',
              all(read(a, name) == read(b, name) for name in FILES))
    tap.check('another seed gives another nation',
              all(read(a, name) != read(other, name) for name in FILES))
    for name in ('scores.csv', 'ballots.csv'):
        tap.check(f'{name}: the random order is another order of the same rows',
                  read(a, name) != read(shuffled, name) and
                  sorted(read(a, name).splitlines()) == sorted(read(shuffled, name).splitlines()))

    counts = collections.Counter()
    for row in csv.DictReader(read(a, 'ballots.csv').splitlines()):
        counts[row['org'], row['voters'], row['option']] += int(row['count'])
    singles = collections.Counter(map(tuple, list(csv.reader(
        read(a, 'ballots-single.csv').splitlines()))[1:]))
    tap.check('ballots one by one add up to the counted ones', counts == singles and counts)

    orgs = list(csv.DictReader(read(a, 'orgs.csv').splitlines()))
    seen = set()
    late = [row['code'] for row in orgs
            if seen.add(row['code']) or row['parent'] and row['parent'] not in seen]
    tap.check('codes are unique and every parent comes before its children',
              len(seen) == len(orgs) and not late, late[:5])
    tap.check('as many units as asked for',
              sum(row['level'] == 'unit' for row in orgs) == ORGS)
    for wrong in (['-n', '0'], ['-n', '20000001'], ['-n', '12x'], ['-x']):
        done = generate(build, os.path.join(work, 'wrong' + ''.join(wrong)), *wrong)
        tap.check(f'the generator refuses {" ".join(wrong)}', done.returncode == 2, done.stderr)


def wide_scores(path):
    """The vector's long scores as the wide file that the peers read."""
    rows = collections.defaultdict(dict)
    for row in csv.DictReader(read(VECTOR, 'scores.csv').splitlines()):
        rows[row['org'], row['source'], row['rater']][row['indicator']] = row['points']
    with open(path, 'w', encoding='utf-8') as f:
        f.write(f'org,source,rater,{",".join(INDICATORS)}\n')
        for key, points in rows.items():
            f.write(','.join([*key, *(points.get(name, '') for name in INDICATORS)]) + '\n')


def test_peer(tap, build, work):
    def path(name):
        return os.path.join(work, name)
    wide_scores(path('scores.csv'))
    job = programs.Job(os.path.join(VECTOR, 'orgs.csv'), path('scores.csv'),
                       os.path.join(VECTOR, 'ballots.csv'), True, path('out.csv'),
                       path('summary.csv'), work)
    programs.SQLite(build).run(job)
    for kind, expected, keys in (('out', 'expected.csv', 1),
                                 ('summary', 'expected_summary.csv', 3)):
        differences = compare.compare(os.path.join(VECTOR, expected), getattr(job, kind), keys)
        tap.check(f'the SQL gives the worked case zhangji, {kind}', not differences, *differences)


def test_agreement(tap, build, work):
    jinwei = programs.Jinwei(build)
    if jinwei.missing():
        tap.check(f'jinwei agrees with SQL # SKIP {jinwei.missing()}', True)
        return
    folder = os.path.join(work, 'a')
    for ballots, counted in (('ballots.csv', True), ('ballots-single.csv', False)):
        jobs = [programs.Job(*(os.path.join(folder, name) for name in FILES[:2]),
                             os.path.join(folder, ballots), counted,
                             os.path.join(work, f'{name}-out.csv'),
                             os.path.join(work, f'{name}-summary.csv'), work)
                for name in ('jinwei', 'sqlite')]
        jinwei.run(jobs[0])
        programs.SQLite(build).run(jobs[1])
        differences = (compare.compare(jobs[0].out, jobs[1].out, 1) +
                       compare.compare(jobs[0].summary, jobs[1].summary, 3))
        tap.check(f'jinwei agrees with SQL on {ballots}', not differences, *differences)


def test_compare(tap, work):
    base = 'code,name,score\na,甲,1.00\nb,乙,2.00\n'
    paths = [os.path.join(work, name) for name in ('left.csv', 'right.csv')]

    def differences(other):
        for path, text in zip(paths, (base, other)):
            with open(path, 'w', encoding='utf-8') as f:
                f.write(text)
        return compare.compare(*paths, 1)

    tap.check('equal files have no differences', differences(base) == [])
    tap.check('quotes do not matter', differences(base.replace('甲', '"甲"')) == [])
    for name, other in (('a cell', base.replace('2.00', '2.01')),
                        ('an empty cell', base.replace('1.00', '')),
                        ('a missing row', base.replace('b,乙,2.00\n', '')),
                        ('a further row', base + 'c,丙,3.00\n'),
                        ('the order of rows', 'code,name,score\nb,乙,2.00\na,甲,1.00\n'),
                        ('the heading', base.replace('score', 'points')),
                        ('a further column', base.replace('2.00', '2.00,1'))):
        tap.check(f'the comparison sees {name}', differences(other) != [])


def main():
    build = os.path.abspath(sys.argv[1])
    tap = Tap()
    with tempfile.TemporaryDirectory() as work:
        test_generator(tap, build, work)
        test_peer(tap, build, work)
        test_agreement(tap, build, work)
        test_compare(tap, work)
    tap.done()


if __name__ == '__main__':
    main()
