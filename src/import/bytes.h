/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Little-endian numbers at any address, for the old binary formats.
 */
#ifndef JW_IMPORT_BYTES_H
#define JW_IMPORT_BYTES_H

#include <stdint.h>

static inline uint16_t u16_at(const void *at)
{
	const unsigned char *p = at;
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t u32_at(const void *at)
{
	const unsigned char *p = at;
	return (uint32_t)u16_at(p) | (uint32_t)u16_at(p + 2) << 16;
}

#endif
