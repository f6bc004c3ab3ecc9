#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`jinwei serve --demo` starts on a new database, and a visitor can look around.

usage: test_serve_demo.py JINWEI
"""
import fcntl
import http.client
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))
from tap import Tap  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
REGISTER = os.path.join(ROOT, 'examples', '组织名册.xlsx')
BANNER = '演示系统，数据全部虚构'


class Server:
    """A server on a free port; `said` is what it printed until it was ready."""

    def __init__(self, *words):
        # pylint: disable=consider-using-with
        self.child = subprocess.Popen([PROGRAM, 'serve', '--listen', '127.0.0.1:0', *words],
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said, self.url, self.log = '', None, ''
        while not self.url:
            line = self.child.stdout.readline()
            if not line:
                raise RuntimeError(self.child.stderr.read())
            self.said += line
            found = re.match(r'网页服务已启动：(\S+)/', line)
            self.url = found and found.group(1)

    def stop(self):
        self.child.send_signal(signal.SIGINT)
        self.log = self.child.communicate(timeout=600)[1]
        return self.child.returncode


class Visitor:
    """Somebody at a browser without script."""

    def __init__(self, server):
        self.server = server
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, urllib.request.ProxyHandler({}))

    def get(self, path, fields=None):
        """Status, address after redirects, and page."""
        body = fields and urllib.parse.urlencode(fields).encode()
        try:
            with self.opener.open(self.server.url + path, body, timeout=600) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, path, error.read().decode()

    def sign_in(self, name):
        password = re.search(rf'^ +{name} +(\S+)', self.server.said, re.MULTILINE).group(1)
        csrf = re.search(r"name='_csrf' value='([^']+)'", self.get('/login')[2]).group(1)
        return self.get('/login', {'login': name, 'password': password, '_csrf': csrf})

    def address_of(self, query, name):
        """The address of an organisation, from the list."""
        page = self.get('/orgs?q=' + urllib.parse.quote(query))[2]
        return re.search(rf"href='(/orgs/\d+)'[^>]*>{name}<", page).group(1)


def look_around(tap, server):
    officer, township = Visitor(server), Visitor(server)
    tap.check('the page of a guest says that all is made up', BANNER in officer.get('/login')[2])
    status, url, page = officer.sign_in('zuzhi')
    tap.check('the officer signs in with the printed password, and need not change it',
              status == 200 and url == server.url + '/', status, url)
    tap.check('his pages say so too', BANNER in page)
    status, _, page = officer.get('/orgs')
    tap.check("he sees the county's organisations",
              status == 200 and '石桥镇' in page and '柳河镇' in page, status)
    own = officer.address_of('02', '中共石桥镇委员会')
    neighbour = officer.address_of('03', '中共柳河镇委员会')
    branch = officer.address_of('03-601', '上坝村党支部')
    moved = officer.get(officer.address_of('16-401', '古渡农机专业合作社党支部'))[2]
    tap.check('an organisation has a past', '划归两新工委管理' in moved and '划转' in moved)

    township.sign_in('shiqiao')
    tap.check('the township sees itself', township.get(own)[0] == 200)
    for path in (neighbour, branch, neighbour.replace('/orgs/', '/orgs?node='), branch + '/edit',
                 '/accounts', '/audit'):
        tap.check(f'but is refused {path}', township.get(path)[0] == 403)
    for name in re.findall(r'^ +([a-z]+) +Yunling', server.said, re.MULTILINE):
        visitor = Visitor(server)
        status, url, _ = visitor.sign_in(name)
        tap.check(f'{name} can sign in', status == 200 and url == server.url + '/', status, url)


class Script:
    """A program that knows what /openapi.json says, and nothing else."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection(server.url.removeprefix('http://'), timeout=600)
        self.cookie = self.token = None
        self.api = self.ask('GET', '/openapi.json')[2]

    def ask(self, method, path, body=None):
        """Status, type, and what was said if it is JSON."""
        headers = {'Accept': 'application/json', 'Content-Type': 'application/json',
                   'Cookie': self.cookie, 'X-CSRF-Token': self.token}
        self.connection.request(method, path, body and json.dumps(body),
                                {name: value for name, value in headers.items() if value})
        answer = self.connection.getresponse()
        said, kind = answer.read(), answer.getheader('Content-Type')
        for cookie in answer.headers.get_all('Set-Cookie', ()):
            if 'Max-Age=0' not in cookie:
                self.cookie = cookie.split(';')[0]
        return answer.status, kind, json.loads(said) if 'json' in kind else None

    def sign_in(self, server, name):
        password = re.search(rf'^ +{name} +(\S+)', server.said, re.MULTILINE).group(1)
        self.token = self.ask('GET', '/login')[2]['csrf']
        self.ask('POST', '/login', {'login': name, 'password': password})
        self.token = self.ask('GET', '/')[2]['csrf']

    def strange(self, value):
        """What a GET of any described address answers that its description does not say."""
        for path, operations in self.api['paths'].items():
            if 'get' not in operations:
                continue
            asked, query = path, {}
            for parameter in operations['get']['parameters']:
                schema = parameter['schema']
                own = schema.get('enum', [value if schema['type'] == 'integer' else '2026-01-01'])[0]
                if parameter['in'] == 'path':
                    asked = asked.replace('{%s}' % parameter['name'], urllib.parse.quote(str(own)))
                elif parameter['required']:
                    query[parameter['name']] = own
            status, kind, said = self.ask('GET', asked + '?' + urllib.parse.urlencode(query))
            told = operations['get']['responses']['200'].get('content', {})
            if status == 200 and told and kind not in told:
                yield asked, status, kind
            elif status != 200 and (kind != 'application/problem+json' or said['status'] != status or
                                    not 400 <= status < 500 or
                                    not re.search('[一-鿿]', said['detail'])):
                yield asked, status, kind, said


