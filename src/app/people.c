/* SPDX-License-Identifier: Apache-2.0 */
#include "app/people.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

#include "app/roster.h"
#include "store/id.h"
#include "store/setting.h"

static const int64_t MINUTE_MS = 60000, HOUR_MS = 3600000;

/* ---- policy ---- */

static const struct {
	const char *name;
	size_t offset;
	int least, usual, most;
	const char *label;
} settings[] = {
	{"password.min_length", offsetof(struct policy, min_length), PASSWORD_MIN, PASSWORD_MIN,
	 POLICY_LENGTH_MAX, "密码最短长度"},
	{"session.idle_minutes", offsetof(struct policy, idle_minutes), POLICY_IDLE_MIN, 30,
	 POLICY_IDLE_MAX, "无操作退出（分钟）"},
	{"login.tries", offsetof(struct policy, tries), POLICY_TRIES_MIN, 5, POLICY_TRIES_MAX,
	 "锁定前可错次数"},
};

static int *setting_of(struct policy *policy, size_t i)
{
	return (int *)((char *)policy + settings[i].offset);
}

int policy_read(struct db_tx *tx, struct policy *ret_policy)
{
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		int64_t value;
		int r = store_setting_int(tx, 0, settings[i].name, settings[i].usual, &value);
		if (r < 0)
			return r;
		*setting_of(ret_policy, i) = value < settings[i].least ? settings[i].least
					     : value > settings[i].most ? settings[i].most : (int)value;
	}
	return 0;
}

static int policy_get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	return policy_read(tx, arg);
}

int policy_get(struct app *app, struct policy *ret_policy, struct err_info *info)
{
	struct policy policy = {0};
	int r = db_read(app->db, policy_get_fn, &policy, info);
	if (r == 0)
		*ret_policy = policy;
	return r;
}

struct policy_ask {
	const struct caller *caller;
	bool may;
};

static int policy_may_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct policy_ask *ask = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct org_child *roots = NULL;
	int n = 0, r = app_who(tx, ask->caller, &arena, &access, info);
	if (r == 0)
		r = store_org_roots(tx, &arena, &roots, &n);
	ask->may = r == 0 && n > 0 &&
		   right_check(&access.holder, ACTION_POLICY_WRITE, roots[0].org.path);
	return r;
}

int policy_may_set(struct app *app, const struct caller *caller, bool *ret_may,
		   struct err_info *info)
{
	struct policy_ask ask = {.caller = caller};
	int r = db_read(app->db, policy_may_fn, &ask, info);
	if (r == 0)
		*ret_may = ask.may;
	return r;
}

struct policy_job {
	const struct caller *caller;
	struct policy policy;
};

static int policy_set_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct policy_job *job = arg;
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf before = {0}, after = {0};
	struct access access;
	struct org_child *roots;
	struct policy old;
	int n, r = store_org_roots(tx, &arena, &roots, &n);
	if (r < 0)
		return r;
	if (!n)
		return err_set(info, ERR_STATE, "还没有任何组织");
	if ((r = app_enter(tx, job->caller, ACTION_POLICY_WRITE, roots[0].org.id, &arena, &access, NULL,
			   info)) < 0 ||
	    (r = policy_read(tx, &old)) < 0)
		return r;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		char text[16];
		int value = *setting_of(&job->policy, i);
		if (value < settings[i].least || value > settings[i].most)
			return err_set(info, ERR_INPUT, "%s应在 %d 到 %d 之间", settings[i].label,
				       settings[i].least, settings[i].most);
		buf_addf(&before, "%s：%d；", settings[i].label, *setting_of(&old, i));
		buf_addf(&after, "%s：%d；", settings[i].label, value);
		snprintf(text, sizeof(text), "%d", value);
		if ((r = store_setting_set(tx, 0, settings[i].name, text)) < 0)
			return r;
	}
	return app_audit(tx, &access, "policy.change", roots[0].org.id, "密码和登录策略",
			 buf_str(&before), buf_str(&after));
}

int policy_set(struct app *app, const struct caller *caller, const struct policy *policy,
	       struct err_info *info)
{
	struct policy_job job = {caller, *policy};
	return db_write(app->db, 0, policy_set_fn, &job, info);
}

/* ---- names ---- */

