#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed_assets.py OUT.c DIR FILE... - writes the table of src/web/assets.h.

Each FILE is embedded by .incbin, plain and gzipped (the latter lies in DIR),
and named by the hash of its content.
"""
import gzip
import hashlib
import os
import sys

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

HEAD = """/* Made by tools/embed_assets.py; do not edit. */
#include "web/assets.h"

#define EMBED(symbol, path) \\
	__asm__(".pushsection .rodata\\n.balign 16\\n" \\
		".global " #symbol "\\n" #symbol ":\\n.incbin \\"" path "\\"\\n" \\
		".global " #symbol "_end\\n" #symbol "_end:\\n.byte 0\\n.popsection\\n"); \\
	extern const unsigned char symbol[], symbol##_end[]

"""


def main(out, private, files):
    os.makedirs(private, exist_ok=True)
    embeds, rows = [], []
    for i, path in enumerate(files):
        with open(path, "rb") as f:
            data = f.read()
        name = os.path.basename(path)
        stem, ext = os.path.splitext(name)
        digest = hashlib.sha256(data).hexdigest()[:16]
        packed = os.path.join(private, name + ".gz")
        with open(packed, "wb") as f:
            f.write(gzip.compress(data, 9, mtime=0))
        embeds.append(f'EMBED(asset_{i}, "{os.path.abspath(path)}");')
        embeds.append(f'EMBED(asset_{i}_gzip, "{os.path.abspath(packed)}");')
        rows.append(f'\t{{"{name}", "/assets/{stem}.{digest}{ext}", "\\"{digest}\\"",\n'
                    f'\t "{TYPES[ext]}", asset_{i}, asset_{i}_end,\n'
                    f'\t asset_{i}_gzip, asset_{i}_gzip_end}},')
    text = HEAD + "\n".join(embeds) + "\n\nconst struct asset assets[] = {\n"
    text += "\n".join(rows) + "\n\t{0},\n};\n"
    with open(out, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
