/* SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign_bulk.h"

#include "store/id.h"
#include "store/org_in.h"
#include "store/result_in.h"

/* Every county is a region of its own; what stands above is in region 0. So
 * there is the campaign's own one, and those of the counties below its node. */
int store_bulk_regions(struct db_tx *tx, int64_t campaign, struct arena *arena,
		       int64_t **ret_regions, int *ret_n)
{
	struct org_rows rows = {0};
	int64_t *region = org_rows_add(tx, &rows, arena, sizeof(*region));
	int r;
	if (!region)
		return ERR_NOMEM;
	*region = id_region(campaign);
	struct db_stmt *q = db_query(tx, "SELECT org FROM campaign_org WHERE campaign = $1"
				     " AND level = $2 ORDER BY org");
	db_bind_int(q, 1, campaign);
	db_bind_int(q, 2, LEVEL_COUNTY);
	while ((r = db_step(q)) > 0) {
		int64_t found = id_region(db_col_int(q, 0));
		if (found == ((int64_t *)rows.data)[rows.n - 1])
			continue;
		if (!(region = org_rows_add(tx, &rows, arena, sizeof(*region))))
			return ERR_NOMEM;
		*region = found;
	}
	if (r < 0)
		return r;
	*ret_regions = rows.data;
	*ret_n = rows.n;
	return 0;
}

/* Ends a reading that `each` has broken off. */
static int finish(struct db_stmt *q, int r)
{
	if (r < 0)
		db_finish(q);
	return r;
}

int store_bulk_orgs(struct db_tx *tx, int64_t region, int64_t campaign,
		    int (*each)(void *arg, const struct campaign_org *org, struct str code,
				struct str name, struct str path), void *arg)
{
	int r;
	struct db_stmt *q = db_stream(tx, "SELECT org, parent, level, field, members, residents,"
				      " category, present_members, present_residents, code, name, path"
				      " FROM campaign_org WHERE region = $1 AND campaign = $2"
				      " ORDER BY org");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, campaign);
	while ((r = db_step(q)) > 0) {
		const struct campaign_org org = {
			.id = db_col_int(q, 0), .parent = db_col_int(q, 1),
			.level = (enum level)db_col_int(q, 2), .field = (int)db_col_int(q, 3),
			.members = db_col_int(q, 4), .residents = db_col_int(q, 5),
			.category = (int)db_col_int(q, 6),
			.present = {[VOTERS_MEMBER] = db_col_int(q, 7),
				    [VOTERS_RESIDENT] = db_col_int(q, 8)},
		};
		if ((r = each(arg, &org, db_col_str(q, 9), db_col_str(q, 10), db_col_str(q, 11))) < 0)
			break;
	}
	return finish(q, r);
}

int store_bulk_sheets(struct db_tx *tx, int64_t region, int64_t campaign,
		      int (*each)(void *arg, const struct bulk_sheet *sheet), void *arg)
{
	int r;
	struct db_stmt *q = db_stream(tx, "SELECT org, source, rater, cells FROM score_sheet"
				      " WHERE region = $1 AND campaign = $2"
				      " ORDER BY org, source, rater");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, campaign);
	while ((r = db_step(q)) > 0) {
		const struct bulk_sheet sheet = {
			.org = db_col_int(q, 0), .source = (int)db_col_int(q, 1),
			.rater = db_col_int(q, 2), .cells = db_col_str(q, 3),
		};
		if ((r = each(arg, &sheet)) < 0)
			break;
	}
	return finish(q, r);
}

int store_bulk_tallies(struct db_tx *tx, int64_t region, int64_t campaign,
		       int (*each)(void *arg, const struct tally *tally), void *arg)
{
	int r;
	struct db_stmt *q = db_stream(tx, "SELECT org, voters, question, counts FROM tally"
				      " WHERE region = $1 AND campaign = $2 ORDER BY org, voters, question");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, campaign);
	while ((r = db_step(q)) > 0) {
		int64_t counts[SCHEME_OPTIONS_MAX + 1] = {0};
		int n = counts_read(db_col_str(q, 3), counts, SCHEME_OPTIONS_MAX + 1);
		struct tally tally = {
			.org = db_col_int(q, 0), .voters = (enum voters)db_col_int(q, 1),
			.question = (int)db_col_int(q, 2), .n_options = n ? n - 1 : 0,
		};
		for (int i = 0; i < n; i++)
			tally.counts[i] = (uint32_t)counts[i];
		if ((r = each(arg, &tally)) < 0)
			break;
	}
	return finish(q, r);
}

int store_bulk_steps(struct db_tx *tx, int64_t region, int64_t campaign, int step,
		     enum step_state state, int (*each)(void *arg, int64_t org), void *arg)
{
	int r;
	struct db_stmt *q = db_stream(tx, "SELECT org FROM org_step WHERE region = $1"
				      " AND campaign = $2 AND step = $3 AND state = $4 ORDER BY org");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, campaign);
	db_bind_int(q, 3, step);
	db_bind_int(q, 4, state);
	while ((r = db_step(q)) > 0)
		if ((r = each(arg, db_col_int(q, 0))) < 0)
			break;
	return finish(q, r);
}

int store_bulk_results(struct db_tx *tx, int64_t region, int64_t campaign,
		       int (*each)(void *arg, const struct result *result, struct str status,
				   struct str composite, struct str sources), void *arg)
{
	int r;
	struct db_stmt *q = db_stream(tx, "SELECT org, category, score, places, grade, computed,"
				      " by_score, quota, meeting, stars, rank, approval, graded_ms,"
				      " status, composite, sources FROM result"
				      " WHERE region = $1 AND campaign = $2 ORDER BY org");
	db_bind_int(q, 1, region);
	db_bind_int(q, 2, campaign);
	while ((r = db_step(q)) > 0) {
		const struct result result = {
			.org = db_col_int(q, 0), .category = (int)db_col_int(q, 1),
			.score = db_col_int(q, 2), .places = (int)db_col_int(q, 3),
			.grade = (int)db_col_int(q, 4), .computed = (int)db_col_int(q, 5),
			.by_score = (int)db_col_int(q, 6), .quota = (int)db_col_int(q, 7),
			.meeting = db_col_int(q, 8), .stars = (int)db_col_int(q, 9),
			.rank = db_col_int(q, 10), .approval = (int)db_col_int(q, 11),
			.graded_ms = db_col_int(q, 12),
		};
		if ((r = each(arg, &result, db_col_str(q, 13), db_col_str(q, 14),
			      db_col_str(q, 15))) < 0)
			break;
	}
	return finish(q, r);
}
