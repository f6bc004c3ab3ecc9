/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks with each kind of dirt, built part by part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import/table.h"
#include "tests/import/workbook.h"

/* A head names 代码 and one more column. */
static bool has_code(void *arg, int n, const struct str *cells)
{
	bool code = false;
	int filled = 0;
	(void)arg;
	for (int i = 0; i < n; i++) {
		code = code || str_eqs(cells[i], "代码");
		filled += cells[i].len != 0;
	}
	return code && filled > 1;
}

/* Reads all and writes it as `line:cell|cell;`, or the error's message. */
static char *dump(const char *name, const void *data, size_t len, table_is_head is_head)
{
	struct buf out = {0};
	struct err_info info = {0};
	struct table *table = NULL;
	int r = table_open_memory(&table, name, data, len, is_head, NULL, &info);
	if (r < 0) {
		assert_null(table);
		assert_int_equal(info.code, r);
		buf_adds(&out, info.text);
		return out.data;
	}
	assert_true(table_is_sheet(table));
	struct table_row row;
	while ((r = table_next(table, &row, &info)) == 1) {
		assert_false(row.broken);
		buf_addf(&out, "%llu:", (unsigned long long)row.line);
		for (int i = 0; i < row.n; i++)
			buf_addf(&out, "%s%.*s", i ? "|" : "", STR_ARG(row.cells[i]));
		buf_addc(&out, ';');
	}
	assert_int_equal(r, 0);
	table_free(table);
	assert_false(out.failed);
	return out.data;
}

/* `text` as workbook_from_text takes it. */
static void check(const char *file, int line, const char *text, const char *expected, bool part)
{
	struct buf zip = {0};
	assert_true(workbook_from_text(text, strlen(text), &zip));
	char *found = dump("表.xlsx", zip.data, zip.len, has_code);
	if (part ? !strstr(found, expected) : strcmp(found, expected) != 0)
		fprintf(stderr, "%s:%d: found %s\n", file, line, found);
	if (part)
		assert_non_null(strstr(found, expected));
	else
		assert_string_equal(found, expected);
	free(found);
	buf_done(&zip);
}
#define READS(text, expected) check(__FILE__, __LINE__, text, expected, false)
#define REFUSES(text, says) check(__FILE__, __LINE__, text, says, true)

#define IN(text) "<c t='inlineStr'><is><t>" text "</t></is></c>"
#define HEAD "<row>" IN("代码") IN("值") "</row>"
#define BOTH(cells) XLSX_SHEET(HEAD "<row>" cells "</row>", "")
#define SHEET1 "== xl/worksheets/sheet1.xml\n"
#define STRINGS(content) "\n== xl/sharedStrings.xml\n<sst xmlns='" XLSX_NS "'>" content "</sst>"
#define STYLES(content) "\n== xl/styles.xml\n<styleSheet xmlns='" XLSX_NS "'>" content \
	"</styleSheet>"

static void strings_shared_inline_and_rich(void **state)
{
	(void)state;
	READS(SHEET1 BOTH("<c t='s'><v>0</v></c><c t='s'><v>1</v></c>")
	      STRINGS("<si><t>甲</t></si><si><r><rPr><b/></rPr><t>乙</t></r><r><t xml:space='preserve'>"
		      " 丙</t></r><rPh sb='0' eb='1'><t>yi</t></rPh><phoneticPr fontId='1'/></si>"),
	      "1:代码|值;2:甲|乙 丙;");
	READS(BOTH("<c t='inlineStr'><is><r><t>a</t></r><r><t>b</t></r></is></c>"
		   "<c t='str'><f>A1</f><v>公式</v></c>"), "1:代码|值;2:ab|公式;");
	READS(BOTH("<c t='inlineStr'><is><t>a&amp;b&#10;c</t></is></c><c t='str'><v><![CDATA[<d>]]></v></c>"),
	      "1:代码|值;2:a&b\nc|<d>;");
	READS(BOTH(IN("_x0041__x005F_x000D_x_x4E2D__xD800__x00e9_") IN("x_x0041")),
	      "1:代码|值;2:A_x000D_x中_xD800_é|x_x0041;");
	REFUSES(SHEET1 BOTH("<c t='s'><v>1</v></c>") STRINGS("<si><t>甲</t></si>"),
		"表.xlsx：工作簿已损坏（单元格的文字找不到）");
	REFUSES(BOTH("<c t='s'><v>0</v></c>"), "文字找不到");
	REFUSES(SHEET1 BOTH("<c t='s'><v>-1</v></c>") STRINGS("<si><t>甲</t></si>"), "文字找不到");
	REFUSES(SHEET1 BOTH("<c t='s'><v>99999999999999999999</v></c>") STRINGS("<si><t>甲</t></si>"),
		"文字找不到");
}

