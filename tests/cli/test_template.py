#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`jinwei template` puts up, fills and reads back on the demo county.

usage: test_template.py JINWEI
"""
import os
import signal
import subprocess
import sys
import tempfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))
from tap import Tap  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
REGISTER = os.path.join(ROOT, 'examples', '组织名册.xlsx')
OWN = '党组织台账（演示）'


def make_demo(database):
    """A server makes the demo county and ends."""
    with subprocess.Popen([PROGRAM, 'serve', '--listen', '127.0.0.1:0', '--demo', REGISTER, '--db', database],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        while '网页服务已启动' not in server.stdout.readline():
            pass
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=600)


def change(path, part, old, new):
    """The workbook with one piece of a part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(name, data.replace(old.encode(), new.encode(), 1) if name == part else data)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        database, out = os.path.join(folder, 'jinwei.db'), os.path.join(folder, '台账.xlsx')
        make_demo(database)

        def run(*words, org='02'):
            done = subprocess.run([PROGRAM, 'template', *words, '--db', database, '--org', org], check=False,
                                  capture_output=True, text=True)
            return done.returncode, done.stdout + done.stderr
        code, said = run('list')
        tap.check('the county’s templates serve the township', code == 0 and OWN in said, said)
        code, said = run('fill', OWN, '--out', out, org='LJ-YL')
        tap.check('a template is filled', code == 0 and os.path.getsize(out) > 10000, said)
        code, said = run('read', OWN, out, org='LJ-YL')
        tap.check('as it was filled there is nothing to change', code == 0 and '不对 0 处，要改 0 项' in said, said)
        # 石桥社区党支部 has 79 members in the demo county.
        part = 'xl/worksheets/jinwei2-1.xml'
        with zipfile.ZipFile(out) as archive:
            tap.check('the township has a sheet of its own', '石桥社区党支部' in archive.read(part).decode())
        change(out, part, '<v>79</v>', '<v>81</v>')
        code, said = run('read', OWN, out, org='LJ-YL')
        tap.check('what was changed is shown', code == 0 and '石桥社区党支部 的党员数：79 → 81' in said, said)
        code, said = run('read', OWN, out, '--write', org='LJ-YL')
        tap.check('and written when asked for', code == 0 and '写入 1 项' in said, said)
        code, said = run('read', OWN, out, '--write', org='LJ-YL')
        tap.check('once', code == 0 and '写入 0 项' in said, said)
        change(out, part, '<v>81</v>', '<v>-3</v>')
        code, said = run('read', OWN, out, '--write', org='LJ-YL')
        tap.check('what is wrong writes nothing and says where', code == 2 and '错 中共石桥镇委员会!E3' in said, said)
        code, said = run('add', REGISTER, '--name', '名册')
        tap.check('a workbook without placeholders is no template', code == 2 and '没有找到占位符' in said, said)
        code, said = run('fill', '没有的', '--out', out)
        tap.check('an unknown name is said', code == 2 and '没有叫“没有的”的模板' in said, said)
        # In the county two townships have villages of one name.
        for org, forms in (('02', 'f1 f2 f3 f4 f5 f7 f8 f14 f15 f18'), ('LJ-YL', 'f3 f4 f7 f8 f14 f15 f18')):
            for form in forms.split():
                path = os.path.join(folder, form + '.xlsx')
                subprocess.run([PROGRAM, 'form', form, '--db', database, '--org', org, '--out', path], check=True,
                               capture_output=True)
                code, said = run('read', form, path, org=org)
                tap.check(f'{form} of {org} comes back as it went out', code == 0 and '不对 0 处，要改 0 项' in said,
                          said)
    tap.done()


main()
