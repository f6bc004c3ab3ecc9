# SPDX-License-Identifier: Apache-2.0
"""A county with more organisations than a list holds: what was asked of the branches is listed
by township, with sums that add up and lead down to them. usage: test_large.py JINWEI"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, 'tests/support')
sys.path.insert(0, 'tests/house')
import office  # noqa: E402  pylint: disable=wrong-import-position
from tap import Tap  # noqa: E402  pylint: disable=wrong-import-position

TOWNS, BRANCHES = 11, 280       # more than LISTED_WHOLE (app/listed.h)
LISTS = ('counts', 'selfs', 'survey')


def write_sheet(path):
    with open(path, 'w', encoding='utf-8') as f:
        f.write('组织代码,上级代码,名称,层级,领域,党员数\n')
        for town in range(TOWNS):
            f.write(f'T{town:02},{office.COUNTY},第{town}镇党委,乡级,,\n')
            f.writelines(f'T{town:02}-{i:03},T{town:02},第{town}镇{i}村党支部,基层,农村,{i % 40 + 3}\n'
                         for i in range(BRANCHES))


def walk(tap, client):
    county = client.json('/orgs')['node']
    client.post('/campaigns/new', node=county, scheme='zhangji-town')
    base = f"/campaigns/{client.json('/campaigns')['rows'][0]['id']}"
    for name in LISTS:
        rows = client.json(f'{base}/{name}?node={county}')['rows']
        tap.check(f'{name}: a row a township', [r['orgs'] for r in rows] == [BRANCHES] * TOWNS, rows[:2])
        status, page = client.look(f'{base}/{name}?node={county}')
        text = re.sub(r'<[^>]+>', '', page)
        tap.check(f'{name}: the page says that it lists units, and sums them', status == 200 and
                  f'{TOWNS * BRANCHES:,} 个党组织；太多，先列下级单位' in text and
                  page.count(f'>{TOWNS * BRANCHES:,}<') >= 2, text[:600])
        answer = client.json(rows[3]['href'])
        below = answer['rows']
        tap.check(f'{name}: a township lists its branches', answer['total'] == BRANCHES and
                  below[0]['code'] == 'T03-000', below[:1])
    branch = below[0]['href'].rpartition('/')[0]
    asked = next(a for a in client.json(f'{branch}/survey')['answers'] if a['ask'] == 'yes-no')
    client.post(f'{branch}/survey', question=asked['question'], answer='yes')
    rows = client.json(f'{base}/survey?node={county}')['rows']
    tap.check('what one has begun is counted in its township only',
              [(r['new'], r['begun']) for r in rows] ==
              [(BRANCHES - (i == 3), int(i == 3)) for i in range(TOWNS)], rows[3])
    page = client.look(f'{base}/survey?node={county}&sort0=-5')[1]
    tap.check('and the page can be sorted by it', re.findall(r'>(T\d\d)<', page)[0] == 'T03', page)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        db, sheet = os.path.join(folder, 'jinwei.db'), os.path.join(folder, 'orgs.csv')
        server = office.Server(sys.argv[1], db)
        office.Client(server).first_start(server.first)
        server.end()
        write_sheet(sheet)
        subprocess.run([sys.argv[1], 'org', 'import', sheet, '--db', db], check=True, stdout=subprocess.DEVNULL)
        server = office.Server(sys.argv[1], db)
        try:
            client = office.Client(server)
            client.sign_in('officer')
            walk(tap, client)
        finally:
            server.end()
    tap.done()


main()
