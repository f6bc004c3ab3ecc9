#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A campaign of 100,000 organisations: its dashboards, a full grading, and 50
people typing scores at once.

    bench/campaign.py JINWEI [ORGANISATIONS]

The tree is imported and the campaign opened as anybody would; scores and counts
are put straight into the SQLite file, since typing 200,000 sheets is not what is
measured. Then over HTTP: the first grading writes every result, the second
everything that follows from one organisation's change; each dashboard is asked
for 20 times; 50 connections save a cell a second, each with its own
organisation. Prints; judges nothing.
"""
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from pages import ROOT, Client, Server, measure, write_sheet

TYPISTS, CELLS, PAUSE_S = 50, 20, 1.0
MAXIMA = (20, 10, 15, 10, 10, 20, 15)      # of zhangji-town's villages
TOWNSHIP = 1                               # enum role


def fill(db, campaign):
    """Committee and self sheets, and counts, for everybody; deterministic."""
    base = sqlite3.connect(db)
    rows = base.execute('SELECT region, org, members FROM campaign_org WHERE campaign = ? AND category >= 0',
                        (campaign,)).fetchall()
    sheets, tallies = [], []
    for region, org, members in rows:
        for source in (0, 2):
            cells = '\t'.join(str(m - (org * 7 + i * 3 + source) % (m // 3 + 1)) for i, m in enumerate(MAXIMA))
            sheets.append((region, campaign, org, source, 0, cells, 1, 0, 1))
        good = members * (40 + org % 60) // 100
        counts = f'{good},{(members - good) // 2},{members - good - (members - good) // 2},0,0'
        tallies.append((region, campaign, org, 0, 0, counts, 0, '甲、乙', 0, 1))
    base.executemany('INSERT INTO score_sheet VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', sheets)
    base.executemany('INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', tallies)
    base.execute('INSERT INTO role_grant SELECT region, account, ?, node, granted_by, granted_ms FROM role_grant'
                 ' WHERE role = 0', (TOWNSHIP,))
    base.commit()
    base.close()
    return [org for _, org, _ in rows]


def hand_in(db, campaign):
    """Four townships of five have handed in their results, which the county sees."""
    base = sqlite3.connect(db)
    base.execute('INSERT INTO org_hold SELECT region, campaign, org, path, 2, parent, \'\', 0, 1 FROM campaign_org'
                 ' WHERE campaign = ? AND category >= 0 AND parent % 5 > 0', (campaign,))
    base.execute('UPDATE result SET hold = 2 WHERE campaign = ? AND parent % 5 > 0', (campaign,))
    base.commit()
    base.close()


def timed(client, what, campaign, node):
    start = time.perf_counter()
    status, data = client.ask('POST', f'/campaigns/{campaign}/grade', {'node': node})
    print(f'{what:34} {(time.perf_counter() - start) * 1000:8.0f} ms  {status} {data.decode()[:90]}', flush=True)


def type_cells(officer, campaign, node, org, times, failed):
    """One connection, the officer's session; a cell every PAUSE_S, as people type."""
    client = Client(officer.server)
    client.cookies, client.csrf = officer.cookies, officer.csrf
    seen = MAXIMA[0] - (org * 7) % (MAXIMA[0] // 3 + 1)
    time.sleep(PAUSE_S * (org % TYPISTS) / TYPISTS)
    for i in range(CELLS):
        value = str(5 + i % 5)
        fields = {'node': node, 'source': 'committee', 'key': f'{org}:0:{seen}', 'value': value}
        start = time.perf_counter()
        status, data = client.ask('POST', f'/campaigns/{campaign}/scores', fields)
        times.append((time.perf_counter() - start) * 1000)
        if status != 200:
            failed.append(f'{status} {data.decode()[:200]}')
        seen = value
        time.sleep(PAUSE_S)


def typing(officer, campaign, node, orgs):
    times, failed = [], []
    step = max(1, len(orgs) // TYPISTS)
    people = [threading.Thread(target=type_cells, args=(officer, campaign, node, orgs[i * step + 1], times, failed))
              for i in range(TYPISTS)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    times.sort()
    print(f'{"a cell saved, 50 people typing":34} {statistics.median(times):8.1f} median, '
          f'{times[len(times) * 99 // 100]:.1f} p99 (ms, of {len(times)}; {len(failed)} refused)', *failed[:1])


def main():
    program = os.path.abspath(sys.argv[1])
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    with tempfile.TemporaryDirectory() as folder:
        db, sheet = os.path.join(folder, 'jinwei.db'), os.path.join(folder, 'orgs.csv')
        server = Server(program, db)
        Client(server).first_start(server.first)
        server.end()
        write_sheet(sheet, n)
        subprocess.run([program, 'org', 'import', sheet, '--db', db], check=True, stdout=subprocess.DEVNULL,
                       cwd=ROOT)
        server = Server(program, db)
        officer = Client(server)
        officer.sign_in('officer')
        officer.connection.timeout = 600
        node = officer.json('/orgs')['node']
        start = time.perf_counter()
        officer.ask('POST', '/campaigns/new', {'node': node, 'scheme': 'zhangji-town'})
        print(f'campaign of {n} organisations opened in {time.perf_counter() - start:.1f} s')
        campaign = officer.json('/campaigns')['rows'][0]['id']
        server.end()
        orgs = fill(db, campaign)
        server = Server(program, db)
        officer = Client(server)
        officer.sign_in('officer')
        timed(officer, 'first grading', campaign, node)
        timed(officer, 'grading, nothing new', campaign, node)
        type_cells(officer, campaign, node, orgs[0], [], [])
        timed(officer, 'grading after one change', campaign, node)
        typing(officer, campaign, node, orgs)
        hand_in(db, campaign)
        board = officer.json(f'/campaigns/{campaign}')
        print(f'{"page":34} {"median":>8} {"worst":>8} {"CPU":>8} {"KiB":>8}   (milliseconds)')
        for name, path in (('dashboard, the county', f'/campaigns/{campaign}'),
                           ('dashboard, a township', f'/campaigns/{campaign}?node={board["children"][7]["node"]}'),
                           ('list behind it', f'/campaigns/{campaign}/orgs'),
                           ('list, one grade', f'/campaigns/{campaign}/orgs?grade=1'),
                           ('list, by score', f'/campaigns/{campaign}/orgs?sort=-score'),
                           ('list, page 1500', f'/campaigns/{campaign}/orgs?page=1500'),
                           ('list, part of a name', f'/campaigns/{campaign}/orgs?q=%E9%95%BF%E5%9D%A1'),
                           ('list, a step not done', f'/campaigns/{campaign}/orgs?step=2&state=open')):
            measure(officer, name, path)
        server.end()


if __name__ == '__main__':
    main()