def as_described(tap, server):
    for name in (None, 'xitong', 'zuzhi', 'sancha', 'shenji'):
        script = Script(server)
        if name:
            script.sign_in(server, name)
        for value in (10000001, 10000039, 999999999999, '李'):
            strange = list(script.strange(value))
            tap.check(f'{name} is answered as the description says ({value})', not strange, strange)
    answer = script.ask('POST', '/orgs/new', {'nonsense': 1})
    tap.check('a field nobody knows is a problem', answer[:2] == (400, 'application/problem+json'), answer)
    answer = script.ask('POST', '/v', {'code': ''})
    tap.check("so is what a page's own answer says", answer[:2] == (422, 'application/problem+json') and
              answer[2]['status'] == 422 and answer[2]['screen'] == 'code' and answer[2]['detail'], answer)


def refused(*words):
    done = subprocess.run([PROGRAM, 'serve', *words], capture_output=True, text=True, timeout=600,
                          check=False)
    return done.returncode, done.stderr


def sender_as_logged(db, *words):
    """How the log names one who says that he comes from 10.9.8.7."""
    server = Server('--db', db, *words)
    try:
        request = urllib.request.Request(server.url + '/login', headers={
            'X-Forwarded-For': '1.2.3.4, 10.9.8.7'})
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()
    finally:
        server.stop()
    return re.search(r'(\S+) - GET /login', server.log).group(1)


def busy(tap, folder):
    """Who starts it once more is told so, and nothing is taken from under the first."""
    with socket.create_server(('127.0.0.1', 0)) as other:
        port = other.getsockname()[1]
        code, why = refused('--db', os.path.join(folder, 'busy.db'), '--listen', f'127.0.0.1:{port}')
    tap.check('whoever finds the port taken is told of another', code == 1 and '占用' in why and '--listen 127' in why,
              code, why)
    db = os.path.join(folder, 'demo.db')
    with open(db + '.lock', 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(['make', '-o', 'build', 'run', 'DEMO_DB=' + db, 'LISTEN=127.0.0.1:0'], cwd=ROOT,
                              capture_output=True, text=True, timeout=600, check=False)
    tap.check('make run leaves alone what another one serves',
              done.returncode != 0 and os.path.exists(db) and '已经在另一个窗口里' in done.stderr, done.stderr)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        db = os.path.join(folder, 'demo.db')
        server = Server('--demo', REGISTER, '--db', db)
        try:
            look_around(tap, server)
            as_described(tap, server)
        finally:
            tap.check('it stops when interrupted', server.stop() == 0)
        code, why = refused('--demo', REGISTER, '--db', db)
        tap.check('a database that was used is no place for a demo', code == 2 and '新的数据库' in why,
                  code, why)
        again = Server('--db', db, '--public-url', 'https://jw.example')
        try:
            page = Visitor(again).get('/login')[2]
        finally:
            again.stop()
        tap.check('started again without --demo it still says that it is made up',
                  BANNER in page and 'Yunling' not in again.said, again.said)
        tap.check('the address that people use is told', 'https://jw.example/' in again.said, again.said)
        tap.check('nobody is believed who says where he comes from',
                  sender_as_logged(db) == '127.0.0.1')
        tap.check('but the proxy that was named is, in its last word',
                  sender_as_logged(db, '--behind-proxy', '127.0.0.1') == '10.9.8.7')
        tap.check('and only that one',
                  sender_as_logged(db, '--behind-proxy', '10.0.0.1') == '127.0.0.1')
        code, why = refused('--db', db, '--public-url', 'jw.example/x')
        tap.check('what is no address is refused', code == 2 and '--public-url' in why, code, why)
        code, why = refused('--db', db, '--behind-proxy', 'proxy')
        tap.check('so is what is no IP address', code == 2 and '--behind-proxy' in why, code, why)
        code, why = refused('--demo', REGISTER)
        tap.check('nor is the default one', code == 2 and '--db' in why, code, why)
        server = Server('--db', os.path.join(folder, 'real.db'))
        try:
            page = Visitor(server).get('/login')[2]
        finally:
            server.stop()
        tap.check('a real installation prints no passwords and shows no such line',
                  BANNER not in page and 'Yunling' not in server.said, server.said)
        busy(tap, folder)
    tap.done()


if __name__ == '__main__':
    main()
