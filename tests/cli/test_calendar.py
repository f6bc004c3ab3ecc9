# SPDX-License-Identifier: Apache-2.0
"""The calendar feed of the demo county as another program reads it (RFC 5545): every
task with a day is in it once, under a mark of its own that stays; lines are folded.
usage: test_calendar.py JINWEI"""
import datetime
import os
import sys
import tempfile

import icalendar  # Debian: python3-icalendar

sys.path.insert(0, 'tests/support')
sys.path.insert(0, 'tests/house')
import office  # noqa: E402  pylint: disable=wrong-import-position
from tap import Tap  # noqa: E402  pylint: disable=wrong-import-position

JINWEI = sys.argv[1]


def subscribe(server, login, password):
    client = office.Client(server)
    client.sign_in_as(login, password)
    address = client.post('/calendar')['address']
    path = '/calendar/' + address.rsplit('/', 1)[1]
    status, data = office.Client(server).ask('GET', path, accept='text/calendar')   # nobody signs in
    return client, path, status, data


def texts(event):
    return str(event['UID']), str(event['SUMMARY']), event['DTSTART'].dt


TAP = Tap()
with tempfile.TemporaryDirectory() as folder:
    server = office.Server(JINWEI, os.path.join(folder, 'jinwei.db'), '--demo', 'examples/组织名册.xlsx')
    try:
        for who, password in (('zuzhi', 'Yunling-04'), ('shiqiao', 'Yunling-05'), ('bangfu', 'Yunling-09')):
            client, path, status, data = subscribe(server, who, password)
            TAP.check(f'{who}: whoever has the address reads it', status == 200, str(status))
            lines = data.split(b'\r\n')
            TAP.check(f'{who}: each line ends in CRLF', lines[-1] == b'' and b'\n' not in b''.join(lines), '')
            TAP.check(f'{who}: none is longer than 75 octets', max(map(len, lines)) <= 75, str(max(map(len, lines))))
            TAP.check(f'{who}: none is cut within a character', all(line.decode() is not None for line in lines), '')
            calendar = icalendar.Calendar.from_ical(data)
            events = calendar.walk('VEVENT')
            wanted = [t for t in client.json('/my')['tasks'] if t['day']]
            TAP.check(f'{who}: every task with a day', len(events) == len(wanted) > 0, f'{len(events)} {len(wanted)}')
            TAP.check(f'{who}: nothing is told twice', len({str(e["UID"]) for e in events}) == len(events), '')
            TAP.check(f'{who}: what is read is what stands on the page',
                      sorted((f'{t["name"]}：{t["what"]}', t['day']) for t in wanted) ==
                      sorted((str(e['SUMMARY']), e['DTSTART'].dt.isoformat()) for e in events), '')
            TAP.check(f'{who}: a whole day, with a time stamp in UTC', all(
                not isinstance(e['DTSTART'].dt, datetime.datetime) and isinstance(e['DTSTAMP'].dt, datetime.datetime) and
                e['DTEND'].dt - e['DTSTART'].dt == datetime.timedelta(days=1) for e in events), '')
            again = office.Client(server).ask('GET', path, accept='text/calendar')[1]
            TAP.check(f'{who}: the same marks when it is read again',
                      [texts(e) for e in icalendar.Calendar.from_ical(again).walk('VEVENT')] ==
                      [texts(e) for e in events], '')
            client.post('/calendar')
            status = office.Client(server).ask('GET', path, accept='text/calendar')[0]
            TAP.check(f'{who}: a new address ends the old one', status == 404, str(status))
    finally:
        server.end()
TAP.done()