static void numbers_as_excel_shows_them(void **state)
{
	(void)state;
	READS(BOTH("<c><v>0.30000000000000004</v></c><c t='n'><v>1E+20</v></c>"),
	      "1:代码|值;2:0.3|100000000000000000000;");
	READS(BOTH("<c><v>-0</v></c><c><f>1+1</f><v>2</v></c>"), "1:代码|值;2:0|2;");
	READS(BOTH("<c><v>1E+300</v></c><c><v>abc</v></c>"), "1:代码|值;2:1E+300|abc;");
	READS(BOTH("<c t='b'><v>1</v></c><c t='b'><v>0</v></c>"), "1:代码|值;2:TRUE|FALSE;");
	READS(BOTH("<c t='e'><v>#N/A</v></c><c t='e'><f>1/0</f><v>#DIV/0!</v></c>"),
	      "1:代码|值;2:#N/A|#DIV/0!;");
	/* A formula that nobody calculated is not an empty cell. */
	READS(BOTH("<c><f>SUM(B2:B3)</f></c><c><f>1&lt;2</f><v></v></c>"),
	      "1:代码|值;2:=SUM(B2:B3)|=1<2;");
	READS(BOTH("<c><v>1</v></c><c t='str'><f>A1</f><v></v></c>"), "1:代码|值;2:1|;");
}

static void dates_by_style(void **state)
{
	(void)state;
#define DATE_STYLES STYLES("<numFmts><numFmt numFmtId='176' formatCode='yyyy&quot;年&quot;m&quot;月&quot;'/>" \
	"<numFmt numFmtId='177' formatCode='0.00_ '/></numFmts><cellStyleXfs><xf numFmtId='14'/>" \
	"<xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/>" \
	"<xf numFmtId='176'/><xf numFmtId='177'/><xf numFmtId='22'/><xf numFmtId='20'/></cellXfs>")
	READS(SHEET1 BOTH("<c s='1'><v>45658</v></c><c s='2'><v>60</v></c><c s='3'><v>45658</v></c>"
			  "<c s='4'><v>45658.5</v></c><c s='5'><v>0.5</v></c><c s='0'><v>1.5</v></c>"
			  "<c s='99'><v>2</v></c><c s='x'><v>3</v></c><c s='1'><v>-5</v></c>"
			  "<c s='1'><v>x</v></c>") DATE_STYLES,
	      "1:代码|值||||||||;2:2025-01-01|1900-02-29|45658|2025-01-01 12:00:00|12:00:00|1.5|2|3|-5|x;");
	READS("== xl/workbook.xml\n<workbook xmlns='" XLSX_NS "' xmlns:r='" XLSX_REL "'>"
	      "<workbookPr date1904='1'/><sheets><sheet name='一' sheetId='1' r:id='r1'/></sheets></workbook>\n"
	      SHEET1 BOTH("<c s='1'><v>0</v></c><c s='1'><v>44196</v></c>") DATE_STYLES,
	      "1:代码|值;2:1904-01-01|2025-01-01;");
	READS(BOTH("<c t='d'><v>2025-03-01</v></c><c t='d'><v>2025-03-01T00:00:00Z</v></c>"
		   "<c t='d'><v>2025-03-01T08:00:00</v></c>"),
	      "1:代码|值|;2:2025-03-01|2025-03-01|2025-03-01T08:00:00;");
}

