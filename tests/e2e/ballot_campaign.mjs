// SPDX-License-Identifier: Apache-2.0
// Boxes inside a campaign, in the made-up county: one for a village, whose counts
// become the campaign's and settle its step; one of a meeting that hears about two
// villages, indicator by indicator; each from the township's computer to the phone.
// usage: ballot_campaign.mjs JINWEI REGISTER [BUILD]   with BUILD: on PostgreSQL
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { PHONE, ask, day, daylight, download, fitsPhone, run, send, shot, startSite } from './site.mjs';

const [jinwei, register, build] = process.argv.slice(2);
await daylight();
const site = await startSite(jinwei, { build, args: ['--demo', register] });
const PHRASES = [['田国富', '月亮在白莲花般的云朵里'], ['彭秀英', '二十年陈的米酒慢慢喝'], ['石大明', 'correct horse battery']];
let county, office, node, campaign, villages, box;

// A form of the page by the text of its button.
async function press(page, button, fill = async () => {}) {
  const form = page.locator('form', { has: page.getByRole('button', { name: button, exact: true }) }).first();
  await fill(form);
  await send(page, form.getByRole('button', { name: button, exact: true }));
}

const toasted = (page, text) => page.locator('.toast', { hasText: text }).waitFor();
const h1 = (page, text) => page.locator('h1', { hasText: text }).waitFor();
const pair = (a, b) => async (form) => {
  await form.locator('[name=a]').selectOption({ label: PHRASES[a][0] });
  await form.locator('[name=b]').selectOption({ label: PHRASES[b][0] });
  await form.locator('[name=phrase_a]').fill(PHRASES[a][1]);
  await form.locator('[name=phrase_b]').fill(PHRASES[b][1]);
};

// Phrases, the test ballot, slips; as many active as there are people. The codes of these.
async function prepare(present) {
  const codes = {};
  await press(office, '设好口令', async (form) => {
    for (const [i, [name, phrase]] of PHRASES.entries()) {
      await form.locator(`[name=name${i + 1}]`).fill(name);
      await form.locator(`[name=new_phrase${i + 1}]`).fill(phrase);
      await form.locator(`[name=new_again${i + 1}]`).fill(phrase);
    }
  });
  await press(office, '封好再打开', pair(0, 1));
  await toasted(office, '内容相符');
  for (const [of, n] of Object.entries(present)) {
    const form = office.locator('form', { has: office.getByRole('button', { name: '生成票的文件（PDF）' }) });
    await form.getByLabel('票', { exact: true }).selectOption(of);
    const file = await download(office, form.getByRole('button', { name: '生成票的文件（PDF）' }), site.folder);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    const all = text.match(/\b[2-9A-Z]{4}( [2-9A-Z]{4}){6}\b/g);
    codes[of] = all.slice(0, n);
    await office.goto(box);
    await press(office, '记下', async (f) => {
      await f.getByLabel('票', { exact: true }).selectOption(of);
      await f.getByLabel('到场人数').fill(String(n));
    });
    await press(office, '照办', async (f) => {
      await f.getByLabel('做什么').selectOption('void');
      await f.getByLabel('代码').fill(all.slice(n).join('\n'));
    });
    await press(office, '照办', async (f) => {
      await f.getByLabel('做什么').selectOption('activate-rest');
      await f.getByLabel('票', { exact: true }).selectOption(of);
    });
    await toasted(office, `已启用 ${n} 张`);
  }
  await press(office, '开始投票');
  await toasted(office, '开始投票');
  return codes;
}

// A ballot on a phone, from the scanned code to the end; `choose` picks.
async function vote(phone, code, choose) {
  await phone.goto(`/v?${code.slice(-4)}#${code.replaceAll(' ', '')}`);
  await phone.locator('fieldset').first().waitFor();
  await choose(phone);
  await send(phone, phone.getByRole('button', { name: '下一步：核对' }));
  await h1(phone, '请核对你的选择');
  await send(phone, phone.getByRole('button', { name: '确认投票' }));
  await h1(phone, '投票完成');
}

async function openBox(a, b) {
  await office.goto(box);
  await press(office, '关箱');
  await toasted(office, '已关箱');
  await press(office, '开箱计票', pair(a, b));
  await toasted(office, '已开箱计票');
  return ask(office, box);
}

