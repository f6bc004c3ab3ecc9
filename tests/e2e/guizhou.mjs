// SPDX-License-Identifier: Apache-2.0
// A year by the rules of Guizhou in the browser, with its five sources, by people
// in five roles and more: the county opens it and names a related unit, a
// surveyor asks, branches evaluate themselves and one is sent back, the unit and
// the committee score, two counters key the ballots, the committee meets,
// publishes, hears an objection, hands in; the county returns one with a reason,
// which comes again and is accepted. usage: guizhou.mjs JINWEI
import assert from 'node:assert/strict';
import { ask, fitsPhone, runAndStop, send, shot, startSite } from './site.mjs';
import { firstStart, giveWay, hire, importOrgs, keepMinutes, object, publish, writeGoal } from './year.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei);
const { signIn } = site;
const first = { system: ['xitong', 'Zhang-Yi-77-xt'], security: ['anquan', 'Wang-Er-88-aq'],
  auditor: ['shenji', 'Li-San-99-sj'], officer: ['zuzhi', 'Zhao-Si-66-zz'] };
const BRANCHES = [['甲村', '农村', 40, 300], ['乙村', '农村', 31, 210], ['丙村', '农村', 26, 180],
  ['滨河社区', '街道社区', 52, 900], ['茶业公司', '非公有制经济组织', 12, 60]];
// How good each is, and what it gets from each of the five.
const QUALITY = [0.98, 0.9, 0.55, 0.84, 0.72];
const at = {};           // code → id
const people = {};       // who → page
let campaign, county;

async function setUp() {
  await firstStart(site, ['YL', '云岭县委'], 'county', first);
  for (const who of ['system', 'security', 'officer']) people[who] = await signIn(...first[who]);
  county = (await ask(people.officer, '/')).places[0].node;
  const rows = ['01,YL,石桥镇党委,乡级,地方党委,党委,,'];
  BRANCHES.forEach(([name, field, members, residents], i) =>
    rows.push(`01-${i},01,${name}党支部,基层,${field},党支部,${members},${residents}`));
  const officer = people.officer;
  await importOrgs(officer, county, rows);
  assert.equal(new URL(officer.url()).pathname, '/orgs');
  for (const code of ['01', ...BRANCHES.map((_, i) => `01-${i}`)])
    at[code] = (await ask(officer, `/orgs?q=${code}&size=100`)).rows.find((r) => r.code === code).id;
  for (const [who, role, codes] of [['town', 'township', ['01']], ['clerk', 'clerk', Object.keys(at).slice(1)],
    ['survey', 'surveyor', ['YL']], ['unit', 'unit', ['YL']], ['leader', 'leader', ['YL']]])
    await hire(site, people, { node: county, org: 'YL', who, role, codes });
}

const points = (i, max) => String(Math.floor(Number(max) * QUALITY[i] * 2) / 2);
const url = (rest) => `/campaigns/${campaign}/${rest}`;

async function record() {
  await keepMinutes(people.town, url(`meeting?node=${at['01']}`),
    { number: '石党会〔2026〕21 号', decision: '同意建议等次。' });
}

async function handIn(n) {
  const { town } = people;
  await town.goto(url(`review?node=${at['01']}`));
  await town.locator('[name=signed]').fill('孙某');
  await send(town, town.getByRole('button', { name: /报送/ }));
  await town.getByText(`已报送 ${n} 个`).waitFor();
}

