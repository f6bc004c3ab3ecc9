#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`jinwei grade` in the hands of somebody who means harm, or is in a hurry: the
sentences of the contract about files, streams and exit statuses, one by one.

usage: test_grade.py JINWEI
"""
import os
import pty
import signal
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))

from tap import Tap  # noqa: E402

JINWEI = os.path.abspath(sys.argv[1])
CASE = os.path.join(ROOT, 'tests', 'vectors', 'zhangji')
NAMES = ('orgs', 'scores', 'ballots')


def read(path):
    with open(path, 'rb') as file:
        return file.read()


class Bench:
    """Inputs as bytes, written anew for each run."""

    def __init__(self, folder):
        self.folder = folder
        self.good = {name: read(os.path.join(CASE, name + '.csv')) for name in NAMES}
        self.expected = read(os.path.join(CASE, 'expected.csv'))

    def path(self, name):
        return os.path.join(self.folder, name)

    def args(self, *more, **inputs):
        args = [JINWEI, 'grade', '--scheme', os.path.join(CASE, 'scheme.yaml')]
        for name in NAMES:
            data = inputs.get(name, self.good[name])
            if isinstance(data, bytes):
                with open(self.path(name + '.csv'), 'wb') as file:
                    file.write(data)
                data = self.path(name + '.csv')
            args += ['--' + name, data]
        return args + list(more)

    def run(self, *more, stdin=b'', **inputs):
        done = subprocess.run(self.args(*more, **inputs), input=stdin, capture_output=True,
                              check=False, timeout=600)
        done.said = done.stderr.decode('utf-8', 'replace')
        return done


def check_dress(tap, bench):
    def turned(data):
        """Columns from last to first; no cell of these has a comma."""
        return b''.join(b','.join(reversed(line.split(b','))) + b'\n' for line in data.splitlines())
    good = bench.good
    dresses = {
        'as they are': {},
        'BOM, CRLF': {n: b'\xef\xbb\xbf' + good[n].replace(b'\n', b'\r\n') for n in NAMES},
        'GB18030, CRLF': {n: good[n].decode().encode('gb18030').replace(b'\n', b'\r\n') for n in NAMES},
        'each another': {'orgs': good['orgs'].decode().encode('gb18030'),
                         'scores': b'\xef\xbb\xbf' + good['scores'],
                         'ballots': good['ballots'].replace(b'\n', b'\r\n')},
        'UTF-16 of a spreadsheet': {'orgs': good['orgs'].decode().replace(',', '\t').encode('utf-16')},
        'columns turned round': {n: turned(good[n]) for n in ('scores', 'ballots')},
        'no last line end': {n: good[n].rstrip(b'\n') for n in NAMES},
        'blank lines everywhere': {n: good[n].replace(b'\n', b'\n\n')
                                   for n in NAMES},
        'line ends of an old Mac': {n: good[n].replace(b'\n', b'\r') for n in NAMES},
    }
    for name, inputs in dresses.items():
        done = bench.run(**inputs)
        tap.check(f'{name}: the same result', done.stdout == bench.expected and done.returncode == 3,
                  done.returncode, done.said[:400])
    for name in NAMES:
        done = bench.run(**{name: '-'}, stdin=bench.good[name])
        tap.check(f'--{name} -', done.stdout == bench.expected, done.said[:400])
        read_end, write_end = os.pipe()
        data = bench.good[name]
        if len(data) <= 60000:
            os.write(write_end, data)
        os.close(write_end)
        piped = subprocess.run(bench.args(**{name: f'/dev/fd/{read_end}'}), capture_output=True,
                               check=False, pass_fds=[read_end], timeout=600)
        os.close(read_end)
        if len(data) <= 60000:
            tap.check(f'--{name} from a pipe', piped.stdout == bench.expected, piped.stderr[:300])


def check_large(tap, bench):
    """A file of several blocks is read where it lies; standard input is not."""
    rows = [b'X%06d,%s,"\xe6\x9d\x91\xef\xbc\x8c""%d""",unit,village,20,30\n' % (i, b'' if i % 3 else b' ', i)
            if i % 1000 == 7 else
            b'X%06d,, \xe7\xac\xac%d\xe6\x9d\x91\xe5\x85\x9a\xe6\x94\xaf\xe9\x83\xa8,unit,village,%d,30\n' % (i, i, i % 40)
            for i in range(24000)]
    large = bench.good['orgs'] + b''.join(rows)
    tap.check('the file is large', len(large) > 1 << 20)
    streamed = bench.run(orgs='-', stdin=large)
    tap.check('a large register by standard input', streamed.stdout.count(b'\n') > 24000 and
              streamed.stdout.startswith(bench.expected.split(b'\n')[0]), streamed.said[:400])
    tap.check('names are as they were', '第20001村党支部'.encode() in streamed.stdout and
              '"村，""7"""'.encode() in streamed.stdout)
    for threads in ('1', '2', '3'):
        done = bench.run('--threads', threads, orgs=large)
        tap.check(f'and as a file, {threads} threads', done.stdout == streamed.stdout, done.said[:400])
    turned = b''.join(b','.join([c[2], c[0], c[1]] + c[3:]) + b'\n' for c in
                      (line.split(b',') for line in large.splitlines() if b'"' not in line))
    done, plain = bench.run(orgs=turned), bench.run(orgs='-', stdin=turned)
    tap.check('with the name in front', done.stdout == plain.stdout and done.stdout.count(b'\n') > 23000,
              done.said[:400])


