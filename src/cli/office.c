/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/office.h"

#include <time.h>

struct caller office_caller(void)
{
	struct timespec now;
	struct tm day;
	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &day);
	return (struct caller){
		.machine = true, .origin = "命令行",
		.now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
		.today = (day.tm_year + 1900) * 10000 + (day.tm_mon + 1) * 100 + day.tm_mday,
	};
}
