/* SPDX-License-Identifier: Apache-2.0 */
/* What a regulator was asked and still owes (XN-4). */
#include <stdlib.h>
#include <string.h>

#include "app/meeting.h"
#include "app/scheme_cache.h"

struct look {
	struct app *app;
	const struct caller *caller;
	struct arena *arena;
	struct opinion_duty *duties;
	int n;
};

static const struct opinion *last_of(const struct opinion *opinions, int n, int64_t org)
{
	const struct opinion *last = NULL;
	for (int i = 0; i < n; i++)
		if (opinions[i].org == org)
			last = &opinions[i];	/* by number */
	return last;
}

static bool is_listed(const struct look *look, int64_t campaign, int64_t org)
{
	for (int i = 0; i < look->n; i++)
		if (look->duties[i].campaign == campaign && look->duties[i].org == org)
			return true;
	return false;
}

/* Organisations of a campaign below the place where the regulator stands, of a
 * field whose regulators are heard. */
static int look_in(struct db_tx *tx, struct look *look, const struct campaign *c, const char *path,
		   struct err_info *info)
{
	const struct scheme *scheme;
	struct campaign_org *orgs;
	struct opinion *opinions = NULL;
	struct campaign whole;		/* lists come without the scheme */
	int n, n_opinions = 0;
	int r = store_campaign_get(tx, c->id, look->arena, &whole);
	if (r > 0)
		r = scheme_cache_get(look->app->schemes, whole.scheme_text, &scheme, info);
	else
		return r;
	if (r < 0 || !scheme->consult)
		return r;
	if ((r = store_campaign_orgs(tx, c->id, path, true, look->arena, &orgs, &n)) < 0 ||
	    (r = store_opinion_list(tx, c->id, 0, look->arena, &opinions, &n_opinions)) < 0)
		return r;
	for (int i = 0; i < n && look->n < OPINION_DUTIES_MAX; i++) {
		const struct campaign_org *o = &orgs[i];
		if (o->field < 0 || o->field >= FIELD_COUNT || !(scheme->consult >> o->field & 1) ||
		    is_listed(look, c->id, o->id))
			continue;
		struct campaign_org up = {.name = ""};
		if ((r = store_campaign_org_get(tx, c->id, o->parent, look->arena, &up)) < 0)
			return r;
		look->duties[look->n++] = (struct opinion_duty){
			.campaign = c->id, .org = o->id, .title = c->title, .name = o->name,
			.parent = r ? up.name : "", .last = last_of(opinions, n_opinions, o->id),
		};
	}
	return 0;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	int r = app_who(tx, look->caller, look->arena, &access, info);
	look->n = 0;
	look->duties = arena_zalloc(look->arena, OPINION_DUTIES_MAX, sizeof(*look->duties));
	if (r == 0 && !look->duties)
		return db_doom_nomem(tx);
	for (int i = 0; r == 0 && i < access.holder.n; i++) {
		const struct right_grant *g = &access.holder.grants[i];
		const struct right_holder one = {g, 1, false, false, NULL};
		struct campaign *campaigns;
		int n;
		if (!right_check(&one, ACTION_OPINION_WRITE, g->path))
			continue;
		r = store_campaign_list(tx, g->path, false, look->arena, &campaigns, &n);
		for (int c = 0; r == 0 && c < n; c++)
			if (campaigns[c].state == CAMPAIGN_OPEN)
				r = look_in(tx, look, &campaigns[c], g->path, info);
	}
	return r;
}

static int owed_first(const void *a, const void *b)
{
	const struct opinion_duty *x = a, *y = b;
	if (!x->last != !y->last)
		return x->last ? 1 : -1;
	if (x->campaign != y->campaign)
		return x->campaign < y->campaign ? -1 : 1;
	return x->org < y->org ? -1 : x->org > y->org;
}

int opinions_owed(struct app *app, const struct caller *caller, struct arena *arena,
		  struct opinion_duty **ret_duties, int *ret_n, struct err_info *info)
{
	struct look look = {.app = app, .caller = caller, .arena = arena};
	int r = db_read(app->db, list_fn, &look, info);
	if (r < 0)
		return r;
	if (look.n)
		qsort(look.duties, (size_t)look.n, sizeof(*look.duties), owed_first);
	*ret_duties = look.duties;
	*ret_n = look.n;
	return 0;
}
