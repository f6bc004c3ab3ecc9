#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How an import grows with its rows, on both engines in the same run.

    bench/imports.py JINWEI SERVE_POSTGRES [ROWS …]

SERVE_POSTGRES is build/tests/support/serve_postgres. For each size (2,000, 8,000
and 32,000 rows) and each engine in turn: organisations into an empty county, then
last year's results of all of them; each is one transaction. Prints seconds, the
factor by which four times the rows take longer (4 is linear, 16 would be
quadratic), and PostgreSQL's time as a multiple of SQLite's. Every audit chain
is verified afterwards. Prints; judges nothing.
"""
import os
import subprocess
import sys
import tempfile
import time

from pages import ROOT, Client, Postgres, Server, write_sheet


def write_past(path, sheet):
    with open(sheet, encoding='utf-8') as f, open(path, 'w', encoding='utf-8') as out:
        out.write('组织代码,年度,等次,得分\n')
        next(f)
        for i, line in enumerate(f):
            out.write(f'{line.split(",")[0]},2024,{"好中差"[i % 3]},{60 + i % 40}\n')


def run(program, *words):
    start = time.perf_counter()
    subprocess.run([program, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    return time.perf_counter() - start


def import_all(program, db, folder, n):
    """Seconds of both imports."""
    sheet, past = os.path.join(folder, 'orgs.csv'), os.path.join(folder, 'past.csv')
    write_sheet(sheet, n)
    write_past(past, sheet)
    server = Server(program, db)
    Client(server).first_start(server.first)
    server.end()
    times = (run(program, 'org', 'import', sheet, '--db', db), run(program, 'past', 'import', past, '--db', db))
    run(program, 'audit', 'verify', '--db', db)
    run(program, 'db', 'check', '--db', db)
    return times


def main():
    program, helper = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    sizes = [int(n) for n in sys.argv[3:]] or [2000, 8000, 32000]
    before = {}
    print(f'{"rows":>8} {"engine":12} {"organisations s":>16} {"grows by":>9} {"results s":>10} {"grows by":>9}')
    for n in sizes:
        times = {}
        for engine in ('SQLite', 'PostgreSQL'):
            with tempfile.TemporaryDirectory() as folder:
                postgres = Postgres(helper) if engine == 'PostgreSQL' else None
                db = postgres.url if postgres else os.path.join(folder, 'jinwei.db')
                times[engine] = import_all(program, db, folder, n)
                if postgres:
                    postgres.end()
            grows = [f'{now / then:.1f}' for now, then in zip(times[engine], before.get(engine, ()))] or ['', '']
            print(f'{n:8} {engine:12} {times[engine][0]:16.2f} {grows[0]:>9} {times[engine][1]:10.2f} {grows[1]:>9}',
                  flush=True)
        before = times
        ratio = [b / a for a, b in zip(times['SQLite'], times['PostgreSQL'])]
        print(f'{"":8} {"ratio":12} {ratio[0]:16.1f} {"":9} {ratio[1]:10.1f}')


if __name__ == '__main__':
    main()
