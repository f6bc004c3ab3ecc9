/* SPDX-License-Identifier: Apache-2.0 */
#include "web/openapi.h"

#include <stdio.h>
#include <string.h>

#include "web/session.h"

static void set_range(json_t *schema, const struct web_field *field, const char *min,
		      const char *max)
{
	if (field->min)
		json_object_set_new(schema, min, json_integer(field->min));
	if (field->max)
		json_object_set_new(schema, max, json_integer(field->max));
}

static json_t *choices_of(const struct web_field *field)
{
	struct web_choice choice;
	json_t *ids = json_array();

	for (int i = 0; web_choice_at(field, i, &choice); i++)
		json_array_append_new(ids, json_string(choice.id));
	return ids;
}

static json_t *schema_of(const struct web_field *field)
{
	json_t *schema = json_object();
	const char *type = "string";

	switch (field->type) {
	case WEB_TEXT:
	case WEB_AREA:
	case WEB_SECRET:
		set_range(schema, field, "minLength", "maxLength");
		break;
	case WEB_INT:
		type = "integer";
		set_range(schema, field, "minimum", "maximum");
		break;
	case WEB_DATE:
		json_object_set_new(schema, "format", json_string("date"));
		break;
	case WEB_CHOICE:
		if (field->choices || field->choice_at)
			json_object_set_new(schema, "enum", choices_of(field));
		break;
	case WEB_FLAG:
		type = "boolean";
		break;
	case WEB_FILE:
		json_object_set_new(schema, "format", json_string("binary"));
		break;
	}
	json_object_set_new(schema, "type", json_string(type));
	if (field->many)
		schema = json_pack("{s:s, s:i, s:o}", "type", "array", "maxItems",
				   (int)WEB_MANY_MAX, "items", schema);
	json_object_set_new(schema, "title", json_string(field->label));
	if (field->hint)
		json_object_set_new(schema, "description", json_string(field->hint));
	return schema;
}

static bool in_path(const struct web_route *route, const char *name)
{
	char hole[80];
	snprintf(hole, sizeof(hole), "{%s}", name);
	return strstr(route->path, hole) != NULL;
}

static json_t *parameters_of(const struct web_route *route)
{
	json_t *list = json_array();

	for (int i = 0; route->fields && route->fields[i].name; i++) {
		const struct web_field *f = &route->fields[i];
		bool path = in_path(route, f->name);
		if (!path && route->method == WEB_POST)
			continue;
		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o}", "name", f->name, "in",
						      path ? "path" : "query", "required",
						      path || f->required, "schema", schema_of(f)));
	}
	return list;
}

static json_t *body_of(const struct web_route *route)
{
	json_t *properties = json_object(), *required = json_array();
	bool file = false;

	for (int i = 0; route->fields && route->fields[i].name; i++) {
		const struct web_field *f = &route->fields[i];
		if (in_path(route, f->name))
			continue;
		file |= f->type == WEB_FILE;
		json_object_set_new(properties, f->name, schema_of(f));
		if (f->required)
			json_array_append_new(required, json_string(f->name));
	}
	json_t *schema = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties,
				   "additionalProperties", 0);
	if (json_array_size(required))
		json_object_set(schema, "required", required);
	json_decref(required);
	return json_pack("{s:{s:{s:o}}}", "content",
			 file ? "multipart/form-data" : "application/json", "schema", schema);
}

/* What comes back when all went well: the route's own JSON, what a POST did, or a file. */
static json_t *success_of(const struct web_route *route)
{
	json_t *success = json_pack("{s:s}", "description", "成功");

	if (route->json)
		json_object_set_new(success, "content", json_pack("{s:{}}", "application/json"));
	else if (route->method == WEB_POST)
		json_object_set_new(success, "content",
				    json_pack("{s:{s:{s:s}}}", "application/json", "schema",
					      "$ref", "#/components/schemas/Done"));
	return success;
}

/* Which cookie and which header the router asks for. NULL: none. */
static json_t *security_of(const struct web_route *route)
{
	bool account = route->access == WEB_SIGNED_IN || route->access == WEB_RIGHT;
	bool guest = route->access == WEB_GUEST || route->access == WEB_SETUP;

	if (route->method == WEB_POST && (account || guest))
		return json_pack("[{s:[], s:[]}]", account ? "session" : "guest", "token");
	return account ? json_pack("[{s:[]}]", "session") : NULL;
}

static json_t *operation_of(const struct web_route *route)
{
	json_t *security = security_of(route);
	json_t *op = json_pack("{s:s, s:o, s:{s:o, s:{s:s, s:{s:{s:{s:s}}}}}}",
			       "summary", route->help, "parameters", parameters_of(route),
			       "responses", "200", success_of(route),
			       "default", "description", "出错（RFC 9457）",
			       "content", "application/problem+json", "schema",
			       "$ref", "#/components/schemas/Problem");
	if (route->method == WEB_POST)
		json_object_set_new(op, "requestBody", body_of(route));
	if (security)
		json_object_set_new(op, "security", security);
	return op;
}

static const char how_to_call[] =
	"每个地址都有两种回答：请求头写 Accept: application/json 的得到 JSON，不写的得到网页"
	"（导出、附件和表格按文件本来的格式给）。\n\n"
	"登录：先 GET /login，收下回答里的 csrf 和 cookie；再 POST /login，带上这个 cookie，"
	"请求头 X-CSRF-Token 写这个 csrf；回答里有会话的 cookie。登录以后 GET / 的回答里有新的 csrf，"
	"以后每个 POST 都把它写在 X-CSRF-Token 里。用 HTTPS 时，cookie 的名称前面多 __Host-。\n\n"
	"权限和网页上一样，按账号的角色算。";

static json_t *schemas(void)
{
	json_t *problem = json_pack("{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}",
				    "type", "type", "string", "title", "type", "string",
				    "status", "type", "integer", "detail", "type", "string",
				    "instance", "type", "string");
	json_object_set_new(problem, "errors",
			    json_pack("{s:s, s:{s:s, s:{s:{s:s}, s:{s:s}}}}", "type", "array", "items",
				      "type", "object", "properties", "field", "type", "string",
				      "detail", "type", "string"));
	json_t *done = json_pack("{s:{s:s}, s:{s:s}, s:{s:s}}", "done", "type", "boolean",
				 "note", "type", "string", "location", "type", "string");
	return json_pack("{s:{s:s, s:o}, s:{s:s, s:o}}",
			 "Problem", "type", "object", "properties", problem,
			 "Done", "type", "object", "properties", done);
}

static json_t *key(const char *in, const char *name)
{
	return json_pack("{s:s, s:s, s:s}", "type", "apiKey", "in", in, "name", name);
}

json_t *openapi_make(const struct web_route *routes, const char *version)
{
	json_t *paths = json_object();

	for (const struct web_route *r = routes; r->path; r++) {
		json_t *item = json_object_get(paths, r->path);
		if (!item) {
			item = json_object();
			json_object_set_new(paths, r->path, item);
		}
		json_object_set_new(item, r->method == WEB_POST ? "post" : "get", operation_of(r));
	}
	return json_pack("{s:s, s:{s:s, s:s, s:s}, s:o, s:{s:o, s:{s:o, s:o, s:o}}}",
			 "openapi", "3.1.0", "info", "title", "晋位", "version", version,
			 "description", how_to_call, "paths", paths, "components",
			 "schemas", schemas(), "securitySchemes",
			 "session", key("cookie", session_cookie_name(false)),
			 "guest", key("cookie", guest_cookie_name(false)),
			 "token", key("header", "X-CSRF-Token"));
}
