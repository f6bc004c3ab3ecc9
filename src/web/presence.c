/* SPDX-License-Identifier: Apache-2.0 */
#include "web/presence.h"

#include <pthread.h>
#include <string.h>

struct presence {
	pthread_mutex_t lock;
	int n;
	struct presence_one at[PRESENCE_MAX];
};

struct presence *presence_new(void)
{
	struct presence *presence = calloc(1, sizeof(*presence));
	if (presence)
		pthread_mutex_init(&presence->lock, NULL);
	return presence;
}

void presence_free(struct presence *presence)
{
	if (!presence)
		return;
	pthread_mutex_destroy(&presence->lock);
	free(presence);
}

static bool same_grid(const struct presence_one *a, const struct presence_one *b)
{
	return memcmp(a->grid, b->grid, sizeof(a->grid)) == 0;
}

/* The place of one's own, a new one, or that of the one not seen longest. */
static struct presence_one *place_of(struct presence *p, const struct presence_one *own)
{
	struct presence_one *oldest = &p->at[0];
	for (int i = 0; i < p->n; i++) {
		if (p->at[i].account == own->account && same_grid(&p->at[i], own))
			return &p->at[i];
		if (p->at[i].seen < oldest->seen)
			oldest = &p->at[i];
	}
	if (p->n < PRESENCE_MAX && (!p->n || oldest->seen + PRESENCE_S >= own->seen))
		return &p->at[p->n++];
	return oldest;
}

void presence_set(struct presence *presence, const struct presence_one *one)
{
	pthread_mutex_lock(&presence->lock);
	*place_of(presence, one) = *one;
	pthread_mutex_unlock(&presence->lock);
}

int presence_others(struct presence *presence, const struct presence_one *own, struct arena *arena,
		    struct presence_one **ret_others)
{
	int n = 0;
	pthread_mutex_lock(&presence->lock);
	struct presence_one *others = arena_zalloc(arena, (size_t)presence->n + 1, sizeof(*others));
	for (int i = 0; others && i < presence->n; i++) {
		const struct presence_one *one = &presence->at[i];
		if (one->account != own->account && same_grid(one, own) &&
		    one->seen + PRESENCE_S >= own->seen)
			others[n++] = *one;
	}
	pthread_mutex_unlock(&presence->lock);
	*ret_others = others;
	return n;
}