int login_name_check(const char *name, char out[ACCOUNT_NAME_MAX * 4 + 1], struct err_info *info)
{
	struct str text = str_trim(str_from(name));
	size_t n = 0, characters = 0;
	bool good = str_is_utf8(text.data, text.len) && text.len <= ACCOUNT_NAME_MAX * 4;
	for (size_t i = 0; good && i < text.len; i++) {
		char c = text.data[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		good = (c & 0x80) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
		       c == '-' || c == '_';
		characters += ((unsigned char)c & 0xC0) != 0x80;
		out[n++] = c;
	}
	out[n] = '\0';
	if (!good || characters < 2 || characters > ACCOUNT_NAME_MAX)
		return err_set(info, ERR_INPUT,
			       "账号应为 2 到 %d 个汉字、字母、数字、点、横线或下划线", ACCOUNT_NAME_MAX);
	return 0;
}

/* ---- signing in ---- */

struct login {
	struct app *app;
	const struct caller *caller;
	struct arena *arena;
	char name[ACCOUNT_NAME_MAX * 4 + 1];
	const char *typed;	/* as it came, for the log */
	const char *code;
	const unsigned char *token_hash;
	bool known, right;	/* the account, the password */
	bool in;
	struct account account;	/* as it was when the attempt was counted */
	struct account opened;
	struct policy policy;
};

static int64_t lock_ms(int64_t failures, int tries)
{
	int64_t over = failures - tries;
	if (over < 0)
		return 0;
	return over >= 6 ? HOUR_MS : MINUTE_MS << over;
}

/* Counts the attempt as failed, whatever comes of it. */
static int login_count_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct login *login = arg;
	struct login_guard guard;
	int64_t now = login->caller->now_ms;
	int r = policy_read(tx, &login->policy);
	if (r == 0)
		r = store_guard_get(tx, login->name, &guard);
	if (r < 0)
		return r;
	if (guard.locked_until_ms > now) {
		int64_t minutes = (guard.locked_until_ms - now + MINUTE_MS - 1) / MINUTE_MS;
		return err_set(info, ERR_STATE, "错误次数太多，已锁定，请 %lld 分钟后再试",
			       (long long)minutes);
	}
	guard.failures++;
	guard.last_ms = now;
	guard.locked_until_ms = 0;
	int64_t delay = lock_ms(guard.failures, login->policy.tries);
	if (delay)
		guard.locked_until_ms = now + delay;
	if ((r = store_guard_set(tx, login->name, &guard, now - 24 * HOUR_MS)) < 0 ||
	    (r = store_account_by_name(tx, login->name, login->arena, &login->account)) < 0)
		return r;
	login->known = r > 0;
	return 0;
}

static int login_failed(struct db_tx *tx, struct login *login, const char *why,
			struct err_info *info)
{
	struct caller caller = *login->caller;
	caller.account = login->known ? login->account.id : 0;
	const struct access access = {.caller = &caller, .label = login->name};
	(void)info;
	return app_audit(tx, &access, "login.fail", 0, login->known ? login->name : login->typed, "",
			 why);
}

static int login_open(struct db_tx *tx, struct login *login, struct account *account)
{
	struct caller caller = *login->caller;
	struct session session = {
		.region = id_region(account->id), .account = account->id,
		.created_ms = caller.now_ms, .seen_ms = caller.now_ms, .origin = caller.origin,
	};
	int r;
	caller.account = account->id;
	const struct access access = {.caller = &caller, .label = account->label};
	memcpy(session.token_hash, login->token_hash, TOKEN_HASH_LEN);
	account->login_ms = caller.now_ms;
	if ((r = store_guard_clear(tx, login->name)) < 0 ||
	    (r = store_session_expire(tx, session.region,
				      caller.now_ms - SESSION_MAX_H * HOUR_MS)) < 0 ||
	    (r = store_session_insert(tx, &session)) < 0 ||
	    (r = store_account_update(tx, account)) < 0)
		return r;
	return app_audit(tx, &access, "login", 0, account->name, "", "");
}

/* `right` becomes whether he is in; a refusal is written, too, so it is no
 * error of the transaction. */
