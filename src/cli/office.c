/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/office.h"

#include <time.h>

#include "cli/place.h"

struct caller office_caller(void)
{
	struct timespec now;
	struct tm day;
	clock_gettime(CLOCK_REALTIME, &now);
	time_t local = now.tv_sec + 8 * 3600;	/* China's day, whatever the server's clock shows */
	gmtime_r(&local, &day);
	return (struct caller){
		.machine = true, .origin = "命令行",
		.now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
		.today = (day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday,
	};
}

int office_run(const struct cli_args *args, const char *db_address,
	       int (*fn)(struct app *app, const struct cli_args *args, struct diag *diag,
			 struct err_info *info))
{
	struct err_info info = {0};
	AUTO(diag) struct diag diag = {0};
	struct db *db = NULL;
	struct app app = {0};
	int r = place_open_db(&db, db_address, &info);
	if (r == 0)
		r = app_init(&app, db, &info);
	if (r == 0)
		r = fn(&app, args, &diag, &info);
	app_done(&app);
	db_close(db);
	if (r == 0)
		return EXIT_OK;
	return diag.total ? cli_fail_diag(&diag) : cli_fail(&info);
}
