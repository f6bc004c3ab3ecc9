#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A ballot under fire and under a magnifying glass, over HTTP.

The server is killed with SIGKILL in a storm of votes, and restarted: every
acknowledged vote is there once, none twice. Then codes and nonces are looked
for in everything the server wrote: database, write-ahead log, its own log, a
backup; before the box is opened and after.

usage: test_ballot.py JINWEI REGISTER [DATABASE-SERVER-PROGRAM]
With tests/support/serve_postgres: on PostgreSQL, whose files are looked at, too.
"""
import glob
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', 'house'), os.path.join(ROOT, 'tests', 'support')]
from office import Client  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM, REGISTER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SLIPS, CLIENTS = 400, 16
PHRASES = {'name1': '田国富', 'new_phrase1': '月亮在白莲花般的云朵里', 'new_again1': '月亮在白莲花般的云朵里',
           'name2': '彭秀英', 'new_phrase2': '二十年陈的米酒慢慢喝', 'new_again2': '二十年陈的米酒慢慢喝'}
PAIR = {'a': 1, 'b': 2, 'phrase_a': PHRASES['new_phrase1'], 'phrase_b': PHRASES['new_phrase2']}


class Server:
    """`jinwei serve`, whose log goes to a file."""

    def __init__(self, db, log, *options):
        # pylint: disable=consider-using-with
        self.child = subprocess.Popen([PROGRAM, 'serve', '--db', db, '--listen', '127.0.0.1:0', *options],
                                      stdout=subprocess.PIPE, stderr=open(log, 'ab'), text=True)
        self.port = None
        while not self.port:
            line = self.child.stdout.readline()
            if not line:
                raise RuntimeError('the server did not start')
            found = re.match(r'网页服务已启动：http://127.0.0.1:(\d+)', line)
            self.port = found and int(found.group(1))

    def end(self, how=signal.SIGTERM):
        self.child.send_signal(how)
        self.child.wait(timeout=30)
        self.child.stdout.close()


def organiser(server):
    client = Client(server)
    client.look('/login')
    status, data = client.ask('POST', '/login', {'login': 'shiqiao', 'password': 'Yunling-05'})
    if status != 200:
        raise RuntimeError(data.decode())
    client.look('/')
    return client


def do(client, path, **fields):
    status, data = client.ask('POST', path, fields, accept='application/json, application/pdf')
    if status != 200:
        raise RuntimeError(f'{path}: {status} {json.loads(data).get("detail")}')
    return data


def set_up(client, folder, slips=SLIPS):
    """The box's address and its codes."""
    rows = client.json('/orgs?q=' + urllib.parse.quote('三岔口'))['rows']
    node = next(row['id'] for row in rows if row['code'] == '02-602')
    day = time.strftime('%Y-%m-%d', time.gmtime(time.time() + 8 * 3600))
    box = json.loads(do(client, '/ballots/new', node=node, title='测评', residents=slips, day=day,
                        opens='0:00', closes='24:00', questions='总体评价', options='好\n较好\n一般\n较差'))['location']
    do(client, box + '/keys', **PHRASES)
    do(client, box + '/test', option=1, **PAIR)
    path = os.path.join(folder, 'slips.pdf')
    with open(path, 'wb') as f:
        f.write(do(client, box + '/slips', print_class='resident', print_n=slips, address='https://h/v'))
    text = subprocess.run(['pdftotext', '-layout', path, '-'], capture_output=True, text=True, check=True).stdout
    os.unlink(path)
    codes = re.findall(r'\b[2-9A-Z]{4}(?: [2-9A-Z]{4}){6}\b', text)
    do(client, box + '/present', present_class='resident', present=slips)
    do(client, box + '/activate', act='activate-rest', **{'class': 'resident'})
    do(client, box + '/start')
    return box, [code.replace(' ', '') for code in codes]


class Voter:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection('127.0.0.1', port, timeout=20)

    def cast(self, code, nonce, option):
        body = urllib.parse.urlencode({'code': code, 'nonce': nonce, 'step': 'cast', 'a0': option})
        self.connection.request('POST', '/v', body, {'Accept': 'application/json', 'Content-Type':
                                                     'application/x-www-form-urlencoded'})
        answer = self.connection.getresponse()
        data = json.loads(answer.read())
        return answer.status, data.get('screen'), answer.getheader('Set-Cookie')


def choice(i):
    return 1 + i * 7 % 4


def nonce_of(i):
    return f'nonce-of-voter-{i:08}'


def vote_until_dead(port, mine, codes, acknowledged, strange):
    try:
        voter = Voter(port)
        for i in mine:
            status, screen, cookie = voter.cast(codes[i], nonce_of(i), choice(i))
            if (status, screen, cookie) == (200, 'done', None):
                acknowledged.append(i)
            else:
                strange.append((i, status, screen, cookie))
            time.sleep(0.01)
    except (OSError, http.client.HTTPException):
        pass