// How far a village's ballot is in the campaign: the words of the township's page.
async function stepOf(org) {
  return (await ask(office, `/campaigns/${campaign}?node=${org}`)).own.ballot;
}

await run([
  ['the county opens a campaign; the township finds its boxes from it', async () => {
    county = await site.signIn('zuzhi', 'Yunling-04');
    const top = (await ask(county, '/')).places[0].node;
    const made = await ask(county, '/campaigns/new', { node: top, scheme: 'gaide-township', year: Number(day(0).slice(0, 4)) - 2 });
    campaign = Number(made.location.split('/')[2].split('?')[0]);
    office = await site.signIn('shiqiao', 'Yunling-05');
    node = (await ask(office, '/')).places[0].node;
    const rows = (await ask(office, `/orgs?node=${node}&size=200`)).rows;
    villages = [];
    for (const row of rows.filter((r) => r.name.endsWith('村党支部'))) {
      if (!(await ask(office, `/campaigns/${campaign}/orgs/${row.id}/count`)).counted) villages.push(row);
    }
    assert.ok(villages.length >= 3, `${villages.length} villages`);
    await office.goto(`/campaigns/${campaign}?node=${node}`);
    await send(office, office.getByRole('link', { name: '匿名票箱' }));
    await office.locator('.empty', { hasText: '还没有票箱' }).waitFor();
    await shot(office, 'campaign-boxes-none');
  }],

  ['a village gets a box out of its page of counts, with the scheme\'s options', async () => {
    await office.goto(`/campaigns/${campaign}/orgs/${villages[0].id}/count`);
    await send(office, office.getByRole('link', { name: '设一个票箱' }));
    await press(office, '设好票箱', async (form) => {
      assert.equal(await form.getByLabel('年度工作').inputValue(), String(campaign));
      assert.equal(await form.getByLabel('自拟选项').count(), 0);
      await form.getByLabel('党员人数').fill('6');
      await form.getByLabel('群众人数').fill('6');
      await form.getByLabel('开箱时间').fill('0:00');
      await form.getByLabel('关箱时间').fill('24:00');
      await shot(office, 'campaign-box-new');
    });
    box = new URL(office.url()).pathname;
    const title = (await ask(office, '/campaigns')).rows.find((row) => row.id === campaign).title;
    await office.locator('.head .note', { hasText: title }).waitFor();
    await office.goto(`/ballots?node=${node}&campaign=${campaign}`);
    assert.match(await office.locator('tbody tr', { hasText: villages[0].name }).textContent(), new RegExp(title));
    await shot(office, 'campaign-boxes');
    // The list of all boxes says of each what it is for.
    await office.goto(`/ballots?node=${node}`);
    assert.ok((await office.locator('td[data-l=用于]').allTextContents()).every((text) => text.trim()));
    await fitsPhone(office, 'campaign-boxes-all');
    await office.goto(box);
  }],

  ['its counts become the campaign\'s, and its step is done by itself', async () => {
    const codes = await prepare({ member: 6, resident: 6 });
    const open = await stepOf(villages[0].id);
    const phone = await site.open({ viewport: PHONE });
    const data = await ask(office, box);
    for (const [i, code] of [...codes.member, ...codes.resident].entries()) {
      await vote(phone, code, async (page) => {
        const sets = await page.locator('fieldset').all();
        assert.equal(sets.length, data.questions.length);
        for (const set of sets) await set.getByRole('radio').nth(i % 2).check();
        if (i === 0) await shot(page, 'campaign-vote');
      });
    }
    await phone.context().close();
    const counted = await openBox(0, 2);
    assert.deepEqual(counted.counts_member, data.questions.map(() => [3, 3, ...data.options.slice(2).map(() => 0), 0]));
    const now = await stepOf(villages[0].id);
    assert.notEqual(now, open);
    await office.goto(`/campaigns/${campaign}/orgs/${villages[0].id}/count`);
    await office.locator('p', { hasText: '票数已由票箱计入' }).waitFor();
    await shot(office, 'campaign-count');
    await office.goto(`/campaigns/${campaign}/counts?node=${node}`);
    await office.locator('tr', { hasText: villages[0].name }).locator('td', { hasText: '测评箱已计票' }).waitFor();
  }],

  ['a meeting hears about two villages, indicator by indicator', async () => {
    await office.goto(`/ballots/new?node=${node}&campaign=${campaign}`);
    await press(office, '设好票箱', async (form) => {
      for (const village of villages.slice(1, 3)) await form.getByLabel(village.name, { exact: true }).check();
      await form.getByLabel('名称').fill('两村测评');
      await form.getByLabel('党员人数').fill('');
      await form.getByLabel('群众人数').fill('6');
      await form.getByLabel('开箱时间').fill('0:00');
      await form.getByLabel('关箱时间').fill('24:00');
      await form.getByLabel('测评内容').selectOption('indicators');
    });
    box = new URL(office.url()).pathname;
    const data = await ask(office, box), n = data.questions.length;
    assert.ok(n > 3 && data.orgs.length === 2, `${n} questions on ${data.orgs.length} organisations`);
    const codes = await prepare({ resident: 6 });
    const phone = await site.open({ viewport: PHONE });
    const sets = phone.locator('fieldset');
    for (const [i, code] of codes.resident.entries()) {
      await vote(phone, code, async (page) => {
        assert.equal(await sets.count(), 2 * n);
        assert.deepEqual(await page.locator('h2').allTextContents(), data.orgs);
        if (i === 0) {
          // One is left out: it is said how many, and what was chosen is still there.
          for (let k = 0; k < 2 * n - 1; k++) await sets.nth(k).getByRole('radio').nth(k < n ? 0 : 1).check();
          await shot(page, 'meeting-vote');
          await send(page, page.getByRole('button', { name: '下一步：核对' }));
          await page.locator('.err', { hasText: '还有 1 处没有选' }).waitFor();
          assert.ok(await sets.first().getByRole('radio').first().isChecked());
          assert.deepEqual(await page.locator('fieldset:has(.err)').count(), 1);
          await sets.last().locator('.err', { hasText: '这一项还没有选' }).waitFor();
          await shot(page, 'meeting-missing');
        }
        for (let k = 0; k < 2 * n; k++) await sets.nth(k).getByRole('radio').nth(k < n ? 0 : 1).check();
      });
      if (i) continue;
      await phone.goto(`/v?again#${codes.resident[1].replaceAll(' ', '')}`);
      for (let k = 0; k < 2 * n; k++) await sets.nth(k).getByRole('radio').nth(k < n ? 0 : 1).check();
      await send(phone, phone.getByRole('button', { name: '下一步：核对' }));
      // The choices are read back, village by village.
      const rows = await phone.locator('table.read tr').allTextContents();
      assert.equal(rows.length, 2 * n + 2);
      assert.ok(rows[1].endsWith(data.options[0]) && rows[n + 2].endsWith(data.options[1]));
      const wide = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      await shot(phone, 'meeting-check');
    }
    await phone.context().close();
    const counted = await openBox(1, 2);
    const rest = data.options.slice(2).map(() => 0);
    assert.deepEqual(counted.counts_resident, [...data.questions.map(() => [6, 0, ...rest, 0]),
      ...data.questions.map(() => [0, 6, ...rest, 0])]);
    await shot(office, 'meeting-counted');
    for (const village of villages.slice(1, 3)) {
      const count = await ask(office, `/campaigns/${campaign}/orgs/${village.id}/count`);
      assert.deepEqual(count.turnout.map((t) => t.cast), [6], 'a ballot with several answers is one ballot');
    }
    const file = await download(office, office.getByRole('link', { name: '打印计票单（PDF）' }), site.folder);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    for (const village of villages.slice(1, 3)) assert.ok(text.includes(village.name), village.name);
    if (process.env.SHOTS) execFileSync('pdftoppm', ['-r', '60', '-png', file, `${process.env.SHOTS}/meeting-record`]);
  }],

  ['the county reads the result and opens no box; nothing complained', async () => {
    await county.goto(box);
    await county.locator('table', { hasText: villages[1].name }).first().waitFor();
    assert.equal(await county.getByRole('button', { name: '开箱计票' }).count(), 0);
    await shot(county, 'meeting-county');
    await fitsPhone(county, 'meeting-county');
    assert.deepEqual(site.noise, []);
  }],
]);

await site.stop();
