/* SPDX-License-Identifier: Apache-2.0 */
#include "app/attachments.h"

#include "app/sight.h"
#include "app/thumbnail.h"
#include "domain/day.h"
#include "store/id.h"

/* Writing is for whoever holds one of two rights; so is reading, or `read`. */
static const struct {
	const char *id, *label;
	enum action read, write, write_too;
} kinds[ATTACHED_COUNT_KINDS] = {
	[ATTACHED_ORG] = {"org", "组织材料", ACTION_ORG_READ, ACTION_ORG_EDIT, ACTION_ORG_EDIT},
	[ATTACHED_SURVEY] = {"survey", "调查材料", ACTION_CAMPAIGN_READ, ACTION_SURVEY_WRITE,
			     ACTION_SURVEY_WRITE},
	[ATTACHED_SELF] = {"self", "自评材料", ACTION_CAMPAIGN_READ, ACTION_SELF_WRITE,
			   ACTION_SELF_CONFIRM},
	[ATTACHED_SCORE] = {"score", "打分材料", ACTION_CAMPAIGN_READ, ACTION_SCORE_WRITE,
			    ACTION_SCORE_UNIT},
	[ATTACHED_COUNT] = {"count", "计票材料", ACTION_CAMPAIGN_READ, ACTION_BALLOT_WRITE,
			    ACTION_BALLOT_WRITE},
	[ATTACHED_MEETING] = {"meeting", "会议材料", ACTION_CAMPAIGN_READ, ACTION_MEETING_WRITE,
			      ACTION_MEETING_WRITE},
	[ATTACHED_PUBLICITY] = {"publicity", "公示材料", ACTION_CAMPAIGN_READ, ACTION_PUBLICITY_WRITE,
				ACTION_PUBLICITY_WRITE},
	[ATTACHED_SUBMISSION] = {"submission", "上报材料", ACTION_CAMPAIGN_READ, ACTION_SUBMIT,
				 ACTION_REVIEW},
	[ATTACHED_CASE] = {"case", "整顿材料", ACTION_CASE_READ, ACTION_CASE_PROGRESS,
			   ACTION_CASE_WRITE},
	[ATTACHED_PROBLEM] = {"problem", "整改佐证", ACTION_CASE_READ, ACTION_CASE_PROGRESS,
			      ACTION_CASE_WRITE},
	[ATTACHED_VISIT] = {"visit", "走访材料", ACTION_CASE_READ, ACTION_VISIT_WRITE,
			    ACTION_CASE_WRITE},
	[ATTACHED_CHECK] = {"check", "抽查材料", ACTION_CASE_READ, ACTION_CHECK_WRITE,
			    ACTION_CHECK_WRITE},
	[ATTACHED_ACCEPTANCE] = {"acceptance", "验收材料", ACTION_CASE_READ, ACTION_CASE_ACCEPT,
				 ACTION_CASE_ACCEPT},
	[ATTACHED_PRINT] = {"print", "盖章件", ACTION_REPORT_READ, ACTION_SUBMIT, ACTION_REVIEW},
};

const char *attachment_kind_id(enum attachment_kind kind) { return kinds[kind].id; }
const char *attachment_kind_label(enum attachment_kind kind) { return kinds[kind].label; }

#define NO_SMALL "这件材料没有小图"

struct job {
	struct app *app;
	const struct caller *caller;
	const struct attachment_new *in;
	int64_t id, org, object;
	enum attachment_kind kind;
	const char *reason;
	struct arena *arena;		/* the caller's, for results */
	struct attachment attachment;
	struct attachments list;
	struct buf *data;
	bool small;
};

static bool may_write(const struct access *access, enum attachment_kind kind, const char *path)
{
	return right_check(&access->holder, kinds[kind].write, path) ||
	       right_check(&access->holder, kinds[kind].write_too, path);
}

/* Looks the caller up and says what he may do with a kind of thing at `org`. */
static int enter(struct db_tx *tx, const struct caller *caller, enum attachment_kind kind,
		 int64_t org, bool write, struct arena *arena, struct access *ret_access,
		 bool *ret_may_write, struct err_info *info)
{
	char path[ORG_PATH_MAX];
	struct access access;
	int r = app_who(tx, caller, arena, &access, info);
	if (r == 0)
		r = store_org_path(tx, org, path);
	if (r < 0)
		return r;
	if (!r)
		return err_set(info, ERR_NOT_FOUND, "没有这个组织");
	bool may = may_write(&access, kind, path);
	if (!may && (write || !right_check(&access.holder, kinds[kind].read, path)))
		return err_set(info, ERR_DENIED, "您没有权限%s这里的%s", write ? "修改" : "查看",
			       kinds[kind].label);
	if (access.must_change)
		return err_set(info, ERR_DENIED, "请先修改密码");
	*ret_access = access;
	if (ret_may_write)
		*ret_may_write = may;
	return 0;
}

