#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A year of every shipped scheme that grades, from survey to review, as JSON.

One server, one city; each scheme has a county of its own with two committees
(and what it grades), in which the same dozen people work. What is different from
scheme to scheme is read from its file; what must happen is the same for all: the
survey is answered, self-evaluations come in and one is sent back, every source
scores, ballots are counted twice, the meeting is refused while something is
missing and held when nothing is, one grade is adjusted, results hang, somebody
objects, results are handed in, one is returned and comes again, all is accepted
and locked, one is unlocked, five stars go to the city. Then the figures of the
campaign are taken out as files, and `jinwei grade` must say the same of them.

usage: test_campaigns.py JINWEI [SCHEME [DATABASE-SERVER-PROGRAM]]
With tests/support/serve_postgres: on PostgreSQL.
"""
import csv
import glob
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from fractions import Fraction as F

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', part) for part in ('house', 'support', 'reference')]
from office import Client, Server  # noqa: E402
from tap import Tap  # noqa: E402
from yamlish import loads  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
FIELDS = {'village': '农村', 'community': '街道社区', 'agency': '机关', 'institution': '其他事业单位',
          'soe': '国有企业', 'private': '非公有制经济组织', 'social': '社会组织',
          'university': '高等院校', 'school': '学校', 'hospital': '医疗卫生单位', 'area': '地方党委'}
# login: (role, where it is held; U: at every branch, T: at both townships, C: at the county)
PEOPLE = {'xianwei': ('officer', 'C'), 'zhen1': ('township', 'T1'), 'zhen2': ('township', 'T2'),
          'zhibu': ('clerk', 'U'), 'baocun': ('cadre', 'T'), 'diaocha': ('surveyor', 'C'),
          'danwei': ('unit', 'C'), 'hangye': ('regulator', 'C'), 'ducha': ('inspector', 'C')}
PASSWORD = 'Qing-Shan-77-ls'
YEAR = time.gmtime(time.time() + 8 * 3600).tm_year
GRADE_HEADS = {'代码': '组织代码', '上级代码': '上级代码'}


def day(offset):
    return time.strftime('%Y-%m-%d', time.gmtime(time.time() + 8 * 3600 + offset * 86400))


def sheet(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


class Scheme:
    """What the test must know of a scheme's file."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as f:
            self.raw = loads(f.read())
        self.id = self.raw['id']
        self.grades = self.raw.get('kind', 'grading') == 'grading'
        self.level = self.raw.get('graded', 'unit')
        self.categories = self.raw['categories']
        self.kind = self.raw.get('kinds', ['党支部'])[-1]
        self.steps = [step['id'] for step in self.raw.get('steps', [])]
        self.self = self.raw.get('self', {})
        self.publicity = 'publicity' in self.raw
        self.consult = self.raw.get('consult', [])
        self.local = self.raw.get('local')

    def sources(self, who):
        return [s for s in self.raw['sources'] if s.get('who', '') == who] if who != 'ballots' else \
            [s for s in self.raw['sources'] if s['by'] == 'ballots']

    def labels(self):
        return {g['id']: g['label'] for g in self.raw['grades']}


def everyone(server):
    """The city, its people, and an office for each of them."""
    office = {}
    first = Client(server)
    first.first_start(server.first, '临水市', 'LS', 'city')
    for who in ('system', 'security', 'officer'):
        office[who] = Client(server)
        office[who].sign_in(who)
    root = office['officer'].json('/')['places'][0]['node']
    for login in PEOPLE:
        fresh = office['system'].post('/accounts/new', node=root, login=login, name=login, org='LS')
        client = Client(server)
        client.sign_in_as(login, fresh['password'])
        client.look('/password')
        client.post('/password', old=fresh['password'], new=PASSWORD, new_again=PASSWORD)
        client.sign_in_as(login, PASSWORD)
        office[login] = client
        PEOPLE[login] += (fresh['id'],)
    return office, root


