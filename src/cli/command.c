/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "report/doc.h"

int cli_fail(const struct err_info *info)
{
	fprintf(stderr, "错误：%s\n", info->text[0] ? info->text : "未知错误");
	switch (info->code) {
	case ERR_NOMEM:
	case ERR_IO:
		return EXIT_FAULT;
	default:
		return EXIT_WRONG;
	}
}

static void end_by_lost_file(int number)
{
	static const char text[] = "错误：输入文件在读取过程中变短了，或者存放它的磁盘断开了："
				   "请检查文件，不要在计算时改动它，再重新运行\n";
	(void)number;
	ssize_t told = write(STDERR_FILENO, text, sizeof(text) - 1);
	(void)told;
	_exit(EXIT_FAULT);
}

void cli_mind_lost_files(void)
{
	struct sigaction action = {.sa_handler = end_by_lost_file};
	sigaction(SIGBUS, &action, NULL);
}

int cli_fail_diag(const struct diag *diag)
{
	for (int i = 0; i < diag->n; i++)
		fprintf(stderr, "%s\n", diag->at[i]);
	if (diag->total > (uint64_t)diag->n)
		fprintf(stderr, "以上是前 %d 处。", diag->n);
	fprintf(stderr, "共 %llu 处错误，没有写出任何结果。\n", (unsigned long long)diag->total);
	return EXIT_WRONG;
}

static int n_options(const struct cli_command *command)
{
	int n = 0;
	while (command->options && command->options[n].name)
		n++;
	return n;
}

static void print_usage(FILE *out, const struct cli_command *command)
{
	fprintf(out, "用法：jinwei %s", command->name);
	for (int i = 0; i < n_options(command); i++) {
		const struct cli_option *o = &command->options[i];
		fprintf(out, o->required ? " --%s%s%s" : " [--%s%s%s]", o->name, o->value ? " " : "",
			o->value ? o->value : "");
	}
	if (command->rest)
		fprintf(out, command->rest_min ? " %s" : " [%s]", command->rest);
	fprintf(out, "\n");
}

enum { HELP_COLUMN = 26 };

static void print_help(const struct cli_command *command)
{
	print_usage(stdout, command);
	printf("\n%s\n", command->summary);
	if (n_options(command))
		printf("\n选项：\n");
	for (int i = 0; i < n_options(command); i++) {
		const struct cli_option *o = &command->options[i];
		char left[64];
		snprintf(left, sizeof(left), "--%s %s", o->name, o->value ? o->value : "");
		int room = HELP_COLUMN - doc_text_width(left);
		printf("  %s%*s %s%s\n", left, room > 0 ? room : 0, "", o->help,
		       o->required ? "（必填）" : "");
	}
}