def storm(server, codes, todo):
    acknowledged, strange = [], []
    threads = [threading.Thread(target=vote_until_dead,
                                args=(server.port, todo[n::CLIENTS], codes, acknowledged, strange))
               for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    limit = time.monotonic() + 30
    while len(acknowledged) < SLIPS // 4 and time.monotonic() < limit:
        time.sleep(0.005)
    server.end(signal.SIGKILL)
    for thread in threads:
        thread.join()
    return acknowledged, strange


def files_below(*folders):
    for folder in folders:
        for path in glob.glob(os.path.join(folder or os.devnull, '**'), recursive=True):
            if os.path.isfile(path):
                yield path


def canaries(codes):
    """Every tenth code, as stored and as printed; what all nonces begin with; phrases."""
    for code in codes[::10]:
        yield code.encode()
        yield ' '.join(code[k:k + 4] for k in range(0, 28, 4)).encode()
    yield b'nonce-of-voter-'
    yield from (phrase.encode() for name, phrase in PHRASES.items() if 'phrase' in name)


def found_in(folder, more, codes):
    """The files that hold a code, nonce or phrase."""
    found = []
    for path in files_below(folder, more):
        with open(path, 'rb') as f:
            data = f.read()
        found += [path for canary in canaries(codes) if canary in data]
    return found


def open_all(path):
    with open(path, 'rb') as f:
        return f.read()


def sealed(db, *queries):
    with sqlite3.connect(f'file:{db}?mode=ro', uri=True) as connection:
        return [row[0] for query in queries for row in connection.execute(query)]


def backup(db, folder, name):
    path = os.path.join(folder, name)
    subprocess.run([PROGRAM, 'db', 'backup', '--db', db, path], check=True, capture_output=True)


def run(tap, db, folder, more):
    # pylint: disable=too-many-locals
    log = os.path.join(folder, 'server.log')
    Server(db, log, '--demo', REGISTER).end()
    server = Server(db, log)
    client = organiser(server)
    box, codes = set_up(client, folder)
    tap.check('there are as many codes as people', len(set(codes)) == SLIPS, len(codes))
    with open(f'/proc/{server.child.pid}/limits', encoding='utf-8') as f:
        core = re.search(r'Max core file size\s+(\d+)', f.read())
    tap.check('there will be no core dump', core and core.group(1) == '0', core)

    acknowledged, strange = storm(server, codes, list(range(SLIPS)))
    tap.check('it was killed in the middle of a storm', SLIPS // 4 <= len(acknowledged) < SLIPS and not strange,
              len(acknowledged), strange)
    server = Server(db, log)
    voter = Voter(server.port)
    again = [voter.cast(codes[i], nonce_of(i), choice(i))[:2] for i in acknowledged]
    other = [voter.cast(codes[i], 'another-try-' + nonce_of(i), 1)[:2] for i in acknowledged]
    tap.check('every acknowledged vote is there, and a retry is the same vote',
              set(again) == {(200, 'done')}, again)
    tap.check('none of them votes twice', set(other) == {(409, 'refused')}, other)
    rest = sorted(set(range(SLIPS)) - set(acknowledged))
    late = [voter.cast(codes[i], nonce_of(i), choice(i))[:2] for i in rest]
    tap.check('all others vote now', set(late) == {(200, 'done')}, late)
    client = organiser(server)
    tap.check('as many have voted as there are', client.json(box)['voted'] == SLIPS, client.json(box))

    backup(db, folder, 'before')
    tap.check('no code, nonce or phrase is in any file before the opening',
              not found_in(folder, more, codes), found_in(folder, more, codes))
    with open(log, encoding='utf-8') as f:
        lines = f.read()
    tap.check('the log says nothing of a vote', '/ballots/' in lines and not re.search(r' /v[/ ?]', lines),
              lines[-2000:])
    metrics = client.ask('GET', '/metrics', accept='text/plain')[1].decode()
    tap.check('nor do the metrics', '/ballots/' in metrics and 'route="/v"' not in metrics)

    # The demo county has a box of its own, in which people are voting.
    this = f'WHERE box = {int(box.rsplit("/", 1)[-1])}'
    rows = [] if more else sealed(db, f'SELECT sealed FROM ballot_vote {this} LIMIT 50',
                                  f'SELECT hash FROM ballot_slip {this} LIMIT 50')
    do(client, box + '/close')
    do(client, box + '/open', **PAIR)
    counts = client.json(box)['counts_resident'][0]
    want = [sum(choice(i) == o for i in range(SLIPS)) for o in (1, 2, 3, 4)] + [0]
    tap.check('the counts are those of the slips, each once', counts == want, counts, want)
    backup(db, folder, 'after')
    os.unlink(os.path.join(folder, 'before'))
    if not more:
        wal = os.path.getsize(db + '-wal') if os.path.exists(db + '-wal') else 0
        tap.check('the write-ahead log was emptied', wal < 100000, wal)
    tap.check('nor is any after it', not found_in(folder, more, codes), found_in(folder, more, codes))
    if not more:
        kept = sealed(db, f'SELECT count(*) FROM ballot_slip {this}',
                      f'SELECT count(*) FROM ballot_vote {this}',
                      f'SELECT count(*) FROM ballot_wrap {this}')
        tap.check('ballots, slips and keys are gone', kept == [0, 0, 0], kept)
        left = [path for path in (db, db + '-wal') if os.path.exists(path)
                for data in [open_all(path)] if any(row in data for row in rows)]
        tap.check('and the files forgot them', rows and not left, left)
    server.end()
    code = subprocess.run([PROGRAM, 'db', 'check', '--db', db], capture_output=True, check=False)
    tap.check('the database is whole', code.returncode == 0, code.stdout)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 3:
            with subprocess.Popen([sys.argv[3]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as pg:
                url = pg.stdout.readline().strip()
                host = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)['host'][0]
                run(tap, url, folder, host)
                pg.stdin.close()
        else:
            run(tap, os.path.join(folder, 'jinwei.db'), folder, None)
    tap.done()


if __name__ == '__main__':
    main()
