/* SPDX-License-Identifier: Apache-2.0 */
/* Every form once, filled with made-up data that tries the paper: names of 30
 * characters, many rows, long problems, texts like formulas. */
#ifndef JW_TESTS_SAMPLE_H
#define JW_TESTS_SAMPLE_H

#include "report/forms/forms.h"

struct sample {
	const char *name;	/* "F1", "F6-tally", "F12-notice" … */
	void (*make)(struct doc *doc, bool blank);
	const char *formats;	/* which of xlsx, docx, pdf, txt it is offered in */
};
extern const struct sample samples[];	/* ends with a NULL name */

/* Thirty characters. */
#define SAMPLE_LONG_NAME "云岭县石桥镇青龙潭村股份经济合作社联合社区综合服务中心党总支部"

#endif
