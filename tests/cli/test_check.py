# SPDX-License-Identifier: Apache-2.0
"""`jinwei check` finds in the demo county what its page shows, finding by finding; its
status says whether something is left to explain. usage: test_check.py JINWEI"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, 'tests/support')
sys.path.insert(0, 'tests/house')
import office  # noqa: E402  pylint: disable=wrong-import-position
from tap import Tap  # noqa: E402  pylint: disable=wrong-import-position

JINWEI = sys.argv[1]
# Planted in the demo, or brought by its dice (src/cli/demo_campaign.c, demo_cases.c).
EXPECTED = {'reused', 'copied', 'inflated', 'ballot-pattern', 'absent-helpers', 'left-out', 'quick',
            'paper-conversion', 'no-source'}


def check(database, *words):
    done = subprocess.run([JINWEI, 'check', '--db', database, *words], capture_output=True, text=True, timeout=120,
                          check=False)
    found = set(re.findall(r'^[^ （]+（([a-z-]+)）([^：]+)：(.+)$', done.stdout, re.M))
    return done.returncode, found, done.stdout + done.stderr


TAP = Tap()
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'jinwei.db')
    server = office.Server(JINWEI, path, '--demo', 'examples/组织名册.xlsx')
    try:
        client = office.Client(server)
        client.sign_in_as('zuzhi', 'Yunling-04')
        page = client.json('/integrity')
        shown = {(f['check'], f['name'], f['figures']) for f in page['findings']}
        code, told, text = check(path)
        TAP.check('the command finds what the page shows', told == shown, f'{told ^ shown}')
        TAP.check('of different kinds', {f[0] for f in shown} == EXPECTED, f'{sorted({f[0] for f in shown})}')
        TAP.check('and not too many to look at', 9 < len(shown) < 40, str(len(shown)))
        TAP.check('something unexplained is status 1', code == 1, f'{code} {text[:200]}')
        code, told, text = check(path, '--under', '05')
        TAP.check('a township alone', told and told < shown and code == 1, f'{code} {text[:400]}')
        for finding in page['findings']:
            client.post('/integrity', node=10000001, finding=finding['finding'], reason='到现场核实过，情况属实', confirmed=1)
        code, told, text = check(path)
        TAP.check('explained, they stay, and the status is 0', told and code == 0 and '属实' in text,
                  f'{code} {text[:300]}')
        code, _, text = check(path, '--year', '1999')
        TAP.check('a year without a campaign is an error', code == 2 and '1999' in text, f'{code} {text}')
    finally:
        server.end()
TAP.done()
