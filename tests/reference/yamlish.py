# SPDX-License-Identifier: Apache-2.0
"""Reads the part of YAML that scheme files use; for tests only.

Block maps and lists, flow maps and lists (also over several lines), plain and
quoted scalars, comments. Every scalar comes back as the text it was written
as, so that no number passes through a float. Anything else raises.
"""


class YamlError(Exception):
    pass


def _strip_comment(line):
    """The line without a comment; a # inside quotes is no comment."""
    quote = None
    for i, ch in enumerate(line):
        if quote:
            if ch == quote:
                quote = None
        elif ch in '"\'' and (i == 0 or line[i - 1] in ' [{,:'):
            quote = ch
        elif ch == '#' and (i == 0 or line[i - 1] in ' \t'):
            return line[:i].rstrip()
    return line.rstrip()


def _depth(text):
    """How many flow brackets are left open."""
    depth, quote = 0, None
    for i, ch in enumerate(text):
        if quote:
            if ch == quote:
                quote = None
        elif ch in '"\'' and (i == 0 or text[i - 1] in ' [{,:'):
            quote = ch
        elif ch in '[{':
            depth += 1
        elif ch in ']}':
            depth -= 1
    return depth


def _lines(text):
    """(indent, content) of every logical line; flow values are joined."""
    out, held = [], None
    for raw in text.split('\n'):
        line = _strip_comment(raw.rstrip('\r'))
        if held is None and not line.strip():
            continue
        held = line if held is None else held + ' ' + line.strip()
        if _depth(held) > 0:
            continue
        body = held.lstrip(' ')
        out.append((len(held) - len(body), body))
        held = None
    if held is not None:
        raise YamlError('a bracket is not closed: ' + held)
    return out


class _Flow:
    """One flow value or scalar, read from its text."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at] in ' \t':
            self.at += 1

    def peek(self):
        self.skip()
        return self.text[self.at] if self.at < len(self.text) else ''

    def scalar(self, stops):
        self.skip()
        quote = self.peek()
        if quote and quote in '"\'':
            end = self.text.index(quote, self.at + 1)
            value = self.text[self.at + 1:end]
            self.at = end + 1
            return value
        start = self.at
        while self.at < len(self.text):
            ch = self.text[self.at]
            if ch in stops and (ch != ':' or self.text[self.at + 1:self.at + 2] in ('', ' ')):
                break
            self.at += 1
        return self.text[start:self.at].strip()

    def value(self, inside=False):
        ch = self.peek()
        if ch == '[':
            return self.sequence()
        if ch == '{':
            return self.mapping()
        return self.scalar(',]}' if inside else '')

    def sequence(self):
        self.at += 1
        out = []
        while self.peek() != ']':
            out.append(self.value(inside=True))
            if self.peek() == ',':
                self.at += 1
        self.at += 1
        return out

    def mapping(self):
        self.at += 1
        out = {}
        while self.peek() != '}':
            key = self.scalar(':')
            self.at += 1
            if key in out:
                raise YamlError('key twice: ' + key)
            out[key] = self.value(inside=True)
            if self.peek() == ',':
                self.at += 1
        self.at += 1
        return out


def _key(body):
    """(key, rest) where the line is `key: rest`, else None."""
    if body[:1] in ('[', '{', '"', "'"):
        return None
    if body.endswith(':') and ': ' not in body:
        return body[:-1], ''
    if ': ' in body:
        key, rest = body.split(': ', 1)
        return key, rest.strip()
    return None


def _block(lines, at, indent):
    """The block value that begins at lines[at]; returns it and what follows."""
    if lines[at][1].startswith('- ') or lines[at][1] == '-':
        return _block_list(lines, at, indent)
    return _block_map(lines, at, indent)


def _block_list(lines, at, indent):
    out = []
    while at < len(lines) and lines[at][0] == indent and lines[at][1][:2] in ('- ', '-'):
        body = lines[at][1][2:].lstrip(' ')
        if _key(body):
            inner = indent + len(lines[at][1]) - len(body)
            lines[at] = (inner, body)
            value, at = _block_map(lines, at, inner)
        else:
            value, at = _Flow(body).value(), at + 1
        out.append(value)
    return out, at


def _block_map(lines, at, indent):
    out = {}
    while at < len(lines) and lines[at][0] == indent and _key(lines[at][1]):
        key, rest = _key(lines[at][1])
        if key in out:
            raise YamlError('key twice: ' + key)
        at += 1
        if rest:
            out[key] = _Flow(rest).value()
        elif at < len(lines) and (lines[at][0] > indent or
                                  (lines[at][0] == indent and lines[at][1].startswith('- '))):
            out[key], at = _block(lines, at, lines[at][0])
        else:
            raise YamlError('no value: ' + key)
    return out, at


def loads(text):
    """The document as dicts, lists and strings."""
    lines = _lines(text)
    value, at = _block(lines, 0, 0)
    if at != len(lines):
        raise YamlError('not understood: ' + lines[at][1])
    return value