def check_lost(tap, bench):
    """A register that is cut off while scores are still awaited."""
    rows = b''.join(b'X%06d,,%s,unit,village,20,30\n' % (i, '某村党支部'.encode()) for i in range(24000))
    os.mkfifo(bench.path('late'))
    args = bench.args('--out', bench.path('never.csv'), orgs=bench.good['orgs'] + rows,
                      scores=bench.path('late'))
    with subprocess.Popen(args, stderr=subprocess.PIPE) as done:
        with open(bench.path('late'), 'wb') as file:    # opens once the register is read
            os.truncate(bench.path('orgs.csv'), 0)
            file.write(bench.good['scores'])
        said = done.stderr.read().decode()
    tap.check('a file that becomes shorter: status 1 and why', done.returncode == 1 and
              '变短' in said and not os.path.exists(bench.path('never.csv')), done.returncode, said[:400])


def check_statuses(tap, bench):
    done = bench.run(orgs='-', scores='-')
    tap.check('standard input twice', done.returncode == 2 and '标准输入' in done.said, done.said)
    done = bench.run('--out', '-', '--summary', '-')
    tap.check('standard output twice', done.returncode == 2 and '标准输出' in done.said, done.said)
    done = bench.run(scores=b'')
    tap.check('an empty file', done.returncode == 2 and 'scores.csv' in done.said, done.said)
    done = bench.run(orgs=bench.path('none'))
    tap.check('no such file', done.returncode == 2 and '不存在' in done.said, done.said)
    done = bench.run(orgs=bench.folder)
    tap.check('a folder', done.returncode == 2 and '文件夹' in done.said, done.said)
    for args in (['--treads', '1'], ['--threads', '0'], ['--threads', '65'], ['--threads', 'x'],
                 ['--out'], ['--out', 'a', '--out', 'b'], ['extra']):
        done = bench.run(*args)
        tap.check(f'usage: {args}', done.returncode == 2 and not done.stdout and done.said, done.said)
    done = subprocess.run([JINWEI, 'grade', '--scheme', 'nowhere', '--orgs', 'x', '--scores', 'x',
                           '--ballots', 'x'], capture_output=True, check=False)
    tap.check('no such scheme', done.returncode == 2 and b'nowhere' in done.stderr, done.stderr)
    # Only those that are graded: the rest of the tree stays.
    lines = bench.expected.decode().splitlines()
    left_out = {line.split(',')[0] for line in lines[1:] if not line.endswith(',graded')}
    some = {n: b''.join(l for l in bench.good[n].splitlines(True)
                        if l.split(b',')[0].decode() not in left_out) for n in NAMES}
    done = bench.run(**some)
    tap.check('all are graded: status 0 and silence', done.returncode == 0 and not done.stderr and
              done.stdout.count(b',graded\n') == len(lines) - 1 - len(left_out), done.returncode, done.said)


