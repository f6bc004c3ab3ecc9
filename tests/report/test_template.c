/* SPDX-License-Identifier: Apache-2.0 */
/* Own templates: placeholders, runs, rows, references, sheets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/template_in.h"
#include "tests/report/template_sample.h"

#define SHEET(rows, after) \
	"<worksheet xmlns='m'><dimension ref='A1:C9'/><sheetData>" rows "</sheetData>" after "</worksheet>"
#define BOOK \
	"<workbook xmlns='m' xmlns:r='r'><sheets><sheet name='甲' sheetId='1' r:id='a'/>" \
	"<sheet name='乙' sheetId='2' r:id='b'/></sheets><definedNames><definedName name='总' >甲!$A$2:$A$3</definedName>" \
	"<definedName name='_xlnm.Print_Area' localSheetId='0'>甲!$A$1:$C$4</definedName></definedNames></workbook>"
#define RELS \
	"<Relationships><Relationship Id='a' Type='x/worksheet' Target='worksheets/a.xml'/>" \
	"<Relationship Id='b' Type='x/worksheet' Target='/xl/worksheets/b.xml'/>" \
	"<Relationship Id='s' Type='x/sharedStrings' Target='s.xml'/>" \
	"<Relationship Id='c' Type='x/calcChain' Target='calcChain.xml'/></Relationships>"
#define TYPES \
	"<Types><Override PartName='/xl/worksheets/a.xml' ContentType='w'/>" \
	"<Override PartName='/xl/calcChain.xml' ContentType='c'/></Types>"

/* ---- helpers ---- */

static struct template_part part(const char *name, const char *text)
{
	return (struct template_part){.name = name, .data = str_from(text)};
}

static int open_book(struct template_file *file, struct template_part parts[8], const char *a, const char *b,
		     const char *strings, struct arena *arena)
{
	const struct template_part all[] = {
		part("[Content_Types].xml", TYPES), part("xl/workbook.xml", BOOK),
		part("xl/_rels/workbook.xml.rels", RELS), part("xl/worksheets/a.xml", a),
		part("xl/worksheets/b.xml", b), part("xl/s.xml", strings), part("xl/calcChain.xml", "<calcChain/>"),
	};
	memcpy(parts, all, sizeof(all));
	*file = (struct template_file){parts, 7, 8, arena};
	return 7;
}

/* The part after filling; fails the test where it could not be filled. */
static const char *filled(const char *a, const char *b, const char *strings, const char *name,
			  struct arena *arena)
{
	struct template_part parts[8];
	struct template_file file;
	struct err_info info = {0};
	open_book(&file, parts, a, b, strings, arena);
	if (template_fill_xlsx(&file, &template_sample, &info) < 0)
		fail_msg("%s", info.text);
	const struct template_part *p = template_part(&file, name);
	return p ? p->data.data : NULL;
}

#define HAS(text, what) \
	do { \
		if (!strstr(text, what)) \
			fail_msg("no %s in %s", what, text); \
	} while (0)
#define HAS_NOT(text, what) assert_null(strstr(text, what))

#define EMPTY SHEET("", "")
#define NONE "<sst/>"

/* ---- names ---- */