const tests = {
  async 'a county with one township and five branches'() {
    await setUp();
    assert.equal(Object.keys(at).length, 6);
  },

  async 'the county reads the scheme and opens the year'() {
    const { officer } = people;
    await officer.goto('/campaigns/new');
    await officer.locator('select[name=scheme]').selectOption('guizhou');
    await send(officer, officer.getByRole('button', { name: '看一看' }));
    await officer.getByText('要定级的党组织 5 个').waitFor();
    await shot(officer, 'guizhou-open');
    await send(officer, officer.getByRole('button', { name: '开始这项年度工作' }));
    campaign = Number(officer.url().match(/\/campaigns\/(\d+)/)[1]);
  },

  async 'it names a related unit and gives it all branches'() {
    const { officer } = people;
    await officer.goto(url(`raters?node=${county}`));
    await officer.locator('form [name=label]').fill('县纪委监委');
    await officer.locator('form [name=login]').fill('unit01');
    await send(officer, officer.locator('form:has([name=label]) button').last());
    await officer.getByText('县纪委监委').first().waitFor();
    await send(officer, officer.getByRole('button', { name: '分配党组织' }));
    await shot(officer, 'guizhou-raters');
    await officer.getByText('现在分配了 5 个党组织').waitFor();
  },

  async 'the surveyor asks a village its own questions'() {
    const { survey } = people;
    await survey.goto(url(`orgs/${at['01-0']}/survey`));
    assert.match(await survey.locator('main').textContent(), /村级集体经济年收入/);
    for (const select of await survey.locator('main select[name=answer]').all())
      await select.selectOption({ index: 1 });
    for (const input of await survey.locator('main input[name=answer]').all()) await input.fill('12');
    const reached = survey.locator('main input[name=reached]').first();
    await reached.fill('十人');
    await send(survey, survey.locator('main form button').last());
    await survey.getByText('听取意见的人数：只能填数字').waitFor();
    assert.equal(await survey.locator('main input[name=answer]').first().inputValue(), '12');
    await reached.fill('10');
    await send(survey, survey.locator('main form button').last());
    await survey.getByText('已保存').waitFor();
    await shot(survey, 'guizhou-survey');
    await fitsPhone(survey);
    const answers = { 'yes-no': 'yes', choice: '0', number: '12', text: '没有突出困难' };
    for (const code of Object.keys(at).slice(2)) {
      const page = await ask(survey, url(`orgs/${at[code]}/survey`));
      await ask(survey, url(`orgs/${at[code]}/survey`), { question: page.answers.map((q) => q.question),
        answer: page.answers.map((q) => answers[q.ask]) });
    }
    const list = await ask(survey, url(`survey?node=${county}&size=100`));
    assert.deepEqual([...new Set(list.rows.map((r) => r.state))], ['已完成']);
  },

  async 'a branch evaluates itself on its phone, is sent back, reads why and mends it'() {
    const { clerk, town } = people;
    await clerk.setViewportSize({ width: 360, height: 740 });
    await clerk.goto(url(`orgs/${at['01-0']}/self`));
    const page = await ask(clerk, url(`orgs/${at['01-0']}/self`));
    const inputs = clerk.locator('main input[name=value]');
    assert.equal(await inputs.count(), page.cells.length);
    for (const [i, cell] of page.cells.entries()) await inputs.nth(i).fill(points(0, cell.max));
    await shot(clerk, 'guizhou-self-phone');
    await send(clerk, clerk.getByRole('button', { name: /上报/ }));
    await clerk.getByText('已上报').first().waitFor();
    await town.goto(url(`orgs/${at['01-0']}/self`));
    await town.locator('[name=reason]').fill('活动阵地打了满分，请核对');
    await send(town, town.getByRole('button', { name: '退回修改' }));
    await clerk.goto('/my');
    await clerk.getByText('活动阵地打了满分，请核对').first().waitFor();
    await clerk.goto(url(`orgs/${at['01-0']}/self`));
    await clerk.getByText('已退回，请修改后再上报').waitFor();
    await send(clerk, clerk.getByRole('button', { name: /上报/ }));
    await clerk.getByText('已上报').first().waitFor();
    await clerk.setViewportSize({ width: 1366, height: 768 });
    for (const [i, code] of Object.keys(at).slice(1).entries()) {
      if (i === 0) continue;
      const self = await ask(clerk, url(`orgs/${at[code]}/self`));
      await ask(clerk, url(`orgs/${at[code]}/self`), { leaf: self.cells.map((c) => c.leaf),
        value: self.cells.map((c) => points(i, c.max)), hand_in: 1 });
    }
  },

  async 'the related unit scores what was given to it, and nothing else'() {
    const { unit } = people;
    await unit.goto('/');
    await unit.goto('/unit-scores');
    await send(unit, unit.locator('main a[href*="/unit-scores?"]').first());
    await unit.locator('#grid.live').waitFor();
    for (let i = 0; i < BRANCHES.length; i++) {
      await unit.locator('#grid tbody tr').nth(i).locator('input[name=value]').first().click();
      await unit.keyboard.type(points(i, 100));
      await unit.keyboard.press('Enter');
      await unit.locator('#grid tbody tr').nth(i).locator('td.ok').first().waitFor();
    }
    await shot(unit, 'guizhou-unit');
    const answer = await unit.request.get(url(`scores?node=${county}`));
    assert.equal(answer.status(), 403);
  },

  async 'no meeting before the figures are in, and the page says why'() {
    const { town } = people;
    await town.goto(url(`meeting?node=${at['01']}`));
    assert.match(await town.locator('#gate').textContent(), /还不能开会定等次，因为…[\s\S]*还有 5 个的得分不齐/);
    await town.goto(url(`review?node=${at['01']}`));
    assert.match(await town.locator('#gate').textContent(), /还不能报送，因为…[\s\S]*没有经会议定/);
  },

  async 'the committee pastes its scores from Excel'() {
    const { town } = people;
    const address = url(`scores?node=${at['01']}&source=superior`);
    const grid = await ask(town, address);
    await town.goto(address);
    await town.locator('#grid.live').waitFor();
    await town.locator('#grid tbody tr').first().locator('input[name=value]').first().click();
    const block = grid.rows.map((row, i) => Object.values(row.maxima).map((max) => points(i, max)).join('\t'));
    await town.evaluate((t) => navigator.clipboard.writeText(t), block.join('\r\n'));
    await town.keyboard.press('Control+v');
    await town.waitForFunction((n) => document.querySelectorAll('#grid tbody [data-sum] b').length === n, BRANCHES.length);
    await shot(town, 'guizhou-scores');
    const after = await ask(town, address);
    assert.ok(after.rows.every((row) => row.missing === 0));
  },

  async 'two counters key the ballots; where they differ, the page shows it'() {
    const { town } = people;
    const counts = (i) => [30, 170].map((n) => Math.min(n, BRANCHES[i][2] - 2)).flatMap((n) => {
      const best = Math.floor(n * QUALITY[i]);
      return [best, n - best, 0, 0, 0, 0];
    });
    await town.goto(url(`orgs/${at['01-0']}/count`));
    for (const [slot, change] of [[1, 0], [2, 1], [2, 0]]) {
      await town.goto(url(`orgs/${at['01-0']}/count?slot=${slot}`));
      const boxes = town.locator('form:has([name=n]) input[name=n]');
      const figures = counts(0);
      figures[0] -= change;
      figures[1] += change;
      for (const [i, figure] of figures.entries()) await boxes.nth(i).fill(String(figure));
      await town.locator('form:has([name=n]) [name=counters]').fill(slot === 1 ? '周建国' : '李秀英');
      await send(town, town.locator('form:has([name=n]) button').last());
      const page = await ask(town, url(`orgs/${at['01-0']}/count`));
      if (change) assert.equal(page.differ, 2);
    }
    assert.ok((await ask(town, url(`orgs/${at['01-0']}/count`))).counted);
    await shot(town, 'guizhou-count');
    for (let i = 1; i < BRANCHES.length; i++)
      for (const slot of [1, 2])
        await ask(town, url(`orgs/${at[`01-${i}`]}/count`), { slot, counters: `王${slot}`, n: counts(i) });
  },

  async 'the committee sees the lines, adjusts one with a reason and decides'() {
    const { town } = people;
    await ask(town, url('grade'), { node: at['01'] });
    await town.goto(url(`meeting?node=${at['01']}`));
    assert.match(await town.locator('#gate').textContent(), /可以开会定等次了/);
    await shot(town, 'guizhou-meeting');
    await fitsPhone(town);
    await town.goto(url(`meeting?node=${at['01']}&adjust=${at['01-1']}`));
    const form = town.locator('#adjust');
    const now = Number(await form.locator('select').inputValue());
    await form.locator('select').selectOption(String(now === 1 ? 2 : now + 1));
    await form.locator('textarea').fill('换届后班子还在磨合。');
    await send(town, form.getByRole('button', { name: '记下这条调整' }));
    await town.getByText('记下的调整，理由').waitFor();
    await record();
  },

  async 'the notice hangs, somebody objects, the committee looks again'() {
    const { town } = people;
    await publish(people.town, url(`publicity?node=${at['01']}`));
    const notice = await town.locator('a[href^="/p/"]').getAttribute('href');
    const stranger = await site.open();
    await stranger.goto(notice);
    assert.match(await stranger.locator('main').textContent(), /甲村党支部/);
    assert.ok(!/\d\d\.\d\d/.test(await stranger.locator('main').textContent()), 'no score');
    await town.goto(url(`publicity?node=${at['01']}`));
    await object(town, at['01-3'], '活动阵地没有开放');
    await town.goto(url(`review?node=${at['01']}`));
    assert.match(await town.locator('#gate').textContent(), /还有 1 件异议没有答复/);
    await town.goto(url(`publicity?node=${at['01']}`));
    await giveWay(town);
    await record();
    await publish(people.town, url(`publicity?node=${at['01']}`));
  },

  async 'it hands in; the county returns one with a reason and accepts the rest'() {
    const { officer } = people;
    await officer.goto(url(`review?node=${at['01']}`));
    assert.equal((await ask(officer, url(`review?node=${at['01']}`))).orgs.some((o) => o.grade), false);
    await handIn(5);
    await officer.goto(url(`review?node=${at['01']}`));
    for (const box of await officer.locator('[name=orgs]').all())
      if (await box.getAttribute('value') !== String(at['01-2'])) await box.uncheck();
    await officer.locator('#decide textarea').fill('测评汇总表没有签字');
    await send(officer, officer.getByRole('button', { name: '退回选中的' }));
    await officer.getByText('已退回 1 个').waitFor();
    await send(officer, officer.getByRole('button', { name: '通过选中的' }));
    await officer.getByText('已通过 4 个').waitFor();
    await shot(officer, 'guizhou-review');
    await fitsPhone(officer);
  },

  async 'the township reads why, mends it, and it is accepted'() {
    const { town, officer } = people;
    await town.goto(url(`review?node=${at['01']}`));
    assert.match(await town.locator(`#o${at['01-2']}`).textContent(), /退回[\s\S]*测评汇总表没有签字/);
    await record();
    await handIn(1);
    await officer.goto(url(`review?node=${at['01']}`));
    await send(officer, officer.getByRole('button', { name: '通过选中的' }));
    await officer.getByText('已通过 1 个').waitFor();
  },

  async 'the branch reads where its score comes from, five sources, and writes its measures'() {
    const { clerk } = people;
    await clerk.goto(url(`orgs/${at['01-2']}/why`));
    const text = await clerk.locator('main').textContent();
    for (const label of ['上级党组织评', '党支部自评', '党员评', '群众评', '相关单位评']) assert.match(text, new RegExp(label));
    await shot(clerk, 'guizhou-why');
    await writeGoal(clerk, url(`orgs/${at['01-2']}/improvement`));
    await fitsPhone(clerk);
  },

  async 'the leader sees all of it done and has no button'() {
    const { leader } = people;
    await leader.goto(`/campaigns/${campaign}?node=${county}`);
    const board = await ask(leader, `/campaigns/${campaign}?node=${county}`);
    assert.equal(board.steps[0].done, 5);
    assert.equal(board.steps.at(-2).done, 5);
    assert.equal(await leader.locator('main form[method=post]').count(), 0);
    await shot(leader, 'guizhou-board');
  },
};

await runAndStop(site, tests);