def check_errors(tap, bench):
    spoilt = {n: bench.good[n] + b''.join(b'NO%d%s\n' % (i, b',x' * bench.good[n].split(b'\n')[0].count(b','))
                                         for i in range(40)) for n in NAMES}
    done = bench.run('--out', bench.path('never.csv'), **spoilt)
    told = [l for l in done.said.splitlines() if '.csv' in l]
    total = done.said.splitlines()[-1]
    tap.check('50 errors of all three files, and how many there are', done.returncode == 2 and
              len(told) == 50 and any(str(n) in total for n in range(120, 500)), len(told), total)
    tap.check('nothing was written', not os.path.exists(bench.path('never.csv')))
    one_each = {n: bench.good[n] + b'NO' + b',x' * bench.good[n].split(b'\n')[0].count(b',') + b'\n'
                for n in NAMES}
    del one_each['orgs']
    done = bench.run(**one_each)
    tap.check('both files are told of', 'scores.csv' in done.said and 'ballots.csv' in done.said, done.said)
    head, rest = bench.good['ballots'].split(b'\n', 1)
    extra = head + ',书记'.encode() + b'\n' + rest.replace(b'\n', b',x\n')
    done = bench.run(ballots=extra)
    tap.check('an unknown column is ignored with a warning', done.returncode == 3 and
              done.stdout == bench.expected and '书记' in done.said and 'ballots.csv' in done.said, done.said)
    long_rater = bench.good['scores'].replace(b'\n', b'\n', 1).splitlines(True)
    at = long_rater[0].strip().split(b',').index(b'rater')
    cells = long_rater[1].split(b',')
    for name, length, status in (('as long as may be', 512, 3), ('too long', 513, 2)):
        cells[at] = b'r' * length
        data = long_rater[0] + b','.join(cells) + b''.join(long_rater[2:])
        for how, tail in (('fast', b''), ('precise', b'\n""\n')):
            done = bench.run(scores=data + tail)
            tap.check(f'a rater {name}, {how}', done.returncode == status, done.said[:300])


SMALL = """id: small
title: 试
source: 试
categories:
  - {id: village, label: 村, fields: [village]}
  - {id: other, label: 其他, fields: [agency]}
indicators:
  - {id: leader, label: 带头人, max: 60, max_by_category: {other: 100}}
  - {id: ideas, label: 思路, max: 40, max_by_category: {other: 0}}
sources:
  - {id: committee, label: 党委, weight: 100%, by: indicators}
ballot:
  options:
    - {id: good, label: 好, points: 100}
  turnout:
    - {voters: [resident, member], at_least: 100%}
    - {voters: [member, resident], at_least: 90%}
grades:
  - {id: good, label: 好}
"""


