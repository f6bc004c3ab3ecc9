#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A ballot under fire and under a magnifying glass, over HTTP.

10,000 slips and 64 clients at once, some of whom cast the same slip twice at the
same moment. The server is killed with SIGKILL at random times in the storm, and
restarted: every acknowledged vote is there once, none twice; voided slips vote
never. Then codes, nonces, pass phrases and opened answers are looked for in
everything the server leaves: database, write-ahead log, its own log, a backup,
its memory and a core dump of it; before the box is opened and after.

usage: test_ballot.py JINWEI REGISTER [DATABASE-SERVER-PROGRAM]
With tests/support/serve_postgres: on PostgreSQL, whose files are looked at, too.
"""
import glob
import http.client
import json
import mmap
import os
import random
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
SLIPS, CLIENTS, SPARE, KILLS = 10000, 64, 100, 3
MIDNIGHT_S = 600
SIGNS = b'23456789ACDEFGHJKMNPQRTVWXY'
PIECE = 1 << 20                 # bytes looked at in one go
PLAIN = b'JWB1'                 # how an answered ballot begins before it is sealed
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
        self.child.wait(timeout=600)
        self.child.stdout.close()


def organiser(server):
    client = Client(server)
    client.connection.timeout = 600
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


def set_up(client, folder, slips, spare=0):
    """The box's address, its codes, and those of the spares, which are void."""
    rows = client.json('/orgs?q=' + urllib.parse.quote('三岔口'))['rows']
    node = next(row['id'] for row in rows if row['code'] == '02-602')
    day = time.strftime('%Y-%m-%d', time.gmtime(time.time() + 8 * 3600))
    box = json.loads(do(client, '/ballots/new', node=node, title='测评', residents=slips, day=day,
                        opens='0:00', closes='24:00', questions='总体评价', options='好\n较好\n一般\n较差'))['location']
    do(client, box + '/keys', **PHRASES)
    do(client, box + '/test', option=1, **PAIR)
    path = os.path.join(folder, 'slips.pdf')
    with open(path, 'wb') as f:
        f.write(do(client, box + '/slips', print_class='resident', print_n=slips + spare, address='https://h/v'))
    text = subprocess.run(['pdftotext', '-layout', path, '-'], capture_output=True, text=True, check=True).stdout
    os.unlink(path)
    client.connection.close()   # reading took as long as it took; the next request dials again
    codes = [code.replace(' ', '') for code in re.findall(r'\b[2-9A-Z]{4}(?: [2-9A-Z]{4}){6}\b', text)]
    if spare:
        do(client, box + '/activate', act='void', codes='\n'.join(codes[slips:]), **{'class': 'resident'})
    do(client, box + '/present', present_class='resident', present=slips)
    do(client, box + '/activate', act='activate-rest', **{'class': 'resident'})
    do(client, box + '/start')
    return box, codes[:slips], codes[slips:]


class Voter:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection('127.0.0.1', port, timeout=600)

    def confirm(self, code, nonce, option):
        body = urllib.parse.urlencode({'code': code, 'nonce': nonce, 'step': 'cast', 'a0': option})
        self.connection.request('POST', '/v', body, {'Accept': 'application/json', 'Content-Type':
                                                     'application/x-www-form-urlencoded'})

    def hear(self):
        answer = self.connection.getresponse()
        data = json.loads(answer.read())
        if answer.getheader('Set-Cookie'):
            raise RuntimeError('a voter got a cookie')
        if (answer.status < 400) == (answer.getheader('Content-Type') == 'application/problem+json'):
            raise RuntimeError('a problem looks like none, or the other way round')
        return answer.status, data.get('screen')

    def cast(self, code, nonce, option):
        self.confirm(code, nonce, option)
        return self.hear()


DONE, REFUSED = (200, 'done'), (409, 'refused')


def choice(i):
    return 1 + i * 7 % 4


def nonce_of(i):
    return f'nonce-of-voter-{i:08}'


def other_nonce(i):
    return 'another-try-' + nonce_of(i)


def cast_twice(voters, code, i):
    """Two phones at the same moment: with one nonce both are told it is done, with
    two nonces one of them. The nonce that won, and what is strange."""
    nonces = [nonce_of(i), nonce_of(i) if i % 20 else other_nonce(i)]
    for voter, nonce in zip(voters, nonces):
        voter.confirm(code, nonce, choice(i))
    said = [voter.hear() for voter in voters]
    want = [[DONE, DONE]] if i % 20 else [[DONE, REFUSED], [REFUSED, DONE]]
    return nonces[said.index(DONE)] if DONE in said else None, None if said in want else said


