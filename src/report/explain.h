/* SPDX-License-Identifier: Apache-2.0 */
/* An explanation (domain/explain.h) as text for people and as JSON. */
#ifndef JW_REPORT_EXPLAIN_H
#define JW_REPORT_EXPLAIN_H

#include "domain/explain.h"

/* Appends plain text in Chinese, for a terminal. */
void explain_write_text(const struct explanation *explanation, struct buf *buf);

/* Appends one JSON object and a line end. Exact numbers are strings. ERR_NOMEM. */
int explain_write_json(const struct explanation *explanation, struct buf *buf);

#endif