static int login_finish_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct login *login = arg;
	struct account now;
	login->in = false;
	if (!login->known)
		return login_failed(tx, login, "没有这个账号", info);
	/* It may have been closed or reset meanwhile. */
	int r = store_account_get(tx, login->account.id, login->arena, &now);
	if (r < 0)
		return r;
	bool same = r > 0 && strcmp(now.password, login->account.password) == 0;
	if (!login->right || !same)
		return login_failed(tx, login, "密码错误", info);
	if (now.state != ACCOUNT_ACTIVE)
		return login_failed(tx, login, "账号已停用", info);
	if (now.has_totp) {
		int64_t step = totp_fits(now.totp, login->code, login->caller->now_ms / 1000,
					 now.totp_step);
		if (step < 0)
			return login_failed(tx, login, *login->code ? "动态口令错误" : "缺动态口令",
					    info);
		now.totp_step = step;
	}
	if ((r = login_open(tx, login, &now)) < 0)
		return r;
	login->opened = now;
	login->in = true;
	return 0;
}

static struct person person_of(const struct account *a)
{
	return (struct person){a->id, a->name, a->label, a->node, a->node_name, a->must_change,
			       a->has_totp};
}

int people_login(struct app *app, const struct caller *caller, const char *name,
		 const char *password, const char *code,
		 const unsigned char token_hash[TOKEN_HASH_LEN], struct arena *arena,
		 struct person *ret_person, struct err_info *info)
{
	struct login login = {.app = app, .caller = caller, .arena = arena, .code = code ? code : "",
			      .token_hash = token_hash};
	int r;
	/* What can't be a name is counted and noted like a name that nobody has. */
	login.typed = name;
	if (login_name_check(name, login.name, NULL) < 0)
		snprintf(login.name, sizeof(login.name), "?");
	if ((r = db_write(app->db, 0, login_count_fn, &login, info)) < 0)
		return r;
	/* Outside the transaction: this takes a while on purpose. */
	login.right = password_fits(app, login.known ? login.account.password : "", password);
	if ((r = db_write(app->db, login.known ? id_region(login.account.id) : 0, login_finish_fn,
			  &login, info)) < 0)
		return r;
	if (!login.in) {
		if (login.right && login.account.has_totp)
			return err_set(info, ERR_DENIED, "请输入正确的动态口令");
		return err_set(info, ERR_DENIED, "账号或密码不对");
	}
	*ret_person = person_of(&login.opened);
	return 0;
}

/* ---- sessions ---- */

struct seen {
	const unsigned char *hash;
	int64_t now_ms;
	struct arena *arena;
	struct session session;
	struct account account;
	bool due;		/* the idle clock wants writing */
};

static bool session_holds(const struct session *s, const struct policy *policy, int64_t now_ms)
{
	return now_ms - s->seen_ms <= policy->idle_minutes * MINUTE_MS &&
	       now_ms - s->created_ms <= SESSION_MAX_H * HOUR_MS;
}

static int session_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct seen *seen = arg;
	struct policy policy = {0};
	int r = store_session_get(tx, seen->hash, seen->arena, &seen->session);
	if (r > 0)
		r = store_account_get(tx, seen->session.account, seen->arena, &seen->account);
	if (r < 0)
		return r;
	if (!r || seen->account.state != ACCOUNT_ACTIVE)
		return err_set(info, ERR_NOT_FOUND, "请先登录");
	if ((r = policy_read(tx, &policy)) < 0)
		return r;
	if (!session_holds(&seen->session, &policy, seen->now_ms))
		return err_set(info, ERR_NOT_FOUND, "太久没有操作，请重新登录");
	seen->due = seen->now_ms - seen->session.seen_ms >= MINUTE_MS;
	return 0;
}

static int session_seen_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct seen *seen = arg;
	(void)info;
	return store_session_seen(tx, &seen->session, seen->now_ms);
}

int people_session(struct app *app, const unsigned char token_hash[TOKEN_HASH_LEN],
		   int64_t now_ms, struct arena *arena, struct person *ret_person,
		   struct err_info *info)
{
	struct seen seen = {.hash = token_hash, .now_ms = now_ms, .arena = arena};
	int r = db_read(app->db, session_fn, &seen, info);
	if (r == 0 && seen.due)
		r = db_write(app->db, seen.session.region, session_seen_fn, &seen, info);
	if (r == 0)
		*ret_person = person_of(&seen.account);
	return r;
}

struct logout {
	const struct caller *caller;
	const unsigned char *hash;
};

static int logout_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct logout *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct session session;
	struct account account;
	(void)info;
	int r = store_session_get(tx, job->hash, &arena, &session);
	if (r > 0)
		r = store_account_get(tx, session.account, &arena, &account);
	if (r <= 0)
		return r;
	struct caller caller = *job->caller;
	caller.account = account.id;
	const struct access access = {.caller = &caller, .label = account.label};
	if ((r = store_session_remove(tx, &session)) < 0)
		return r;
	return app_audit(tx, &access, "logout", 0, account.name, "", "");
}

