#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Boxes of a campaign from the first click to the score, as JSON.

In the made-up county a township sets up a box for a village out of the campaign,
counters set phrases, slips are printed and activated, people vote by phone and on
paper, two phrases open the box. Then the counts are the campaign's, the step is
done by itself and the grading uses them. A second box of one meeting hears about
two villages, indicator by indicator. The county reads results, and holds nothing.

usage: test_ballot_campaign.py JINWEI REGISTER [DATABASE-SERVER-PROGRAM]
With tests/support/serve_postgres: on PostgreSQL.
"""
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', 'house'), os.path.join(ROOT, 'tests', 'support')]
from office import Client  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM, REGISTER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
PHRASES = ['月亮在白莲花般的云朵里', '二十年陈的米酒慢慢喝', 'correct horse battery']
NAMES = ['田国富', '彭秀英', '石大明']
CLASSES = {'member': 'members', 'resident': 'residents'}
DONE, BEGUN = 2, 1
DAY = time.strftime('%Y-%m-%d', time.gmtime(time.time() + 8 * 3600))


class Server:
    def __init__(self, db):
        # pylint: disable=consider-using-with
        self.child = subprocess.Popen([PROGRAM, 'serve', '--db', db, '--listen', '127.0.0.1:0', '--demo', REGISTER],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port, self.passwords = None, {}
        while not self.port:
            line = self.child.stdout.readline()
            if not line:
                raise RuntimeError('the server did not start')
            account = re.match(r'  ([a-z]+) +(\S+)', line)
            if account:
                self.passwords[account.group(1)] = account.group(2)
            found = re.match(r'网页服务已启动：http://127.0.0.1:(\d+)', line)
            self.port = found and int(found.group(1))

    def client(self, login):
        client = Client(self)
        client.connection.timeout = 300
        client.sign_in_as(login, self.passwords[login])
        return client

    def end(self):
        self.child.terminate()
        self.child.wait(timeout=60)
        self.child.stdout.close()


class Box:
    """One box, held by the township."""

    def __init__(self, client, **setup):
        self.client = client
        self.path = json.loads(self.do('/ballots/new', day=DAY, opens='0:00', closes='24:00', **setup))['location']
        self.codes = {}

    def do(self, path, **fields):
        status, data = self.client.ask('POST', path, fields, accept='application/json, application/pdf')
        if status != 200:
            raise RuntimeError(f'{path}: {status} {json.loads(data).get("detail")}')
        return data

    def act(self, doing, **fields):
        return self.do(f'{self.path}/{doing}', **fields)

    def pair(self, a, b):
        return {'a': a + 1, 'b': b + 1, 'phrase_a': PHRASES[a], 'phrase_b': PHRASES[b]}

    def prepare(self, present, folder):
        """Phrases, test ballot, slips; as many active as there are people."""
        words = {}
        for i in range(3):
            words |= {f'name{i + 1}': NAMES[i], f'new_phrase{i + 1}': PHRASES[i], f'new_again{i + 1}': PHRASES[i]}
        self.act('keys', **words)
        self.act('test', option=1, **self.pair(0, 1))
        for of, n in present.items():
            path = os.path.join(folder, 'slips.pdf')
            with open(path, 'wb') as f:
                f.write(self.act('slips', print_class=of, address='https://h/v'))
            text = subprocess.run(['pdftotext', '-layout', path, '-'], capture_output=True, text=True,
                                  check=True).stdout
            codes = [c.replace(' ', '') for c in re.findall(r'\b[2-9A-Z]{4}(?: [2-9A-Z]{4}){6}\b', text)]
            self.act('present', present_class=of, present=n)
            self.act('activate', **{'act': 'void', 'class': of, 'codes': '\n'.join(codes[n:])})
            self.act('activate', **{'act': 'activate-rest', 'class': of})
            self.codes[of] = codes[:n]
        self.act('start')

    def vote(self, of, *answers):
        fields = {'code': self.codes[of].pop(), 'nonce': 'a-nonce-of-a-phone-1', 'step': 'cast'}
        fields |= {f'a{i}': answer for i, answer in enumerate(answers)}
        phone = http.client.HTTPConnection('127.0.0.1', self.client.server.port, timeout=60)
        phone.request('POST', '/v', urllib.parse.urlencode(fields),
                      {'Accept': 'application/json', 'Content-Type': 'application/x-www-form-urlencoded'})
        answer = phone.getresponse()
        data = json.loads(answer.read())
        phone.close()
        return answer.status == 200 and data['screen'] == 'done'

    def key(self, of, counter, *counts, sheets=1):
        self.act('paper', **{'class': of, 'counter': counter + 1, 'sheets': sheets, 'n': counts})

    def open(self, a, b):
        return self.client.ask('POST', f'{self.path}/open', self.pair(a, b))

    def look(self, client=None):
        return (client or self.client).json(self.path)


class Run:
    def __init__(self, tap, server, folder):
        self.tap, self.folder = tap, folder
        self.town, self.county = server.client('shiqiao'), server.client('zuzhi')
        self.clerk, self.leader = server.client('sancha'), server.client('lingdao')
        self.node = self.town.json('/')['places'][0]['node']
        rows = self.town.json(f'/orgs?node={self.node}&size=200')['rows']
        self.campaign = self.open_campaign()
        villages = [r['id'] for r in rows if r['name'].endswith('村党支部') and not self.count(r['id'])['counted']]
        self.village, *self.others = villages[:3]

    def open_campaign(self):
        county = self.county.json('/')['places'][0]['node']
        answer = self.county.post('/campaigns/new', node=county, scheme='gaide-township', year=int(DAY[:4]) - 2)
        return int(answer['location'].split('/')[2].split('?')[0])

    def step(self, org):
        return self.town.json(f'/campaigns/{self.campaign}?node={org}')['own']['ballot']

    def count(self, org):
        return self.town.json(f'/campaigns/{self.campaign}/orgs/{org}/count')

    def village_box(self):
        check = self.tap.check
        box = Box(self.town, node=self.village, campaign=self.campaign, title='民主测评', members=6, residents=9,
                  per='overall')
        boxes = self.town.json(f'/ballots?node={self.node}&campaign={self.campaign}')['boxes']
        check('the box stands in the campaign\'s list', [b['id'] for b in boxes] == [box.look()['id']], boxes)
        status, data = self.town.ask('POST', '/ballots/new', {
            'node': self.village, 'campaign': self.campaign, 'title': '又一个', 'residents': 9, 'day': DAY,
            'opens': '0:00', 'closes': '24:00', 'per': 'overall'})
        check('a second one for the same voters is refused', status == 409 and '已经有一个票箱' in json.loads(data)['detail'], status)
        box.prepare({'member': 6, 'resident': 8}, self.folder)
        check('while it waits the step is not done', self.step(self.village) != DONE)
        n = len(box.look()['questions'])
        votes = [box.vote('member', *[1 + i % 2] * n) for i in range(6)]
        votes += [box.vote('resident', *[1] * n) for _ in range(7)]
        check('fourteen vote, one of them on paper', all(votes))
        box.act('exchange', slip=box.codes['resident'].pop())
        check('before the opening nobody sees counts', 'counts' not in box.look())
        box.act('close')
        box.key('resident', 0, *[0, 0, 1, 0] * n)
        box.key('resident', 1, *[0, 1, 0, 0] * n)
        check('what was keyed differently is refused', box.open(0, 2)[0] == 409)
        box.key('resident', 1, *[0, 0, 1, 0] * n)
        check('two phrases open it', box.open(0, 2)[0] == 200)
        check('it opens once', box.open(0, 2)[0] == 409)
        data = box.look()
        check('the counts are right', data.get('counts_member') == [[3, 3, 0, 0, 0]] * n and
              data.get('counts_resident') == [[7, 0, 1, 0, 0]] * n, data)
        return box

    def settled(self, box):
        check = self.tap.check
        count = self.count(self.village)
        check('the campaign has the counts; the turnout is of those who could vote',
              count['counted'] and [t['cast'] for t in count['turnout']] == [14] and
              [t['eligible'] for t in count['turnout']] == [15], count)
        # Fewer than twenty: everybody must.
        check('one is missing, so the step is not done', self.step(self.village) == BEGUN)
        path = f'/campaigns/{self.campaign}/orgs/{self.village}/count'
        self.town.post(f'{path}/present', present_members=6, present_residents=8)
        check('with eight there of nine it is', self.step(self.village) == DONE)
        self.town.post(f'/campaigns/{self.campaign}/grade', node=self.node)
        status, text = self.county.ask('GET', f'/forms/f6-tally?node={self.village}&campaign={self.campaign}',
                                       accept='text/html')
        # 100·10/14 + 60·3/14 + 30·1/14
        check('the tally prints the score of the ballots', status == 200 and '86.43' in text.decode(), status,
              text.decode()[-900:])
        why = self.town.json(f'/campaigns/{self.campaign}/orgs/{self.village}/why')
        check('the grading weighs them', '86.42' in json.dumps(why) or '86.43' in json.dumps(why), why)
        check('the county reads the result', box.look(self.county).get('counts')[0] == [10, 3, 1, 0, 0])
        check('so does a leader', box.look(self.leader).get('counts')[0] == [10, 3, 1, 0, 0])
        check('the record is a PDF for them, too', self.leader.ask('GET', box.path + '/record')[0] == 200)
        for who, client in (('the county', self.county), ('a leader', self.leader), ('a branch', self.clerk)):
            refused = [client.ask('POST', f'{box.path}/abandon', {'reason': 'x'})[0],
                       client.ask('GET', f'{box.path}/hall')[0],
                       client.ask('GET', f'/ballots/new?node={self.village}')[0]]
            check(f'{who} holds no ballot', refused == [403] * 3, refused)
        check('a branch does not read boxes', self.clerk.ask('GET', box.path)[0] == 403)

    def meeting(self):
        """Two villages in one meeting, a question for each indicator."""
        check = self.tap.check
        box = Box(self.town, node=self.node, campaign=self.campaign, title='两村测评', residents=6, per='indicators',
                  orgs=self.others)
        data = box.look()
        n = len(data['questions'])
        check('it asks for each indicator', n > 3 and len(data['orgs']) == 2, data)
        box.prepare({'resident': 6}, self.folder)
        check('all vote', all(box.vote('resident', *([1] * n + [2] * n)) for _ in range(6)))
        box.act('close')
        check('and it opens', box.open(1, 2)[0] == 200)
        check('counts by village and indicator', box.look()['counts_resident'] ==
              [[6, 0, 0, 0, 0]] * n + [[0, 6, 0, 0, 0]] * n, box.look())
        for org in self.others:
            cast = [t['cast'] for t in self.count(org)['turnout']]
            check('a ballot with several answers is one ballot', cast == [6], cast)
        self.town.post(f'/campaigns/{self.campaign}/grade', node=self.node)
        text = self.town.ask('GET', f'/forms/f6-tally?node={self.others[1]}&campaign={self.campaign}',
                             accept='text/html')[1].decode()
        check('the tally names each indicator', all(q in text for q in data['questions']), text[:900])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        database, child = os.path.join(folder, 'j.db'), None
        if len(sys.argv) > 3:
            # pylint: disable=consider-using-with
            child = subprocess.Popen([sys.argv[3]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            database = child.stdout.readline().strip()
        server = Server(database)
        run = Run(tap, server, folder)
        run.settled(run.village_box())
        run.meeting()
        server.end()
        if child:
            child.stdin.close()
            child.wait(timeout=60)
    tap.done()


if __name__ == '__main__':
    main()
