# SPDX-License-Identifier: Apache-2.0
"""Photos made small: turned as Exif asks, without their metadata; bombs and broken ones
are refused and kept all the same; the process that reads them can do nothing else (which
only the program without sanitizers shows). usage: test_thumbnail.py JINWEI [AFTER_LOCK]"""
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zlib

sys.path.insert(0, 'tests/support')
sys.path.insert(0, 'tests/house')
import office  # noqa: E402  pylint: disable=wrong-import-position
from tap import Tap  # noqa: E402  pylint: disable=wrong-import-position

JINWEI = sys.argv[1]
AFTER_LOCK = sys.argv[2] if len(sys.argv) > 2 else ''  # after_lock.c; without sanitizers
EDGE = 192


def png(width, height, colour=2, rows=None, extra=b''):
    def chunk(name, data):
        return (struct.pack('>I', len(data)) + name + data
                + struct.pack('>I', zlib.crc32(name + data)))
    if rows is None:
        # Left half red, right half blue.
        line = b'\0' + b'\xff\0\0' * (width // 2) + b'\0\0\xff' * (width - width // 2)
        rows = zlib.compress(line * height)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, colour, 0, 0, 0))
            + extra + chunk(b'IDAT', rows) + chunk(b'IEND', b''))


def shrink(data):
    done = subprocess.run([JINWEI, 'thumbnail'], input=data, capture_output=True, timeout=600, check=False)
    return done.returncode, done.stdout


def size_of(jpeg):
    """Width and height, and the markers that stand before the picture."""
    at, markers = 2, []
    while jpeg[at] == 0xFF and jpeg[at + 1] != 0xDA:
        length = struct.unpack('>H', jpeg[at + 2:at + 4])[0]
        markers.append(jpeg[at + 1])
        if 0xC0 <= jpeg[at + 1] <= 0xC2:
            height, width = struct.unpack('>HH', jpeg[at + 5:at + 9])
        at += 2 + length
    return width, height, markers


def with_exif(jpeg, orientation, little=False):
    order = '<' if little else '>'
    block = (b'Exif\0\0' + (b'II' if little else b'MM') + struct.pack(order + 'HI', 42, 8)
             + struct.pack(order + 'HHHIHH', 1, 0x0112, 3, 1, orientation, 0) + b'\0\0\0\0GPS 27.7N 112.0E')
    return jpeg[:2] + b'\xff\xe1' + struct.pack('>H', len(block) + 2) + block + jpeg[2:]


