#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/install installs what is missing, only that, and says when it can't.

It runs in a tree of its own with a PATH of its own: dpkg-query, apt-get, sudo,
id and npm are stand-ins that write down how they were called.
"""
import os
import shutil
import subprocess
import tempfile

from tap import Tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REAL = 'sh sed grep tr cat cmp cp mkdir dirname'.split()
PACKAGES = '# comment\n\nalpha\nbeta\t# why\nnodejs node\n'

STAND_INS = {
    'dpkg-query': 'for p in $INSTALLED; do printf "ii  %s\\n" "$p"; done',
    'apt-get': 'echo "apt-get $*" >>calls; [ "$1" = "$APT_FAILS" ] && exit 100; exit 0',
    'sudo': 'echo sudo >>calls; exec "$@"',
    'id': 'echo "$USER_ID"',
    'npm': 'echo "npm $*" >>calls; exit ${NPM_STATUS:-0}',
}


class Machine:
    """A tree with tools/install, and the commands that are on the machine."""

    def __init__(self, root, commands=(), lock=None):
        self.root = root
        self.bin = os.path.join(root, 'bin')
        os.mkdir(self.bin)
        os.mkdir(os.path.join(root, 'tools'))
        shutil.copy(os.path.join(ROOT, 'tools', 'install'), os.path.join(root, 'tools'))
        self.write('packages.txt', PACKAGES)
        if lock:
            self.write('package-lock.json', lock)
        for name in REAL:
            os.symlink(shutil.which(name), os.path.join(self.bin, name))
        for name in commands:
            path = self.write('bin/' + name, '#!/bin/sh\n' + STAND_INS.get(name, '') + '\n')
            os.chmod(path, 0o755)

    def write(self, name, text):
        path = os.path.join(self.root, name)
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
        return path

    def install(self, installed='', user=0, **env):
        """Runs it; returns exit status, output and the calls it made."""
        calls = self.write('calls', '')
        done = subprocess.run([os.path.join(self.root, 'tools', 'install')], encoding='utf-8',
                              env={'PATH': self.bin, 'INSTALLED': installed,
                                   'USER_ID': str(user), **env},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        with open(calls, encoding='utf-8') as f:
            return done.returncode, done.stdout, f.read().splitlines()


APT = ['apt-get update -q', 'apt-get install -q -y --no-install-recommends ']


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as temp:
        run(tap, temp)
    tap.done()


def run(tap, temp):

    def expect(name, got, status, calls, said=''):
        tap.check(name, got[0] == status and got[2] == calls and said in got[1],
                  f'expected {status}, {calls}, {said!r}', f'got {got}')

    def machine(*commands, lock=None):
        return Machine(tempfile.mkdtemp(dir=temp), ['dpkg-query', 'id', *commands], lock)

    full = machine('apt-get')
    got = full.install('alpha beta nodejs')
    tap.check('nothing is done or said when all is there', got == (0, '', []), got)
    expect('only what is missing is installed', full.install('alpha nodejs'), 0,
           [APT[0], APT[1] + 'beta'], 'installing beta')
    expect('on an empty machine everything is', full.install(), 0,
           [APT[0], APT[1] + 'alpha beta nodejs'])
    expect('an old list of packages is no reason to stop',
           full.install('alpha nodejs', APT_FAILS='update'), 0, [APT[0], APT[1] + 'beta'])
    expect('a package that cannot be installed is named',
           full.install('alpha nodejs', APT_FAILS='install'), 1, [APT[0], APT[1] + 'beta'],
           'could not install: beta')
    expect('a command on the PATH does instead of its package',
           machine('apt-get', 'node').install('alpha beta'), 0, [])
    expect('others than root go through sudo',
           machine('apt-get', 'sudo').install('alpha nodejs', user=1000), 0,
           ['sudo', APT[0], 'sudo', APT[1] + 'beta'])
    expect('without sudo they are told what to ask for', full.install('alpha', user=1000), 1, [],
           'only root can install them: apt-get install beta nodejs')
    expect('without apt-get the build goes on', machine().install('alpha'), 0, [],
           'what stands for these is missing: beta nodejs')

    npm = machine('npm', lock='{"a": 1}')
    ci = ['npm ci --no-audit --no-fund']
    everything = 'alpha beta nodejs'
    expect('a failed npm is told', npm.install(everything, NPM_STATUS='1'), 1, ci, 'npm could not')
    expect('and tried again', npm.install(everything), 0, ci)
    expect('npm runs once per lock', npm.install(everything), 0, [])
    npm.write('package-lock.json', '{"a": 2}')
    expect('and again when the lock has changed', npm.install(everything), 0, ci)


if __name__ == '__main__':
    main()
