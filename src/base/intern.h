/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small numbers for texts that repeat: the same text always gets the same
 * number. Threads may ask at once.
 */
#ifndef JW_BASE_INTERN_H
#define JW_BASE_INTERN_H

#include <pthread.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct intern {
	pthread_mutex_t lock;
	struct arena arena;
	uint32_t n, bits;
	uint32_t *slots;	/* number of the text, 0 if free */
	struct str *texts;	/* texts[number - 1] */
	uint32_t cap;
};

/* ERR_NOMEM. */
int intern_init(struct intern *intern);
void intern_done(struct intern *intern);

/* The number of a text, from 1; 0 without memory. Copies the text. */
uint32_t intern_get(struct intern *intern, struct str text);

#endif
