/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Large cleared blocks on huge pages where the system has them, for tables
 * that are read at random: fewer misses of the page tables. Pages that are
 * never touched cost nothing.
 */
#ifndef JW_BASE_BIG_H
#define JW_BASE_BIG_H

#include <stddef.h>

/* `size` cleared bytes, aligned to a cache line; NULL without memory. */
void *big_zalloc(size_t size);

/* Gives back what big_zalloc(size) gave. NULL is fine. */
void big_free(void *block, size_t size);

/* One block out of `n` pieces that big_zalloc(piece) gave, in their order and with
 * what stands in them: memory that is warm need not be fetched and cleared anew. What
 * lies beyond them is unspecified. The pieces are void afterwards; free it by
 * big_free(size). NULL without memory; then they stay as they are. */
void *big_join(void *const *pieces, size_t n, size_t piece, size_t size);

/* Two blocks out of one of `size` bytes: of what lies behind the first `keep` of it one
 * of `want` bytes, with what stands there, to be freed by big_free(want), what was kept
 * by big_free(*ret_kept). NULL where there is not as much or pages are too coarse for
 * it; then the block stays as it is. */
void *big_cut(void *block, size_t size, size_t keep, size_t want, size_t *ret_kept);

/* As malloc(size), to be freed by free(), on huge pages if it is large: for
 * columns that are filled and read from end to end. */
void *big_malloc(size_t size);

#endif
