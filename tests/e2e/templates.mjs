// SPDX-License-Identifier: Apache-2.0
// Own templates in the browser: put one up, see what its placeholders mean, fill it,
// change the filled workbook as an office would, read it back.
// usage: templates.mjs JINWEI
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import XLSX from 'xlsx';
import { download, enter, fitsPhone, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
// A dry run that finds something wrong answers 422, as it should.
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'], expected: /422/ });
const { folder, noise } = site;
const page = await site.open();
const TOWN = '10000039';
let filled;

// An own form, made in the browser's place by SheetJS: a title, heads, one row of
// placeholders, a total, and a name that is not known.
function ownForm() {
  const sheet = XLSX.utils.aoa_to_sheet([
    ['{{单位}}党员核对表（{{年度}}年）'],
    ['序号', '代码', '党组织', '党员数', '书记', '书记电话'],
    ['{{组织.序号}}', '{{组织.代码}}', '{{组织.名称}}', '{{组织.党员数}}', '{{ 组织．书记 }}', '{{组织.书记电话}}'],
    ['合计', null, null, '{{合计.组织.党员数}}'],
    ['核对人：{{填表仁}}'],
  ]);
  sheet['!merges'] = [{ s: { r: 0, c: 0 }, e: { r: 0, c: 5 } }];
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, sheet, '核对表');
  const file = path.join(folder, '党员核对表.xlsx');
  writeFileSync(file, XLSX.write(book, { type: 'buffer', bookType: 'xlsx', bookSST: true }));
  return file;
}

function rows(file, sheet) {
  return XLSX.utils.sheet_to_json(XLSX.read(readFileSync(file)).Sheets[sheet], { header: 1 });
}

// The filled workbook with some cells changed, saved by another program.
function changed(changes) {
  const book = XLSX.read(readFileSync(filled));
  const sheet = book.Sheets['核对表'];
  for (const [place, value] of Object.entries(changes))
    sheet[place] = typeof value === 'number' ? { t: 'n', v: value } : { t: 's', v: value };
  const file = path.join(folder, '交回.xlsx');
  writeFileSync(file, XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }));
  return file;
}

// What is missing is said at the field, on the page it was typed on.
const missing = async (page) => {
  const reason = page.getByLabel('理由');
  assert.equal(await reason.getAttribute('aria-invalid'), 'true');
  assert.equal(await reason.isVisible(), true);
  await page.getByText('这一项必须填').waitFor();
};