static void placeholders_are_read_as_people_type_them(void **state)
{
	static const struct {
		const char *text, *name;
	} cases[] = {
		{"{{单位}}", "单位"}, {"前{{ 组织 . 书记 }}后", "组织.书记"}, {"｛｛组织．名称｝｝", "组织.名称"},
		{"{｛单位｝}", "单位"}, {"{{{单位}}}", "单位"}, {"{{ＡＢ１}}", "AB1"}, {"{{}}", NULL}, {"{{单位}", NULL},
		{"{单位}", NULL}, {"{{单{位}}", NULL}, {"{{ }}", NULL}, {"{{a{{单位}}", "单位"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct template_hole hole;
		bool found = template_next(str_from(cases[i].text), 0, &hole);
		if (found != (cases[i].name != NULL))
			fail_msg("%s", cases[i].text);
		if (found)
			assert_string_equal(hole.name, cases[i].name);
	}
}

static void a_name_says_what_it_is(void **state)
{
	struct template_name n = template_name_of("合计.组织.党员数");
	(void)state;
	assert_int_equal(n.kind, TEMPLATE_SUM);
	assert_true(str_eqs(n.list, "组织") && str_eqs(n.field, "党员数"));
	assert_int_equal(template_name_of("每个下级").kind, TEMPLATE_BLOCK);
	assert_int_equal(template_name_of("组织.书记").kind, TEMPLATE_EACH);
	assert_int_equal(template_name_of("单位").kind, TEMPLATE_ONE);
	assert_int_equal(template_name_of("组织.").kind, TEMPLATE_ONE);
}

static void sums_are_exact(void **state)
{
	static const struct template_value cells[] = {{"0.1", true}, {"0.2", true}, {"-1", true}, {"12.3456", true},
						      {"不是数", false}, {NULL, true}};
	static const char *const fields[] = {"数"};
	static const struct template_list list = {"列", 1, 6, fields, cells};
	const struct template_data data = {0, 1, NULL, NULL, &list};
	const struct template_at at = {.data = &data};
	struct template_value value;
	char scratch[32];
	(void)state;
	assert_true(template_value(&at, "合计.列.数", scratch, &value));
	assert_string_equal(value.text, "11.6456");
	assert_true(value.number);
	assert_false(template_value(&at, "合计.列.无", scratch, &value));
	assert_false(template_value(&at, "列.数", scratch, &value));	/* not in its row */
}

/* ---- references ---- */

static void references_follow_their_rows(void **state)
{
	static struct template_shift shifts[] = {{5, 1, 4}, {8, 2, 3}};
	static const struct template_shifts all[] = {{"甲", NULL, 2, shifts}, {"乙 '表'", "丙&丁", 0, NULL}};
	static const struct {
		const char *formula, *after;
		int shift;
		uint32_t copy;
	} cases[] = {
		{"SUM(C5:C5)", "SUM(C5:C8)", -1, 0}, {"A4+A6", "A4+A9", -1, 0}, {"$B$6", "$B$9", -1, 0},
		{"SUM(A1:A20)", "SUM(A1:A27)", -1, 0}, {"B5*C5", "B7*C7", 0, 2}, {"SUM(B5:D5)", "SUM(B6:D6)", 0, 1},
		{"A9-A8", "A14-A13", 1, 1}, {"\"A6\"&amp;A6", "&quot;A6&quot;&amp;A9", -1, 0},
		{"LOG10(A6)", "LOG10(A9)", -1, 0}, {"SUM(C:C)", "SUM(C:C)", -1, 0}, {"SUM(6:6)", "SUM(9:9)", -1, 0},
		{"甲!A6", "甲!A9", -1, 0}, {"'乙 ''表'''!A6", "'丙&amp;丁'!A6", -1, 0}, {"[1]甲!A6", "[1]甲!A6", -1, 0},
		{"表1[列A6]", "表1[列A6]", -1, 0}, {"A6B", "A6B", -1, 0}, {"XFE6", "XFE6", -1, 0}, {"A6:A7 B6", "A9:A10 B9", -1, 0},
		{"SUM(C5)", "SUM(C5:C8)", -1, 0}, {"sum( A1, $C$5 )", "sum( A1, $C$5:$C$8 )", -1, 0},
		{"IF(A1=0,MAX(C5),C5)", "IF(A1=0,MAX(C5:C8),C5)", -1, 0}, {"SUM(C5*2)", "SUM(C5*2)", -1, 0},
		{"SUM(C5)", "SUM(C7)", 0, 2}, {"MYSUM(C5)", "MYSUM(C5)", -1, 0}, {"SUM(甲!C5)", "SUM(甲!C5:C8)", -1, 0},
		{"A1048576", "A1048576", -1, 0}, {"", "", -1, 0}, {"'没完", "'没完", -1, 0},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(buf) struct buf out = {0};
		const struct template_spot spot = {all, 2, 0, cases[i].shift, cases[i].copy};
		template_map(&spot, str_from(cases[i].formula), &out);
		if (strcmp(buf_str(&out), cases[i].after) != 0)
			fail_msg("%s: %s, not %s", cases[i].formula, buf_str(&out), cases[i].after);
	}
	AUTO(buf) struct buf moved = {0};
	template_move(STR("A1+$B$2+C$3"), 2, 1, &moved);
	assert_string_equal(buf_str(&moved), "B3+$B$2+D$3");
}

/* ---- sheets ---- */

static void rows_repeat_with_style_height_and_merges(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = filled(
		SHEET("<row r='1'><c r='A1' s='3' t='s'><v>0</v></c></row>"
		      "<row r='2' ht='33' customHeight='1'><c r='A2' s='5' t='s'><v>1</v></c><c r='B2' s='6' t='s'><v>2</v></c>"
		      "<c r='C2' s='7'/></row>"
		      "<row r='3'><c r='B3' s='8'><f>SUM(B2:B2)</f><v>7</v></c></row>",
		      "<mergeCells count='2'><mergeCell ref='A2:C2'/><mergeCell ref='A3:A3'/></mergeCells>"
		      "<pageSetup paperSize='9'/><headerFooter><oddFooter>&amp;L{{单位}}&amp;P</oddFooter></headerFooter>"),
		EMPTY, "<sst><si><t>{{单位}}党委</t></si><si><t>{{组织.名称}}</t></si><si><t>{{组织.党员数}}</t></si></sst>",
		"xl/worksheets/a.xml", &arena);
	(void)state;
	HAS(text, "<c r=\"A1\" s='3' t=\"inlineStr\"><is><t xml:space=\"preserve\">云岭县委党委</t></is></c>");
	HAS(text, "<row r=\"2\" ht='33' customHeight='1'>");
	HAS(text, "<row r=\"4\" ht='33' customHeight='1'>");
	HAS(text, "<c r=\"B2\" s='6'><v>41</v></c><c r=\"C2\" s='7'/>");
	HAS(text, "<c r=\"B4\" s='6'></c>");			/* not known: empty */
	HAS(text, "<c r=\"B5\" s='8'><f>SUM(B2:B4)</f></c>");	/* worked out anew */
	HAS(text, "<mergeCell ref=\"A2:C2\"/><mergeCell ref=\"A3:C3\"/><mergeCell ref=\"A4:C4\"/>"
		  "<mergeCell ref=\"A5:A5\"/>");
	HAS(text, "<pageSetup paperSize='9'/>");
	HAS(text, "&amp;L云岭县委&amp;P");
	HAS(text, ">=1+1</t>");
	HAS_NOT(text, "<f>1+1");
}

static void an_empty_list_leaves_one_empty_row(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = filled(SHEET("<row r='2'><c r='A2' s='5' t='inlineStr'><is><t>{{无.名称}}</t></is></c></row>", ""), EMPTY,
				  NONE, "xl/worksheets/a.xml", &arena);
	(void)state;
	HAS(text, "<row r=\"2\"><c r=\"A2\" s='5'></c></row>");
}

static void names_and_areas_grow_with_rows(void **state)
{
	AUTO(arena) struct arena arena = {0};
	static const char a[] = SHEET("<row r='2'><c r='A2' t='inlineStr'><is><t>{{组织.名称}}</t></is></c></row>", "");
	const char *text = filled(a, EMPTY, NONE, "xl/workbook.xml", &arena);
	(void)state;
	HAS(text, ">甲!$A$2:$A$5</definedName>");
	HAS(text, ">甲!$A$1:$C$6</definedName>");
	HAS(text, "fullCalcOnLoad=\"1\"");
	assert_null(filled(a, EMPTY, NONE, "xl/calcChain.xml", &arena));
	HAS_NOT(filled(a, EMPTY, NONE, "xl/_rels/workbook.xml.rels", &arena), "calcChain");
	HAS_NOT(filled(a, EMPTY, NONE, "[Content_Types].xml", &arena), "calcChain");
}

static void formulas_elsewhere_follow(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = filled(
		SHEET("<row r='2'><c r='A2' t='inlineStr'><is><t>{{组织.党员数}}</t></is></c></row>", ""),
		SHEET("<row r='1'><c r='A1'><f t='shared' ref='A1:A2' si='0'>甲!A3</f><v>1</v></c></row>"
		      "<row r='2'><c r='A2' t='str'><f t='shared' si='0'/><v>x</v></c></row>", ""),
		NONE, "xl/worksheets/b.xml", &arena);
	(void)state;
	HAS(text, "<c r=\"A1\"><f>甲!A5</f></c>");
	HAS(text, "<c r=\"A2\"><f>甲!A6</f></c>");
}

static void runs_with_fonts_keep_them(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = filled(
		SHEET("<row r='1'><c r='A1' t='s'><v>0</v></c></row>", ""), EMPTY,
		"<sst><si><r><rPr><b/></rPr><t>共{{组</t></r><r><rPr><i/></rPr><t>织数}}个</t></r><rPh><t>gong</t></rPh></si></sst>",
		"xl/worksheets/a.xml", &arena);
	(void)state;
	HAS(text, "<r><rPr><b/></rPr><t xml:space=\"preserve\">共4</t></r><r><rPr><i/></rPr><t xml:space=\"preserve\">个</t></r></is>");
	HAS_NOT(text, "gong");
}

static void unknown_names_stay_as_they_are(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = filled(SHEET("<row r='1'><c r='A1' t='inlineStr'><is><t>{{单喂}}和{{单位}}</t></is></c></row>", ""), EMPTY,
				  NONE, "xl/worksheets/a.xml", &arena);
	(void)state;
	HAS(text, "{{单喂}}和云岭县委");
}

static void two_lists_in_one_row_are_refused(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct template_part parts[8];
	struct template_file file;
	struct template_found *found;
	struct err_info info = {0};
	int n;
	(void)state;
	n = open_book(&file, parts,
		      SHEET("<row r='3'><c r='B3' t='inlineStr'><is><t>{{组织.名称}}</t></is></c>"
			    "<c r='C3' t='inlineStr'><is><t>{{整顿.名称}}</t></is></c></row>", ""), EMPTY, NONE, &arena);
	assert_int_equal(template_scan(TEMPLATE_XLSX, parts, n, &arena, &found, &n, &info), ERR_INPUT);
	HAS(info.text, "甲!C3");
	assert_int_equal(template_fill_xlsx(&file, &template_sample, &info), ERR_INPUT);
}

static void what_is_found_names_its_cell(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct template_part parts[8];
	struct template_file file;
	struct template_found *found;
	struct err_info info = {0};
	int n;
	(void)state;
	n = open_book(&file, parts, SHEET("<row r='3'><c r='AB3' t='s'><v>0</v></c></row>", ""), EMPTY,
		      "<sst><si><t>{{单位}}{{年度}}</t></si></sst>", &arena);
	assert_int_equal(template_scan(TEMPLATE_XLSX, parts, n, &arena, &found, &n, &info), 0);
	assert_int_equal(n, 2);
	assert_string_equal(found[0].where, "甲!AB3");
	assert_string_equal(found[1].name, "年度");
}

/* ---- documents ---- */

#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"

static const char *document(const char *body, struct arena *arena)
{
	struct template_part parts[4];
	struct template_file file = {parts, 1, 4, arena};
	struct err_info info = {0};
	parts[0] = part("word/document.xml", arena_printf(arena, "<w:document xmlns:w='w'><w:body>%s<w:sectPr/></w:body></w:document>",
							  body));
	if (template_fill_docx(&file, &template_sample, &info) < 0)
		fail_msg("%s", info.text);
	return parts[0].data.data;
}

static void placeholders_cut_by_word_are_whole_again(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = document("<w:p><w:r><w:t>关于{</w:t></w:r><w:proofErr/><w:r><w:rPr><w:b/></w:rPr><w:t>{单</w:t></w:r>"
				    "<w:r><w:t>位}</w:t></w:r><w:r><w:t>}的</w:t></w:r></w:p>", &arena);
	(void)state;
	HAS(text, "关于云岭县委</w:t></w:r><w:proofErr/><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\"></w:t>");
	HAS(text, ">的</w:t>");
	HAS_NOT(text, "{");
}

static void table_rows_and_paragraphs_repeat(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = document("<w:tbl><w:tr><w:tc>" P("头") "</w:tc></w:tr><w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc>"
				    P("{{整顿.名称}}") "</w:tc></w:tr></w:tbl>" P("{{问题.问题}}") P("措施：{{问题.措施}}") P("完"), &arena);
	const char *second = strstr(text, "三岔口村");
	(void)state;
	HAS(text, "柳树沟村");
	assert_non_null(second);
	HAS(second, "书记空缺");
	/* Two paragraphs are one block: problem, measure, problem, measure. */
	assert_true(strstr(text, "下派书记") < strstr(text, "账目不公开"));
	HAS(text, "镇里代管</w:t><w:br/><w:t xml:space=\"preserve\">按季公开");
	const char *cant_split = strstr(text, "cantSplit");
	HAS(cant_split + 1, "cantSplit");
}

static void the_text_repeats_for_each_with_page_breaks(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = document(P("封面") P("{{每个下级}}") "<w:p><w:bookmarkStart w:id='1'/><w:r><w:t>{{单位}}：</w:t></w:r></w:p>" P("党员{{党员总数}}名"), &arena);
	int breaks = 0, sections = 0, marks = 0;
	(void)state;
	for (const char *p = text; (p = strstr(p, "w:type=\"page\"")); p++)
		breaks++;
	for (const char *p = text; (p = strstr(p, "<w:sectPr/>")); p++)
		sections++;
	for (const char *p = text; (p = strstr(p, "bookmarkStart")); p++)
		marks++;
	assert_int_equal(breaks, 2);
	assert_int_equal(sections, 1);
	assert_int_equal(marks, 1);
	HAS(text, "石桥镇：");
	HAS(text, "党员77名");
	HAS_NOT(text, "每个");
}

static void text_boxes_and_what_looks_like_markup_are_filled(void **state)
{
	AUTO(arena) struct arena arena = {0};
	const char *text = document("<w:p><w:r><w:t>外{{年度}}</w:t></w:r><w:r><w:pict><w:txbxContent>" P("内{{单位}}")
				    "</w:txbxContent></w:pict></w:r></w:p><w:tbl><w:tr><w:tc>" P("{{组织.书记}}") "</w:tc></w:tr></w:tbl>", &arena);
	(void)state;
	HAS(text, "外2026");
	HAS(text, "内云岭县委");
	HAS(text, "何&lt;平&gt;&amp;&quot;甲&quot;");
}

static void broken_markup_is_refused_not_read_past(void **state)
{
	static const char *const bad[] = {"", "<a", "<a>", "<a></b>", "</a>", "<a b='>", "<!-- x", "<a><![CDATA[x</a>", "< >", "<a></a",
					  "plain", "<a/></a>"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(arena) struct arena arena = {0};
		struct xml_cut root;
		struct err_info info = {0};
		char *exact = strdup(bad[i]);	/* so that a read past its end shows */
		assert_non_null(exact);
		if (xml_cut((struct str){exact, strlen(exact)}, &arena, &root, &info) != ERR_INPUT)
			fail_msg("%s", bad[i]);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(placeholders_are_read_as_people_type_them),
		cmocka_unit_test(a_name_says_what_it_is),
		cmocka_unit_test(sums_are_exact),
		cmocka_unit_test(references_follow_their_rows),
		cmocka_unit_test(rows_repeat_with_style_height_and_merges),
		cmocka_unit_test(an_empty_list_leaves_one_empty_row),
		cmocka_unit_test(names_and_areas_grow_with_rows),
		cmocka_unit_test(formulas_elsewhere_follow),
		cmocka_unit_test(runs_with_fonts_keep_them),
		cmocka_unit_test(unknown_names_stay_as_they_are),
		cmocka_unit_test(two_lists_in_one_row_are_refused),
		cmocka_unit_test(what_is_found_names_its_cell),
		cmocka_unit_test(placeholders_cut_by_word_are_whole_again),
		cmocka_unit_test(table_rows_and_paragraphs_repeat),
		cmocka_unit_test(the_text_repeats_for_each_with_page_breaks),
		cmocka_unit_test(text_boxes_and_what_looks_like_markup_are_filled),
		cmocka_unit_test(broken_markup_is_refused_not_read_past),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
