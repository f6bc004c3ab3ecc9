#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a C file that holds text files, byte for byte, and a function that lists them.

usage: embed.py OUT.c HEADER STRUCT FUNCTION FILE...

HEADER declares `const struct STRUCT *FUNCTION(size_t *ret_n)`; STRUCT has the
members id (the file's name without suffix), text and len.
"""
import os
import sys

out, header, struct, function, *files = sys.argv[1:]
lines = ['/* Made by tools/embed.py: do not edit. */', f'#include "{header}"', '']
rows = []
for i, path in enumerate(files):
    path = os.path.abspath(path)
    symbol = f'{function}_{i}'
    quoted = path.replace('\\', '\\\\').replace('"', '\\"')
    lines += [
        '__asm__(".section .rodata\\n"',
        f'\t".local {symbol}\\n"',
        f'\t"{symbol}: .incbin \\"{quoted}\\"\\n"',
        '\t".byte 0\\n"',
        '\t".text\\n");',
        f'extern const char {symbol}[];',
    ]
    name = os.path.splitext(os.path.basename(path))[0]
    rows.append(f'\t\t{{"{name}", {symbol}, {os.path.getsize(path)}}},')
lines += ['', f'const struct {struct} *{function}(size_t *ret_n)', '{',
          f'\tstatic const struct {struct} all[] = {{', *rows, '\t};',
          f'\t*ret_n = {len(files)};', '\treturn all;', '}', '']
with open(out, 'w', encoding='utf-8') as f:
    f.write('\n'.join(lines))
