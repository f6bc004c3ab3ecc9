// SPDX-License-Identifier: Apache-2.0
// The score grid as its users have it, in the demo county: typing, a wrong cell,
// undo, a block from Excel, history, two people at once, no script, a phone.
// usage: scores.mjs JINWEI
import assert from 'node:assert/strict';
import { PHONE, ask, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'] });
const { noise } = site;

const signIn = (login, password, options) => site.signIn(login, password,
  { permissions: ['clipboard-read', 'clipboard-write'], ...options });

const township = await signIn('shiqiao', 'Yunling-05');
const node = (await ask(township, '/orgs')).node;
let address;

// This year's, not what the township tries out for the next one.
async function findCampaign() {
  const { rows } = await ask(township, '/campaigns');
  const open = rows.find((c) => c.state === '进行中' && /年度基层党组织分类定级/.test(c.title));
  return `/campaigns/${open.id}/scores?node=${node}`;
}

// Cells that can be typed in; all emptied first, so that figures are known.
async function emptied(page) {
  const grid = await ask(page, address);
  const key = [];
  for (const row of grid.rows) {
    for (const [leaf, text] of Object.entries(row.cells)) {
      if (text && !row.locked) key.push(`${row.org}:${leaf}:${text}`);
    }
  }
  if (key.length) await ask(page, address.split('?')[0], { node, key, value: key.map(() => '') });
}

const box = (page, row, column) => page.locator('#grid tbody tr').nth(row)
  .locator('td.i').nth(column).locator('input[name=value]');
const cell = (page, row, column) => page.locator('#grid tbody tr').nth(row).locator('td.i').nth(column);
const settled = (page, row, column, state) => cell(page, row, column).and(page.locator(`.${state}`)).waitFor();

async function onGrid(page) {
  await page.goto(address);
  await page.locator('#grid.live').waitFor();
}

async function paste(page, text) {
  await page.evaluate((t) => navigator.clipboard.writeText(t), text);
  await page.keyboard.press('Control+v');
}

await run([
  ['what is typed is saved when the cell is left, and Enter and arrows walk', async () => {
    address = await findCampaign();
    await emptied(township);
    await onGrid(township);
    await box(township, 0, 0).click();
    await township.keyboard.type('18.50');
    await township.keyboard.press('Enter');
    await settled(township, 0, 0, 'ok');
    assert.equal(await township.evaluate(() => document.activeElement === document
      .querySelectorAll('#grid tbody tr')[1].querySelector('input[name=value]')), true);
    await township.keyboard.type('9');
    await township.keyboard.press('ArrowRight');
    await settled(township, 1, 0, 'ok');
    await township.reload();
    assert.equal(await box(township, 0, 0).inputValue(), '18.50');
    assert.equal(await box(township, 1, 0).inputValue(), '9');
    await shot(township, 'scores');
  }],

  ['a figure beyond its maximum is told at its cell and not saved', async () => {
    await onGrid(township);
    await box(township, 0, 1).click();
    await township.keyboard.type('99');
    await township.keyboard.press('Tab');
    await settled(township, 0, 1, 'bad');
    assert.match(await box(township, 0, 1).getAttribute('title'), /99 超过满分/);
    assert.doesNotMatch(await township.locator('.status').innerText(), /正在保存/);
    assert.match(await township.textContent('[data-wrong]'), /1 格有误/);
    await shot(township, 'scores-wrong');
    await township.reload();
    assert.equal(await box(township, 0, 1).inputValue(), '');
  }],

  ['a block from Excel is pasted, summed by the server, and undone at once', async () => {
    await onGrid(township);
    await box(township, 2, 0).click();
    const line = ['15', '7', '12', '3', '8', '16', '12'];
    await paste(township, `${line.join('\t')}\r\n${line.join('\t')}\r\n`);
    const sum = township.locator('#grid tbody tr').nth(3).locator('[data-sum] b');
    await sum.waitFor();
    assert.equal(await sum.textContent(), '73');
    assert.equal(await box(township, 3, 6).inputValue(), '12');
    await township.keyboard.press('Control+z');
    await sum.waitFor({ state: 'detached' });
    await township.waitForFunction(() => /缺 7 格/.test(document.querySelectorAll('#grid tbody tr')[3].textContent));
    await township.reload();
    assert.equal(await box(township, 3, 6).inputValue(), '');
  }],

  ['a selected block is copied as Excel wants it', async () => {
    await onGrid(township);
    await box(township, 0, 0).click();
    await township.keyboard.press('Shift+ArrowDown');
    await township.keyboard.press('Control+c');
    assert.equal(await township.evaluate(() => navigator.clipboard.readText()), '18.50\r\n9');
  }],

  ['the panel shows who changed a cell', async () => {
    await onGrid(township);
    await box(township, 0, 0).click();
    await township.keyboard.type('17');
    await township.keyboard.press('Enter');
    await settled(township, 0, 0, 'ok');
    await box(township, 0, 0).click();
    await township.waitForFunction(() => /18\.50 → 17/.test(document.getElementById('hist').textContent));
  }],

  ['two people see each other, and nobody overwrites unseen', async () => {
    const system = await signIn('xitong', 'Yunling-01');
    const made = await ask(system, '/accounts/new', { node: String((await ask(system, '/orgs')).node),
      login: 'dier', name: '陈二', org: '02' });
    const security = await signIn('anquan', 'Yunling-02');
    await ask(security, `/accounts/${made.id}/grant`, { role: 'township', org: '02' });
    const other = await signIn('dier', made.password);
    await ask(other, '/password', { old: made.password, new: 'Chen-Er-2026-x', new_again: 'Chen-Er-2026-x' });
    const second = await signIn('dier', 'Chen-Er-2026-x');
    // Once deaf, he hears nothing of what others save, not even what is under way.
    await second.addInitScript(() => {
      const real = window.fetch;
      window.fetch = async (url, options) => {
        const answer = await real(url, options);
        if (!String(url).includes('/now?')) return answer;
        const text = await answer.text();
        return window.deaf ? new Promise(() => {}) : new Response(text, answer);
      };
    });
    await onGrid(second);
    await onGrid(township);
    await box(second, 5, 0).click();
    await township.waitForFunction(() => /陈二/.test(document.getElementById('others').textContent));
    // The first types into a cell whose old state the second still has before him.
    await second.evaluate(() => { window.deaf = true; });
    await box(township, 6, 0).click();
    await township.keyboard.type('11');
    await township.keyboard.press('Enter');
    await settled(township, 6, 0, 'ok');
    await box(second, 6, 0).click();
    await second.keyboard.type('12');
    await second.keyboard.press('Enter');
    await settled(second, 6, 0, 'bad');
    assert.match(await box(second, 6, 0).getAttribute('title'), /刚被别人改成了 11/);
    await second.context().close();
  }],

  ['without script the page is a form: what is right is saved, what is wrong comes back', async () => {
    const plain = await signIn('shiqiao', 'Yunling-05', { javaScriptEnabled: false });
    await plain.goto(address);
    await box(plain, 8, 0).fill('14');
    await box(plain, 8, 1).fill('77');
    await send(plain, plain.getByRole('button', { name: '保存本页' }));
    assert.match(await plain.textContent('.problem'), /已保存 1 格，1 格有误/);
    assert.equal(await box(plain, 8, 1).inputValue(), '77');
    await box(plain, 8, 1).fill('6');
    await send(plain, plain.getByRole('button', { name: '保存本页' }));
    assert.match(plain.url(), /scores\?node=/);
    assert.equal(await box(plain, 8, 0).inputValue(), '14');
    assert.equal(await box(plain, 8, 1).inputValue(), '6');
    await plain.context().close();
  }],

  ['on a phone the name stays while the figures scroll', async () => {
    const phone = await signIn('shiqiao', 'Yunling-05', { viewport: PHONE });
    await onGrid(phone);
    await phone.locator('.scroll').evaluate((e) => { e.scrollLeft = 300; });
    const name = await phone.locator('#grid tbody th').first().boundingBox();
    assert.ok(name.x >= 0 && name.x < 40, `the name stands at ${name.x}`);
    assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth <= 360), true);
    await shot(phone, 'scores-phone');
    await phone.context().close();
  }],

  ['no page complained', async () => { assert.deepEqual(noise, []); }],
]);

await site.stop();
