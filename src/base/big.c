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