static void sparse_rows_and_cells(void **state)
{
	(void)state;
	READS(XLSX_SHEET("<row r='2'/><row r='3'><c r='B3' t='str'><v>代码</v></c><c r='D3' t='str'><v>值</v></c></row>"
			 "<row r='4'><c r='A4' s='1'/></row><row r='7'><c r='D7'><v>5</v></c><c r='E7' t='str'>"
			 "<v> </v></c></row><row><c r='B8'><v>6</v></c><c><v>7</v></c></row>", ""),
	      "3:|代码||值;7:|||5;8:|6|7|;");
	REFUSES(XLSX_SHEET("<row r='2'/><row r='2'/>", ""), "行的次序乱了");
	REFUSES(XLSX_SHEET("<row r='0'/>", ""), "次序乱了");
	REFUSES(XLSX_SHEET("<row r='x'/>", ""), "行号不对");
	REFUSES(XLSX_SHEET("<row r='1048577'/>", ""), "行号不对");
	REFUSES(XLSX_SHEET("<row r='1048576'/><row/>", ""), "1048576 行的上限");
	REFUSES(XLSX_SHEET("<row r='1'><c r='B1'/><c r='A1'/></row>", ""), "单元格的次序乱了");
	REFUSES(XLSX_SHEET("<row r='1'><c r='B1'/><c r='B1'/></row>", ""), "单元格的次序乱了");
	REFUSES(XLSX_SHEET("<row r='1'><c r='A2'/></row>", ""), "单元格的位置不对");
	REFUSES(XLSX_SHEET("<row r='1'><c r='1'/></row>", ""), "单元格的位置不对");
	REFUSES(XLSX_SHEET("<row r='1'><c r='XFE1'/></row>", ""), "单元格的位置不对");
	REFUSES(XLSX_SHEET("<row r='1'><c r='XFD1'/><c/></row>", ""), "16384 列的上限");
	REFUSES(XLSX_SHEET("<row r='9'><c r='AMK9'><v>1</v></c></row>", ""),
		"表.xlsx：AMK9 单元格超出 1024 列的上限");
	READS(XLSX_SHEET(HEAD "<row r='9'><c r='AMK9' s='1'/><c r='XFD9'/></row>", ""), "1:代码|值;");
}

static void heads_under_titles(void **state)
{
	(void)state;
#define T(text) "<c t='str'><v>" text "</v></c>"
	READS(XLSX_SHEET("<row>" T("2025 年得分表") "</row><row>" T("单位") T("张纪镇") "</row>"
			 "<row r='4'>" T("代码") T(" 值 ") "</row><row>" T("1") T("2") "</row>",
			 "<mergeCells count='1'><mergeCell ref='A1:B1'/></mergeCells>"),
	      "4:代码| 值 ;5:1|2;");
	/* None is a head: the first row stands for it. */
	READS(XLSX_SHEET("<row r='2'>" T("标题") "</row><row>" T("甲") T("乙") "</row>", ""),
	      "2:标题|;3:甲|乙;");
}

