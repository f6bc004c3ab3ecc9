/* SPDX-License-Identifier: Apache-2.0 */
#include "base/big.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LINE = 64, HUGE = 2 << 20 };

static size_t whole_pages(size_t size)
{
	return (size + HUGE - 1) / HUGE * HUGE;
}

void *big_zalloc(size_t size)
{
	if (size > SIZE_MAX / 2)
		return NULL;
	bool large = size >= 2 * HUGE;
	size_t align = large ? HUGE : LINE;
	size = (size + align - 1) / align * align;
	if (!size)
		size = align;
	if (!large) {
		void *p = aligned_alloc(align, size);
		return p ? memset(p, 0, size) : NULL;
	}
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	madvise(p, size, MADV_HUGEPAGE);
	return p;
}

void big_free(void *block, size_t size)
{
	if (!block)
		return;
	if (size >= 2 * HUGE)
		munmap(block, whole_pages(size));
	else
		free(block);
}

void *big_join(void *const *pieces, size_t n, size_t piece, size_t size)
{
	char *block = big_zalloc(size);
	if (!block)
		return NULL;
	size_t room = size / HUGE * HUGE;	/* whole pages that pieces can take the place of */
	bool pages = size >= 2 * HUGE && piece >= 2 * HUGE && piece % HUGE == 0;
	for (size_t i = 0, at = 0; i < n; i++, at += piece) {
		char *from = pieces[i];
		size_t part = !pages || at >= room ? 0 : room - at < piece ? room - at : piece;
		/* Moving fails where the system knows too many mappings: then it stays empty. */
		if (part && mremap(from, part, part, MREMAP_MAYMOVE | MREMAP_FIXED, block + at) == MAP_FAILED)
			part = 0;
		if (!pages)
			big_free(from, piece);
		else if (part < piece)
			munmap(from + part, piece - part);
	}
	return block;
}

void *big_cut(void *block, size_t size, size_t keep, size_t want, size_t *ret_kept)
{
	if (keep < 2 * HUGE || want < 2 * HUGE || keep > size || want > size)
		return NULL;
	size_t end = whole_pages(size), at = whole_pages(keep), part = whole_pages(want);
	if (at + part > end)
		return NULL;
	if (at + part < end)
		munmap((char *)block + at + part, end - at - part);
	*ret_kept = keep;
	return (char *)block + at;
}

void *big_malloc(size_t size)
{
	if (size < 2 * HUGE || size > SIZE_MAX / 2)
		return malloc(size ? size : 1);
	size = whole_pages(size);
	void *p = aligned_alloc(HUGE, size);
	if (p)
		madvise(p, size, MADV_HUGEPAGE);
	return p;
}
