/* SPDX-License-Identifier: Apache-2.0 */
#include "db/postgres_text.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

const char *postgres_why_refused(const char *text)
{
	static const struct {
		const char *part, *meaning;
	} known[] = {
		{"certificate verify failed",
		 "服务器的证书不是 sslrootcert 所指的机构签发的，为防冒充没有连接；请向数据库管理员要正确的根证书"},
		{"does not match host name", "服务器证书上的名字与地址里的主机名不同，为防冒充没有连接"},
		{"root certificate file", "没有根证书文件；请在地址里用 sslrootcert= 写明它在哪里"},
		{"server does not support SSL", "服务器没有启用加密连接（TLS），而地址要求加密"},
		{"no encryption", "服务器只接受加密连接；请在地址里写 sslmode=verify-full 和 sslrootcert="},
		{"password authentication failed", "用户名或密码不对"},
		{"no password supplied", "要密码，而地址里没有写"},
		{"no pg_hba.conf entry", "服务器不许这台机器用这个用户连接（pg_hba.conf）"},
		{"could not translate host name", "没有找到这个主机名"},
		{"Connection refused", "服务器没有启动，或者端口不对"},
		{"No such file or directory", "服务器没有启动，或者套接字不在这里"},
		{"timeout expired", "服务器没有应答"},
		{"too many clients", "服务器的连接已满，请稍后再试"},
	};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strstr(text, known[i].part))
			return known[i].meaning;
	const char *end = strstr(text, "\" does not exist");
	const char *kind = end ? strstr(text, "FATAL:  ") : NULL;
	return !kind ? NULL : strstr(kind, "database \"") ? "服务器上没有这个数据库" : "服务器上没有这个用户";
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* What stands behind this in a line of its own is for PostgreSQL only; to SQLite it is a comment. */
static const char only_here[] = "-- PostgreSQL: ";

void postgres_schema(const char *sql, struct buf *out)
{
	static const struct {
		const char *word, *here;
	} words[] = {
		{"INTEGER", "BIGINT"},
		{"BLOB", "BYTEA"},
		{"TEXT", "TEXT COLLATE \"C\""},
	};
	for (const char *p = sql; *p;) {
		size_t len = 0;
		if (strncmp(p, only_here, sizeof(only_here) - 1) == 0) {
			p += sizeof(only_here) - 1;
			continue;
		}
		if (strncmp(p, ") STRICT", 8) == 0) {	/* up to the semicolon */
			buf_adds(out, ")");
			p += strcspn(p, ";");
			continue;
		}
		if (*p == '\'') {			/* a text, as it stands */
			len = 1 + strcspn(p + 1, "'");
			len += p[len] == '\'';
		} else if (is_word(*p)) {
			while (is_word(p[len]))
				len++;
			size_t i = 0;
			while (i < ARRAY_LEN(words) && !str_eqs((struct str){p, len}, words[i].word))
				i++;
			if (i < ARRAY_LEN(words)) {
				buf_adds(out, words[i].here);
				p += len;
				continue;
			}
		} else {
			len = 1;
		}
		buf_add(out, p, len);
		p += len;
	}
}