int people_logout(struct app *app, const struct caller *caller,
		  const unsigned char token_hash[TOKEN_HASH_LEN], struct err_info *info)
{
	struct logout job = {caller, token_hash};
	return db_write(app->db, id_region(caller->account), logout_fn, &job, info);
}

/* ---- one's own sessions ---- */

struct own_sessions {
	const struct caller *caller;
	struct arena *arena;
	const char *mark;
	const unsigned char *keep;
	struct session *sessions;
	int n;
};

/* Keeps those that still hold. */
static int sessions_read(struct db_tx *tx, struct own_sessions *job, struct access *ret_access,
			 struct err_info *info)
{
	struct policy policy = {0};
	int all, r = app_who(tx, job->caller, job->arena, ret_access, info);
	job->n = 0;
	if (r < 0 || (r = policy_read(tx, &policy)) < 0 ||
	    (r = store_sessions(tx, job->caller->account, job->arena, &job->sessions, &all)) < 0)
		return r;
	for (int i = 0; i < all; i++)
		if (session_holds(&job->sessions[i], &policy, job->caller->now_ms))
			job->sessions[job->n++] = job->sessions[i];
	return 0;
}

static int sessions_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct access access;
	return sessions_read(tx, arg, &access, info);
}

int people_sessions(struct app *app, const struct caller *caller, struct arena *arena,
		    struct session **ret_sessions, int *ret_n, struct err_info *info)
{
	struct own_sessions job = {.caller = caller, .arena = arena};
	int r = db_read(app->db, sessions_fn, &job, info);
	if (r < 0)
		return r;
	*ret_sessions = job.sessions;
	*ret_n = job.n;
	return 0;
}

void session_mark(const struct session *session, char ret_mark[SESSION_MARK_LEN + 1])
{
	sodium_bin2hex(ret_mark, SESSION_MARK_LEN + 1, session->token_hash, SESSION_MARK_LEN / 2);
}

static int sessions_end_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct own_sessions *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	char mark[SESSION_MARK_LEN + 1];
	int ended = 0;
	job->arena = &arena;
	int r = sessions_read(tx, job, &access, info);
	for (int i = 0; r == 0 && i < job->n; i++) {
		const struct session *s = &job->sessions[i];
		session_mark(s, mark);
		if (job->mark ? strcmp(mark, job->mark) != 0
			      : memcmp(s->token_hash, job->keep, TOKEN_HASH_LEN) == 0)
			continue;
		r = store_session_remove(tx, s);
		if (r == 0)
			r = app_audit(tx, &access, "session.end", 0, access.label, s->origin, "");
		ended++;
	}
	if (r == 0 && job->mark && !ended)
		return err_set(info, ERR_NOT_FOUND, "这处登录已经退出");
	job->n = ended;
	return r;
}

int people_end_sessions(struct app *app, const struct caller *caller, const char *mark,
			const unsigned char keep[TOKEN_HASH_LEN], int *ret_n, struct err_info *info)
{
	struct own_sessions job = {.caller = caller, .mark = mark, .keep = keep};
	int r = db_write(app->db, id_region(caller->account), sessions_end_fn, &job, info);
	if (r == 0)
		*ret_n = job.n;
	return r;
}

/* ---- own password and second factor ---- */

struct own {
	struct app *app;
	const struct caller *caller;
	struct arena arena;
	struct account account;
	struct policy policy;
	char hash[PASSWORD_HASH_MAX];
	const unsigned char *keep;
	unsigned char totp[TOTP_SECRET_LEN];
	int64_t totp_step;
	bool set_password, set_totp;
	const char *act;
};

static int own_read_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct own *own = arg;
	struct access access;
	arena_done(&own->arena);
	if (own->caller->machine || app_who(tx, own->caller, &own->arena, &access, info) < 0)
		return err_set(info, ERR_DENIED, "请先登录");
	int r = policy_read(tx, &own->policy);
	if (r < 0)
		return r;
	r = store_account_get(tx, own->caller->account, &own->arena, &own->account);
	return r < 0 ? r : r ? 0 : err_set(info, ERR_DENIED, "请先登录");
}