static void heads_of_merged_rows(void **state)
{
	(void)state;
	/* 代码 and 备注 span both rows, 得分 spans three columns. */
	READS(XLSX_SHEET("<row>" T("得分表") "</row>"
			 "<row>" T("代码") T("得分") "<c r='E2' t='str'><v>备注</v></c></row>"
			 "<row r='3'><c r='B3' t='str'><v>班子</v></c>" T("思路") T("制度") "</row>"
			 "<row>" T("01") "<c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row>",
			 "<mergeCells><mergeCell ref='A1:E1'/><mergeCell ref='A2:A3'/>"
			 "<mergeCell ref='B2:D2'/><mergeCell ref='E2:E3'/></mergeCells>"),
	      "3:代码|班子|思路|制度|备注;4:01|1|2|3|;");
	/* Three rows. */
	READS(XLSX_SHEET("<row>" T("代码") T("评分") "</row>"
			 "<row><c r='B2' t='str'><v>党建</v></c><c r='D2' t='str'><v>发展</v></c></row>"
			 "<row><c r='B3' t='str'><v>班子</v></c>" T("制度") "</row><row>" T("1") T("2") T("3")
			 T("4") "</row>",
			 "<mergeCells><mergeCell ref='A1:A3'/><mergeCell ref='B1:D1'/>"
			 "<mergeCell ref='B2:C2'/><mergeCell ref='D2:D3'/></mergeCells>"),
	      "3:代码|班子|制度|发展;4:1|2|3|4;");
	/* Groups over a complete head. */
	READS(XLSX_SHEET("<row>" T("基本情况") "<c r='C1' t='str'><v>得分</v></c></row>"
			 "<row>" T("代码") T("名称") T("班子") T("思路") "</row>"
			 "<row>" T("1") T("2") T("3") T("4") "</row>",
			 "<mergeCells><mergeCell ref='A1:B1'/><mergeCell ref='C1:D1'/></mergeCells>"),
	      "2:代码|名称|班子|思路;3:1|2|3|4;");
	/* Only the sideways merge was made; the cell under 代码 is just empty. */
	READS(XLSX_SHEET("<row>" T("代码") T("得分") "</row><row><c r='B2' t='str'><v>班子</v></c>" T("思路")
			 "</row><row>" T("1") T("2") T("3") "</row>",
			 "<mergeCells><mergeCell ref='B1:C1'/></mergeCells>"),
	      "2:代码|班子|思路;3:1|2|3;");
	/* Nothing was merged, and only together the rows are a head. */
	READS(XLSX_SHEET("<row>" T("名称") T("得分") "</row><row>" "<c r='B2' t='str'><v>代码</v></c>"
			 "</row><row>" T("1") T("2") "</row>", ""),
	      "2:名称|代码;3:1|2;");
}

static void merges_of_the_data_stay_out_of_the_head(void **state)
{
	(void)state;
	READS(XLSX_SHEET("<row>" T("代码") T("备注") "</row><row>" T("1") T("a") T("b") "</row><row>" T("2")
			 "</row>",
			 "<mergeCells><mergeCell ref='B1:C1'/><mergeCell ref='B2:B3'/></mergeCells>"),
	      "1:代码|备注|;2:1|a|b;3:2||;");
	/* Nonsense is ignored. */
	READS(XLSX_SHEET("<row>" T("代码") T("值") "</row><row>" T("1") T("2") "</row>",
			 "<mergeCells><mergeCell ref='B2:A1'/><mergeCell ref='A1'/><mergeCell/><mergeCell ref='A1:'/>"
			 "<mergeCell ref='A1:XFD1048576'/><mergeCell ref='A1:B2:C3'/></mergeCells>"),
	      "1:代码|值;2:1|2;");
}

#define WORKBOOK(sheets) "== xl/workbook.xml\n<workbook xmlns='" XLSX_NS "' xmlns:r='" XLSX_REL \
	"'><sheets>" sheets "</sheets></workbook>\n"
#define RELS(rels) "== xl/_rels/workbook.xml.rels\n<Relationships xmlns='" XLSX_PACKAGE_REL "'>" \
	rels "</Relationships>\n"
#define REL(id, type, target) "<Relationship Id='" id "' Type='" XLSX_REL "/" type "' Target='" \
	target "'/>"

