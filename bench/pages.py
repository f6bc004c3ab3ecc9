#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long each page takes in a county of 100,000 organisations.

    bench/pages.py JINWEI [ORGANISATIONS [SERVE_POSTGRES]]

Makes a SQLite database in a temporary folder through the importer (made-up
names), and with SERVE_POSTGRES (build/tests/support/serve_postgres) one of
PostgreSQL too; asks every page over HTTP on one kept connection, and prints the median
and the worst of 20 answers, first to last byte, gzip off, and the CPU time that
the server, and PostgreSQL, took for one (which other work on the machine does not
change).
Prints; judges nothing.
"""
import gzip
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'support'))
from office import COUNTY, Client, Server  # noqa: E402

ROUNDS, TOWN = 20, 250
SURNAMES, NAMES = '王李张刘陈杨黄赵吴周', '长坡上坪龙泉双河石桥柳湾古渡东街'


def write_sheet(path, n):
    """Townships of 250 branches; the last column tells one from another."""
    with open(path, 'w', encoding='utf-8') as f:
        f.write('组织代码,上级代码,名称,层级,领域,党员数,书记\n')
        for i in range(n):
            town, k = divmod(i, TOWN)
            if k == 0:
                f.write(f'T{town:04},{COUNTY},{NAMES[town % 16]}{NAMES[town // 16 % 16]}镇{town}党委,乡级,,,\n')
            else:
                f.write(f'T{town:04}-{k:03},T{town:04},{NAMES[k % 16]}{NAMES[i // 16 % 16]}村{i}党支部,基层,农村,'
                        f'{i * 7 % 90 + 3},{SURNAMES[i % 10]}{NAMES[i // 10 % 16]}\n')


def process(pid):
    """Parent, and CPU time in milliseconds; None where it has ended."""
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii', errors='replace') as f:
            fields = f.read().rsplit(')', 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(fields[1]), (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf('SC_CLK_TCK')


def cpu_ms(pids):
    """Of these processes and all below them."""
    all_now = {int(name): process(name) for name in os.listdir('/proc') if name.isdigit()}
    all_now = {pid: found for pid, found in all_now.items() if found}
    ours, grown = set(pids), True
    while grown:
        below = {pid for pid, (parent, _) in all_now.items() if parent in ours} - ours
        ours, grown = ours | below, bool(below)
    return sum(all_now[pid][1] for pid in ours if pid in all_now)


def measure(client, name, path):
    times, status, data = [], 0, b''
    pids = [client.server.child.pid] + ([client.server.postgres.child.pid] if client.server.postgres else [])
    before = cpu_ms(pids)
    for _ in range(ROUNDS):
        start = time.perf_counter()
        status, data = client.ask('GET', path, accept='text/html')
        times.append((time.perf_counter() - start) * 1000)
    cpu = (cpu_ms(pids) - before) / ROUNDS
    print(f'{name:34} {statistics.median(times):8.1f} {max(times):8.1f} {cpu:8.1f} {len(data) / 1024:8.1f}'
          + ('' if status == 200 else f'  status {status}'), flush=True)
    return data.decode()


def first_page_bytes(client):
    """The page, and what it asks for, as sent to a browser that takes gzip."""
    total = 0
    status, page = client.ask('GET', '/', accept='text/html', headers={'Accept-Encoding': 'gzip'}.items())
    total += len(page)
    text = (gzip.decompress(page) if page[:2] == b'\x1f\x8b' else page).decode()
    for path in set(re.findall(r"(?:src|href)='(/assets/[^']+)'", text)):
        status, data = client.ask('GET', path, headers={'Accept-Encoding': 'gzip'}.items())
        total += len(data) if status == 200 else 0
    return total


class Postgres:
    """A server that lives as long as its standard input."""

    def __init__(self, helper):
        # pylint: disable=consider-using-with
        self.child = subprocess.Popen([helper, '--sync'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.child.stdout.readline().strip()

    def end(self):
        self.child.stdin.close()
        self.child.wait(timeout=60)
        self.child.stdout.close()


def measure_all(program, db, sheet, postgres=None):
    server = Server(program, db)
    Client(server).first_start(server.first)
    server.end()
    start = time.perf_counter()
    subprocess.run([program, 'org', 'import', sheet, '--db', db], check=True, stdout=subprocess.DEVNULL)
    print(f'imported in {time.perf_counter() - start:.1f} s')
    if postgres:  # what autovacuum does within a minute or two of an import
        subprocess.run(['psql', '-q', db, '-c', 'VACUUM (ANALYZE)'], check=True)
    server = Server(program, db)
    server.postgres = postgres
    officer, auditor, system = Client(server), Client(server), Client(server)
    officer.sign_in('officer')
    found = {o['code']: o['id'] for o in officer.json('/orgs?q=T0003')['rows']}
    town, village = found['T0003'], found['T0003-001']
    root = officer.json('/orgs')['node']
    print(f'{"page":34} {"median":>8} {"worst":>8} {"CPU":>8} {"KiB":>8}   (milliseconds)')
    for name, path in (
            ('home', '/'), ('list, the county', '/orgs'), ('list, a township', f'/orgs?node={town}'),
            ('list, page 1000', '/orgs?page=1000'), ('list, by name', '/orgs?sort=name'),
            ('list, by members, page 1000', '/orgs?sort=members&page=1000'),
            ('search, one answer', '/orgs?q=T0003-001'), ('search, initials', '/orgs?q=cpc'),
            ('search, 8,000 answers', '/orgs?q=%E9%95%BF%E5%9D%A1'), ('search, none', '/orgs?q=zzzz'),
            ('filter, level', '/orgs?level=township'),
            ('the county itself', f'/orgs/{root}'), ('a township', f'/orgs/{town}'),
            ('a branch', f'/orgs/{village}'), ('its form', f'/orgs/{village}/edit'),
            ('its years', f'/orgs/{village}/years'), ('campaigns', '/campaigns'), ('ledger', '/cases')):
        measure(officer, name, path)
    auditor.sign_in('auditor')
    for name, path in (('audit', '/audit'), ('audit, page 500', '/audit?page=500'),
                       ('audit, by act', '/audit?act=org.'), ('audit, by text', '/audit?q=T0003-001'),
                       ('audit, one act that is rare', '/audit?act=policy.')):
        measure(auditor, name, path)
    system.sign_in('system')
    measure(system, 'accounts', '/accounts')
    print(f'first page on the wire: {first_page_bytes(officer) / 1024:.1f} KiB, gzip, with style and script')
    server.end()


def main():
    program = os.path.abspath(sys.argv[1])
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    with tempfile.TemporaryDirectory() as folder:
        sheet = os.path.join(folder, 'orgs.csv')
        write_sheet(sheet, n)
        print(f'{n} organisations, SQLite')
        measure_all(program, os.path.join(folder, 'jinwei.db'), sheet)
        if len(sys.argv) > 3:
            postgres = Postgres(os.path.abspath(sys.argv[3]))
            print(f'{n} organisations, PostgreSQL')
            measure_all(program, postgres.url, sheet, postgres)
            postgres.end()


if __name__ == '__main__':
    main()
