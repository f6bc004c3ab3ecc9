// SPDX-License-Identifier: Apache-2.0
// What the demo's township tries out (GZ-4, QN-1, ZY-1): a related unit and the neighbours
// score, the committee sets an indicator of its own, two counts that differ are mended; and
// the filled pages as they look on an office's screen and on a phone.
// usage: pilot.mjs JINWEI
import assert from 'node:assert/strict';
import { DESKTOP, PHONE, ask, daylight, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
process.env.TZ = 'A24';         // days are China's, wherever the server stands
await daylight();
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'] });
const { noise, signIn } = site;
const township = await signIn('shiqiao', 'Yunling-05');
const county = await signIn('zuzhi', 'Yunling-04');
const node = (await ask(township, '/')).places[0].node;
const campaigns = (await ask(township, '/campaigns')).rows;
const pilot = `/campaigns/${campaigns.find((c) => c.title.includes('试评')).id}`;
const year = `/campaigns/${campaigns.find((c) => c.state === '进行中' && c.title.includes('分类定级')).id}`;
const orgs = new Map((await ask(township, `${pilot}/scores?node=${node}&size=50`)).rows.map((r) => [r.code, r]));

const text = (page) => page.locator('main').textContent();
const row = (page, name) => page.locator('#grid tbody tr').filter({ hasText: name });

// Types into the row's only cell and waits until it is saved.
async function type(page, name, figure) {
  await page.locator('#grid.live').waitFor();
  await row(page, name).locator('input[name=value]').click();
  await page.keyboard.type(figure);
  await page.keyboard.press('Enter');
  await row(page, name).locator('td.i.ok').waitFor();
}

await run([
  ['last year began last year, and everybody has signed his own', async () => {
    const past = campaigns.find((c) => c.state === '已结束');
    const days = (Date.now() - Date.parse(past.opened)) / 864e5;
    assert.ok(days > 365 && days < 500, `${past.title} began on ${past.opened}`);
    const self = await ask(township, `${year}/scores/history?node=${node}&source=self&unit=${orgs.get('02-603').org}`);
    const names = new Set(self.changes.map((r) => r.who));
    assert.deepEqual([...names], ['蒋文静']);
  }],

  ['a related unit is led to its grid, saves a figure and sees nobody else\'s', async () => {
    const unit = await signIn('weijian', 'Yunling-10');
    await unit.goto('/my');
    await send(unit, unit.getByRole('link', { name: '去打分' }));
    await send(unit, unit.locator('main a').filter({ hasText: '试评' }).first());
    assert.equal(await unit.locator('nav.tabs').count(), 0);
    await type(unit, '马鞍山村', '88');
    const grid = await ask(unit, `${pilot}/unit-scores?node=${node}&size=50`);
    assert.equal(Object.values(grid.rows.find((r) => r.code === '02-611').cells)[0], '88');
    assert.equal(grid.rows.length, 24);
    for (const address of [`${pilot}/scores?node=${node}`, `${pilot}/peer-scores?node=${node}`, `${year}/unit-scores?node=${node}&rater=1`])
      assert.notEqual((await unit.request.get(address, { headers: { Accept: 'application/json' } })
        .then(async (r) => (r.status() === 200 ? (await r.json()).total : r.status()))), 24, address);
    const other = await ask(unit, `${pilot}/unit-scores?node=${node}&rater=2&size=50`);
    assert.equal(other.rows.length, 0, 'the other unit\'s sheet is closed to it');
    await unit.context().close();
  }],

  ['a branch is told which neighbours are left, scores one, and never itself', async () => {
    const branch = await signIn('sancha', 'Yunling-07', { viewport: PHONE });
    await branch.goto('/my');
    const duty = branch.locator('.duties li').filter({ hasText: '互相评' });
    assert.match(await duty.textContent(), /23 个党组织.*还有 4 个/s);
    await shot(branch, 'pilot-my-phone');
    await send(branch, duty.getByRole('link', { name: '去打分' }));
    assert.equal(await row(branch, '三岔口村').count(), 0);
    await type(branch, '桐梓园村', '86');
    await branch.goto('/my');
    assert.match(await branch.locator('.duties li').filter({ hasText: '互相评' }).textContent(), /还有 3 个/);
    const org = orgs.get('02-602').org;
    await branch.goto(`${pilot}?node=${org}`);
    await send(branch, branch.getByRole('link', { name: '给别的党组织打分' }));
    assert.match(branch.url(), /peer-scores/);
    await branch.context().close();
  }],

  ['the committee sees which neighbours and units have scored how many', async () => {
    await township.goto(`${pilot}/scores?node=${node}`);
    await send(township, township.getByRole('link', { name: /互相评/ }));
    const choices = await township.locator('select[name=rater] option').allTextContents();
    assert.equal(choices.length, 24);
    assert.ok(choices.includes('三岔口村党支部（已打 20/23）'), choices.join());
    assert.equal(await township.locator('#grid input[name=value]').count(), 0, 'it only looks');
    assert.match(await row(township, '镇机关').textContent(), /已填齐/);
    await send(township, township.getByRole('link', { name: /相关单位评/ }));
    assert.match(await township.locator('select[name=rater]').textContent(), /县卫健局（已打 20\/24）/);
  }],

  ['the committee adds an indicator within its points; it becomes a column with a limit', async () => {
    await township.goto(`${pilot}/scores?node=${node}`);
    await send(township, township.getByRole('link', { name: '自设指标' }));
    await township.getByLabel('指标名称').fill('移风易俗');
    await township.getByLabel('代号').fill('customs');
    await township.getByLabel('满分').fill('3');
    await send(township, township.getByRole('button', { name: '增加指标' }));
    assert.match(await text(township), /还可以设 2 分/);
    await township.getByLabel('满分').fill('2');
    await send(township, township.getByRole('button', { name: '增加指标' }));
    assert.match(await text(township), /移风易俗/);
    await township.goto(`${pilot}/scores?node=${node}`);
    await township.locator('#grid.live').waitFor();
    const head = await township.locator('#grid thead th').allTextContents();
    const column = head.findIndex((h) => h.includes('移风易俗'));
    const cell = row(township, '石桥社区').locator('td.i').nth(column - 2);
    await cell.locator('input[name=value]').click();
    await township.keyboard.type('2.5');
    await township.keyboard.press('Tab');
    await township.locator('#grid td.bad').waitFor();
    assert.match(await cell.locator('input[name=value]').getAttribute('title'), /超过满分/);
    assert.ok(await township.locator('#grid tbody tr').count() >= 15, 'more than a handful on a page');
  }],

  ['why this score shows the indicators, the units and all papers of the neighbours', async () => {
    await township.goto(`${pilot}/orgs/${orgs.get('02-603').org}/why`);
    const shown = await text(township);
    for (const word of ['茶园管护和集体增收', '县卫健局', '县信访局', '互相评', '23 份']) assert.ok(shown.includes(word), word);
  }],

  ['two counts that differ are shown, mended, and counted', async () => {
    await township.goto(`${pilot}/orgs/${orgs.get('02-613').org}/count`);
    const state = async () => (await ask(township, `${pilot}/counts?node=${node}`)).rows.find((r) => r.code === '02-613').state;
    assert.match(await text(township), /两遍不一致/);
    assert.match(await state(), /不一致/);
    await shot(township, 'pilot-differ');
    await send(township, township.getByRole('link', { name: '重新录入' }).nth(1));
    const figures = township.locator('main table input[name=n]');
    const right = [23, 10, 4, 1, 2, 0, 24, 10, 4, 2, 2, 0];
    assert.equal(await figures.count(), right.length);
    for (const [i, figure] of right.entries()) await figures.nth(i).fill(String(figure));
    await township.locator('[name=counters]').fill('彭秀英');
    await send(township, township.getByRole('button', { name: '录入第 2 遍' }));
    await township.goto(`${pilot}/orgs/${orgs.get('02-613').org}/count`);
    assert.doesNotMatch(await text(township), /两遍不一致/);
    assert.equal(await state(), '已计票');
  }],

  ['an alarm of the dashboard leads to the cases that have it', async () => {
    const place = (await ask(county, '/')).places[0].node;
    await county.goto(`${year}?node=${place}`);
    const chip = county.locator('.chip.alarm a').filter({ hasText: '培训' });
    const n = Number(await chip.locator('b').textContent());
    assert.ok(n > 0);
    await send(county, chip);
    assert.match(county.url(), /alarm=untrained/);
    assert.equal(await county.locator('table.stack tbody tr').count(), n);
    assert.equal(await county.locator('table.stack tbody .tag', { hasText: '培训' }).count(), n);
  }],

  ['a pilot below is not what the county\'s and the township\'s own pages speak of', async () => {
    for (const [page, address] of [[county, '/cases/candidates'], [county, '/integrity'], [township, `/cases/candidates?node=${node}`]]) {
      const answer = await page.goto(address);
      assert.equal(answer.status(), 200, address);
      assert.doesNotMatch(await text(page), /试评/, address);
    }
  }],

  ['who is late with the same is named in one line', async () => {
    await township.goto(`${pilot}/chase?node=${node}`);
    const lines = (await township.locator('#chase-text').inputValue()).split('\n');
    assert.equal(lines.filter((l) => l.includes('相关单位评，定等次')).length, 1, lines.join('\n'));
    assert.ok(lines.some((l) => l.includes('已逾期 13 天')), lines.join('\n'));
    assert.ok(lines.length < 12);
  }],

  ['filled pages keep within the screen, and nothing lies upon another', async () => {
    const pages = [`${pilot}?node=${node}`, `${pilot}/scores?node=${node}`, `${pilot}/scores?node=${node}&source=mutual`,
      `${pilot}/local?node=${node}`, `${pilot}/counts?node=${node}`, `${pilot}/meeting?node=${node}`, `${pilot}/chase?node=${node}`,
      `${pilot}/orgs/${orgs.get('02-602').org}/why`, `${year}?node=${node}`, `${year}/meeting?node=${node}`, `${year}/scores?node=${node}`];
    for (const size of [DESKTOP, PHONE]) {
      await township.setViewportSize(size);
      for (const address of pages) {
        await township.goto(address);
        const found = await township.evaluate(() => {
          const beside = (a, b) => a && b && a.right > b.left + 1 && a.left < b.right && a.bottom > b.top && a.top < b.bottom;
          const boxes = [...document.querySelectorAll('.cols')].map((c) => [...c.children].filter((e) => e.offsetHeight)
            .map((e) => e.querySelector('table') ?? e).map((e) => e.getBoundingClientRect()));
          return { width: document.documentElement.scrollWidth,
            wide: window.innerWidth > 1100 && boxes.some((b) => b.some((x, i) => b.slice(i + 1).some((y) => beside(x, y)))),
            gap: Math.max(0, ...[...document.querySelectorAll('.cols')].map((c) => c.offsetHeight - Math.max(...[...c.children]
              .map((e) => e.offsetTop + e.offsetHeight - c.offsetTop)))) };
        });
        assert.ok(found.width <= size.width, `${address} is ${found.width} wide at ${size.width}`);
        assert.ok(!found.wide, `${address}: a table lies upon what stands beside it`);
        assert.ok(found.gap < 40, `${address}: ${found.gap} empty pixels`);
        await shot(township, `pilot-${size.width}${address.replace(/[^a-z]+/g, '-')}`);
      }
    }
    await township.setViewportSize(DESKTOP);
    await township.goto(`${pilot}/scores?node=${node}`);
    await township.locator('#grid.live').waitFor();
    const sizes = await township.evaluate(() => ['#grid tbody th', '#grid input[name=value]']
      .map((s) => window.getComputedStyle(document.querySelector(s)).fontSize));
    assert.equal(sizes[0], sizes[1], 'figures are as large as names');
  }],

  ['no page complained', async () => { assert.deepEqual(noise, []); }],
]);

await site.stop();
