#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Memory that runs out, disks that are full, a kill in the middle: exit status 1
and a message, no result and no temporary file, earlier results as they were.

usage: test_refused.py JINWEI_REFUSED
"""
import os
import re
import resource
import signal
import subprocess
import sys
import tempfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))

from tap import Tap  # noqa: E402

JINWEI = os.path.abspath(sys.argv[1])
CASE = os.path.join(ROOT, 'tests', 'vectors', 'zhangji')
RESULTS = ('out.csv', 'result.xlsx', 'summary.csv')
SHOWN = 5


def is_chinese(text):
    return any('\u4e00' <= c <= '\u9fff' for c in text)


class Place:
    """A folder with the inputs beside one for the results."""

    def __init__(self, folder):
        self.inputs, self.results = os.path.join(folder, 'in'), os.path.join(folder, 'out')
        os.mkdir(self.inputs)
        os.mkdir(self.results)
        for name in ('scheme.yaml', 'orgs.csv', 'scores.csv', 'ballots.csv'):
            with open(os.path.join(CASE, name), 'rb') as file:
                data = file.read()
            if name == 'orgs.csv':      # by the precise reader and iconv
                data = data.decode().encode('gb18030')
            with open(os.path.join(self.inputs, name), 'wb') as file:
                file.write(data)

    def args(self, results=RESULTS):
        args = ['grade', '--threads', '1']
        for option, name in (('scheme', 'scheme.yaml'), ('orgs', 'orgs.csv'),
                             ('scores', 'scores.csv'), ('ballots', 'ballots.csv')):
            args += ['--' + option, os.path.join(self.inputs, name)]
        for option, name in zip(('out', 'xlsx', 'summary'), results):
            if name:
                args += ['--' + option, os.path.join(self.results, name)]
        return args

    def empty(self):
        for name in os.listdir(self.results):
            os.unlink(os.path.join(self.results, name))

    def content(self):
        out = {}
        for name in sorted(os.listdir(self.results)):
            with open(os.path.join(self.results, name), 'rb') as file:
                out[name] = file.read()
        return out


def run(args, limit=None, default_xfsz=False, **refuse):
    env = dict(os.environ, TZ='UTC0')
    env.update({'REFUSE_' + key.upper(): str(value) for key, value in refuse.items()})

    def prepare():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if default_xfsz else signal.SIG_IGN)
    done = subprocess.run([JINWEI] + args, env=env, capture_output=True, check=False,
                          timeout=600, preexec_fn=prepare, restore_signals=False)
    return done.returncode, done.stderr.decode('utf-8', 'replace')


def sheets(data, folder):
    """The parts of a workbook but its properties, which hold the time, and without
    the cursor's place: of all there is that alone may be lost unnoticed."""
    path = os.path.join(folder, 'check.xlsx')
    with open(path, 'wb') as file:
        file.write(data)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: re.sub(rb'<selection [^>]*/>', b'', archive.read(name))
                for name in archive.namelist() if not name.startswith('docProps')}


def same_results(content, normal, folder):
    return (list(content) == list(normal) and
            all(content[n] == normal[n] for n in content if not n.endswith('.xlsx')) and
            all(sheets(content[n], folder) == sheets(normal[n], folder)
                for n in content if n.endswith('.xlsx')))


def numbers(total):
    """1, 2, 3 … and then fewer and fewer up to the last."""
    n, out = 1, []
    while n <= total:
        out.append(n)
        n = max(n + 1, int(n * 1.045))
    return out + [total]


def check_memory(tap, place, folder, normal, status, total):
    """`normal`: what the results are where nothing is refused."""
    wrong, refused = [], 0
    for n in numbers(total):
        place.empty()
        found, message = run(place.args(), alloc=n)
        content = place.content()
        if found == 1 and is_chinese(message) and not content:
            refused += 1
        elif found != status or not same_results(content, normal, folder):
            wrong.append(f'request {n}: status {found}, left {list(content)}: {message[-400:]}')
    tap.check(f'of {total} requests for memory none may fail badly', not wrong, *wrong[:SHOWN])
    tap.check('most of them make it fail', refused > len(numbers(total)) / 2, refused)


def check_full_disk(tap, place, total):
    wrong = []
    steps = [0, 1, 100, 4095, total // 2, total - 1]
    old = {name: b'earlier ' + name.encode() for name in RESULTS}
    for room in steps:
        place.empty()
        for name, data in old.items():
            with open(os.path.join(place.results, name), 'wb') as file:
                file.write(data)
        found, message = run(place.args(), write=room)
        if found != 1 or '磁盘已满' not in message or place.content() != old:
            wrong.append(f'room for {room}: status {found}, {message}')
    tap.check('a full disk leaves earlier results as they were', not wrong, *wrong)


def check_limits(tap, place):
    wrong = []
    for limit in (0, 1, 500, 2000, 4096, 6000):
        for default in (False, True):
            place.empty()
            found, message = run(place.args(), limit=limit, default_xfsz=default)
            if found != 1 or not is_chinese(message) or place.content():
                wrong.append(f'limit {limit}: status {found}, {list(place.content())} {message}')
    tap.check('files that may not grow leave nothing', not wrong, *wrong[:SHOWN])


def check_devices(tap, place):
    for results in ((None, None, 'summary.csv'), ('out.csv', None, None),
                    ('out.csv', 'result.xlsx', None)):
        for option in ('--out', '--xlsx', '--summary'):
            args = place.args(results)
            if option in args:
                continue
            place.empty()
            found, message = run(args + [option, '/dev/full'])
            tap.check(f'{option} /dev/full with {[r for r in results if r]}',
                      found == 1 and '磁盘已满' in message and not place.content(),
                      found, message, list(place.content()))
    place.empty()
    for bad in ('no/such/folder/x', '.'):
        found, message = run(place.args((RESULTS[0], bad, RESULTS[2])))
        tap.check(f'--xlsx {bad}', found == 1 and is_chinese(message) and not place.content(),
                  found, message, list(place.content()))


def check_kill(tap, place, folder, normal, steps):
    wrong, killed = [], 0
    old = {name: b'earlier ' + name.encode() for name in RESULTS}
    for step in range(1, steps + 1):
        place.empty()
        for name, data in old.items():
            with open(os.path.join(place.results, name), 'wb') as file:
                file.write(data)
        found, _ = run(place.args(), life=step)
        killed += found == -signal.SIGKILL
        content = place.content()
        for name in RESULTS:
            if content[name] != old[name] and \
                    not same_results({name: content[name]}, {name: normal[name]}, folder):
                wrong.append(f'step {step}: {name} is neither the old nor the new one')
    tap.check(f'killed at each of {steps} steps, every result is whole', not wrong and
              killed == steps, killed, *wrong[:SHOWN])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='jinwei-refused-') as folder:
        place = Place(folder)
        report = os.path.join(folder, 'report')
        status, message = run(place.args(), report=report)
        normal = place.content()
        tap.check('nothing refused: three results', status in (0, 3) and
                  sorted(normal) == sorted(RESULTS), status, message)
        with open(report, encoding='ascii') as file:
            requests, written, steps = map(int, file.read().split())
        tap.check('it was counted', requests > 100 and written > 1000 and steps >= 5,
                  requests, written, steps)
        check_memory(tap, place, folder, normal, status, requests)
        check_full_disk(tap, place, written)
        check_limits(tap, place)
        check_devices(tap, place)
        check_kill(tap, place, folder, normal, steps)
    tap.done()


if __name__ == '__main__':
    main()
