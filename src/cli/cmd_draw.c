/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_draw.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "app/draws.h"
#include "base/file.h"

enum { DRAW_FILE_MAX = 64 << 20 };

/* Strings of a list, a line each. False where it is none. */
static bool add_lines(const json_t *list, struct buf *out)
{
	size_t i;
	json_t *line;
	if (!json_is_array(list))
		return false;
	json_array_foreach(list, i, line) {
		if (!json_is_string(line))
			return false;
		buf_add(out, json_string_value(line), json_string_length(line));
		buf_addc(out, '\n');
	}
	return !out->failed;
}

static int check_one(const json_t *draw, int *checked, struct err_info *info)
{
	AUTO(buf) struct buf population = {0}, drawn = {0}, dealt = {0};
	json_t *groups = json_object_get(draw, "groups");
	const char *seed = json_string_value(json_object_get(draw, "seed"));
	const char *fingerprint = json_string_value(json_object_get(draw, "fingerprint"));
	json_t *each = json_object_get(draw, "each");
	if (!fingerprint || !json_is_integer(each))
		return err_set(info, ERR_INPUT, "文件里没有 fingerprint 或 each");
	if (!seed) {
		printf("指纹 %s：还没有公开\n", fingerprint);
		return 0;
	}
	if (!add_lines(json_object_get(draw, "population"), &population) ||
	    !add_lines(json_object_get(draw, "drawn"), &drawn))
		return err_set(info, ERR_INPUT, "文件里没有 population 或 drawn");
	if (groups && (!json_is_integer(groups) || !add_lines(json_object_get(draw, "dealt"), &dealt)))
		return err_set(info, ERR_INPUT, "文件里没有 groups 或 dealt");
	int r = draw_verify_dealt(seed, fingerprint, buf_str(&population), (int)json_integer_value(each),
				  buf_str(&drawn), groups ? (int)json_integer_value(groups) : 0, buf_str(&dealt), info);
	if (r == 0) {
		printf("指纹 %s：重抽结果一致，抽中 %zu 个\n", fingerprint,
		       json_array_size(json_object_get(draw, "drawn")));
		++*checked;
	}
	return r;
}

static int verify(const struct cli_args *args)
{
	struct err_info info = {0};
	AUTO(buf) struct buf text = {0};
	json_error_t why;
	size_t i;
	json_t *draw;
	int checked = 0, r = file_read(args->rest[0], DRAW_FILE_MAX, &text, &info);
	if (r < 0)
		return cli_fail(&info);
	json_t *json = json_loadb(buf_str(&text), text.len, 0, &why);
	json_t *draws = json_object_get(json, "draws");
	if (!json_is_array(draws))
		r = err_set(&info, ERR_INPUT, "%s：不是抽查页保存的文件", args->rest[0]);
	json_array_foreach(draws, i, draw)
		if (r == 0)
			r = check_one(draw, &checked, &info);
	json_decref(json);
	if (r == ERR_STATE) {
		cli_fail(&info);
		return EXIT_FAULT;
	}
	return r < 0 ? cli_fail(&info) : EXIT_OK;
}

const struct cli_command cmd_draw_verify = {
	.name = "draw verify",
	.summary = "重抽一遍抽查：指纹、种子和名单对不对得上（文件从抽查页的 JSON 保存）",
	.rest = "文件",
	.rest_min = 1,
	.rest_max = 1,
	.run = verify,
};
