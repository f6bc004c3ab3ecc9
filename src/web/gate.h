/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The real gate: the router's three questions, answered by app/.
 */
#ifndef JW_WEB_GATE_H
#define JW_WEB_GATE_H

#include "app/app.h"
#include "web/web.h"

/* `app` is borrowed. */
struct web_gate gate_make(struct app *app);

/* Who calls, as app/ wants to know it; `account` 0: nobody. */
struct caller gate_caller(const struct web_request *request, int64_t account);

#endif
