/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The route table as an OpenAPI 3.1 description: what is written is what the
 * router enforces, since both read the same table.
 */
#ifndef JW_WEB_OPENAPI_H
#define JW_WEB_OPENAPI_H

#include "web/web.h"

/* A new reference; NULL without memory. */
json_t *openapi_make(const struct web_route *routes, const char *version);

#endif
