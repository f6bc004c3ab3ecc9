/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two readers of CSV on the same bytes: the fast one, built with tiny
 * blocks, must give what the precise one gives, or decline.
 */
#ifndef JW_TESTS_CSV_DIFF_H
#define JW_TESTS_CSV_DIFF_H

#include <stddef.h>

/* Reads `data` both ways and stops the program where they differ. Returns how
 * many records there are, or -1 where the fast reader declines. `in_file`: from
 * an open file instead of memory. */
int csv_diff(const void *data, size_t size, unsigned threads, int in_file);

#endif
