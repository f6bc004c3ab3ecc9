// SPDX-License-Identifier: Apache-2.0
// read_xlsx.mjs FILE…: what SheetJS, a reader that shares no code with ours,
// finds in workbooks: JSON, {file: {sheet: {cells: [[…]], formulas, merges}}}.
import { readFileSync } from 'node:fs';
import XLSX from 'xlsx';

const found = {};
for (const file of process.argv.slice(2)) {
  const book = XLSX.read(readFileSync(file), { cellFormula: true });
  found[file] = {};
  for (const name of book.SheetNames) {
    const sheet = book.Sheets[name];
    found[file][name] = {
      cells: XLSX.utils.sheet_to_json(sheet, { header: 1, raw: true, defval: null }),
      shown: XLSX.utils.sheet_to_json(sheet, { header: 1, raw: false, defval: null }),
      formulas: Object.values(sheet).filter((cell) => cell && cell.f).length,
      merges: (sheet['!merges'] || []).map((m) => XLSX.utils.encode_range(m)),
    };
  }
}
console.log(JSON.stringify(found));
