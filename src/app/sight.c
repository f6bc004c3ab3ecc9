/* SPDX-License-Identifier: Apache-2.0 */
#include "app/sight.h"

/* One of the caller's rights alone, within the campaign. */
static struct right_holder only(const struct access *access, const struct right_grant *grant)
{
	struct right_holder one = access->holder;
	one.grants = grant;
	one.n = 1;
	return one;
}

static bool is_below(const char *path, const char *top)
{
	return strncmp(path, top, strlen(top)) == 0;
}

bool sight_own(const struct access *access, const char *org_path)
{
	if (access->holder.machine)
		return true;
	for (int i = 0; i < access->holder.n; i++) {
		const struct right_grant *g = &access->holder.grants[i];
		struct right_holder one = only(access, g);
		if ((g->role == ROLE_CLERK || strcmp(g->path, org_path) == 0) &&
		    right_check(&one, ACTION_SELF_WRITE, org_path))
			return true;
	}
	return false;
}

/* "" where none decides. */
static int find_committee(struct db_tx *tx, struct sight *s, const struct campaign_org *org)
{
	struct campaign_call at = *s->call;
	struct campaign_org committee;
	struct err_info none = {0};
	if (s->parent && s->parent == org->parent)
		return 0;
	at.org = *org;
	int r = decide_committee(tx, &at, s->arena, &committee, &none);
	if (r < 0 && r != ERR_STATE)
		return r;
	s->committee = r < 0 ? "" : committee.path;
	s->parent = org->parent;
	return 0;
}

int sight_results(struct db_tx *tx, struct sight *s, const struct campaign_org *org,
		  enum hold_state hold, bool *ret_may)
{
	int r = find_committee(tx, s, org);
	if (r == 0)
		*ret_may = !*s->committee || decide_may_see(&s->call->access, s->committee, org->path, hold);
	return r;
}

int sight_self(struct db_tx *tx, struct sight *s, const struct campaign_org *org, enum hold_state hold,
	       const struct self_report *report, bool *ret_may)
{
	const struct access *access = &s->call->access;
	bool open = report->state == SELF_DRAFT || report->state == SELF_RETURNED;
	bool handed_up = !s->call->scheme->n_grades || hold == HOLD_SUBMITTED || hold == HOLD_ACCEPTED;
	*ret_may = sight_own(access, org->path);
	int r = *ret_may ? 0 : find_committee(tx, s, org);
	for (int i = 0; r == 0 && !*ret_may && i < access->holder.n; i++) {
		const struct right_grant *g = &access->holder.grants[i];
		struct right_holder one = only(access, g);
		if (!right_check(&one, ACTION_CAMPAIGN_READ, org->path))
			continue;
		if (open)
			*ret_may = (report->by_township || !report->saved_ms) &&
				   right_check(&one, ACTION_SELF_WRITE, org->path);
		else
			*ret_may = handed_up || is_below(g->path, s->committee) ||
				   right_check(&one, ACTION_SCORE_WRITE, org->path);
	}
	return r;
}

int sight_self_get(struct db_tx *tx, struct sight *s, const struct campaign_org *org, bool *ret_may)
{
	struct self_report report;
	struct hold hold = {0};
	int r = store_self_get(tx, s->call->campaign.id, org->id, s->arena, &report);
	if (r >= 0)
		r = store_hold_get(tx, s->call->campaign.id, org->id, s->arena, &hold);
	if (r >= 0)
		r = sight_self(tx, s, org, hold.state, &report, ret_may);
	if (r < 0 || *ret_may)
		return r;
	/* Whoever has got an organisation since the campaign opened goes on with it. */
	char today[ORG_PATH_MAX];
	struct campaign_org moved = *org;
	moved.path = today;
	r = store_org_path(tx, org->id, today);
	return r <= 0 || strcmp(today, org->path) == 0 ? (r < 0 ? r : 0)
						       : sight_self(tx, s, &moved, hold.state, &report, ret_may);
}