static void print_commands(FILE *out)
{
	fprintf(out, "晋位 —— 基层党组织分类定级、评星晋位和整顿销号\n\n用法：jinwei 命令 [选项]\n\n命令：\n");
	for (int i = 0; cli_commands[i]; i++)
		fprintf(out, "  %-16s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
	fprintf(out, "  %-16s %s\n", "completion", "输出命令行补全脚本（bash）");
	fprintf(out, "\n“jinwei 命令 --help”显示一个命令的全部选项。\n");
}

static void print_completion(void)
{
	printf("_jinwei() {\n"
	       "  local cur=${COMP_WORDS[COMP_CWORD]} all=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\" words\n"
	       "  case \"$all\" in\n");
	for (int i = 0; cli_commands[i]; i++) {
		const struct cli_command *c = cli_commands[i];
		printf("  \"%s\"*) words=\"", c->name);
		for (int j = 0; j < n_options(c); j++)
			printf("--%s ", c->options[j].name);
		printf("--help\";;\n");
	}
	printf("  *) words=\"");
	for (int i = 0; cli_commands[i]; i++)
		printf("%s ", cli_commands[i]->name);
	printf("completion help\";;\n"
	       "  esac\n"
	       "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	       "  [[ ${#COMPREPLY[@]} -gt 0 ]] || COMPREPLY=($(compgen -f -- \"$cur\"))\n"
	       "}\n"
	       "complete -o filenames -F _jinwei jinwei\n");
}

/* The command that argv names, and how many words its name has. */
static const struct cli_command *find(int argc, char **argv, int *ret_words)
{
	for (int i = 0; cli_commands[i]; i++) {
		const char *name = cli_commands[i]->name;
		const char *space = strchr(name, ' ');
		size_t first = space ? (size_t)(space - name) : strlen(name);
		if (argc < 2 || strlen(argv[1]) != first || strncmp(argv[1], name, first) != 0)
			continue;
		if (space && (argc < 3 || strcmp(argv[2], space + 1) != 0))
			continue;
		*ret_words = space ? 2 : 1;
		return cli_commands[i];
	}
	return NULL;
}

static int wrong(const struct cli_command *command, const char *text, const char *word)
{
	fprintf(stderr, "错误：%s%s\n", text, word);
	if (command)
		print_usage(stderr, command);
	return EXIT_WRONG;
}

static const struct cli_option *nearest(const struct cli_command *command, struct str name)
{
	const struct cli_option *best = NULL;
	unsigned best_distance = 4;
	for (int i = 0; i < n_options(command); i++) {
		unsigned d = str_distance(name, str_from(command->options[i].name), 3);
		if (d < best_distance) {
			best_distance = d;
			best = &command->options[i];
		}
	}
	return best;
}

/* Parses one "--name", "--name value" or "--name=value" at argv[*i]. */
static int parse_option(const struct cli_command *command, int argc, char **argv, int *i,
			struct cli_args *args)
{
	const char *word = argv[*i];
	const char *equals = strchr(word, '=');
	struct str name = {word + 2, equals ? (size_t)(equals - word - 2) : strlen(word + 2)};
	int index = 0;

	while (index < n_options(command) && !str_eqs(name, command->options[index].name))
		index++;
	if (index == n_options(command)) {
		const struct cli_option *near = nearest(command, name);
		fprintf(stderr, "错误：没有选项 %s", word);
		if (near)
			fprintf(stderr, "，是不是 --%s", near->name);
		fprintf(stderr, "\n");
		print_usage(stderr, command);
		return EXIT_WRONG;
	}
	const struct cli_option *option = &command->options[index];
	if (args->value[index])
		return wrong(command, "选项重复：--", option->name);
	if (!option->value) {
		if (equals)
			return wrong(command, "这个选项不带值：--", option->name);
		args->value[index] = "";
		return 0;
	}
	if (equals)
		args->value[index] = equals + 1;
	else if (*i + 1 < argc)
		args->value[index] = argv[++*i];
	else
		return wrong(command, "选项后面缺少值：--", option->name);
	return 0;
}

static int parse(const struct cli_command *command, int argc, char **argv, int first,
		 struct cli_args *args)
{
	bool words_only = false;
	for (int i = first; i < argc; i++) {
		if (!words_only && strcmp(argv[i], "--") == 0) {
			words_only = true;
		} else if (!words_only && strncmp(argv[i], "--", 2) == 0) {
			int r = parse_option(command, argc, argv, &i, args);
			if (r)
				return r;
		} else if (args->n_rest < CLI_REST_MAX && args->n_rest < command->rest_max) {
			args->rest[args->n_rest++] = argv[i];
		} else {
			return wrong(command, "多余的参数：", argv[i]);
		}
	}
	for (int i = 0; i < n_options(command); i++)
		if (command->options[i].required && !args->value[i])
			return wrong(command, "缺少选项：--", command->options[i].name);
	if (args->n_rest < command->rest_min)
		return wrong(command, "缺少参数：", command->rest);
	return 0;
}

static int dispatch(int argc, char **argv)
{
	int words = 0;

	if (argc < 2) {
		print_commands(stderr);
		return EXIT_WRONG;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("jinwei %s\n", JINWEI_VERSION);
		return EXIT_OK;
	}
	if (strcmp(argv[1], "completion") == 0) {
		print_completion();
		return EXIT_OK;
	}
	bool help = strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0;
	if (help) {
		const struct cli_command *command = find(argc - 1, argv + 1, &words);
		if (command)
			print_help(command);
		else
			print_commands(stdout);
		return EXIT_OK;
	}
	const struct cli_command *command = find(argc, argv, &words);
	if (!command) {
		fprintf(stderr, "错误：没有这个命令：%s%s%s\n\n", argv[1], argc > 2 ? " " : "",
			argc > 2 ? argv[2] : "");
		print_commands(stderr);
		return EXIT_WRONG;
	}
	for (int i = words + 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0) {
			print_help(command);
			return EXIT_OK;
		}
	struct cli_args args = {0};
	int r = parse(command, argc, argv, words + 1, &args);
	return r ? r : command->run(&args);
}

int cli_main(int argc, char **argv)
{
	int status = dispatch(argc, argv);
	/* What was printed must have arrived: a full disk is no success. */
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "错误：无法写入标准输出\n");
	return status == EXIT_OK || status == EXIT_PARTLY ? EXIT_FAULT : status;
}
