# SPDX-License-Identifier: Apache-2.0
"""Photos made small: turned as Exif asks, without their metadata; bombs and broken ones
are refused and kept all the same. usage: test_thumbnail.py JINWEI"""
import os
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
    done = subprocess.run([JINWEI, 'thumbnail'], input=data, capture_output=True, timeout=60, check=False)
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
            # One that says it is 19,000 dots wide is kept, without a small picture.
            bomb = png(19000, 19000, rows=zlib.compress(b'\0' * 1000))
            assert upload(client, node, 'b.png', bomb)[0] == 200
            number = client.json(f'/files?node={node}')['files'][1]['id']
            assert client.ask('GET', f'/files/{number}/small')[0] == 404
            assert f'/files/{number}/small' not in client.look(f'/files?node={node}')[1]
        finally:
            server.end()


TAP = Tap()
for test in (photos_become_small_jpegs, they_are_turned_as_exif_asks_and_lose_it,
             broken_and_hostile_ones_are_refused, the_server_serves_them):
    try:
        test()
        TAP.check(test.__name__.replace('_', ' '), True)
    except (AssertionError, RuntimeError, OSError, KeyError) as error:
        TAP.check(test.__name__.replace('_', ' '), False, repr(error))
TAP.done()