class Run:
    """A year of one scheme."""
    # pylint: disable=too-many-instance-attributes,too-many-public-methods

    def __init__(self, number, scheme, office, root, tap):
        self.s, self.office, self.root, self.tap = scheme, office, root, tap
        self.c = f'{number:02}'
        self.county = self.campaign = None
        self.owner, self.reference = office['xianwei'], scheme.id
        self.ids, self.names, self.members = {}, {}, {}
        self.sent = {'scores': [], 'ballots': [], 'local': []}

    def check(self, name, ok, *details):
        self.tap.check(f'{self.s.id}: {name}', ok, *details)

    # ---- the tree ----

    def tree(self):
        rows = [['代码', '上级代码', '名称', '层级', '领域', '组织类型', '党员数', '群众数'],
                [self.c, 'LS', f'{self.c} 县委', '县级', '地方党委', '党委', '', '']]
        towns = [f'{self.c}-{i}' for i in ((1, 2) if self.s.level == 'unit' else range(1, 6))]
        for i, town in enumerate(towns):
            rows.append([town, self.c, f'{town} 镇党委', '乡级', '地方党委', '党委', '', ''])
            if self.s.level != 'unit':
                continue
            fields = [c['fields'][0] for c in self.s.categories]
            fields = (fields + [fields[0]] * 8)[:max(8, len(fields))] if i == 0 else [fields[0]] * 3
            for k, field in enumerate(fields):
                rows.append([f'{town}-{k:02}', town, f'{town}-{k:02} 村支部', '基层', FIELDS[field],
                             self.s.kind, 24 + k, 60 + k])
            rows.append([f'{town}-99', town, f'{town} 机关工会', '基层', '', self.s.kind, 5, 0])
        return rows

    def build(self):
        officer = self.office['officer']
        status, data = officer.upload('/orgs/import', {'node': self.root}, 'orgs.csv', sheet(self.tree()))
        held = json.loads(data)
        self.check('its county is imported', status == 200 and not held['errors'], status, held)
        officer.post('/orgs/import/run', node=self.root, held=held['held'])
        for row in self.tree()[1:]:
            found = [r for r in officer.json(f'/orgs?q={row[0]}&size=100')['rows'] if r['code'] == row[0]]
            self.ids[row[0]] = found[0]['id']
        self.county = self.ids[self.c]
        for login, (role, where, account) in PEOPLE.items():
            for code in self.where(where):
                self.office['security'].post(f'/accounts/{account}/grant', role=role, org=code)

    def where(self, where):
        towns = [c for c in self.ids if c.count('-') == 1]
        return {'C': [self.c], 'T': towns, 'T1': towns[:1], 'T2': towns[1:],
                'U': [c for c in self.ids if c.count('-') == 2]}[where]

    def graded(self, below=None):
        depth = 2 if self.s.level == 'unit' else 1
        return [c for c in self.ids if c.count('-') == depth and not c.endswith('-99') and
                (not below or c.startswith(below))]

    def committees(self):
        """Who decides: code and the client that acts there."""
        if self.s.level != 'unit':
            return [(self.c, self.office['xianwei'])]
        return [(f'{self.c}-1', self.office['zhen1']), (f'{self.c}-2', self.office['zhen2'])]

    def at(self, code, rest):
        return f'/campaigns/{self.campaign}/orgs/{self.ids[code]}/{rest}'

    def url(self, rest):
        return f'/campaigns/{self.campaign}/{rest}'

    # ---- the year ----

    def open(self):
        answer = self.owner.post('/campaigns/new', node=self.county, scheme=self.reference, year=YEAR)
        self.campaign = int(answer['location'].split('/')[2].split('?')[0])
        board = self.owner.json(f'/campaigns/{self.campaign}?node={self.county}')
        self.check('the campaign is open with its organisations', board['year'] == YEAR and
                   (not board['steps'] or board['steps'][0]['all'] == len(self.graded())), board)
        status, why = self.owner.refused('/campaigns/new', node=self.county, scheme=self.reference,
                                                     year=YEAR)
        self.check('not a second one of the year', status == 409, status, why)

    def answer(self, question):
        return {'yes-no': 'yes', 'choice': '0', 'number': '12', 'text': '情况属实。'}[question['ask']]

    def survey(self):
        if 'survey' not in self.s.raw:
            return
        client = self.office['diaocha']
        client.post(self.url('survey/team'), node=self.county, name='第一调查组', leader='何平', members='罗群')
        for code in self.graded():
            page = client.json(self.at(code, 'survey'))
            fields = {'question': [q['question'] for q in page['answers']],
                      'answer': [self.answer(q) for q in page['answers']]}
            if 'coverage' in self.s.raw:
                cells, members = page['reached_cells'], 24 + int(code[-2:])
                # Some are heard by telephone (GY-1).
                fields['reached'] = [0] * cells
                fields['reached'][1], fields['reached'][2] = members - 2, 2
                fields['reached'][cells // 2 + 1] = 30
            client.post(self.at(code, 'survey'), **fields)
        rows = client.json(self.url(f'survey?node={self.county}&size=100'))['rows']
        self.check('the survey is done', {r['state'] for r in rows} == {'已完成'}, rows)

    def points(self, code, source, leaf, maximum):
        """Some are good and some are poor, in halves of a point."""
        place = self.graded().index(code)
        quality = (99, 98, 85, 72, 40, 99, 97, 64)[place % 8] - place // 8 - (leaf * 7 + len(source) * 3 + place) % 4
        return str(F(int(F(maximum) * quality * 2 / 100), 2).limit_denominator(2).__float__()) \
            .replace('.0', '')

    def keep(self, code, source, rater, leaf, label, value):
        self.sent['scores'].append([code, source, rater, label, value])

    def label(self, columns, leaf):
        column = next(c for c in columns if c['leaf'] == leaf)
        return column['group'] + '/' + column['label'] if column['group'] else column['label']

    def selfs(self):
        if not self.s.sources('self'):
            return
        clerk = self.office['zhibu']
        source = self.s.sources('self')[0]['id']
        for code in self.graded():
            page = clerk.json(self.at(code, 'self'))
            values = {c['leaf']: self.points(code, source, c['leaf'], c['max']) for c in page['cells']}
            fields = {'leaf': list(values), 'value': list(values.values()), 'hand_in': 1}
            if code == self.graded()[0]:
                status, _ = clerk.refused(self.at(code, 'self'), leaf=[page['cells'][0]['leaf']], value=['101'])
                self.check('a figure over the maximum is refused', status == 422, status)
            if self.s.self:
                fields.update(report='全年工作照计划完成。', sealed=1, grade=self.s.raw['grades'][1]['id'])
            clerk.post(self.at(code, 'self'), **fields)
            town = next(client for c, client in self.committees() if code.startswith(c))
            grid = town.json(self.url(f'scores?node={self.ids[code]}&source={source}'))
            for leaf, value in values.items():
                self.keep(code, source, '', leaf, self.label(grid['columns'], leaf), value)
        first = self.graded()[0]
        if self.s.self.get('confirm') == 'true':
            cadre = self.office['baocun']
            cadre.post(self.at(first, 'self/return'), reason='缺两次会议记录')
            page = clerk.json(self.at(first, 'self'))
            self.check('a self-evaluation comes back with its reason', page['reason'] == '缺两次会议记录' and
                       page['may_write'], page)
            clerk.post(self.at(first, 'self'), sealed=1, hand_in=1, report='已补。')
            for code in self.graded():
                cadre.post(self.at(code, 'self/confirm'))
        else:
            self.office['zhen1'].post(self.at(first, 'self/send-back'), reason='请核对')
            clerk.post(self.at(first, 'self'), hand_in=1, sealed=1, report='已核对。',
                       grade=self.s.raw['grades'][1]['id'])
        self.check('and once handed in it is closed', not clerk.json(self.at(first, 'self'))['may_write'])

    def local_indicators(self):
        if not self.s.local:
            return
        for code, client in self.committees():
            client.post(self.url('local'), node=self.ids[code], ident='tea', label='茶产业', points='8')
            client.post(self.url('local'), node=self.ids[code], ident='road', label='修路', points='12')
            status, why = client.refused(self.url('local'), node=self.ids[code], ident='more', label='再加一项',
                                         points='1')
            self.check('no more of its own than the scheme allows', status == 422, status, why)
            self.sent['local'] += [[code, 'tea', '茶产业', 8], [code, 'road', '修路', 12]]

    def fill(self, client, door, node, source, rater_id=None, rater=''):
        where = f'{door}?node={node}&size=50&source={source["id"]}' + (f'&rater={rater_id}' if rater_id else '')
        grid = client.json(self.url(where))
        keys, values = [], []
        for row in grid['rows']:
            for leaf, maximum in row['maxima'].items():
                value = self.points(row['code'], source['id'] + rater, int(leaf), maximum)
                keys.append(f'{row["org"]}:{leaf}:{row["cells"][leaf]}')
                values.append(value)
                label = '' if source['by'] == 'points' else self.label(grid['columns'], int(leaf))
                self.keep(row['code'], source['id'], rater, int(leaf), label, value)
        extra = {'rater': rater_id} if rater_id else {}
        for i in range(0, len(keys), 150):
            saved = client.post(self.url(door), node=node, source=source['id'], key=keys[i:i + 150],
                                value=values[i:i + 150], size=50, **extra)
            if saved.get('wrong'):
                raise RuntimeError(saved)

    def units(self, source):
        """Related units: one that scores itself, one for whom the committee types."""
        officer, client = self.office['xianwei'], self.office['danwei']
        for label, login in (('县纪委', 'danwei'), ('信访局', '')):
            officer.post(self.url('raters'), node=self.county, source=source['id'], label=label, login=login)
        raters = {r['label']: r['rater'] for r in
                  officer.json(self.url(f'raters?node={self.county}'))['raters']}
        for rater in raters.values():
            officer.post(self.url('raters/assign'), node=self.county, rater=rater, below=self.c, act='add')
        duties = client.json('/unit-scores')
        self.check('a related unit finds what it is to score', str(self.campaign) in str(duties), duties)
        self.fill(client, 'unit-scores', self.county, source, raters['县纪委'], '县纪委')
        for code, town in self.committees():
            self.fill(town, 'scores', self.ids[code], source, raters['信访局'], '信访局')
        status, _ = client.ask('GET', self.url(f'scores?node={self.county}'))
        self.check('and sees nobody else\'s figures', status == 403, status)

    def mutual(self, source):
        clerk = self.office['zhibu']
        for code in self.graded():
            grid = clerk.json(self.url(f'peer-scores?node={self.ids[code]}&size=50'))
            if any(row['code'] == code for row in grid['rows']):
                self.check('nobody scores himself', False, grid)
            self.fill(clerk, 'peer-scores', self.ids[code], source, None, code)

    def live(self, source):
        officer = self.owner
        session = officer.post(self.url('live'), node=self.county, title='述职评议会', present=3,
                               org=[self.ids[c] for c in self.graded()])['location']
        code = officer.json(session)['code']
        for phone in range(3):
            guest = Client(officer.server)
            guest.look('/l/' + code)
            # A draft that is replaced, and the sheet that counts.
            for round_ in (1, 0):
                figures = [str(99 - 9 * k - phone - round_) for k in range(len(self.graded()))]
                guest.post('/l/' + code, figure=figures)
            names = [o['name'] for o in guest.json('/l/' + code)['orgs']]
            codes = {row[2]: row[0] for row in self.tree()[1:]}
            for name, figure in zip(names, figures):
                self.keep(codes[name], source['id'], f'p{phone}', 0, '', figure)
        self.check('the hall sees how many sent theirs', officer.json(session)['received'] == 3)
        officer.post(session + '/close', present=3)

    def scores(self):
        for source in self.s.raw['sources']:
            who = source.get('who', '')
            if source['by'] == 'ballots' or who == 'self':
                continue
            if who == 'units':
                self.units(source)
            elif who == 'mutual':
                self.mutual(source)
            elif who == 'live':
                self.live(source)
            else:
                for code, client in self.committees():
                    self.fill(client, 'scores', self.ids[code], source)
        if self.s.level == 'township':
            for login in ('zhen1', 'zhibu'):
                status, _ = self.office[login].refused(
                    self.url('scores'), node=self.ids[f'{self.c}-1'], source=self.s.raw['sources'][0]['id'],
                    key=[f'{self.ids[f"{self.c}-1"]}:0:'], value=['20'])
                self.check(f'{login} does not score his own committee', status == 403, status)

    def counts(self):
        sources = self.s.sources('ballots')
        if not sources:
            return
        classes = [v for v in ('member', 'resident') if any(v in s['voters'] for s in sources)]
        options = [o['id'] for o in self.s.raw['ballot']['options']]
        for code, client in [(c, client) for town, client in self.committees() for c in self.graded(town)]:
            place, k = self.graded().index(code), int(code[-2:])
            people = {'member': 24 + k, 'resident': 60 + k}
            client.post(self.at(code, 'count/present'), present_members=people['member'] - 2,
                        present_residents=people['resident'] - 2)
            page = client.json(self.at(code, 'count'))
            figures = []
            for voters in classes:
                cast = people[voters] - 4
                row = [cast * (98, 96, 60, 40, 10, 97, 95, 30)[place % 8] // 100]
                for _ in options[1:-1]:
                    row.append((cast - sum(row)) * 6 // 10)
                row += [cast - sum(row) - 1, 1]
                figures.append(row)
                self.sent['ballots'] += [[code, voters, o, n] for o, n in zip(options + ['spoiled'], row)]
            questions = page['figures'] // (len(classes) * (len(options) + 1))
            if questions > 1:
                self.sent['ballots'] += [[code, voters, o, n] for _ in range(questions - 1)
                                         for voters, row in zip(classes, figures)
                                         for o, n in zip(options + ['spoiled'], row)]
            n = [x for row in figures for _ in range(questions) for x in row]
            client.post(self.at(code, 'count'), slot=1, counters='周建国、李秀英', n=n)
            if code == self.graded()[0]:
                client.post(self.at(code, 'count'), slot=2, counters='王强',
                            n=[n[0] - 1, n[1] + 1] + n[2:])
                self.check('two counts that differ do not count',
                           client.json(self.at(code, 'count'))['differ'] == 2 and
                           not client.json(self.at(code, 'count'))['counted'])
            client.post(self.at(code, 'count'), slot=2, counters='王强', n=n)
            page = client.json(self.at(code, 'count'))
            if not page['counted'] or not all(t['met'] for t in page['turnout']):
                self.check('the counts agree and enough took part', False, code, page)

    # ---- deciding ----

    def meeting_fields(self, code):
        return {'node': self.ids[code], 'title': '党委会议', 'day': day(0), 'number': '会〔1〕号', 'chair': '孙某',
                'recorder': '陈某', 'expected': 9, 'present': 8, 'yes': 8, 'no': 0, 'abstain': 0,
                'decision': '同意建议等次。'}

    def too_early(self):
        for code, client in self.committees():
            status, why = client.refused(self.url('meeting'), **self.meeting_fields(code))
            self.check('no meeting before the scores are in', status == 409 and
                       why.startswith('还不能开会定等次，因为还有'), status, why)
            status, why = client.refused(self.url('review/submit'), node=self.ids[code], signed='孙某')
            self.check('nothing is handed in before the meeting', status == 409 and '没有经会议定' in why,
                       status, why)

    def consult(self):
        if not self.s.consult:
            return
        client = self.office['hangye']
        asked = {c['code'] for c in [dict(zip(('code', 'parent', 'name', 'level', 'field'), row))
                                     for row in self.tree()[1:]]
                 if c['field'] in [FIELDS[f] for f in self.s.consult] and c['code'] in self.graded()}
        code, town = self.committees()[0]
        status, why = town.refused(self.url('meeting'), **self.meeting_fields(code))
        self.check('regulators are heard first', status == 409 and '行业主管意见' in why, status, why)
        owed = [o['org'] for o in client.json('/opinions')['opinions'] if o['owed']]
        self.check('the regulator finds what it is asked about', sorted(owed) ==
                   sorted(self.ids[c] for c in asked), owed)
        for org in sorted(asked):
            client.post(self.at(org, 'opinion'), regulator='县工信局党组', stance='agrees', text='', day=day(0))
        self.check('and then owes nothing more', client.json('/opinions')['owed'] == 0)

    def grade(self):
        for code, client in self.committees():
            client.post(self.url('grade'), node=self.ids[code])

    def meeting(self, code, client):
        client.post(self.url('meeting'), **self.meeting_fields(code))

    def adjust(self):
        """The committee moves the best one down a grade, and says why."""
        code, client = self.committees()[0]
        table = client.json(self.url(f'meeting?node={self.ids[code]}'))
        grades = [g['id'] for g in self.s.raw['grades']]
        row = next(r for r in table['rows'] if r['proposed'] in grades[:-2])
        to = grades.index(row['proposed']) + 1
        status, why = client.refused(self.url('meeting/adjust'), node=self.ids[code], org=row['org'], grade=to)
        self.check('an adjustment needs a reason', status == 422, status, why)
        client.post(self.url('meeting/adjust'), node=self.ids[code], org=row['org'], grade=to,
                    reason='上半年受过处分')
        self.meeting(code, client)
        if self.s.id == 'appraisal':
            years = client.json(self.url(f'rectified?node={self.ids[code]}'))['committees']
            self.check('the meeting fixes the figures of rectification (HN-7)',
                       years and all(y['fixed'] for y in years), years)
        after = next(r for r in client.json(self.url(f'meeting?node={self.ids[code]}'))['rows']
                     if r['org'] == row['org'])
        self.check('the meeting decides an adjustment', after['after'] == grades[to] and
                   after['proposed'] == row['proposed'], row, after)
        for other, town in self.committees()[1:]:
            self.meeting(other, town)

    def notice(self, code, client):
        client.post(self.url('publicity'), node=self.ids[code], scope='公开栏', office='党群办', phone='（电话）',
                    stars=1, **{'from': day(-8), 'to': day(-1)})

    def publish(self):
        if not self.s.publicity:
            return
        for code, client in self.committees():
            status, why = client.refused(self.url('review/submit'), node=self.ids[code], signed='孙某')
            self.check('nothing is handed in before it was shown', status == 409 and '没有公示' in why, status, why)
            self.notice(code, client)
        code, client = self.committees()[0]
        page = client.json(self.url(f'publicity?node={self.ids[code]}'))
        guest = Client(client.server)
        status, data = guest.ask('GET', page['publicity'][0]['address'])
        self.check('strangers read the notice', status == 200 and len(data) > 200, status, data[:200])
        # A cell is locked while it hangs.
        org = self.ids[self.graded(code)[0]]
        source = next(s for s in self.s.raw['sources'] if s.get('who') == 'committee')
        grid = client.json(self.url(f'scores?node={self.ids[code]}&source={source["id"]}&size=50'))
        row = next(r for r in grid['rows'] if r['org'] == org)
        leaf = next(iter(row['cells']))
        status, data = client.ask('POST', self.url('scores'), {
            'node': self.ids[code], 'source': source['id'], 'key': [f'{org}:{leaf}:{row["cells"][leaf]}'],
            'value': ['1']})
        self.check('what hangs can not be changed', status == 422 and
                   '已经公示' in json.loads(data)['wrong'][0]['why'], status, data)
        client.post(self.url('publicity/objections'), node=self.ids[code], about=org, day=day(-2), text='等次高了',
                    publicity=page['publicity'][0]['publicity'])
        objection = client.json(self.url(f'publicity?node={self.ids[code]}'))['objections'][0]
        status, why = client.refused(self.url('review/submit'), node=self.ids[code], signed='孙某')
        self.check('objections are answered first', status == 409 and '异议' in why, status, why)
        client.post(self.url('publicity/answer'), node=self.ids[code], objection=objection['objection'],
                    answer='属实，重新研究', reopen=1)
        self.meeting(code, client)
        self.notice(code, client)

    def figures(self, client, code, seen):
        """Dashboards and lists show what the committee has not handed in to itself alone."""
        if 'review' not in self.s.steps:
            return
        node = self.ids[code]
        board = client.json(f'/campaigns/{self.campaign}?node={node}')
        rows = client.json(self.url(f'orgs?node={node}&size=100'))['rows']
        good = [r for r in rows if r['grade'] or r['score']]
        by = client.json(self.url(f'orgs?node={node}&size=100&grade=1'))['rows']
        best = self.s.raw['grades'][0]['id']
        self.check(f'its figures are {"shown" if seen else "not shown"}', board['partial'] != seen and
                   (sum(board['grades'].values()) == len(self.graded(code)) if seen else
                    not any(board['grades'].values())) and
                   len(good) == (len(rows) if seen else 0) and
                   len(by) == (board['grades'][best] if seen else 0), board['grades'], len(good), len(by))

    def review(self):
        county = self.office['xianwei'] if self.s.level == 'unit' else self.office['officer']
        for code, client in self.committees():
            before = county.json(self.url(f'review?node={self.ids[code]}'))['orgs']
            if self.s.level == 'unit':
                self.check('the county sees no figure before it is handed in',
                           not any('grade' in o for o in before), before)
                self.figures(county, code, False)
                self.figures(client, code, True)
            client.post(self.url('review/submit'), node=self.ids[code], signed='孙某')
            after = county.json(self.url(f'review?node={self.ids[code]}'))['orgs']
            self.check('and all of them then', all('grade' in o for o in after if o['state']), after)
            if self.s.level == 'unit':
                self.figures(county, code, True)
        code, client = self.committees()[0]
        mine = [self.ids[c] for c in self.graded(code)]
        status, _ = client.refused(self.url('review/decide'), node=self.ids[code], orgs=mine[:1], accept=1)
        self.check('who handed in does not judge', status == 403, status)
        status, why = county.refused(self.url('review/decide'), node=self.ids[code], orgs=mine[:1])
        self.check('a return needs a reason', status == 422, status, why)
        county.post(self.url('review/decide'), node=self.ids[code], orgs=mine[:1], reason='汇总表没有签字')
        county.post(self.url('review/decide'), node=self.ids[code], orgs=mine[1:], accept=1)
        state = {o['org']: o for o in client.json(self.url(f'review?node={self.ids[code]}'))['orgs']}
        self.check('exactly the returned one is unlocked', state[mine[0]]['reason'] == '汇总表没有签字' and
                   [o['state_label'] for o in state.values() if o['org'] in mine] ==
                   ['退回'] + ['已通过审查'] * (len(mine) - 1), list(state.values()))
        self.meeting(code, client)
        client.post(self.url('review/submit'), node=self.ids[code], signed='孙某')
        county.post(self.url('review/decide'), node=self.ids[code], orgs=mine[:1], accept=1)
        for other, _ in self.committees()[1:]:
            county.post(self.url('review/decide'), node=self.ids[other],
                        orgs=[self.ids[c] for c in self.graded(other)], accept=1)
        source = next(s for s in self.s.raw['sources'] if s.get('who') == 'committee')
        grid = client.json(self.url(f'scores?node={self.ids[code]}&source={source["id"]}&size=50'))
        self.check('accepted data is locked', all(row['locked'] for row in grid['rows']), grid['rows'][0])
        county.post(self.at(self.graded(code)[-1], 'unlock'), reason='测评票漏计一张')
        grid = client.json(self.url(f'scores?node={self.ids[code]}&source={source["id"]}&size=50'))
        self.check('and unlocked one by one, with a reason', [row['locked'] for row in grid['rows']].count(False)
                   == 1, [row['locked'] for row in grid['rows']])
        self.meeting(code, client)
        client.post(self.url('review/submit'), node=self.ids[code], signed='孙某')
        county.post(self.url('review/decide'), node=self.ids[code], orgs=[mine[-1]], accept=1)

    def upward(self):
        """The county hands in to the city, which approves stars and refuses some."""
        if self.s.level != 'unit':
            return
        county, city = self.office['xianwei'], self.office['officer']
        five = [o for o in city.json(self.url(f'review?node={self.county}'))['orgs'] if o.get('stars') == 5]
        if 'stars' in self.s.raw:
            self.check('some have five stars', len(five) > 0, [(o['code'], o.get('grade'), o.get('stars')) for o in
                       city.json(self.url(f'review?node={self.county}'))['orgs']])
        for i, org in enumerate(five):
            path = f'/campaigns/{self.campaign}/orgs/{org["org"]}/stars'
            status, why = county.refused(path, approve=1)
            self.check('the county does not approve five stars', status == 403, status, why)
            if i == 0:
                status, why = city.refused(path)
                self.check('to refuse takes a reason', status == 422, status, why)
                city.post(path, reason='名额在全市统筹')
                told = next(o for o in county.json(self.url(f'review?node={self.county}'))['orgs']
                            if o['org'] == org['org'])
                self.check('what is refused has four, and the reason is told', told['stars'] == 4 and
                           told['approval']['reason'] == '名额在全市统筹', told)
            city.post(path, approve=1)
            told = next(o for o in county.json(self.url(f'review?node={self.county}'))['orgs']
                        if o['org'] == org['org'])
            self.check('five stars that the city approved are five', told['stars'] == 5 and
                       not told['stars_wait'] and told['approval']['approved'], told)
        sent = county.post(self.url('review/submit'), node=self.county, signed='县委书记')
        self.check('the county hands in to the city', bool(sent['location']), sent)
        orgs = [o['org'] for o in city.json(self.url(f'review?node={self.county}'))['orgs'] if o['state'] == 2]
        self.check('with all that it has', len(orgs) == len(self.graded()), len(orgs))
        city.post(self.url('review/decide'), node=self.county, orgs=orgs, accept=1)

    def improve(self):
        if self.s.level != 'unit':
            return
        code = self.graded()[-1]
        clerk = self.office['zhibu']
        clerk.post(self.at(code, 'improvement'), goal='半年内晋位', measures='补齐支委', owner='谭某', due=day(150))
        self.check('the branch writes its goal', clerk.json(self.at(code, 'improvement'))['goal'] == '半年内晋位')

    # ---- the same by the command ----

    def same(self):
        """The proposal of the campaign, and what `jinwei grade` makes of its data."""
        exported = self.office['xianwei'].ask('GET', f'/orgs/export?node={self.county}&format=csv',
                                              accept='text/csv')[1].decode('utf-8-sig')
        rows = list(csv.reader(io.StringIO(exported)))
        rows[0] = [GRADE_HEADS.get(h, h) for h in rows[0]] + ['在村在岗党员数', '在村在岗群众数']
        for row in rows[1:]:
            code = row[0]
            row[1] = '' if code == self.c else row[1]
            here = code in self.graded() and self.s.sources('ballots')
            row += [22 + int(code[-2:]), 58 + int(code[-2:])] if here else ['', '']
        with tempfile.TemporaryDirectory() as folder:
            files = {'orgs': rows, 'scores': [['组织代码', '评价主体', '评价人', '指标', '得分']] + self.sent['scores'],
                     'ballots': [['组织代码', '评议人类别', '选项', '票数']] + self.sent['ballots'],
                     'local': [['node', 'id', 'label', 'max']] + self.sent['local']}
            command = [PROGRAM, 'grade', '--scheme', self.s.id]
            for name, data in files.items():
                path = os.path.join(folder, name + '.csv')
                with open(path, 'wb') as f:
                    f.write(sheet(data))
                if name != 'local' or self.s.local:
                    command += ['--' + name, path]
            run = subprocess.run(command, capture_output=True, text=True, check=False)
        # 3: some take no part, as meant.
        self.check('the command grades the same data', run.returncode == (3 if self.s.level == 'unit' else 0), run.returncode, run.stderr[:2000])
        want = {r['code']: r for r in csv.DictReader(io.StringIO(run.stdout)) if r['status'] == 'graded'}
        got = {}
        for code, client in self.committees():
            for row in client.json(self.url(f'meeting?node={self.ids[code]}'))['rows']:
                got[row['code']] = {'score': row['score'], 'grade': row['proposed'], 'rank': str(row['rank']),
                                    'stars': '' if row['stars'] < 0 else str(row['stars'])}
        want = {c: {k: r[k] for k in ('score', 'grade', 'rank', 'stars')} for c, r in want.items()}
        self.check('and comes to the same scores, grades, ranks and stars', got == want and
                   len(want) == len(self.graded()),
                   *[f'{c}: {got.get(c)} {want.get(c)}' for c in want if got.get(c) != want[c]], len(got), len(want))
        self.check('good ones and poor ones are among them', len({r['grade'] for r in want.values()}) > 1)

    def year(self):
        self.build()
        self.open()
        self.too_early()
        self.survey()
        self.local_indicators()
        self.selfs()
        self.scores()
        self.counts()
        self.consult()
        self.grade()
        self.same()
        self.adjust()
        self.publish()
        self.review()
        self.upward()
        self.improve()
        board = self.office['xianwei'].json(f'/campaigns/{self.campaign}?node={self.county}')
        done = {s: (n['done'], n['all']) for s, n in zip(self.s.steps, board['steps'])}
        want = [s for s in ('survey', 'self', 'ballot', 'grading', 'review') if s in done and
                (s != 'survey' or 'survey' in self.s.raw)]
        self.check('the dashboard says that it is done', all(done[s][0] == done[s][1] for s in want), done)
        ended = self.office['xianwei'].refused(self.url('close'), reason='全部完成')
        self.check('and it is closed', ended[0] == 200, ended)


class CityRun(Run):
    """The city appraises its counties' secretaries, by a scheme of its own."""

    def __init__(self, counties, *args):
        super().__init__(0, *args)
        self.c, self.county, self.owner = 'LS', self.root, self.office['officer']
        self.ids = {'LS': self.root, **counties}

    def tree(self):
        return [[]] + [[c, 'LS', f'{c} 县委'] for c in self.graded()]

    def build(self):
        officer = self.owner
        page = officer.post('/schemes/new', node=self.root, name='appraisal-county', title='县级书记述职评议',
                            **{'from': 'appraisal'})['location']
        draft = officer.json(page)
        text = draft['text'].replace('graded: township', 'graded: county')
        officer.post(page, version=draft['version'], saved=draft['saved'], text=text, publish=1)
        self.reference = f'{draft["scheme"]}.{draft["version"]}'

    def graded(self, below=None):
        return [c for c in self.ids if c != 'LS']

    def committees(self):
        return [('LS', self.owner)]

    def year(self):
        self.build()
        self.open()
        self.too_early()
        self.scores()
        self.grade()
        self.adjust()
        county = self.office['xianwei']
        for path, fields in ((self.url('meeting'), self.meeting_fields(self.graded()[0])),
                             (self.at(self.graded()[0], 'unlock'), {'reason': '改一改'}),
                             (self.url('scores'), {'node': self.ids[self.graded()[0]], 'source': 'comment',
                                                   'key': [f'{self.ids[self.graded()[0]]}:0:'],
                                                   'value': ['100']})):
            status, why = county.refused(path, **fields)
            self.check(f'a county has no say over its own secretary: {path.rsplit("/", 1)[1]}', status == 403,
                       status, why)


def main():
    if len(sys.argv) < 4:
        with tempfile.TemporaryDirectory() as folder:
            run_all(os.path.join(folder, 'jinwei.db'))
    with subprocess.Popen([sys.argv[3]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as pg:
        try:
            run_all(pg.stdout.readline().strip())
        finally:
            pg.stdin.close()


def run_all(database):
    tap = Tap()
    schemes = [s for s in (Scheme(p) for p in sorted(glob.glob(os.path.join(ROOT, 'schemes', '*.yaml'))))
               if s.grades and (len(sys.argv) < 3 or s.id == sys.argv[2])]
    server = Server(PROGRAM, database)
    try:
        office, root = everyone(server)
        counties, appraisal = {}, None
        for number, scheme in enumerate(schemes, 11):
            try:
                run = Run(number, scheme, office, root, tap)
                run.year()
                counties[run.c] = run.county
                if scheme.id == 'appraisal':
                    appraisal = scheme
            except (RuntimeError, KeyError, IndexError, StopIteration) as error:
                tap.check(f'{scheme.id}: a whole year', False, repr(error))
                if os.environ.get('TRACE'):
                    raise
        if appraisal:
            appraisal.level = 'county'
            CityRun(counties, appraisal, office, root, tap).year()
    finally:
        server.end()
    tap.done()


if __name__ == '__main__':
    main()