def check_small(tap, bench):
    orgs = b'code,parent,name,level,field,members,residents\nT,,t,township,,0,0\nA,T,a,unit,agency,2,2\n'
    rest = {'scores': b'org,source,rater,indicator,points\nA,committee,,leader,90\n',
            'ballots': b'org,voters,option,count\nA,member,good,1\n'}

    def run(graded, register):
        with open(bench.path('small.yaml'), 'w', encoding='utf-8') as file:
            file.write(SMALL + f'graded: {graded}\n')
        args = bench.args(orgs=register, **rest)
        args[args.index('--scheme') + 1] = bench.path('small.yaml')
        done = subprocess.run(args, capture_output=True, check=False, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    status, out, said = run('unit', orgs)
    tap.check('a failed rule names its voters as the scheme does', status == 3 and
              out.endswith(',"turnout:resident+member,member+resident"\n'), status, out, said)
    for title, graded, register in (
            ('a wrong field', 'unit', orgs.replace(b'agency', b'farm')),
            ('a wrong level', 'unit', orgs.replace(b'unit', b'hamlet')),
            ('a wrong level of those graded', 'township',
             orgs.replace(b'T,,t,township', b'T,,t,city').replace(b'unit', b'hamlet')),
            ('a wrong level above', 'unit',
             orgs.replace(b'township', b'town').replace(b'A,T,', b'C,T,c,county,,0,0\nA,C,'))):
        status, out, said = run(graded, register)
        tap.check(title + ' is one error, no others follow from it', status == 2 and not out and
                  said.count('.csv') == 1 and 'orgs.csv' in said and '共 1 处' in said, status, said)


def check_paths(tap, bench):
    bench.args()
    for name in NAMES:
        for option in ('--out', '--xlsx', '--summary'):
            done = bench.run(option, bench.path('./' + name + '.csv'))
            tap.check(f'{option} over --{name} is refused', done.returncode == 2 and
                      read(bench.path(name + '.csv')) == bench.good[name] and name in done.said, done.said)
    os.symlink(bench.path('orgs.csv'), bench.path('link'))
    done = bench.run('--out', bench.path('link'))
    tap.check('also by a link', done.returncode == 2 and
              read(bench.path('orgs.csv')) == bench.good['orgs'], done.said)
    os.symlink(bench.path('led-to.csv'), bench.path('leads'))
    with open(bench.path('led-to.csv'), 'wb'):
        pass
    done = bench.run('--out', bench.path('leads'))
    tap.check('a link stays and what it leads to is replaced', os.path.islink(bench.path('leads')) and
              read(bench.path('led-to.csv')), done.said)
    for first, second in ((['--out', 'same'], ['--summary', 'same']), (['--xlsx', 'same'], ['--out', 'same'])):
        done = subprocess.run(bench.args(*first, *second), cwd=bench.folder, capture_output=True, check=False)
        tap.check('two results in one file are refused', done.returncode == 2 and
                  not os.path.exists(bench.path('same')))
    done = bench.run('--out', '/dev/null', '--summary', '/dev/null')
    tap.check('a device may take several', done.returncode == 3, done.said)


def check_streams(tap, bench):
    done = subprocess.Popen(bench.args('--summary', bench.path('s.csv')), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE,
                            preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
    done.stdout.close()
    said = done.stderr.read().decode()
    tap.check('a reader that goes away: status 1', done.wait() == 1 and '对方已关闭' in said, said)
    left = [n for n in os.listdir(bench.folder) if n.startswith('.') or n == 's.csv']
    tap.check('and nothing is left', not left, left)

    parent, child = pty.openpty()
    done = subprocess.run(bench.args('--out', bench.path('o.csv')), stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=child, check=False)
    os.close(child)
    shown = b''
    try:
        while True:
            block = os.read(parent, 65536)
            if not block:
                break
            shown += block
    except OSError:
        pass
    os.close(parent)
    tap.check('a bar on a terminal', b'\r' in shown.replace(b'\r\n', b'') and b'%' in shown, shown[:200])
    done = bench.run()
    tap.check('and none elsewhere', b'%' not in done.stderr and b'\r' not in done.stderr, done.said[:200])
    tap.check('standard error says how many and why', '62' in done.said and '没有定级' in done.said, done.said)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='jinwei-grade-') as folder:
        bench = Bench(folder)
        check_dress(tap, bench)
        check_large(tap, bench)
        check_lost(tap, bench)
        check_statuses(tap, bench)
        check_errors(tap, bench)
        check_small(tap, bench)
        check_paths(tap, bench)
        check_streams(tap, bench)
    tap.done()


if __name__ == '__main__':
    main()
