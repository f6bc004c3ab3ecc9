/* SPDX-License-Identifier: Apache-2.0 */
#include "web/held.h"

#include <pthread.h>
#include <string.h>

#include "web/session.h"

_Static_assert((int)HELD_ID_LEN == (int)WEB_TOKEN_LEN, "an upload's id is a token");

struct one {
	char id[HELD_ID_LEN + 1];	/* "": a free place */
	int64_t account, since;
	char *name, *data;
	size_t name_len, len;
};

struct held {
	pthread_mutex_t lock;
	size_t bytes;
	struct one at[HELD_MAX];
};

struct held *held_new(void)
{
	struct held *held = calloc(1, sizeof(*held));
	if (held)
		pthread_mutex_init(&held->lock, NULL);
	return held;
}

static void drop(struct held *held, struct one *one)
{
	held->bytes -= one->len;
	free(one->name);
	free(one->data);
	*one = (struct one){0};
}

void held_free(struct held *held)
{
	if (!held)
		return;
	for (int i = 0; i < HELD_MAX; i++)
		drop(held, &held->at[i]);
	pthread_mutex_destroy(&held->lock);
	free(held);
}

static struct one *oldest(struct held *held)
{
	struct one *found = NULL;
	for (int i = 0; i < HELD_MAX; i++)
		if (held->at[i].id[0] && (!found || held->at[i].since < found->since))
			found = &held->at[i];
	return found;
}

/* A free place, with room for `len` bytes; NULL only if `len` is too much. */
static struct one *make_room(struct held *held, size_t len, int64_t now)
{
	if (len > HELD_BYTES_MAX)
		return NULL;
	for (int i = 0; i < HELD_MAX; i++)
		if (held->at[i].id[0] && held->at[i].since + HELD_S < now)
			drop(held, &held->at[i]);
	while (held->bytes > HELD_BYTES_MAX - len)
		drop(held, oldest(held));
	for (int i = 0; i < HELD_MAX; i++)
		if (!held->at[i].id[0])
			return &held->at[i];
	struct one *one = oldest(held);
	drop(held, one);
	return one;
}

int held_put(struct held *held, int64_t account, struct str name, struct str data, int64_t now,
	     char ret_id[HELD_ID_LEN + 1], struct err_info *info)
{
	struct one one = {.account = account, .since = now, .name_len = name.len, .len = data.len};

	token_make(one.id);
	one.name = malloc(name.len + 1);
	one.data = malloc(data.len + 1);
	if (!one.name || !one.data) {
		free(one.name);
		free(one.data);
		return err_nomem(info);
	}
	if (name.len)
		memcpy(one.name, name.data, name.len);
	if (data.len)
		memcpy(one.data, data.data, data.len);
	pthread_mutex_lock(&held->lock);
	struct one *place = make_room(held, data.len, now);
	if (place) {
		*place = one;
		held->bytes += one.len;
	}
	pthread_mutex_unlock(&held->lock);
	if (!place) {
		free(one.name);
		free(one.data);
		return err_set(info, ERR_LIMIT, "文件太大，最多 %d MB", HELD_BYTES_MAX >> 20);
	}
	memcpy(ret_id, one.id, sizeof(one.id));
	return 0;
}

/* With the lock held. */
static struct one *find(struct held *held, int64_t account, const char *id)
{
	for (int i = 0; *id && i < HELD_MAX; i++)
		if (held->at[i].account == account && strcmp(held->at[i].id, id) == 0)
			return &held->at[i];
	return NULL;
}

int held_get(struct held *held, int64_t account, const char *id, int64_t now, struct arena *arena,
	     struct str *ret_name, struct str *ret_data, struct err_info *info)
{
	pthread_mutex_lock(&held->lock);
	struct one *one = find(held, account, id);
	bool live = one && one->since + HELD_S >= now;
	struct str name = {live ? arena_strndup(arena, one->name, one->name_len) : NULL, 0};
	struct str data = {live ? arena_strndup(arena, one->data, one->len) : NULL, 0};
	if (live) {
		name.len = one->name_len;
		data.len = one->len;
	}
	pthread_mutex_unlock(&held->lock);
	if (!live)
		return err_set(info, ERR_STATE,
			       "上传的文件已经用过了，或者放了半个小时过期了。"
			       "请先看看是不是已经办好，没有办好的再选一次文件");
	if (!name.data || !data.data)
		return err_nomem(info);
	*ret_name = name;
	*ret_data = data;
	return 0;
}

void held_drop(struct held *held, int64_t account, const char *id)
{
	pthread_mutex_lock(&held->lock);
	struct one *one = find(held, account, id);
	if (one)
		drop(held, one);
	pthread_mutex_unlock(&held->lock);
}
