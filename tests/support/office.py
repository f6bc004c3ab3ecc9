# SPDX-License-Identifier: Apache-2.0
"""A server with a county's first accounts, and somebody who talks to it over HTTP."""
import http.client
import json
import re
import subprocess
import urllib.parse

PEOPLE = {'system': ('xitong', 'Zhang-Yi-77-xt'), 'security': ('anquan', 'Wang-Er-88-aq'),
          'auditor': ('shenji', 'Li-San-99-sj'), 'officer': ('zuzhi', 'Zhao-Si-66-zz')}
SECOND = ('anquan2', 'Sun-Wu-55-aq')        # security administrator, too, above a county
COUNTY = 'YL'       # code of the topmost organisation


class Server:
    """On a free port. `first` is the address of the first start, or None."""

    def __init__(self, program, database, *words):
        # pylint: disable=consider-using-with
        self.child = subprocess.Popen([program, 'serve', '--db', database, '--listen', '127.0.0.1:0', *words],
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.first, self.port, self.postgres = None, None, None
        while not self.port:
            line = self.child.stdout.readline()
            if not line:
                raise RuntimeError('the server did not start')
            found = re.search(r'(/first\?code=(\S+))', line)
            self.first = found.group(2) if found else self.first
            found = re.match(r'网页服务已启动：http://127.0.0.1:(\d+)', line)
            self.port = found and int(found.group(1))

    def end(self, how='terminate'):
        """Or 'kill': SIGKILL, which it can't prepare for."""
        getattr(self.child, how)()
        self.child.wait(timeout=600)
        self.child.stdout.close()


class Client:
    """One connection that is kept open, with cookies."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection('127.0.0.1', server.port, timeout=600)
        self.server = server
        self.cookies, self.csrf = {}, ''

    def ask(self, method, path, fields=None, accept='application/json', headers=()):
        """Status and body, as bytes."""
        words = {'Accept': accept, **dict(headers),
                 'Cookie': '; '.join(f'{k}={v}' for k, v in self.cookies.items())}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode({**fields, '_csrf': self.csrf}, doseq=True)
            words['Content-Type'] = 'application/x-www-form-urlencoded'
        return self._send(method, path, body, words)

    def _send(self, method, path, body, words):
        self.connection.request(method, path, body, words)
        answer = self.connection.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == 'set-cookie':
                key, _, rest = value.partition('=')
                self.cookies[key] = rest.split(';')[0]
        return answer.status, data

    def upload(self, path, fields, name, data):
        """A file with the fields of its form. Status and body."""
        mark = '----jinwei-test-' + str(len(data))
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
                 for key, value in {**fields, '_csrf': self.csrf}.items()]
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                     'Content-Type: application/octet-stream\r\n\r\n'.encode() + data + b'\r\n')
        words = {'Accept': 'application/json', 'Content-Type': f'multipart/form-data; boundary={mark}',
                 'Cookie': '; '.join(f'{k}={v}' for k, v in self.cookies.items())}
        return self._send('POST', path, b''.join(parts) + f'--{mark}--\r\n'.encode(), words)

    def look(self, path):
        """A page, of which the token is kept. Status and text."""
        status, data = self.ask('GET', path, accept='text/html')
        found = re.search(rb"name='_csrf' value='([^']+)'", data)
        self.csrf = found.group(1).decode() if found else self.csrf
        return status, data.decode()

    def first_start(self, code, name='云岭县', org=COUNTY, level='county'):
        self.look('/first?code=' + code)
        fields = {'code': code, 'org_name': name, 'org_code': org, 'org_level': level}
        people = PEOPLE if level == 'county' else PEOPLE | {'second': SECOND}
        for who, (login, password) in people.items():
            fields.update({who + '_login': login, who + '_name': login, who + '_password': password})
        status, data = self.ask('POST', '/first', fields)
        if status != 200:
            raise RuntimeError(f'first start: {status} {data.decode()}')

    def sign_in(self, who):
        self.sign_in_as(*PEOPLE[who])

    def sign_in_as(self, login, password):
        self.look('/login')
        status, data = self.ask('POST', '/login', {'login': login, 'password': password})
        if status != 200:
            raise RuntimeError(f'login: {status} {data.decode()}')
        self.look('/')

    def post(self, path, **fields):
        """What the answer to a form holds; fails unless it was accepted."""
        status, data = self.ask('POST', path, fields)
        answer = json.loads(data) if data else {}
        if status != 200:
            raise RuntimeError(f'POST {path}: {status} {answer.get("detail", answer)}')
        return answer

    def refused(self, path, **fields):
        """Status and reason of a form that is not accepted; ('', 200) if it is."""
        status, data = self.ask('POST', path, fields)
        return (status, '' if status == 200 else json.loads(data).get('detail', data.decode()))

    def json(self, path):
        status, data = self.ask('GET', path)
        if status != 200:
            raise RuntimeError(f'{path}: {status} {data.decode()}')
        return json.loads(data)
