/* SPDX-License-Identifier: Apache-2.0 */
#include "web/assets.h"

#include <assert.h>
#include <string.h>

const struct web_field asset_fields[] = {
	{.name = "file", .label = "文件", .type = WEB_TEXT, .required = true, .max = 100},
	{0},
};

const char *asset_url(const char *name)
{
	const struct asset *a = assets;
	while (a->name && strcmp(a->name, name) != 0)
		a++;
	assert(a->name);
	return a->url;
}

int asset_serve(struct web_call *call)
{
	struct web_response *response = call->response;
	const struct web_request *request = call->request;
	const struct asset *a = assets;

	while (a->name && !str_eqs(request->path, a->url))
		a++;
	if (!a->name)
		return err_set(&call->info, ERR_NOT_FOUND, "没有这个文件");
	/* Who votes when. */
	response->quiet = strncmp(a->name, "vote.", 5) == 0 || strcmp(a->name, "icon.svg") == 0;
	web_header(response, "Cache-Control", "public, max-age=31536000, immutable");
	web_header(response, "ETag", a->etag);
	web_header(response, "Vary", "Accept-Encoding");
	if (str_eqs(request->if_none_match, a->etag)) {
		response->status = 304;
		return 0;
	}
	struct str accepted = request->accept_encoding;
	response->type = a->type;
	if (accepted.len && memmem(accepted.data, accepted.len, "gzip", 4)) {
		web_header(response, "Content-Encoding", "gzip");
		response->fixed = a->gzip;
		response->fixed_len = (size_t)(a->gzip_end - a->gzip);
	} else {
		response->fixed = a->data;
		response->fixed_len = (size_t)(a->end - a->data);
	}
	return 0;
}
