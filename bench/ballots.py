#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many ballots a second are acknowledged, each of them on the disk.

    bench/ballots.py BUILD REGISTER [SLIPS] [CLIENTS]

The server runs with the made-up county; a box is set up as a township does it,
its codes are read off the printed slips. Then 64 connections cast all of them
over HTTP: each is looked up, sealed to the box's key, stored and synced before
the answer comes. On SQLite and on PostgreSQL. In the same run, on the same disk:
the same rows written as one transaction a ballot (SQLite, one connection;
PostgreSQL, 64 connections of pgbench), without HTTP and without sealing, and
how often the disk syncs a page. Prints; judges nothing.
"""
import os
import re
import subprocess
import sys
import tempfile
import time

from pages import ROOT, cpu_ms

sys.path.insert(0, os.path.join(ROOT, 'tests', 'cli'))
BUILD, REGISTER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
sys.argv[1:3] = [os.path.join(BUILD, 'jinwei'), REGISTER]
import test_ballot as box_test  # noqa: E402  the same way to a box as in the tests

SLIPS = int(sys.argv[3]) if len(sys.argv) > 3 else 20000
CLIENTS = int(sys.argv[4]) if len(sys.argv) > 4 else 64
PEER_S = 3
PGBENCH = """\\set i random(1, 1000000000)
BEGIN;
UPDATE slip SET state = 2 WHERE hash = :i % 100000;
INSERT INTO vote VALUES (random()::text || :i, decode(repeat('00', 112), 'hex'));
COMMIT;
"""


def storm(name, db, folder, disk_syncs):
    log = os.path.join(folder, 'server.log')
    box_test.Server(db, log, '--demo', REGISTER).end()
    server = box_test.Server(db, log)
    client = box_test.organiser(server)
    client.connection.timeout = 600
    box, codes, _ = box_test.set_up(client, folder, SLIPS)
    before = cpu_ms([server.child.pid])
    done = subprocess.run([os.path.join(BUILD, 'bench', 'voters'), str(server.port), str(CLIENTS), '4'],
                          input='\n'.join(codes) + '\n', capture_output=True, text=True, check=False)
    sys.stderr.write(done.stderr[:2000])
    cpu = cpu_ms([server.child.pid]) - before
    acknowledged, refused, seconds, median, p99, own = (float(word) for word in done.stdout.split())
    voted = client.json(box)['voted']
    if voted != acknowledged or refused:
        sys.exit(f'{name}: {acknowledged:.0f} acknowledged, {refused:.0f} refused, but {voted} in the box')
    rate = acknowledged / seconds
    print(f'{name:12} {rate:7.0f} ballots/s acknowledged ({acknowledged:.0f} by {CLIENTS} connections in '
          f'{seconds:.2f} s; {median / 1000:.1f} ms median, {p99 / 1000:.1f} ms p99); '
          f'CPU a ballot: server {cpu * 1000 / acknowledged:.0f} µs, voters {own * 1e6 / acknowledged:.0f} µs; '
          f'{rate / disk_syncs:.1f} ballots a sync of the disk', flush=True)
    server.end()
    return rate


def pgbench(url, folder):
    path = os.path.join(folder, 'ballot.sql')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(PGBENCH)
    sql = ("CREATE TABLE slip (hash INTEGER PRIMARY KEY, state INTEGER); CREATE TABLE vote (random TEXT PRIMARY KEY,"
           " sealed BYTEA); INSERT INTO slip SELECT i, 1 FROM generate_series(0, 99999) i")
    subprocess.run(['psql', '-q', url, '-c', sql], check=True)
    done = subprocess.run(['pgbench', '-n', '-M', 'prepared', '-c', str(CLIENTS), '-j', '2', '-T', str(PEER_S),
                           '-f', path, url], capture_output=True, text=True, check=True)
    return float(re.search(r'tps = ([\d.]+)', done.stdout).group(1))


def main():
    with tempfile.TemporaryDirectory(dir=os.environ.get('BENCH_DIR')) as folder:
        done = subprocess.run([os.path.join(BUILD, 'bench', 'commits'), os.path.join(folder, 'peer.db'), str(PEER_S)],
                              capture_output=True, text=True, check=True)
        sqlite_rate, syncs = (float(word) for word in done.stdout.split())
        print(f'peers: the disk syncs {syncs:.0f} times/s; SQLite commits {sqlite_rate:.0f} ballots/s one by one')
        rate = storm('SQLite', os.path.join(folder, 'jinwei.db'), folder, syncs)
        print(f'{"":12} {rate / sqlite_rate:7.2f} × SQLite with a transaction a ballot', flush=True)
        with subprocess.Popen([os.path.join(BUILD, 'tests', 'support', 'serve_postgres'), '--sync'],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as pg:
            url = pg.stdout.readline().strip()
            rate = storm('PostgreSQL', url, folder, syncs)
            time.sleep(1)
            other = pgbench(url, folder)
            print(f'{"":12} {rate / other:7.2f} × PostgreSQL with a transaction a ballot, {CLIENTS} connections of '
                  f'pgbench ({other:.0f}/s; goal of the design: 10000 acknowledged/s)', flush=True)
            pg.stdin.close()


if __name__ == '__main__':
    main()