static void the_first_visible_sheet_is_read(void **state)
{
	(void)state;
#define FOUR "== xl/worksheets/a.xml\n" XLSX_SHEET("<row>" T("a") "</row>", "") \
	"\n== xl/worksheets/b.xml\n" XLSX_SHEET("<row>" T("b") "</row>", "") \
	"\n== xl/c.xml\n" XLSX_SHEET("<row>" T("c") "</row>", "") \
	"\n== sheets/d.xml\n" XLSX_SHEET("<row>" T("d") "</row>", "")
#define FOUR_RELS RELS(REL("r4", "worksheet", "../sheets/./d.xml") REL("r3", "worksheet", "/xl/c.xml") \
	REL("r9", "chartsheet", "worksheets/a.xml") REL("r2", "worksheet", "worksheets/b.xml") \
	REL("r1", "worksheet", "worksheets/a.xml"))
	READS(WORKBOOK("<sheet r:id='r1' state='hidden'/><sheet r:id='r2' state='veryHidden'/>"
		       "<sheet r:id='r9'/><sheet r:id='r3' state='visible'/><sheet r:id='r4'/>")
	      FOUR_RELS FOUR, "1:c;");
	READS(WORKBOOK("<sheet r:id='r4'/><sheet r:id='r1'/>") FOUR_RELS FOUR, "1:d;");
	READS(WORKBOOK("<sheet r:id='r2'/><sheet r:id='r1'/>") FOUR_RELS FOUR, "1:b;");
	REFUSES(WORKBOOK("<sheet r:id='r1' state='hidden'/>") FOUR_RELS FOUR, "没有可见的工作表");
	REFUSES(WORKBOOK("") FOUR_RELS FOUR, "没有可见的工作表");
	REFUSES(WORKBOOK("<sheet r:id='r1'/>") RELS("<Relationship Id='r1' Type='" XLSX_REL "/worksheet' "
		"Target='http://x/a.xml' TargetMode='External'/>") FOUR, "没有可见的工作表");
	REFUSES(WORKBOOK("<sheet r:id='r1'/>") RELS(REL("r1", "worksheet", "gone.xml")) FOUR,
		"缺少工作表");
	REFUSES(WORKBOOK("<sheet r:id='r1'/>") RELS(REL("r1", "worksheet", "../../../x.xml")) FOUR,
		"没有可见的工作表");
}

static void the_strict_flavour_and_extensions(void **state)
{
	(void)state;
#define STRICT "http://purl.oclc.org/ooxml/"
	READS("== _rels/.rels\n<Relationships xmlns='" XLSX_PACKAGE_REL "'><Relationship Id='a' Type='" STRICT
	      "officeDocument/relationships/officeDocument' Target='/book/w.xml'/></Relationships>\n"
	      "== book/w.xml\n<workbook xmlns='" STRICT "spreadsheetml/main' xmlns:r='" STRICT
	      "officeDocument/relationships' conformance='strict'><workbookPr dateCompatibility='0'/><sheets>"
	      "<sheet r:id='r1'/></sheets></workbook>\n"
	      "== book/_rels/w.xml.rels\n<Relationships xmlns='" XLSX_PACKAGE_REL "'><Relationship Id='r1' Type='"
	      STRICT "officeDocument/relationships/worksheet' Target='s.xml'/></Relationships>\n"
	      "== book/s.xml\n<worksheet xmlns='" STRICT "spreadsheetml/main'><sheetData><row><c t='str'>"
	      "<v>代码</v></c></row></sheetData></worksheet>", "1:代码;");
	/* A prefix, elements of later versions, alternate content, comments. */
	READS("<?xml version='1.0' encoding='UTF-8' standalone='yes'?><x:worksheet xmlns:x='" XLSX_NS "' "
	      "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' xmlns:y='urn:y' "
	      "mc:Ignorable='y'><mc:AlternateContent><mc:Choice Requires='y'><x:sheetData><x:row><x:c>"
	      "<x:v>9</x:v></x:c></x:row></x:sheetData></mc:Choice></mc:AlternateContent><x:sheetData>"
	      "<!-- c --><x:row y:z='1'><y:c><x:v>8</x:v></y:c><x:c t='str'><y:q>7</y:q><x:v>代<?pi?>码</x:v>"
	      "<x:extLst><x:v>6</x:v></x:extLst></x:c><x:c t='str'><x:v>值</x:v></x:c></x:row></x:sheetData>"
	      "</x:worksheet>", "1:代码|值;");
	/* Case of names, and UTF-16. */
	READS("== XL/WorkSheets/Sheet1.xml\n" BOTH("<c><v>1</v></c>"), "1:代码|值;2:1|;");
	REFUSES("<worksheet xmlns='urn:other'/>", "不是表格内容");
	REFUSES("<sheetData xmlns='" XLSX_NS "'/>", "不是表格内容");
}