static int own_write_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct own *own = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct account now = {.password = ""};
	int r = app_who(tx, own->caller, &arena, &access, info);
	if (r == 0)
		r = store_account_get(tx, own->caller->account, &arena, &now);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_DENIED, "请先登录");
	if (strcmp(now.password, own->account.password) != 0)
		return err_set(info, ERR_CONFLICT, "密码刚被改过，请重新登录");
	if (own->set_password) {
		now.password = own->hash;
		now.must_change = false;
		now.password_ms = own->caller->now_ms;
		if ((r = store_session_remove_all(tx, now.id, own->keep)) < 0)
			return r;
	}
	if (own->set_totp) {
		now.has_totp = own->totp_step >= 0;
		now.totp_step = own->totp_step >= 0 ? own->totp_step : 0;
		memcpy(now.totp, own->totp, TOTP_SECRET_LEN);
	}
	if ((r = store_account_update(tx, &now)) < 0)
		return r;
	return app_audit(tx, &access, own->act, 0, now.name, "", "");
}

static int own_write(struct own *own, struct err_info *info)
{
	return db_write(own->app->db, id_region(own->caller->account), own_write_fn, own, info);
}

int people_change_password(struct app *app, const struct caller *caller, const char *old,
			   const char *now, const unsigned char keep[TOKEN_HASH_LEN],
			   struct err_info *info)
{
	struct own own = {.app = app, .caller = caller, .keep = keep, .set_password = true,
			  .act = "password.change"};
	int r = db_read(app->db, own_read_fn, &own, info);
	if (r == 0 && !password_fits(app, own.account.password, old))
		r = err_set(info, ERR_DENIED, "原密码不对");
	if (r == 0 && strcmp(old, now) == 0)
		r = err_set(info, ERR_INPUT, "新密码不能与原密码相同");
	if (r == 0)
		r = password_check(now, own.policy.min_length, own.account.name, own.account.label, info);
	if (r == 0)
		r = password_hash(app, now, own.hash, info);
	if (r == 0)
		r = own_write(&own, info);
	sodium_memzero(own.hash, sizeof(own.hash));
	arena_done(&own.arena);
	return r;
}

int people_totp_new(struct app *app, const struct caller *caller, const char *again,
		    struct arena *arena, char ret_secret[TOTP_TEXT_LEN + 1],
		    const char **ret_address, struct err_info *info)
{
	struct own own = {.app = app, .caller = caller};
	unsigned char secret[TOTP_SECRET_LEN];
	char text[TOTP_TEXT_LEN + 1];
	int r = db_read(app->db, own_read_fn, &own, info);
	if (r == 0) {
		if (!again || !totp_parse(again, secret))
			randombytes_buf(secret, sizeof(secret));
		totp_text(secret, text);
		/* The account's number: its name would need escaping. */
		const char *address = arena_printf(arena, "otpauth://totp/Jinwei:%lld?secret=%s"
						   "&issuer=Jinwei", (long long)caller->account, text);
		if (!address) {
			r = err_nomem(info);
		} else {
			memcpy(ret_secret, text, sizeof(text));
			*ret_address = address;
		}
	}
	arena_done(&own.arena);
	return r;
}

int people_totp_set(struct app *app, const struct caller *caller, const char *secret,
		    const char *code, struct err_info *info)
{
	struct own own = {.app = app, .caller = caller, .set_totp = true, .act = "totp.set"};
	int r = db_read(app->db, own_read_fn, &own, info);
	if (r == 0 && own.account.has_totp)
		r = err_set(info, ERR_STATE, "动态口令已经开通，要换请先关闭");
	if (r == 0 && !totp_parse(secret, own.totp))
		r = err_set(info, ERR_INPUT, "密钥不对，请重新开始");
	if (r == 0) {
		own.totp_step = totp_fits(own.totp, code, caller->now_ms / 1000, 0);
		r = own.totp_step < 0 ? err_set(info, ERR_INPUT, "动态口令不对，请看手机时间是否准确")
				      : own_write(&own, info);
	}
	arena_done(&own.arena);
	return r;
}

int people_totp_remove(struct app *app, const struct caller *caller, const char *password,
		       struct err_info *info)
{
	struct own own = {.app = app, .caller = caller, .set_totp = true, .totp_step = -1,
			  .act = "totp.remove"};
	int r = db_read(app->db, own_read_fn, &own, info);
	if (r == 0 && !password_fits(app, own.account.password, password))
		r = err_set(info, ERR_DENIED, "密码不对");
	if (r == 0)
		r = own_write(&own, info);
	arena_done(&own.arena);
	return r;
}
