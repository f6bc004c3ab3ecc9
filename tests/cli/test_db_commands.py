#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The db, org and audit commands as a clerk uses them, on both engines.

Usage: test_db_commands.py PROGRAM BUILD
"""
import os
import sqlite3
import subprocess
import sys
import tempfile

PROGRAM, BUILD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
ORGS = """组织代码,上级代码,名称,层级,党员数
07-101,4301-07,龙泉社区党总支,基层,86
4301-07,4301,龙泉镇,乡镇,
43,,临江市,市级,
4301,43,云岭县,县级,
"""
points = []


def run(*words):
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def check(name, good, shown=''):
    points.append(good)
    print(f"{'ok' if good else 'not ok'} {len(points)} - {name}")
    if not good:
        print('\n'.join('# ' + line for line in str(shown).splitlines()))


def engine(kind, url, other_url, folder):
    """Everything on one engine; `other_url` is an empty database of the other."""
    sheet, backup = os.path.join(folder, 'orgs.csv'), os.path.join(folder, kind + '.jwb')
    with open(sheet, 'w', encoding='utf-8') as f:
        f.write(ORGS)
    got = run('db', 'migrate', '--db', url)
    check(f'{kind}: a new database is made', got[0] == 0, got)
    got = run('org', 'import', sheet, '--db', url, '--dry-run')
    check(f'{kind}: a dry run tells what it would add', got[0] == 0 and '新增 4' in got[1], got)
    got = run('org', 'import', sheet, '--db', url)
    check(f'{kind}: the import adds', got[0] == 0 and '新增 4' in got[1], got)
    with open(sheet, 'a', encoding='utf-8') as f:
        f.write('07-102,4301-07,坏的,基层,很多\n')
    got = run('org', 'import', sheet, '--db', url)
    check(f'{kind}: a bad row is named and nothing is written',
          got[0] == 2 and '第 6 行：党员数“很多”' in got[2], got)
    got = run('db', 'check', '--db', url)
    check(f'{kind}: the check finds all in order', got[0] == 0 and '完好' in got[1], got)

    got = run('db', 'backup', backup, '--db', url)
    check(f'{kind}: a backup is written and read back', got[0] == 0 and '已读回核对' in got[1], got)
    got = run('db', 'backup', backup, '--db', url)
    check(f'{kind}: a backup that is there is not overwritten unasked',
          got[0] == 2 and '--replace' in got[2], got)
    got = run('db', 'backup', backup, '--db', url, '--replace')
    check(f'{kind}: asked, it is', got[0] == 0, got)
    with subprocess.Popen([PROGRAM, 'serve', '--db', url, '--listen', '127.0.0.1:0'],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        while '已启动' not in server.stdout.readline():
            pass
        got = run('db', 'restore', backup, '--db', url, '--replace')
        check(f'{kind}: nothing is restored under a running server',
              got[0] != 0 and '先停止服务' in got[2], got)
        got = run('db', 'move', '--db', url, '--to', other_url)
        check(f'{kind}: nor moved', got[0] != 0 and '先停止服务' in got[2], got)
        got = run('db', 'backup', backup, '--db', url, '--replace')
        check(f'{kind}: but backed up', got[0] == 0, got)
        server.terminate()
    got = run('db', 'restore', backup, '--db', url)
    check(f'{kind}: what is there is not overwritten unasked', got[0] == 2 and '--replace' in got[2],
          got)
    got = run('db', 'restore', backup, '--db', url, '--replace')
    check(f'{kind}: asked, it is, and kept beside the backup',
          got[0] == 0 and any('.restore-' in n for n in os.listdir(folder)), got)
    got = run('org', 'import', sheet.replace('orgs', 'again'), '--db', url)
    check(f'{kind}: a missing sheet is an error', got[0] == 1, got)

    got = run('db', 'backup', folder, '--db', url)
    check(f'{kind}: a folder is no file name', got[0] == 2 and '是文件夹' in got[2], got)
    got = run('db', 'backup', os.path.join(folder, 'usb', 'x.jwb'), '--db', url)
    check(f'{kind}: a folder that is not there is named so', got[0] == 1 and '文件夹不存在' in got[2], got)
    got = run('db', 'move', '--db', url, '--to', url)
    check(f'{kind}: nothing is moved to where it is', got[0] == 2 and '同一个' in got[2], got)

    broken = backup + '.broken'
    with open(backup, 'rb') as f, open(broken, 'wb') as g:
        data = bytearray(f.read())
        data[len(data) // 2] ^= 1
        g.write(data)
    got = run('db', 'restore', broken, '--db', url, '--replace')
    check(f'{kind}: an altered backup is refused', got[0] == 2 and '被改动' in got[2], got)

    recover = ('account', 'recover', '--db', url, '--name', '孙五', '--role')
    got = run(*recover, '安全管理员', 'anquan2')
    check(f'{kind}: a missing administrator is made, with a password',
          got[0] == 0 and '初始密码（只显示这一次' in got[1], got)
    got = run(*recover, 'security', 'anquan3')
    check(f'{kind}: above a county two of those who give roles', got[0] == 0, got)
    got = run(*recover, '安全管理员', 'anquan4')
    check(f'{kind}: but not a third', got[0] == 2 and '已有 2 名安全管理员' in got[2], got)
    got = run(*recover, '安全管理员', '--instead', 'anquan2', 'anquan4')
    check(f'{kind}: unless another goes', got[0] == 0 and '已停用：anquan2' in got[1], got)
    got = run(*recover, '组织部', 'zuzhi')
    check(f'{kind}: nobody else is made so', got[0] == 2 and '审计员' in got[2], got)

    got = run('audit', 'verify', '--db', url)
    head = got[1].strip().splitlines()[-1]
    check(f'{kind}: the log is good and its head is printed', got[0] == 0 and head.startswith('0:'),
          got)
    got = run('db', 'move', '--db', url, '--to', other_url)
    check(f'{kind}: a move to the other engine is proved table by table',
          got[0] == 0 and '内容一致' in got[1], got)
    got = run('audit', 'verify', head, '--db', other_url)
    check(f'{kind}: there the log is good, too, and lies on the kept head', got[0] == 0, got)
    wrong = head[:-1] + ('0' if head[-1] != '0' else '1')
    got = run('audit', 'verify', wrong, '--db', other_url)
    check(f'{kind}: another head is not on it', got[0] == 1 and '重写' in got[1], got)
    got = run('db', 'move', '--db', url, '--to', other_url)
    check(f'{kind}: a move into a full database is refused', got[0] == 2 and '请换一个空的' in got[2], got)


def main():
    with tempfile.TemporaryDirectory() as folder, \
            subprocess.Popen([os.path.join(BUILD, 'tests/support/serve_postgres')],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        url, another = (server.stdout.readline().strip() for _ in range(2))
        os.makedirs(os.path.join(folder, 'a'))
        os.makedirs(os.path.join(folder, 'b'))
        first = os.path.join(folder, 'first.db')
        engine('SQLite', first, url, os.path.join(folder, 'a'))
        engine('PostgreSQL', another, os.path.join(folder, 'third.db'), os.path.join(folder, 'b'))
        got = run('db', 'migrate', '--db', url)
        check('PostgreSQL: is up to date after the move', '已是最新' in got[1], got)
        second = os.path.join(folder, 'second.db')
        got = run('db', 'move', '--db', url, '--to', second)
        check('PostgreSQL: moves into SQLite', got[0] == 0 and '内容一致' in got[1], got)
        got = run('db', 'check', '--db', second)
        check('the moved file is in order', got[0] == 0, got)

        with sqlite3.connect(second) as db:
            db.execute("UPDATE audit SET who = 'x' WHERE region = 1 AND seq = 2")
        db.close()
        got = run('audit', 'verify', '--db', second)
        check('an entry altered by hand is found', got[0] == 1 and '第 2 条被改动' in got[1], got)
        with sqlite3.connect(second) as db:
            db.execute('UPDATE org SET parent = 99 WHERE code = ?', ('07-101',))
        db.close()
        got = run('db', 'check', '--db', second)
        check('a parent that is not there is found', got[0] == 1 and '上级不存在' in got[2], got)
        got = run('db', 'check', '--db', os.path.join(folder, 'nothing.db'))
        check('a database that is not there is not made',
              got[0] != 0 and not os.path.exists(os.path.join(folder, 'nothing.db')), got)
        got = run('db', 'check', '--db', os.path.join(folder, 'a', 'orgs.csv'))
        check('what is no database is not called a broken one', '不是数据库' in got[2] and '(' not in got[2], got)
        got = run('db', 'migrate', '--db', folder)
        check('nor is a folder', '这是一个文件夹' in got[2], got)
        server.stdin.close()
        server.wait()
    print(f'1..{len(points)}')
    return 0 if all(points) else 1


sys.exit(main())
