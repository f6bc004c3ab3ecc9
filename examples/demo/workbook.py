# SPDX-License-Identifier: Apache-2.0
"""A workbook as Excel saves it, written by hand so that it is the same on every
machine: shared strings, styles, merged heads, frozen panes, a hidden sheet of
lists behind the drop-downs."""

import zipfile
from datetime import date
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# Indexes into cellXfs below.
PLAIN, TITLE, UNDER_TITLE, COLUMN_HEAD, TEXT, LEFT, NUMBER, DATE, STRONG, STRONG_LEFT, TOP = \
    range(11)

STYLES = f"""{HEAD}<styleSheet xmlns="{MAIN}">
<numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy\\-mm\\-dd"/></numFmts>
<fonts count="5">
<font><sz val="11"/><name val="宋体"/><family val="3"/><charset val="134"/></font>
<font><b/><sz val="18"/><name val="宋体"/><family val="3"/><charset val="134"/></font>
<font><sz val="10"/><name val="宋体"/><family val="3"/><charset val="134"/></font>
<font><b/><sz val="10"/><name val="宋体"/><family val="3"/><charset val="134"/></font>
<font><b/><sz val="11"/><name val="宋体"/><family val="3"/><charset val="134"/></font>
</fonts>
<fills count="4"><fill><patternFill patternType="none"/></fill>
<fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/></patternFill></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/></patternFill></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>
<border><left style="thin"><color indexed="64"/></left><right style="thin"><color indexed="64"/>\
</right><top style="thin"><color indexed="64"/></top><bottom style="thin"><color indexed="64"/>\
</bottom><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="11">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0"><alignment horizontal="center" vertical="center"/></xf>
<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0"><alignment horizontal="left" vertical="center"/></xf>
<xf numFmtId="0" fontId="3" fillId="2" borderId="1" xfId="0"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>
<xf numFmtId="49" fontId="2" fillId="0" borderId="1" xfId="0"><alignment horizontal="center" vertical="center"/></xf>
<xf numFmtId="0" fontId="2" fillId="0" borderId="1" xfId="0"><alignment horizontal="left" vertical="center"/></xf>
<xf numFmtId="0" fontId="2" fillId="0" borderId="1" xfId="0"><alignment horizontal="right" vertical="center"/></xf>
<xf numFmtId="176" fontId="2" fillId="0" borderId="1" xfId="0"><alignment horizontal="center" vertical="center"/></xf>
<xf numFmtId="49" fontId="3" fillId="3" borderId="1" xfId="0"><alignment horizontal="center" vertical="center"/></xf>
<xf numFmtId="0" fontId="3" fillId="3" borderId="1" xfId="0"><alignment horizontal="left" vertical="center"/></xf>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"><alignment horizontal="left" vertical="top" wrapText="1"/></xf>
</cellXfs>
<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>"""


