/* SPDX-License-Identifier: Apache-2.0 */
#include "import/ole.h"

#include <string.h>

#include "base/err.h"
#include "import/bytes.h"

enum {
	HEADER = 512,
	HEADER_FAT = 109,		/* FAT sectors named in the header */
	ENTRY = 128,			/* bytes of a directory entry */
	ENTRY_STREAM = 2,
	ENTRY_ROOT = 5,
};
#define SECTORS_LAST 0xFFFFFFFAu	/* above: end of chain, free, … */

/* A sector's bytes; empty if it isn't wholly in the file. */
static struct str sector(struct str file, unsigned shift, uint32_t i)
{
	uint64_t begin = ((uint64_t)i + 1) << shift, size = (uint64_t)1 << shift;
	if (i > SECTORS_LAST || begin + size > file.len)
		return (struct str){0};
	return (struct str){file.data + begin, (size_t)size};
}

/* Appends the chain that starts at `start`, `limit` bytes of it at the most.
 * A chain longer than the file runs in a circle. */
static int read_chain(const struct ole *ole, uint32_t start, uint64_t limit, struct buf *out)
{
	size_t before = out->len;
	for (uint32_t i = start; i <= SECTORS_LAST && out->len - before < limit; ) {
		struct str s = sector(ole->file, ole->shift, i);
		if (!s.len || i >= ole->fat.len / 4 || out->len - before > ole->file.len)
			return ERR_INPUT;
		if (s.len > limit - (out->len - before))
			s.len = limit - (out->len - before);
		buf_add(out, s.data, s.len);
		i = u32_at(ole->fat.data + (size_t)i * 4);
	}
	return out->failed ? ERR_NOMEM : 0;
}

/* As read_chain in the mini stream. */
static int read_mini_chain(const struct ole *ole, uint32_t start, uint64_t limit, struct buf *out)
{
	size_t before = out->len;
	for (uint32_t i = start; i <= SECTORS_LAST && out->len - before < limit; ) {
		uint64_t begin = (uint64_t)i << ole->mini_shift;
		size_t size = (size_t)1 << ole->mini_shift;
		if (begin >= ole->mini.len || i >= ole->mini_fat.len / 4 ||
		    out->len - before > ole->file.len)
			return ERR_INPUT;
		if (size > ole->mini.len - begin)
			size = ole->mini.len - (size_t)begin;
		if (size > limit - (out->len - before))
			size = limit - (out->len - before);
		buf_add(out, ole->mini.data + begin, size);
		i = u32_at(ole->mini_fat.data + (size_t)i * 4);
	}
	return out->failed ? ERR_NOMEM : 0;
}

/* Appends one sector of the FAT. */
static int add_fat(struct ole *ole, uint32_t i)
{
	struct str s = sector(ole->file, ole->shift, i);
	if (!s.len || ole->fat.len > ole->file.len)
		return ERR_INPUT;
	buf_add(&ole->fat, s.data, s.len);
	return ole->fat.failed ? ERR_NOMEM : 0;
}

/* The FAT's sectors are named in the header, then in a chain of their own. */
static int read_fat(struct ole *ole)
{
	int r = 0;
	for (int i = 0; i < HEADER_FAT && r == 0; i++) {
		uint32_t at = u32_at(ole->file.data + 76 + (size_t)i * 4);
		if (at <= SECTORS_LAST)
			r = add_fat(ole, at);
	}
	size_t names = ((size_t)1 << ole->shift) / 4 - 1;
	for (uint32_t next = u32_at(ole->file.data + 68); next <= SECTORS_LAST && r == 0; ) {
		struct str s = sector(ole->file, ole->shift, next);
		if (!s.len)
			return ERR_INPUT;
		size_t had = ole->fat.len;
		for (size_t i = 0; i < names && r == 0; i++)
			if (u32_at(s.data + i * 4) <= SECTORS_LAST)
				r = add_fat(ole, u32_at(s.data + i * 4));
		if (had == ole->fat.len)	/* names nothing: a circle or nonsense */
			break;
		next = u32_at(s.data + names * 4);
	}
	return r;
}

/* The entry of a stream, or of the root without a name. NULL without one. */
static const char *find_entry(const struct ole *ole, const char *name)
{
	for (size_t at = 0; at + ENTRY <= ole->directory.len; at += ENTRY) {
		const char *entry = ole->directory.data + at;
		if (entry[66] != (name ? ENTRY_STREAM : ENTRY_ROOT))
			continue;
		size_t n = name ? strlen(name) : 0, i = 0;
		while (i < n && entry[i * 2] == name[i] && entry[i * 2 + 1] == 0)
			i++;
		if (!name || (i == n && u16_at(entry + 64) == (n + 1) * 2))
			return entry;
	}
	return NULL;
}

int ole_open(struct ole *ret_ole, struct str file)
{
	if (file.len < HEADER || u16_at(file.data + 28) != 0xFFFE)
		return ERR_INPUT;
	struct ole ole = {
		.file = file,
		.shift = u16_at(file.data + 30),
		.mini_shift = u16_at(file.data + 32),
		.cutoff = u32_at(file.data + 56),
	};
	if ((ole.shift != 9 && ole.shift != 12) || ole.mini_shift != 6)
		return ERR_INPUT;
	int r = read_fat(&ole);
	if (r == 0)
		r = read_chain(&ole, u32_at(file.data + 48), UINT64_MAX, &ole.directory);
	if (r == 0)
		r = read_chain(&ole, u32_at(file.data + 60), UINT64_MAX, &ole.mini_fat);
	const char *root = r == 0 ? find_entry(&ole, NULL) : NULL;
	if (root)
		r = read_chain(&ole, u32_at(root + 116), u32_at(root + 120), &ole.mini);
	if (r < 0) {
		ole_done(&ole);
		return r;
	}
	*ret_ole = ole;
	return 0;
}

void ole_done(struct ole *ole)
{
	if (!ole)
		return;
	buf_done(&ole->fat);
	buf_done(&ole->mini_fat);
	buf_done(&ole->directory);
	buf_done(&ole->mini);
}

bool ole_has(const struct ole *ole, const char *name)
{
	return find_entry(ole, name) != NULL;
}

int ole_read(const struct ole *ole, const char *name, struct buf *out)
{
	const char *entry = find_entry(ole, name);
	if (!entry)
		return ERR_NOT_FOUND;
	uint32_t start = u32_at(entry + 116), size = u32_at(entry + 120);
	size_t before = out->len;
	int r = size < ole->cutoff ? read_mini_chain(ole, start, size, out) :
				     read_chain(ole, start, size, out);
	return r < 0 ? r : out->len - before < size ? ERR_INPUT : 0;
}
