#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 of `jinwei serve` in a storm of writes loses nothing acknowledged.

Sixteen clients register organisations, one after the other, each on its own
connection; the server is killed in the middle, twice. Afterwards the database
is whole, the audit log's chain is good, and every organisation whose answer had
come is there with the entry that tells of it. SQLite, with its files as the
kill left them.

usage: test_storm.py JINWEI
"""
import http.client
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', 'house'), os.path.join(ROOT, 'tests', 'support')]
from office import Client, Server  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
CLIENTS, STORM_S = 16, 3


def write_until_dead(client, number, parent, acknowledged, refused):
    count = 0
    while True:
        count += 1
        code = f'{number:02}-{count}'
        fields = {'parent': parent, 'code': code, 'name': f'第 {code} 党支部', 'level': '基层'}
        try:
            status, data = client.ask('POST', '/orgs/new', fields)
        except (OSError, http.client.HTTPException):
            return
        if status == 200:
            acknowledged.append((code, json.loads(data)['location']))
        else:
            refused.append((status, data.decode()))
            return


def storm(tap, db, first_number):
    """The codes that were acknowledged before the server was killed."""
    server = Server(PROGRAM, db)
    clients = [Client(server) for _ in range(CLIENTS)]
    if server.first:
        clients[0].first_start(server.first)
    clients[0].sign_in('officer')
    for other in clients[1:]:
        other.cookies, other.csrf = dict(clients[0].cookies), clients[0].csrf
    parent = clients[0].json('/orgs')['node']
    acknowledged, refused = [], []
    threads = [threading.Thread(target=write_until_dead,
                                args=(client, first_number + i, parent, acknowledged, refused))
               for i, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    time.sleep(STORM_S)
    while len(acknowledged) <= 10 * CLIENTS and all(thread.is_alive() for thread in threads):
        time.sleep(0.01)        # a busy machine needs longer
    going = sum(thread.is_alive() for thread in threads)
    server.end('kill')
    for thread in threads:
        thread.join()
    tap.check('it was killed while all were writing', going == CLIENTS and not refused, going, refused)
    tap.check('many writes were acknowledged', len(acknowledged) > 10 * CLIENTS, len(acknowledged))
    return acknowledged


def run(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False, timeout=600)
    return done.returncode, done.stdout + done.stderr


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        db = os.path.join(folder, 'jinwei.db')
        acknowledged = storm(tap, db, 10) + storm(tap, db, 40)
        code, said = run('db', 'check', '--db', db)
        tap.check('the database is whole', code == 0, said)
        code, said = run('audit', 'verify', '--db', db)
        tap.check('the audit log is whole', code == 0, said)
        with sqlite3.connect(db) as connection:
            there = dict(connection.execute('SELECT code, org FROM org'))
            entries = {row[0] for row in connection.execute(
                "SELECT node FROM audit WHERE act = 'org.add'")}
        lost = [code for code, where in acknowledged
                if where != f'/orgs/{there.get(code)}' or there[code] not in entries]
        tap.check(f'none of {len(acknowledged)} acknowledged organisations is lost', not lost, lost)
        unheard = len(there) - 1 - len(acknowledged)
        tap.check('those nobody heard of are at most the last of each client',
                  0 <= unheard <= 2 * CLIENTS, unheard)
    tap.done()


if __name__ == '__main__':
    main()