/* What belongs to a self-evaluation is seen with it; what one sent oneself always. */
static int may_see(struct db_tx *tx, struct app *app, const struct caller *caller,
		   enum attachment_kind kind, int64_t org, int64_t object, struct arena *arena,
		   bool *ret_may)
{
	struct campaign_call call;
	struct err_info none = {0};
	*ret_may = true;
	if (kind != ATTACHED_SELF)
		return 0;
	int r = campaign_enter(tx, app, caller, ACTION_CAMPAIGN_READ, object, org, arena, &call, &none);
	/* Of no campaign that he reads: then his right to write it has let him in. */
	if (r == ERR_NOT_FOUND || r == ERR_DENIED)
		return 0;
	struct sight sight = sight_of(&call, arena);
	return r < 0 ? r : sight_self_get(tx, &sight, &call.org, ret_may);
}

/* The last part of a path, without what a disk would not take, with the ending
 * that its bytes deserve. NULL without memory. */
static const char *clean_name(struct str name, enum file_type type, struct arena *arena)
{
	AUTO(buf) struct buf out = {0};
	for (size_t i = name.len; i-- > 0;)
		if (name.data[i] == '/' || name.data[i] == '\\') {
			name = (struct str){name.data + i + 1, name.len - i - 1};
			break;
		}
	name = str_trim(name);
	for (size_t i = name.len; i-- > 1;)
		if (name.data[i] == '.') {
			name.len = i;
			break;
		}
	for (size_t i = 0, len; i < name.len && out.len < 240; i += len ? len : 1) {
		len = str_utf8_len(name.data + i, name.len - i);
		if (len && ((unsigned char)name.data[i] >= 0x80 ||
			    (name.data[i] >= ' ' && !strchr("<>:\"|?*\x7F", name.data[i]))))
			buf_add(&out, name.data + i, len);
	}
	return arena_printf(arena, "%s%s", out.len ? buf_str(&out) : "附件", file_type_ending(type));
}

static int check_new(const struct attachment_new *in, int32_t today, enum file_type *ret_type,
		     struct err_info *info)
{
	if (!in->data.len)
		return err_set(info, ERR_INPUT, "文件是空的，请重新选择");
	if (in->data.len > ATTACHMENT_MAX)
		return err_set(info, ERR_LIMIT, "文件超过 %d MB，请压缩后再传", ATTACHMENT_MAX >> 20);
	if (file_type_of(in->data, ret_type) < 0)
		return err_set(info, ERR_INPUT,
			       "不收这种文件。可以传照片（jpg、png）、PDF、Word、Excel，不收带宏的文件和压缩包");
	if (in->day && (!day_valid(in->day) || in->day > today))
		return err_set(info, ERR_INPUT, "材料日期不对，应不晚于今天");
	if (strlen(in->what) > 800)
		return err_set(info, ERR_INPUT, "说明太长，应在 200 字以内");
	return 0;
}

int attachments_put(struct db_tx *tx, const struct access *access, const struct attachment_new *in,
		    struct arena *arena, int64_t *ret_id, struct err_info *info)
{
	enum file_type type;
	struct org org;
	int r = check_new(in, access->caller->today, &type, info);
	if (r < 0)
		return r;
	r = store_org_get(tx, in->org, arena, &org);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个组织");
	struct attachment a = {
		.org = in->org, .kind = in->kind, .object = in->object, .what = in->what, .type = type,
		.name = clean_name(in->name, type, arena), .day = in->day,
		.added_ms = access->caller->now_ms, .account = access->caller->account,
		.who = access->label,
	};
	if (!a.name)
		return db_doom_nomem(tx);
	if ((r = store_attachment_insert(tx, &a, in->data)) < 0)
		return r;
	*ret_id = a.id;
	if (r == 1)
		return 0;	/* sent before */
	if (in->small.data && (r = store_attachment_put_small(tx, &a, in->small)) < 0)
		return r;
	return app_audit(tx, access, "file.add", in->org,
			 arena_printf(arena, "%s %s", org.code, org.name), "",
			 arena_printf(arena, "%s：%s %s", kinds[in->kind].label, a.name, in->what));
}

static int add_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	int r = enter(tx, job->caller, job->in->kind, job->in->org, true, &arena, &access, NULL, info);
	return r < 0 ? r : attachments_put(tx, &access, job->in, &arena, &job->id, info);
}

/* Empty where none can be made: the photo is kept all the same. */
static struct str make_small(struct app *app, struct str photo, struct buf *small)
{
	return thumbnail_make(app->thumbnailer, photo, small) == 0 ? (struct str){small->data, small->len}
								   : STR("");
}

int attachments_add(struct app *app, const struct caller *caller, const struct attachment_new *in,
		    int64_t *ret_id, struct err_info *info)
{
	AUTO(buf) struct buf small = {0};
	struct attachment_new photo = *in;
	struct job job = {.caller = caller, .in = &photo};
	enum file_type type;
	if (app->thumbnailer && in->data.len <= ATTACHMENT_MAX && file_type_of(in->data, &type) == 0 &&
	    file_type_is_image(type))
		photo.small = make_small(app, in->data, &small);
	int r = db_write(app->db, id_region(in->org), add_fn, &job, info);
	if (r == 0)
		*ret_id = job.id;
	return r;
}