static void an_empty_sheet_is_refused(void **state)
{
	(void)state;
	REFUSES(XLSX_SHEET("", ""), "表.xlsx：工作表是空的");
	REFUSES(XLSX_SHEET("<row>" T(" ") T("　") "</row>", ""), "工作表是空的");
	READS(XLSX_SHEET("<row r='500'>" T("a") "</row>", ""), "500:a;");
}

static void broken_xml_is_refused(void **state)
{
	(void)state;
	REFUSES("<worksheet xmlns='" XLSX_NS "'><sheetData><row><c><v>1</v>", "表.xlsx：工作簿已损坏（xl/worksheets/sheet1.xml");
	REFUSES("<worksheet xmlns='" XLSX_NS "'><sheetData></row>", "工作簿已损坏");
	REFUSES("<worksheet xmlns='" XLSX_NS "'><sheetData><row><c t='str'><v>\xD5\xC5</v></c></row>",
		"工作簿已损坏");
	REFUSES(SHEET1 " ", "工作簿已损坏");
	REFUSES(SHEET1 BOTH("<c t='s'><v>0</v></c>") "\n== xl/sharedStrings.xml\n<sst", "xl/sharedStrings.xml");
	REFUSES("== xl/_rels/workbook.xml.rels\n" SHEET1 BOTH(""), "缺少目录");
	/* Whatever a DTD defines. */
	REFUSES("<!DOCTYPE w [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><worksheet xmlns='" XLSX_NS
		"'><sheetData><row><c t='str'><v>&b;</v></c></row></sheetData></worksheet>", "DTD");
	REFUSES("<!DOCTYPE w SYSTEM 'file:///etc/passwd'>" XLSX_SHEET("", ""), "DTD");
	REFUSES("<worksheet xmlns='" XLSX_NS "'>&b;</worksheet>", "工作簿已损坏");
}

static void other_archives_are_named(void **state)
{
	(void)state;
	REFUSES("== mimetype\napplication/vnd.oasis.opendocument.spreadsheet\n== content.xml\nx\n== xl/workbook.xml\n",
		".ods");
	REFUSES("== word/document.xml\n<a/>\n", ".docx），不是表格；请把里面的表格复制到");
	REFUSES("== ppt/presentation.xml\n<a/>\n", ".pptx");
	REFUSES("== xl/workbook.bin\nx\n== xl/workbook.xml\n", ".xlsb");
	REFUSES("== a.txt\nx\n== xl/workbook.xml\n", "这是压缩包，不是工作簿；请先解压");
}

static void broken_archives_are_refused(void **state)
{
	(void)state;
	struct buf zip = {0};
	const char *text = BOTH("<c><v>1</v></c>");
	assert_true(workbook_from_text(text, strlen(text), &zip));
	/* Cut anywhere, or with any byte turned: a message or a table, never a crash. */
	for (size_t n = 4; n < zip.len; n++) {
		char *copy = malloc(n);
		assert_non_null(copy);
		memcpy(copy, zip.data, n);
		char *found = dump("f", copy, n, has_code);
		assert_non_null(strstr(found, "已损坏"));
		assert_non_null(strstr(found, "请重新拷贝或下载"));
		free(found);
		free(copy);
	}
	for (size_t i = 4; i < zip.len; i++) {
		zip.data[i] = (char)(zip.data[i] ^ 0x55);
		free(dump("f", zip.data, zip.len, has_code));
		zip.data[i] = (char)(zip.data[i] ^ 0x55);
	}
	buf_done(&zip);
}

