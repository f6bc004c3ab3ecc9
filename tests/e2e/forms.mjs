// SPDX-License-Identifier: Apache-2.0
// Printed forms in the browser: the list, the print view as Chromium prints it,
// the way behind a figure, the file, the check code, all packed.
// usage: forms.mjs JINWEI
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import XLSX from 'xlsx';
import { arrive, download, enter, fitsPhone, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'], expected: /^$/ });
const { folder, noise } = site;
const page = await site.open();

function row(label) {
  return page.locator('tr', { has: page.getByRole('rowheader', { name: label }) });
}

const tests = {
  async 'the county officer sees the forms'() {
    await enter(page, 'zuzhi', 'Yunling-04');
    await send(page, page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '报表' }));
    assert.ok(await page.getByRole('rowheader').count() >= 20);
    await shot(page, 'forms-desktop');
    await fitsPhone(page, 'forms');
  },

  async 'Chromium prints the page as paper'() {
    await send(page, row('软弱涣散基层党组织情况汇总表').getByRole('link', { name: '看、打印' }));
    await shot(page, 'form-f1');
    const file = path.join(folder, 'f1.pdf');
    await page.pdf({ path: file, preferCSSPageSize: true });
    const info = execFileSync('pdfinfo', [file]).toString();
    const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
    assert.match(info, /Page size:\s+59[45](\.\d+)? x 84[12]/);
    // Nine categories and all, a page each.
    assert.match(info, /Pages:\s+10\b/);
    assert.equal(text.split('软弱涣散基层党组织情况汇总表').length - 1, 10);
    assert.ok(!text.includes('返回报表') && !text.includes('改密码'), 'only the paper is printed');
    // Version and check code stand under every page.
    assert.equal(text.match(/第 1 版\s+校验码 [0-9A-Z]{5}-[0-9A-Z]{5}/g).length, 10);
  },

  async 'a figure leads to its organisations, and they are as many'() {
    const figure = page.locator('article').nth(0).locator('td a').first();
    const number = Number(await figure.textContent());
    await send(page, figure);
    assert.equal(await page.locator('tbody tr').count(), Math.min(number, 50));
    assert.match(await page.locator('main').textContent(), new RegExp(`共 ${number} 个`));
    await arrive(page, () => page.goBack());
    assert.match(page.url(), /forms\/f1\?/);
  },

  async 'the workbook says what the page says'() {
    const number = Number(await page.locator('article').nth(0).locator('td a').first().textContent());
    const file = await download(page, page.getByRole('link', { name: 'xlsx' }), folder);
    const book = XLSX.read(readFileSync(file));
    const cells = XLSX.utils.sheet_to_json(book.Sheets['农村'], { header: 1 }).flat();
    assert.ok(cells.includes(number));
    assert.equal(book.SheetNames.length, 10);
  },

  async 'one sheet for each township in one workbook'() {
    await page.goto((await page.url()).replace('/f1?', '/f2?'));
    await send(page, page.getByRole('link', { name: '下级各一张' }));
    await page.getByRole('link', { name: '合成一张' }).waitFor();
    const papers = await page.locator('article').count();
    const file = await download(page, page.getByRole('link', { name: 'xlsx' }), folder);
    const names = XLSX.read(readFileSync(file)).SheetNames;
    assert.equal(names.length, papers);
    assert.ok(names.some((name) => name.includes('石桥镇')), names.join('、'));
  },

  async 'the code on the paper tells whether the data moved'() {
    const code = (await page.locator('a[href^="/check/"]').textContent()).match(/[0-9A-Z]{5}-[0-9A-Z]{5}/)[0];
    await page.goto('/check');
    await page.getByLabel('校验码').fill(code.toLowerCase().replace('-', ' '));
    await send(page, page.getByRole('button', { name: '查' }));
    await page.getByText('数据没有变').waitFor();
    await shot(page, 'form-check');
  },

  async 'all forms come as one zip, with a bar'() {
    await page.goto('/forms');
    await send(page, page.getByRole('link', { name: '全部打包' }));
    await send(page, page.getByRole('button', { name: '开始' }));
    await page.getByRole('link', { name: '下载压缩包' }).waitFor();
    await shot(page, 'form-batch');
    const file = await download(page, page.getByRole('link', { name: '下载压缩包' }), folder);
    const list = execFileSync('python3', ['-c',
      'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))', file]).toString();
    for (const name of ['F1-', 'F2-', 'F3-', 'F8-']) assert.ok(list.includes(name), list);
    await page.goto('/prints?node=10000001');
    assert.ok(await page.locator('tbody tr').count() >= 4);
    await shot(page, 'form-prints');
  },

  async 'chosen columns are kept under a name'() {
    await page.goto('/forms');
    await send(page, page.getByRole('link', { name: '选列' }));
    await page.getByLabel('联络员', { exact: true }).check();
    await send(page, page.getByRole('button', { name: '看统计' }));
    await page.getByLabel('名称').fill('联络员名单');
    await send(page, page.getByRole('button', { name: '保存这个统计' }));
    await send(page, page.getByRole('link', { name: '联络员名单' }));
    assert.ok(await page.getByRole('columnheader', { name: '联络员' }).count());
  },

  async 'every form is a page of paper, and behind every figure stand as many organisations'() {
    const forms = await page.evaluate(async () => (await (await fetch('/forms?node=10000001',
      { headers: { Accept: 'application/json' } })).json()).forms);
    assert.ok(forms.length >= 20);
    let figures = 0;
    for (const form of forms) {
      const campaign = form.campaign || form.id === 'f18' ? '&campaign=10000002' : '';
      await page.goto(`/forms/${form.id}?node=10000039${campaign}`);
      const links = await page.$$eval('.papers a[href*="/orgs?"]', (all) => all.map((a) => [a.getAttribute('href'),
        a.textContent]));
      for (const [href, text] of links) {
        const rows = await page.evaluate(async (address) => new DOMParser().parseFromString(
          await (await fetch(address)).text(), 'text/html').querySelectorAll('table.data tbody tr').length, href);
        assert.equal(rows, Number(text.match(/\d+/)[0]), `${form.id}: ${href}`);
      }
      figures += links.length;
      const file = path.join(folder, `${form.id}.pdf`);
      await page.pdf({ path: file, preferCSSPageSize: true });
      const sizes = execFileSync('pdfinfo', ['-l', '999', file]).toString().match(/Page.*size:.*/g);
      for (const size of sizes)
        assert.match(size, /(59[45](\.\d+)? x 84[12])|(84[12](\.\d+)? x 59[45])/, `${form.id}: ${size}`);
      const text = execFileSync('pdftotext', [file, '-']).toString();
      assert.ok(!text.includes('返回报表') && !text.includes('改密码'), `${form.id}: only the paper is printed`);
      const shown = await page.$$eval('.papers td', (all) => all.map((td) => td.textContent.trim()));
      const printed = text.replace(/\s+/g, '');
      for (const cell of shown.filter((words) => words && words.length < 12))
        assert.ok(printed.includes(cell.replace(/\s+/g, '')) || cell.length > 4, `${form.id}: ${cell} is on paper`);
    }
    assert.ok(figures > 100, `${figures} figures`);
  },

  async 'a letter can have a red head'() {
    await page.goto('/forms/f9?node=10000039');
    assert.equal(await page.locator('.redhead').count(), 0);
    await send(page, page.getByRole('link', { name: '加红头' }));
    await page.getByText('中共石桥镇委员会文件').first().waitFor();
    await page.getByRole('link', { name: '不要红头' }).waitFor();
  },

  async 'thousands of score sheets come as one file'() {
    await page.goto('/forms/f5?node=10000001&campaign=10000002');
    const file = await download(page, page.getByRole('link', { name: 'pdf' }), folder);
    const pages = Number(execFileSync('pdfinfo', [file]).toString().match(/Pages:\s+(\d+)/)[1]);
    assert.equal(pages, await page.locator('article').count());
    assert.ok(pages > 500, `${pages} sheets`);
  },

  async 'a stamped scan stays with its print, and a change after it is told'() {
    await page.goto('/forms/f2?node=10000039');
    const code = (await page.locator('a[href^="/check/"]').textContent()).match(/[0-9A-Z]{5}-[0-9A-Z]{5}/)[0];
    await page.goto(`/check/${code}`);
    await send(page, page.getByRole('link', { name: /上传扫描件/ }));
    const scan = path.join(folder, 'scan.pdf');
    writeFileSync(scan, '%PDF-1.4\n% stamped\n%%EOF\n');
    await page.setInputFiles('input[type=file]', scan);
    await send(page, page.getByRole('button', { name: '上传' }));
    await page.getByText('已上传').waitFor();
    await page.goto(`/check/${code}`);
    await page.getByText('1 件').waitFor();
    await page.getByText('数据没有变').waitFor();
    await shot(page, 'form-check-stamped');
    /* Somebody changes the number of members of the first organisation in it. */
    await page.goto('/forms/f2?node=10000039');
    await send(page, page.locator('.papers a.org').first());
    await send(page, page.getByRole('link', { name: '修改资料' }));
    const members = page.getByLabel('党员数');
    await members.fill(String(Number(await members.inputValue()) + 1));
    await page.getByLabel('变更理由').fill('转入一名党员');
    await send(page, page.getByRole('button', { name: '保存修改' }));
    await page.getByRole('heading', { name: '变更经过' }).waitFor();
    await page.goto(`/check/${code}`);
    await page.getByText('盖章以后数据变了').waitFor();
    await shot(page, 'form-check-moved');
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