static int read_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	int r = store_attachment_get(tx, job->id, job->arena, &job->attachment);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个文件");
	r = enter(tx, job->caller, job->attachment.kind, job->attachment.org, false, job->arena, &access,
		  NULL, info);
	const struct attachment *a = &job->attachment;
	bool seen = true;
	if (r == 0 && a->account != job->caller->account)
		r = may_see(tx, job->app, job->caller, a->kind, a->org, a->object, job->arena, &seen);
	if (r < 0)
		return r;
	if (!seen)
		return err_set(info, ERR_DENIED, "自评还没有报送，报送以后才看得到它的材料");
	buf_clear(job->data);
	if (job->small) {
		r = store_attachment_read_small(tx, &job->attachment, job->data);
		return r < 0 ? r : r ? 0 : err_set(info, ERR_NOT_FOUND, NO_SMALL);
	}
	r = store_attachment_read(tx, &job->attachment, job->data);
	return r == ERR_IO ? err_set(info, r, "文件“%s”已损坏", job->attachment.name) : r;
}

static int keep_small_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct job *job = arg;
	(void)info;
	return store_attachment_put_small(tx, &job->attachment, (struct str){job->data->data, job->data->len});
}

int attachments_small(struct app *app, const struct caller *caller, int64_t id, struct arena *arena,
		      struct buf *data, struct err_info *info)
{
	AUTO(buf) struct buf photo = {0};
	struct job job = {.app = app, .caller = caller, .id = id, .arena = arena, .data = data, .small = true};
	int r = db_read(app->db, read_fn, &job, info);
	const struct attachment *a = &job.attachment;
	if (r != ERR_NOT_FOUND || !app->thumbnailer || a->id != id || a->small != SMALL_UNTRIED ||
	    !file_type_is_image(a->type))
		return r;
	/* Kept before there were small pictures: made now, and only once. */
	job.small = false;
	job.data = &photo;
	if ((r = db_read(app->db, read_fn, &job, info)) < 0)
		return r;
	struct str small = make_small(app, (struct str){photo.data, photo.len}, data);
	job.data = data;
	if ((r = db_write(app->db, id_region(id), keep_small_fn, &job, info)) < 0)
		return r;
	return small.len ? 0 : err_set(info, ERR_NOT_FOUND, NO_SMALL);
}

int attachments_read(struct app *app, const struct caller *caller, int64_t id, struct arena *arena,
		     struct attachment *ret_attachment, struct buf *data, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .id = id, .arena = arena, .data = data};
	int r = db_read(app->db, read_fn, &job, info);
	if (r == 0)
		*ret_attachment = job.attachment;
	return r;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	int r = enter(tx, job->caller, job->kind, job->org, false, job->arena, &access,
		      &job->list.may_add, info);
	if (r == 0)
		r = store_org_get(tx, job->org, job->arena, &job->list.org);
	if (r >= 0)
		r = store_attachment_list(tx, job->org, (int)job->kind, job->object, job->arena,
					  &job->list.at, &job->list.n);
	int n = job->list.n;
	job->list.n = 0;
	for (int i = 0; r >= 0 && i < n; i++) {
		const struct attachment *a = &job->list.at[i];
		bool seen = true;
		if (a->account != job->caller->account)
			r = may_see(tx, job->app, job->caller, a->kind, a->org, a->object, job->arena, &seen);
		if (r >= 0 && seen)
			job->list.at[job->list.n++] = *a;
	}
	return r < 0 ? r : 0;
}

int attachments_list(struct app *app, const struct caller *caller, int64_t org,
		     enum attachment_kind kind, int64_t object, struct arena *arena,
		     struct attachments *ret_list, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .org = org, .kind = kind, .object = object,
			  .arena = arena};
	int r = db_read(app->db, list_fn, &job, info);
	if (r == 0)
		*ret_list = job.list;
	return r;
}

static int withdraw_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct attachment a;
	int r = store_attachment_get(tx, job->id, &arena, &a);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个文件");
	r = enter(tx, job->caller, a.kind, a.org, true, &arena, &access, NULL, info);
	if (r < 0)
		return r;
	r = store_attachment_withdraw(tx, a.id, job->caller->now_ms, access.label, job->reason);
	if (r == ERR_CONFLICT)
		return err_set(info, r, "“%s”已经作废", a.name);
	return r < 0 ? r : app_audit(tx, &access, "file.withdraw", a.org, a.name, "作数",
				     arena_printf(&arena, "作废：%s", job->reason));
}

int attachments_withdraw(struct app *app, const struct caller *caller, int64_t id,
			 const char *reason, struct err_info *info)
{
	struct job job = {.caller = caller, .id = id, .reason = reason};
	if (!*reason)
		return err_set(info, ERR_INPUT, "请写明作废的理由");
	return db_write(app->db, id_region(id), withdraw_fn, &job, info);
}