def column_name(index):
    """0 → A, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, digit = divmod(index - 1, 26)
        name = chr(65 + digit) + name
    return name


class Sheet:
    """Rows of (value, style) cells. A value is None, text, an int or a date."""

    def __init__(self, name, hidden=False):
        self.name, self.hidden = name, hidden
        self.rows, self.heights, self.merges, self.widths = [], {}, [], []
        self.frozen = None         # (columns, rows) that stay
        self.filter = ""           # range
        self.validations = []      # (range, formula)
        self.print_rows = ""       # rows repeated on every page, "1:4"

    def add(self, cells, height=None):
        self.rows.append(cells)
        if height:
            self.heights[len(self.rows)] = height


class Workbook:
    def __init__(self, title):
        self.title, self.sheets, self.strings = title, [], {}

    def sheet(self, name, hidden=False):
        self.sheets.append(Sheet(name, hidden))
        return self.sheets[-1]

    def _cell(self, ref, value, style):
        if value is None or value == "":
            return f'<c r="{ref}" s="{style}"/>'
        if isinstance(value, date):
            return f'<c r="{ref}" s="{style}"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        if isinstance(value, int):
            return f'<c r="{ref}" s="{style}"><v>{value}</v></c>'
        index = self.strings.setdefault(value, len(self.strings))
        return f'<c r="{ref}" s="{style}" t="s"><v>{index}</v></c>'

    def _view(self, sheet, active):
        selected = ' tabSelected="1"' if active else ""
        if not sheet.frozen:
            return f'<sheetView{selected} workbookViewId="0"/>'
        columns, rows = sheet.frozen
        ref = f"{column_name(columns)}{rows + 1}"
        return (f'<sheetView{selected} workbookViewId="0"><pane xSplit="{columns}" ySplit="{rows}" '
                f'topLeftCell="{ref}" activePane="bottomRight" state="frozen"/>'
                f'<selection pane="bottomRight" activeCell="{ref}" sqref="{ref}"/></sheetView>')

    def _sheet_xml(self, sheet, active):
        last = f"{column_name(max(map(len, sheet.rows)) - 1)}{len(sheet.rows)}"
        out = [HEAD, f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}"><sheetPr><pageSetUpPr '
               f'fitToPage="1"/></sheetPr><dimension ref="A1:{last}"/><sheetViews>',
               self._view(sheet, active), '</sheetViews><sheetFormatPr defaultRowHeight="14.25"/>']
        out += ["<cols>"] + [f'<col min="{i}" max="{i}" width="{w}" customWidth="1"/>'
                             for i, w in enumerate(sheet.widths, 1)] + ["</cols><sheetData>"]
        for y, cells in enumerate(sheet.rows, 1):
            if not cells:
                continue
            height = f' ht="{sheet.heights[y]}" customHeight="1"' if y in sheet.heights else ""
            out.append(f'<row r="{y}"{height}>')
            out += [self._cell(f"{column_name(x)}{y}", *cell) for x, cell in enumerate(cells)]
            out.append("</row>")
        out.append("</sheetData>")
        if sheet.filter:
            out.append(f'<autoFilter ref="{sheet.filter}"/>')
        if sheet.merges:
            out.append(f'<mergeCells count="{len(sheet.merges)}">'
                       + "".join(f'<mergeCell ref="{m}"/>' for m in sheet.merges) + "</mergeCells>")
        if sheet.validations:
            out.append(f'<dataValidations count="{len(sheet.validations)}">' + "".join(
                f'<dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="{r}">'
                f"<formula1>{escape(f)}</formula1></dataValidation>"
                for r, f in sheet.validations) + "</dataValidations>")
        out.append('<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" '
                   'footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
                   '<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter>'
                   '</headerFooter></worksheet>')
        return "".join(out)

    def _workbook_xml(self, active):
        out = [HEAD, f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><bookViews><workbookView '
               f'xWindow="0" yWindow="0" windowWidth="24000" windowHeight="12000" '
               f'firstSheet="{active}" activeTab="{active}"/></bookViews><sheets>']
        for i, sheet in enumerate(self.sheets, 1):
            state = ' state="hidden"' if sheet.hidden else ""
            out.append(f'<sheet name="{sheet.name}" sheetId="{i}"{state} r:id="rId{i}"/>')
        out.append("</sheets><definedNames>")
        for i, sheet in enumerate(self.sheets):
            if sheet.filter:
                first, last = sheet.filter.split(":")
                out.append(f'<definedName name="_xlnm._FilterDatabase" localSheetId="{i}" '
                           f'hidden="1">{sheet.name}!{absolute(first)}:{absolute(last)}</definedName>')
        for i, sheet in enumerate(self.sheets):
            if sheet.print_rows:
                first, last = sheet.print_rows.split(":")
                out.append(f'<definedName name="_xlnm.Print_Titles" localSheetId="{i}">'
                           f"{sheet.name}!${first}:${last}</definedName>")
        return "".join(out + ["</definedNames></workbook>"])

    def _parts(self):
        active = next(i for i, s in enumerate(self.sheets) if not s.hidden)
        sheets = [(f"xl/worksheets/sheet{i + 1}.xml", self._sheet_xml(s, i == active))
                  for i, s in enumerate(self.sheets)]
        kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        types = [f'<Override PartName="/{name}" ContentType="{kinds}.worksheet+xml"/>'
                 for name, _ in sheets]
        yield "[Content_Types].xml", (
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
            'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            + "".join(types)
            + f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kinds}.sharedStrings+xml"/>'
            '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-'
            'package.core-properties+xml"/></Types>')
        yield "_rels/.rels", (
            f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" '
            f'Type="{PACKAGE}/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>')
        yield "docProps/core.xml", (
            f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
            f"{escape(self.title)}</dc:title></cp:coreProperties>")
        yield "xl/workbook.xml", self._workbook_xml(active)
        n = len(sheets)
        rels = [f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>'
                for i in range(1, n + 1)]
        rels += [f'<Relationship Id="rId{n + 1}" Type="{REL}/styles" Target="styles.xml"/>',
                 f'<Relationship Id="rId{n + 2}" Type="{REL}/sharedStrings" '
                 'Target="sharedStrings.xml"/>']
        yield "xl/_rels/workbook.xml.rels", (f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
                                             + "".join(rels) + "</Relationships>")
        yield from sheets
        yield "xl/styles.xml", STYLES
        yield "xl/sharedStrings.xml", (
            f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(self.strings)}">'
            + "".join(f'<si><t xml:space="preserve">{escape(s)}</t></si>' for s in self.strings)
            + "</sst>")

    def save(self, path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self._parts():
                info = zipfile.ZipInfo(name, (2026, 11, 20, 9, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, text.encode("utf-8"))


def absolute(ref):
    letters = ref.rstrip("0123456789")
    return f"${letters}${ref[len(letters):]}"
