# SPDX-License-Identifier: Apache-2.0
"""Every link that a page of the demo county shows leads to something its reader may see:
walked by an account of each kind, two addresses of each shape; a page of a place in the tree has
the path to it, every page its icon and every table a name; and no page asks the database
question after question, each of which is a round trip on PostgreSQL. usage: test_links.py JINWEI"""
import collections
import html
import os
import re
import sys
import tempfile

sys.path.insert(0, 'tests/support')
sys.path.insert(0, 'tests/house')
import office  # noqa: E402  pylint: disable=wrong-import-position
from tap import Tap  # noqa: E402  pylint: disable=wrong-import-position

PEOPLE = {'zuzhi': 'Yunling-04', 'shiqiao': 'Yunling-05', 'sancha': 'Yunling-07', 'baocun': 'Yunling-08',
          'bangfu': 'Yunling-09', 'weijian': 'Yunling-10', 'ducha': 'Yunling-11', 'lingdao': 'Yunling-12',
          'xitong': 'Yunling-01', 'shenji': 'Yunling-03'}
PER_SHAPE, FEWEST = 2, 5
# Of the database, for one page and for the count itself; and what is added for each of the county's
# townships where a page is made of many: a form or template for each of them, and the mark of a printed
# form, which fills it in anew.
MOST_ASKED, TOWNSHIPS, PER_TOWNSHIP = 60, 26, 16
MANY_ASKED = re.compile(r'^/(check/|templates/|forms/.*each=)')
# Lists of all organisations as a file: read by range, not one by one.
EXPORT = re.compile(r'/export(\?|$)')
# Of an organisation, or of what belongs to one; the lists of all years and the screen in the hall
# are of none.
AT_NODE = re.compile(r'[?&](node|parent|id)=|^/(ballots|campaigns/\d|cases|checks|files|forms|guarantees'
                     r'|integrity|orgs|prints|read-back|templates)\b')
NOWHERE = re.compile(r'^/ballots/\d+/hall$|^/accounts\?')


def links(page):
    for found in re.finditer(r"<a\b[^>]*?\bhref='(/[^'#]*)", page):
        yield html.unescape(found.group(1))


def shape(path):
    """The same for addresses that differ in numbers and values only."""
    return re.sub(r'=[^&]*', '=', re.sub(r'\d+', 'N', path))


def most(path):
    return MOST_ASKED + (TOWNSHIPS * PER_TOWNSHIP if MANY_ASKED.match(path) else 0)


def asked(client):
    data = client.ask('GET', '/metrics', accept='text/plain')[1].decode()
    return int(re.search(r'^jinwei_db_questions_total (\d+)$', data, re.MULTILINE).group(1))


def walk(client):
    """Pages and exports seen, and what went wrong."""
    queue, met, wrong = collections.deque(['/']), {'/'}, []
    shapes, n = collections.Counter(), 0
    before = asked(client)
    while queue:
        path = queue.popleft()
        status, data = client.ask('GET', path, accept='text/html')
        page = data.decode(errors='replace')     # a picture has no links
        n += 1
        if status >= 400:
            wrong.append(f'{status} {path}')
        if b'<main' in data and page.count('<h1') != 1:
            wrong.append(f"{page.count('<h1')} titles {path}")
        if status == 200 and b'<main' in data and AT_NODE.search(path) and not NOWHERE.search(path):
            if "aria-label='组织路径'" not in page:
                wrong.append(f'no path {path}')
        if b'<html' in data and "<link rel='icon'" not in page:
            wrong.append(f'no icon {path}')
        if re.search(r'<table(?![^>]* aria-label)[^>]*>(?!\s*<caption)', page):
            wrong.append(f'a table without a name {path}')
        after = asked(client)
        if after - before > most(path):
            wrong.append(f'{after - before} questions {path}')
        before = after
        for link in links(page):
            if link in met or link.startswith(('/assets/', '/logout')) or shapes[shape(link)] == PER_SHAPE:
                continue
            # Other files are made elsewhere, in their own tests.
            made = re.search(r'download|/forms/.*/file|/attachments/|\.(xlsx|csv|pdf|docx|ics)\b', link)
            if made and not EXPORT.search(link):
                continue
            shapes[shape(link)] += 1
            met.add(link)
            queue.append(link)
    return n, wrong


TAP = Tap()
with tempfile.TemporaryDirectory() as folder:
    server = office.Server(sys.argv[1], os.path.join(folder, 'jinwei.db'), '--demo', 'examples/组织名册.xlsx')
    try:
        for login, password in PEOPLE.items():
            visitor = office.Client(server)
            visitor.sign_in_as(login, password)
            seen, faults = walk(visitor)
            TAP.check(f'{login}: {seen} pages', seen > FEWEST and not faults, '; '.join(faults[:20]))
    finally:
        server.end()
TAP.done()