def vote_until_dead(port, mine, codes, acknowledged, strange):
    try:
        voters = [Voter(port), Voter(port)]
        for i in mine:
            if i % 10:
                said = voters[0].cast(codes[i], nonce_of(i), choice(i))
                won, odd = nonce_of(i), None if said == DONE else said
            else:
                won, odd = cast_twice(voters, codes[i], i)
            if odd:
                strange.append((i, odd))
            else:
                acknowledged[i] = won
    except (OSError, http.client.HTTPException):
        pass


def storm(server, codes, todo, kill_after):
    """Who was acknowledged, with his nonce. The server is killed once so many were;
    None: it is not."""
    acknowledged, strange = {}, []
    threads = [threading.Thread(target=vote_until_dead,
                                args=(server.port, todo[n::CLIENTS], codes, acknowledged, strange))
               for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    while kill_after and len(acknowledged) < kill_after and any(thread.is_alive() for thread in threads):
        time.sleep(0.002)
    if kill_after:
        server.end(signal.SIGKILL)
    for thread in threads:
        thread.join()
    return acknowledged, strange


def files_below(*folders):
    for folder in folders:
        if folder and os.path.isfile(folder):
            yield folder
        for path in glob.glob(os.path.join(folder or os.devnull, '**'), recursive=True):
            if os.path.isfile(path):
                yield path


def secrets(codes, box):
    """Searches bytes for codes, as stored and as printed, nonces, phrases and
    answered ballots: a function that tells what it found."""
    known = {code.encode() for code in codes}
    shape = bytes(ord('a') if sign in SIGNS else ord(' ') if sign in b' +' else 0 for sign in range(256))
    words = [b'nonce-of-voter-', PLAIN + int(box.rsplit('/', 1)[-1]).to_bytes(8, 'little')]
    words += [phrase.encode() for name, phrase in PHRASES.items() if 'phrase' in name]
    words += [urllib.parse.quote(word).encode() for word in words[2:]]

    def search(data):
        found = {word for word in words if data.find(word) >= 0}
        for at in range(0, len(data), PIECE):
            piece = data[at:at + PIECE + 64]
            if piece.count(0) == len(piece):
                continue
            shapes = piece.translate(shape)
            for form in (b'a' * 28, b' '.join([b'a' * 4] * 7)):
                place = shapes.find(form)
                while place >= 0:
                    code = piece[place:place + len(form)].replace(b' ', b'').replace(b'+', b'')
                    found |= {code} & known
                    place = shapes.find(form, place + 1)
        return sorted(found)[:3]
    return search


def found_in(search, *folders):
    """The files that hold something secret, and what."""
    found = {}
    for path in files_below(*folders):
        if os.path.getsize(path):
            with open(path, 'rb') as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as data:
                what = search(data)
            if what:
                found[path] = what
    return found


def memory_of(pid):
    """What the process has in its writable memory."""
    with open(f'/proc/{pid}/smaps', encoding='ascii', errors='replace') as f:
        text = f.read()
    parts = re.split(r'(?m)^(?=[0-9a-f]+-[0-9a-f]+ )', text)[1:]
    with open(f'/proc/{pid}/mem', 'rb', buffering=0) as memory:
        for part in parts:
            start, end = (int(word, 16) for word in re.match(r'([0-9a-f]+)-([0-9a-f]+) rw', part).groups()) \
                if re.match(r'\S+ rw', part) else (0, 0)
            rss = re.search(r'Rss:\s+(\d+)', part)
            # Shadow memory of a sanitizer holds no data of its own.
            if end > start and rss and int(rss.group(1)) and ' dd' not in part:
                for at in range(start, end, 64 << 20):
                    memory.seek(at)
                    try:
                        yield memory.read(min(end - at, (64 << 20) + 64))
                    except OSError:
                        break


def sanitized(server):
    """Whether the program has a sanitizer: it keeps what was freed, and reserves terabytes of
    addresses, so that neither its memory nor a dump tells what the product leaves behind. The
    suites cli/secret run the plain program."""
    with open(f'/proc/{server.child.pid}/status', encoding='ascii') as f:
        return int(re.search(r'VmSize:\s+(\d+)', f.read()).group(1)) > 1 << 30


def left_in_memory(tap, server, search, when):
    if sanitized(server):
        return
    found = [what for data in memory_of(server.child.pid) for what in search(data)]
    tap.check(f'nothing secret is in the memory of the server {when}', not found, found[:5])


def left_in_core(tap, server, search, folder):
    if sanitized(server):
        return
    pid = server.child.pid
    core = os.path.join(folder, 'core')
    done = subprocess.run(['gcore', '-o', core, str(pid)], capture_output=True, text=True, check=False)
    path = f'{core}.{pid}'
    tap.check('nor in a core dump of it', os.path.exists(path) and not found_in(search, path),
              done.stdout[-300:], found_in(search, path))
    if os.path.exists(path):
        os.unlink(path)


def open_all(path):
    with open(path, 'rb') as f:
        return f.read()


def sealed(db, *queries):
    with sqlite3.connect(f'file:{db}?mode=ro', uri=True) as connection:
        return [row[0] for query in queries for row in connection.execute(query)]


def backup(db, folder, name):
    path = os.path.join(folder, name)
    subprocess.run([PROGRAM, 'db', 'backup', '--db', db, path], check=True, capture_output=True)


def storms(tap, db, log, server, codes):
    """Votes are cast until all are; the server is killed KILLS times. The last server."""
    chance = random.Random()
    acknowledged, heard = {}, []
    for _ in range(KILLS):
        todo = [i for i in range(SLIPS) if i not in acknowledged]
        chance.shuffle(todo)
        new, strange = storm(server, codes, todo, chance.randrange(300, SLIPS // 4))
        # Cast in an earlier storm, and killed before it was acknowledged: used by now.
        strange = [row for row in strange if row[0] % 20 or row[0] not in heard]
        tap.check('it was killed in the middle of a storm', 0 < len(new) < len(todo) and not strange,
                  len(new), strange[:5])
        heard += todo
        acknowledged.update(new)
        server = Server(db, log)
    tap.check('many were acknowledged before', len(acknowledged) > 300 * KILLS, len(acknowledged))
    voter = Voter(server.port)
    some = chance.sample(sorted(acknowledged), 600)
    again = [voter.cast(codes[i], acknowledged[i], choice(i)) for i in some]
    other = [voter.cast(codes[i], 'a-third-try-' + nonce_of(i), 1) for i in some]
    tap.check('every acknowledged vote is there, and a retry is the same vote', set(again) == {DONE}, again)
    tap.check('none of them votes twice', set(other) == {REFUSED}, other)
    late, strange = storm(server, codes, [i for i in range(SLIPS) if i not in acknowledged], None)
    unheard = [i for i, _ in strange if i % 20 == 0
               and DONE in (voter.cast(codes[i], nonce(i), choice(i)) for nonce in (nonce_of, other_nonce))]
    tap.check('all others vote now', len(acknowledged) + len(late) + len(unheard) == SLIPS and
              len(unheard) == len(strange), strange[:5])
    return server


def run(tap, db, folder, more):
    # pylint: disable=too-many-locals
    log = os.path.join(folder, 'server.log')
    Server(db, log, '--demo', REGISTER).end()
    server = Server(db, log)
    client = organiser(server)
    box, codes, void = set_up(client, folder, SLIPS, SPARE)
    search = secrets(codes + void, box)
    tap.check('there are as many codes as slips', len(set(codes + void)) == SLIPS + SPARE, len(codes), len(void))
    tap.check('the search finds what is there', search(b'x' + codes[7].encode()) and search(b'nonce-of-voter-1'))
    with open(f'/proc/{server.child.pid}/limits', encoding='utf-8') as f:
        core = re.search(r'Max core file size\s+(\d+)', f.read())
    tap.check('there will be no core dump', core and core.group(1) == '0', core)
    left_in_memory(tap, server, search, 'that has printed the slips')

    server = storms(tap, db, log, server, codes)
    voter = Voter(server.port)
    refused = {voter.cast(code, nonce_of(0), 1) for code in void}
    tap.check('voided slips do not vote', refused == {REFUSED}, refused)
    client = organiser(server)
    tap.check('as many have voted as there are', client.json(box)['voted'] == SLIPS, client.json(box))
    left_in_memory(tap, server, search, 'into which people voted')
    seen = sum(data.count(b'shiqiao') for data in memory_of(server.child.pid))
    tap.check('what is not secret is found in it', seen, seen)
    left_in_core(tap, server, search, folder)

    backup(db, folder, 'before')
    found = found_in(search, folder, more)
    tap.check('no code, nonce or phrase is in any file before the opening', not found, found)
    with open(log, encoding='utf-8') as f:
        lines = f.read()
    tap.check('the log says nothing of a vote', '/ballots/' in lines and not re.search(r' /v[/ ?]', lines),
              lines[-2000:])
    client = organiser(server)      # the search took longer than a connection is kept
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
    found = found_in(search, folder, more)
    tap.check('nor is any after it', not found, found)
    left_in_memory(tap, server, search, 'that has opened the box')
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


def wait_out_midnight():
    """A box closes at the end of its day: shortly before, waits for the next."""
    left = 86400 - (time.time() + 8 * 3600) % 86400
    if left < MIDNIGHT_S:
        time.sleep(left)


def main():
    tap = Tap()
    wait_out_midnight()
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