/* A sheet of `n` copies of `unit` within a cell or between rows. */
static char *inflated(const char *before, const char *unit, size_t n, const char *after)
{
	struct buf sheet = {0}, zip = {0};
	buf_adds(&sheet, before);
	for (size_t i = 0; i < n; i++)
		buf_adds(&sheet, unit);
	buf_adds(&sheet, after);
	static const char rels[] = "<Relationships xmlns='" XLSX_PACKAGE_REL "'>"
		REL("r1", "worksheet", "s.xml") "</Relationships>";
	static const char book[] = "<workbook xmlns='" XLSX_NS "' xmlns:r='" XLSX_REL
		"'><sheets><sheet r:id='r1'/></sheets></workbook>";
	const struct workbook_part parts[] = {
		{"xl/workbook.xml", STR(book)},
		{"xl/_rels/workbook.xml.rels", STR(rels)},
		{"xl/s.xml", {sheet.data, sheet.len}},
	};
	assert_true(workbook_zip(parts, 3, true, &zip));
	char *found = dump("f", zip.data, zip.len, has_code);
	buf_done(&sheet);
	buf_done(&zip);
	return found;
}

static void bombs_and_giants_are_refused(void **state)
{
	(void)state;
	char *found = inflated("<worksheet xmlns='" XLSX_NS "'><sheetData>",
			       "                                                                ", 65 << 14,
			       "</sheetData></worksheet>");
	assert_non_null(strstr(found, "恶意"));
	free(found);
	found = inflated("<worksheet xmlns='" XLSX_NS "'><sheetData><row><c t='str'><v>", "abcdefgh",
			 TABLE_CELL_MAX / 8, "</v></c></row></sheetData></worksheet>");
	assert_int_equal(strlen(found), TABLE_CELL_MAX + 3);
	free(found);
	found = inflated("<worksheet xmlns='" XLSX_NS "'><sheetData><row><c t='str'><v>", "abcdefgh",
			 TABLE_CELL_MAX / 8 + 1, "</v></c></row></sheetData></worksheet>");
	assert_non_null(strstr(found, "1 MB 的上限"));
	free(found);
	found = inflated("<worksheet xmlns='" XLSX_NS "' a='", "abcdefgh", 1 << 20, "'/>");
	assert_non_null(strstr(found, "一个标记超过 1 MB"));
	free(found);
	found = inflated("<worksheet xmlns='" XLSX_NS "'>", "<a>", 1000, "");
	assert_non_null(strstr(found, "嵌套超过"));
	free(found);
	/* Many tags are no giant one. */
	found = inflated("<worksheet xmlns='" XLSX_NS "'><sheetData>", "<!-- c --><a/>", 1 << 18,
			 "</sheetData></worksheet>");
	assert_non_null(strstr(found, "工作表是空的"));
	free(found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_shared_inline_and_rich),
		cmocka_unit_test(numbers_as_excel_shows_them),
		cmocka_unit_test(dates_by_style),
		cmocka_unit_test(sparse_rows_and_cells),
		cmocka_unit_test(heads_under_titles),
		cmocka_unit_test(heads_of_merged_rows),
		cmocka_unit_test(merges_of_the_data_stay_out_of_the_head),
		cmocka_unit_test(the_first_visible_sheet_is_read),
		cmocka_unit_test(the_strict_flavour_and_extensions),
		cmocka_unit_test(an_empty_sheet_is_refused),
		cmocka_unit_test(broken_xml_is_refused),
		cmocka_unit_test(other_archives_are_named),
		cmocka_unit_test(broken_archives_are_refused),
		cmocka_unit_test(bombs_and_giants_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
