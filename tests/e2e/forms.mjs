// SPDX-License-Identifier: Apache-2.0
// Printed forms in the browser: the list, the print view as Chromium prints it,
// the way behind a figure, the file, the check code, all packed.
// usage: forms.mjs JINWEI
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import XLSX from 'xlsx';
import { arrive, ask, download, enter, fitsPhone, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'], expected: /^$/ });
const { folder, noise } = site;
const page = await site.open();

function row(label) {
  return page.locator('tr', { has: page.getByRole('rowheader', { name: label }) });
}

const TOWN = 10000039;

// Follows each figure of the paper: as many organisations stand behind it.
async function followFigures(id) {
  const links = await page.$$eval('.papers a[href*="/orgs?"]', (all) => all.map((a) => [a.getAttribute('href'),
    a.textContent]));
  for (const [href, text] of links) {
    const { orgs } = await ask(page, href);
    assert.equal(new Set(orgs.map((org) => org.id)).size, Number(text.match(/\d+/)[0]), `${id}: ${href}`);
  }
  return links.length;
}

// "12 个" that no link stands behind.
async function loneFigures() {
  return page.$$eval('.papers', ([papers]) => {
    const walker = document.createTreeWalker(papers, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const text = walker.currentNode;
      // The red mark of a draft is no part of the form.
      if (/\d+ 个/.test(text.data) && !text.parentElement.closest('.draft, a[href*="/orgs?"]')) found.push(text.data);
    }
    return found;
  });
}

// Chromium prints the view: A4, only the paper, all its words, a number and (filled) a code under
// each page, the heads of a long table on each. Returns how many figures it has; each was followed.
async function checkPaper(form, address) {
  const blank = address.includes('blank=1');
  await page.goto(address);
  const figures = await followFigures(form.id);
  const over = await page.$$eval('.papers td, .papers th', (all) => all.filter((c) => c.scrollWidth > c.clientWidth + 1)
    .map((c) => c.textContent));
  assert.deepEqual(over, [], `${form.id}: nothing stands over its cell's edge`);
  const file = path.join(folder, `${form.id}.pdf`);
  await page.pdf({ path: file, preferCSSPageSize: true });
  const sizes = execFileSync('pdfinfo', ['-l', '9999', file]).toString().match(/Page.*size:.*/g);
  for (const size of sizes)
    assert.match(size, /(59[45](\.\d+)? x 84[12])|(84[12](\.\d+)? x 59[45])/, `${form.id}: ${size}`);
  const pages = execFileSync('pdftotext', [file, '-']).toString().split('\f').slice(0, -1);
  assert.equal(pages.length, sizes.length);
  const plain = (text) => text.replace(/\s+/g, '');
  const printed = plain(pages.join(''));
  assert.ok(!printed.includes('返回报表') && !printed.includes('改密码'), `${form.id}: only the paper is printed`);
  const shown = await page.$$eval('.papers td, .papers th, .papers .heads span', (all) => all.map((c) => c.textContent));
  for (const cell of shown.map(plain).filter((words) => words && words.length < 12))
    assert.ok(printed.includes(cell) || cell.length > 3, `${form.id}: ${cell} is on paper`);
  const marked = form.id !== 'f6';
  pages.forEach((text, i) => {
    assert.ok(plain(text), `${form.id}: page ${i + 1} is not empty`);
    assert.equal(/校验码/.test(text), marked && !blank, `${form.id}: the code on page ${i + 1}`);
  });
  return figures;
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

  async 'lists that grow are sorted by a click and searched'() {
    for (const [address, head, word] of [['/prints?node=10000001', '表', 'F1'],
      ['/cases/leaders?node=10000001', '个数', '书记']]) {
      await page.goto(address);
      const table = page.locator('table.data').first();
      const at = await table.locator('thead th').evaluateAll((all, h) => all.findIndex((th) =>
        th.textContent.startsWith(h)), head) + 1;
      const column = () => table.locator(`tbody tr > :nth-child(${at})`).allTextContents();
      const before = await column();
      await send(page, table.locator('thead').getByRole('link', { name: head }));
      const up = await column();
      await send(page, table.locator('thead').getByRole('link', { name: head }));
      const down = await column();
      assert.deepEqual(up.toSorted(), before.toSorted(), address);
      assert.deepEqual([down.at(0), down.at(-1)], [up.at(-1), up.at(0)], address);
      assert.notEqual(up[0], down[0], address);
      await page.getByRole('searchbox').first().fill(word);
      await send(page, page.getByRole('button', { name: '查找' }).first());
      const found = await table.locator('tbody tr').allTextContents();
      assert.ok(found.length && found.length < before.length && found.every((text) => text.includes(word)), address);
    }
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

  async 'every form is a page of paper, filled and empty, and behind every figure stand as many organisations'() {
    const forms = await page.evaluate(async () => (await (await fetch('/forms?node=10000001',
      { headers: { Accept: 'application/json' } })).json()).forms);
    assert.ok(forms.length >= 21);
    let figures = 0, empty = 0;
    for (const form of forms) {
      const campaign = form.campaign || form.id === 'f18' ? '&campaign=10000002' : '';
      figures += await checkPaper(form, `/forms/${form.id}?node=${TOWN}${campaign}`);
      if (!form.blank) continue;
      // What is to be filled in by hand tells nothing.
      assert.equal(await checkPaper(form, `/forms/${form.id}?node=${TOWN}${campaign}&blank=1`), 0, `${form.id} is empty`);
      empty++;
    }
    assert.ok(figures > 100, `${figures} figures`);
    assert.ok(empty > 10, `${empty} empty ones`);
  },

  async 'of the county too: every figure of a summary leads to its organisations'() {
    for (const id of ['f1', 'f4', 'f5-standards', 'f11', 'f13', 'f15', 'f16', 'f18']) {
      const campaign = ['f1', 'f13'].includes(id) ? '' : '&campaign=10000002';
      await page.goto(`/forms/${id}?node=10000001${campaign}`);
      assert.ok(await followFigures(id) > 0, `${id} has figures`);
      assert.deepEqual(await loneFigures(), [], `${id}: figures that lead nowhere`);
    }
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
    await send(page, page.getByRole('link', { name: '上传盖章件' }));
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
    // Whoever opens the form itself is told too, and the list says what is stamped.
    await page.goto('/forms/f2?node=10000039');
    await page.locator('.box.warn', { hasText: '盖章以后数据变了' }).waitFor();
    assert.equal(await page.locator('.box.warn a').getAttribute('href'), `/check/${code}`);
    await shot(page, 'form-moved');
    await page.goto('/prints?node=10000039');
    await page.locator('tr', { hasText: code }).getByRole('link', { name: '1 件' }).waitFor();
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