def photos_become_small_jpegs():
    code, out = shrink(png(800, 400))
    assert code == 0 and size_of(out)[:2] == (EDGE, EDGE // 2), (code, out[:20])
    assert len(out) < 65536
    code, small = shrink(png(30, 20))
    assert size_of(small)[:2] == (30, 20)
    assert size_of(shrink(png(4000, 1))[1])[:2] == (EDGE, 1)


def they_are_turned_as_exif_asks_and_lose_it():
    _, plain = shrink(png(400, 200))
    for orientation in range(1, 9):
        for little in (False, True):
            code, out = shrink(with_exif(plain, orientation, little))
            assert code == 0
            width, height, markers = size_of(out)
            side = orientation >= 5
            assert (width < height) == side, (orientation, width, height)
            assert 0xE1 not in markers and b'GPS' not in out


def broken_and_hostile_ones_are_refused():
    _, good = shrink(png(400, 200))
    bombs = {
        'a header of 19,000 by 19,000 dots': png(19000, 19000, rows=zlib.compress(b'\0' * 1000)),
        'more than any side may have': png(60000, 1),
        'no pixels': png(0, 10),
        'a text': b'GIF89a<script>alert(1)</script>',
        'nothing': b'',
        'a PNG cut off': png(400, 200)[:60],
        'a JPEG without a picture': good[:30],
        'more than one file may have': b'\xff\xd8\xff' + b'\0' * (21 << 20),
    }
    for name, data in bombs.items():
        code, out = shrink(data)
        assert code != 0 and not out, name


def damaged_ones_end_in_time_with_a_picture_or_nothing():
    _, good = shrink(png(400, 200))
    chance = random.Random(7)
    for _ in range(60):
        data = bytearray(good if chance.random() < 0.7 else png(64, 64))
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        code, out = shrink(bytes(data))
        assert (code == 0) == bool(out), (code, len(out))
        assert not out or (out[:2] == b'\xff\xd8' and out[-2:] == b'\xff\xd9')


def locked_in_it_dies_of_any_other_system_call():
    def run(out=subprocess.PIPE, **call):
        with tempfile.TemporaryFile() as photo:
            photo.write(png(40, 20))
            photo.seek(0)
            done = subprocess.run([JINWEI, 'thumbnail'], stdin=photo, stdout=out, timeout=600, check=False,
                                  env=dict(os.environ, LD_PRELOAD=os.path.abspath(AFTER_LOCK), **call))
        return done.returncode, done.stdout
    for call in 'getppid', 'open', 'socket', 'fork':
        # Before the lock it answers, and after it the same call is its end.
        code, out = run(BEFORE_LOCK=call) if call != 'fork' else run()
        assert code == 0 and out, (call, code)
        code, out = run(AFTER_LOCK=call)
        assert code == -signal.SIGKILL and not out, (call, code)
    # Nor does it write anywhere but into the pipe it was given.
    with tempfile.TemporaryFile() as file:
        assert run(out=file)[0] == -signal.SIGXFSZ
        assert file.seek(0, os.SEEK_END) == 0


def upload(client, node, name, data):
    mark = 'jw-mark'
    parts = ''.join(f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'
                    for k, v in {'_csrf': client.csrf, 'node': node, 'what': name}.items())
    body = (parts + f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
            ).encode() + data + f'\r\n--{mark}--\r\n'.encode()
    client.connection.request('POST', '/files', body, {
        'Accept': 'application/json', 'Content-Type': f'multipart/form-data; boundary={mark}',
        'Cookie': '; '.join(f'{k}={v}' for k, v in client.cookies.items())})
    answer = client.connection.getresponse()
    return answer.status, answer.read()


def the_server_serves_them():
    with tempfile.TemporaryDirectory() as folder:
        server = office.Server(JINWEI, os.path.join(folder, 'jinwei.db'))
        try:
            client = office.Client(server)
            client.first_start(server.first)
            client.sign_in('officer')
            node = 10000001     # the county: the first organisation of the first region
            whole = png(800, 400)
            assert upload(client, node, 'a.png', whole)[0] == 200
            files = client.json(f'/files?node={node}')['files']
            number = files[0]['id']
            status, small = client.ask('GET', f'/files/{number}/small')
            assert status == 200 and size_of(small)[:2] == (EDGE, EDGE // 2)
            assert client.ask('GET', f'/files/{number}')[1] == whole
            assert f'/files/{number}/small' in client.look(f'/files?node={node}')[1]
            # One kept before there were small pictures gets one when it is asked for.
            with sqlite3.connect(os.path.join(folder, 'jinwei.db'), timeout=600) as db:
                assert db.execute('DELETE FROM file_piece WHERE piece = -1').rowcount == 1
            db.close()
            assert f'/files/{number}/small' in client.look(f'/files?node={node}')[1]
            assert client.ask('GET', f'/files/{number}/small') == (200, small)
            with sqlite3.connect(os.path.join(folder, 'jinwei.db'), timeout=600) as db:
                assert db.execute('SELECT count(*) FROM file_piece WHERE piece = -1').fetchone() == (1,)
            db.close()
            # One that says it is 19,000 dots wide is kept, without a small picture.
            bomb = png(19000, 19000, rows=zlib.compress(b'\0' * 1000))
            assert upload(client, node, 'b.png', bomb)[0] == 200
            number = client.json(f'/files?node={node}')['files'][1]['id']
            assert client.ask('GET', f'/files/{number}/small')[0] == 404
            assert f'/files/{number}/small' not in client.look(f'/files?node={node}')[1]
            # The same photo sent again is there once.
            assert upload(client, node, 'a.png', whole)[0] == 200
            assert len(client.json(f'/files?node={node}')['files']) == 2
        finally:
            server.end()


TAP = Tap()
TESTS = [photos_become_small_jpegs, they_are_turned_as_exif_asks_and_lose_it,
         broken_and_hostile_ones_are_refused, damaged_ones_end_in_time_with_a_picture_or_nothing,
         the_server_serves_them]
for test in TESTS + [locked_in_it_dies_of_any_other_system_call] * bool(AFTER_LOCK):
    try:
        test()
        TAP.check(test.__name__.replace('_', ' '), True)
    except (AssertionError, RuntimeError, OSError, KeyError) as error:
        TAP.check(test.__name__.replace('_', ' '), False, repr(error))
TAP.done()
