#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server that speaks TLS only, with a certificate of a made-up
authority: the program connects when both authority and name are right, and says
in Chinese what is wrong where they are not.

Usage: test_postgres_tls.py PROGRAM
"""
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', 'house'), os.path.join(ROOT, 'tests', 'support')]
from office import Client, Server  # noqa: E402
from tap import Tap  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith('PG')}
HBA = 'local all all trust\nhostssl all all 127.0.0.1/32 trust\n'


def openssl(*words):
    subprocess.run(['openssl', *words], check=True, capture_output=True)


def make_authority(folder, name):
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-subj', f'/CN={name}', '-keyout', f'{folder}/{name}.key', '-out', f'{folder}/{name}.pem')


def make_certificate(folder, authority, host):
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', f'/CN={host}',
            '-addext', f'subjectAltName=DNS:{host}', '-keyout', f'{folder}/server.key', '-out', f'{folder}/server.csr')
    openssl('x509', '-req', '-in', f'{folder}/server.csr', '-CA', f'{folder}/{authority}.pem', '-CAkey',
            f'{folder}/{authority}.key', '-CAcreateserial', '-days', '2', '-copy_extensions', 'copy',
            '-out', f'{folder}/server.crt')


def lesser_user():
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam('postgres')
    except KeyError:
        user = pwd.getpwnam('nobody')
    return {'user': user.pw_uid, 'group': user.pw_gid, 'extra_groups': []}


def own_all(folder, lesser):
    if lesser:
        for path in [folder, *glob.glob(folder + '/*')]:
            os.chown(path, lesser['user'], lesser['group'])


class Postgres:
    """On a free port of 127.0.0.1, TLS only."""

    def __init__(self, folder):
        programs = sorted(glob.glob('/usr/lib/postgresql/*/bin'))[-1]
        self.lesser = lesser_user()
        own_all(folder, self.lesser)
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            self.port = probe.getsockname()[1]
        data = folder + '/data'
        common = {'cwd': folder, 'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL, **self.lesser}
        subprocess.run([programs + '/initdb', '-D', data, '-U', 'jinwei', '-A', 'trust', '-E', 'UTF8',
                        '--locale=C.UTF-8', '--no-sync'], check=True, **common)
        with open(data + '/pg_hba.conf', 'w', encoding='ascii') as f:
            f.write(HBA)
        options = ['listen_addresses=127.0.0.1', f'port={self.port}', f'unix_socket_directories={folder}', 'fsync=off',
                   'ssl=on', f'ssl_cert_file={folder}/server.crt', f'ssl_key_file={folder}/server.key']
        # pylint: disable=consider-using-with
        self.child = subprocess.Popen([programs + '/postgres', '-D', data,
                                       *[word for option in options for word in ('-c', option)]], **common)
        for _ in range(200):
            done = subprocess.run([programs + '/pg_isready', '-q', '-h', folder, '-p', str(self.port)], check=False)
            if done.returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError('PostgreSQL did not start')

    def url(self, host, words):
        return f'postgresql://jinwei@{host}:{self.port}/postgres?{words}'

    def end(self):
        self.child.send_signal(signal.SIGQUIT)
        self.child.wait(timeout=600)


def migrate(url):
    done = subprocess.run([PROGRAM, 'db', 'migrate', '--db', url], capture_output=True, text=True, check=False,
                          env=ENVIRONMENT)
    return done.returncode, done.stdout + done.stderr


def main():
    tap = Tap()
    folder = tempfile.mkdtemp(prefix='jinwei-tls-', dir='/tmp')
    postgres = None
    try:
        make_authority(folder, 'ca')
        make_authority(folder, 'other')
        make_certificate(folder, 'ca', 'localhost')
        postgres = Postgres(folder)
        full = f'sslmode=verify-full&sslrootcert={folder}/'
        got = migrate(postgres.url('localhost', full + 'other.pem'))
        tap.check('a certificate of another authority is refused, in Chinese',
                  got[0] == 1 and '证书不是 sslrootcert 所指的机构签发的' in got[1] and 'SSL' not in got[1], got)
        got = migrate(postgres.url('127.0.0.1', full + 'ca.pem'))
        tap.check('a certificate for another name is refused, in Chinese',
                  got[0] == 1 and '名字与地址里的主机名不同' in got[1], got)
        got = migrate(postgres.url('localhost', full + 'none.pem'))
        tap.check('a missing authority is told', got[0] == 1 and '没有根证书文件' in got[1], got)
        got = migrate(postgres.url('localhost', 'sslmode=disable'))
        tap.check('a connection in the clear is refused by the server, in Chinese',
                  got[0] == 1 and '只接受加密连接' in got[1], got)
        good = postgres.url('localhost', full + 'ca.pem')
        got = migrate(good)
        tap.check('with the right authority and name the database is made', got[0] == 0, got)
        server = Server(PROGRAM, good)
        client = Client(server)
        client.first_start(server.first)
        client.sign_in('officer')
        shown = client.json('/orgs')
        encrypted = subprocess.run(['psql', '-h', folder, '-p', str(postgres.port), '-U', 'jinwei', '-d', 'postgres',
                                    '-Atc', "SELECT count(*), bool_and(s.ssl) FROM pg_stat_ssl s JOIN pg_stat_activity a"
                                    " ON a.pid = s.pid WHERE a.application_name = 'jinwei'"],
                                   capture_output=True, text=True, check=False, env=ENVIRONMENT).stdout.strip()
        server.end()
        tap.check('a served page comes over it', len(shown['rows']) == 1, shown)
        tap.check('every connection of the program is encrypted', encrypted.endswith('|t') and encrypted[0] != '0',
                  encrypted)
    finally:
        if postgres:
            postgres.end()
        shutil.rmtree(folder, ignore_errors=True)
    tap.done()


if __name__ == '__main__':
    main()