const tests = {
  async 'a township puts up its own form'() {
    await enter(page, 'shiqiao', 'Yunling-05');
    await page.goto('/forms');
    await send(page, page.getByRole('link', { name: '自定模板' }));
    // The county's are there too.
    await page.getByRole('rowheader', { name: '党组织台账（演示）' }).waitFor();
    await shot(page, 'templates');
    await fitsPhone(page, 'templates');
    await send(page, page.getByRole('link', { name: '上传模板' }));
    await page.getByLabel('文件').setInputFiles(ownForm());
    await page.getByLabel('用途').fill('每季度核对一次');
    await send(page, page.getByRole('button', { name: '上传' }));
    await page.getByRole('heading', { name: '党员核对表' }).waitFor();
  },

  async 'a placeholder that is not known is named, with the nearest'() {
    const box = page.locator('.box.warn');
    assert.match(await box.textContent(), /核对表!A5：\{\{填表仁\}\}，是不是 \{\{填表人\}\}/);
    assert.match(await page.locator('tr', { hasText: '组织.书记电话' }).textContent(), /书记电话/);
    await shot(page, 'template-detail');
    await fitsPhone(page, 'template-detail');
  },

  async 'it is filled with real data, styles and merges kept'() {
    filled = await download(page, page.getByRole('link', { name: '填好下载' }), folder);
    const found = rows(filled, '核对表');
    assert.match(found[0][0], /石桥镇.*党员核对表（20\d\d年）/);
    const list = found.slice(2).filter((row) => /^\d\d-/.test(row[1]));
    assert.ok(list.length >= 20);
    const total = found.find((row) => row[0] === '合计');
    assert.equal(total[3], list.reduce((sum, row) => sum + row[3], 0));
    assert.deepEqual(XLSX.read(readFileSync(filled)).Sheets['核对表']['!merges'].map(XLSX.utils.encode_range), ['A1:F1']);
    execFileSync('soffice', [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to', 'pdf',
      '--outdir', folder, filled], { stdio: 'ignore' });
    const text = execFileSync('pdftotext', ['-layout', filled.replace(/xlsx$/, 'pdf'), '-']).toString();
    assert.ok(text.includes(list[0][1]) && text.includes('合计'), text.slice(0, 400));
  },

  async 'what is wrong in a returned workbook is told by cell, and nothing is written'() {
    await send(page, page.getByRole('link', { name: '读回' }));
    await page.getByLabel('文件').setInputFiles(changed({ D3: '许多', B4: '99-999', D5: 77 }));
    await send(page, page.getByRole('button', { name: '试读' }));
    await page.getByRole('heading', { name: '不对的地方' }).waitFor();
    const said = await page.locator('main').textContent();
    assert.match(said, /D3[\s\S]*“许多”不对，应为0 到 1 亿之间的整数/);
    assert.match(said, /B4[\s\S]*找不到“99-999”/);
    assert.match(said, /合计是 \d+，各行的党员数加起来是 \d+/);
    await shot(page, 'read-wrong');
    await fitsPhone(page, 'read-wrong');
    assert.equal(await page.getByRole('button', { name: '确认写入' }).count(), 0);
  },

  async 'what is right is shown first, then written'() {
    const total = rows(filled, '核对表').find((row) => row[0] === '合计')[3];
    const members = rows(filled, '核对表')[2][3];
    const last = rows(filled, '核对表').findIndex((row) => row[0] === '合计') + 1;
    await page.getByLabel('文件').setInputFiles(changed({ D3: members + 2, F3: '=0000-0188', [`D${last}`]: total + 2 }));
    await send(page, page.getByRole('button', { name: '试读' }));
    await page.getByRole('button', { name: '确认写入' }).waitFor();
    assert.match(await page.locator('tr', { hasText: 'D3' }).textContent(), new RegExp(`${members}${members + 2}`));
    await shot(page, 'read-try');
    await fitsPhone(page, 'read-try');
    await send(page, page.getByRole('button', { name: '确认写入' }));
    await page.getByText('写入 2 项').waitFor();
    const again = rows(await download(page, page.getByRole('link', { name: '填好下载' }), folder), '核对表');
    assert.equal(again[2][3], members + 2);
    // What looks like a formula is a text, in and out.
    assert.equal(again[2][5], '=0000-0188');
    await page.goto(`/orgs?node=${TOWN}`);
  },

  async 'an official form comes back too, and its totals are checked'() {
    await page.goto('/forms');
    const row = page.locator('tr', { has: page.getByRole('rowheader', { name: '基层党组织分类定级结果汇总表' }) });
    const form = await download(page, row.getByRole('link', { name: 'xlsx' }).first(), folder);
    const book = XLSX.read(readFileSync(form));
    const sheet = book.Sheets[book.SheetNames[0]];
    const cells = XLSX.utils.sheet_to_json(sheet, { header: 1 });
    const foot = cells.findIndex((one) => one[0] === '合计');
    const column = cells[foot].findIndex((text) => /^较好/.test(text || ''));
    sheet[XLSX.utils.encode_cell({ r: foot, c: column })] = { t: 's', v: '较好 99 个，占 66.7%' };
    const file = path.join(folder, 'F4 交回.xlsx');
    writeFileSync(file, XLSX.write(book, { type: 'buffer', bookType: 'xlsx' }));
    await send(page, row.getByRole('link', { name: '读回' }));
    await page.getByLabel('文件').setInputFiles(file);
    await send(page, page.getByRole('button', { name: '试读' }));
    await page.getByText(/写的是“较好 99 个/).waitFor();
  },

  async 'the samples can be had, and the names are listed'() {
    await page.goto('/templates');
    const sample = await download(page, page.getByRole('link', { name: '模板-党组织台账' }), folder);
    assert.ok(XLSX.read(readFileSync(sample)).SheetNames.includes('汇总'));
    await send(page, page.getByRole('link', { name: '占位符' }));
    await page.getByRole('rowheader', { name: '{{组织.书记}}' }).waitFor();
    await fitsPhone(page, 'template-names');
  },

  async 'a template out of use can no longer be filled'() {
    await page.goto('/templates');
    await send(page, page.getByRole('link', { name: '党员核对表' }));
    await page.getByText('停用这个模板').click();
    await send(page, page.getByRole('button', { name: '停用' }));
    await missing(page);
    await page.getByLabel('理由').fill('换成县里的');
    await send(page, page.getByRole('button', { name: '停用' }));
    await page.getByText('已停用').waitFor();
    assert.equal(await page.getByRole('link', { name: '党员核对表' }).count(), 0);
  },

  async 'a paper handed in by mistake is withdrawn with a reason'() {
    await page.goto('/files?node=10000039');
    await page.getByLabel('文件', { exact: true }).setInputFiles(
      { name: '决议.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
    await page.getByLabel('材料日期').fill('2026-01-05');
    await page.getByLabel('说明').fill('换届决议');
    await send(page, page.getByRole('button', { name: '上传' }));
    await page.getByText('作废：换届决议').click();
    await send(page, page.getByRole('button', { name: '作废', exact: true }));
    await missing(page);
    await page.getByRole('heading', { name: /石桥镇/ }).waitFor();
    await page.getByLabel('理由').fill('传错了');
    await send(page, page.getByRole('button', { name: '作废', exact: true }));
    await page.getByText('已作废，理由留在材料旁边').waitFor();
    assert.match(page.url(), /\/files\?node=10000039/);
    await page.getByText('传错了').waitFor();
    await fitsPhone(page, 'files');
  },

  async 'the browser complained about nothing'() {
    assert.deepEqual(noise, []);
  },
};

try {
  await run(Object.entries(tests));
} finally {
  await site.stop();
}
