/* SPDX-License-Identifier: Apache-2.0 */
#include "base/big.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LINE = 64, HUGE = 2 << 20 };

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
		munmap(block, (size + HUGE - 1) / HUGE * HUGE);
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

void *big_malloc(size_t size)
{
	if (size < 2 * HUGE || size > SIZE_MAX / 2)
		return malloc(size ? size : 1);
	size = (size + HUGE - 1) / HUGE * HUGE;
	void *p = aligned_alloc(HUGE, size);
	if (p)
		madvise(p, size, MADV_HUGEPAGE);
	return p;
}
