// SPDX-License-Identifier: Apache-2.0
// A year by the rules of 张纪镇 in the browser, with stars and a quota, by people in
// five roles and more: the city opens it, a branch's clerk evaluates itself on a
// phone, the resident cadre confirms, the township scores, counts, meets under the
// quota, publishes, answers an objection and looks at one again, hands in; the county
// returns one with a reason, which comes a second time; the city approves five stars.
// Above nobody sees what is not handed in. usage: zhangji.mjs JINWEI
import assert from 'node:assert/strict';
import { ask, DESKTOP, fitsPhone, PHONE, runAndStop, send, shot, startSite } from './site.mjs';
import { firstStart, giveWay, hire, importOrgs, keepMinutes, object, publish, writeGoal } from './year.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei);
const { signIn } = site;
const first = { system: ['xitong', 'Zhang-Yi-77-xt'], security: ['anquan', 'Wang-Er-88-aq'],
  auditor: ['shenji', 'Li-San-99-sj'], second: ['anquan2', 'Sun-Wu-55-aq'], officer: ['shiwei', 'Zhao-Si-66-zz'] };
// Six good ones, of which one of five gets five stars; the last is 一般 by its score
// and 较差 by the quota.
const QUALITY = [1, 0.99, 0.98, 0.97, 0.96, 0.95, 0.86, 0.7];
const CODES = QUALITY.map((_, i) => `01-${i}`);
const MEMBERS = 40, RESIDENTS = 200;
const at = {};           // code → id
const people = {};       // who → page
let campaign;

const url = (rest) => `/campaigns/${campaign}/${rest}`;
const points = (i, max) => String(Math.floor(Number(max) * QUALITY[i] * 2) / 2);

async function setUp() {
  await firstStart(site, ['LJ', '临江市委'], 'city', first);
  for (const who of ['system', 'security']) people[who] = await signIn(...first[who]);
  people.city = await signIn(...first.officer);
  at.LJ = (await ask(people.city, '/')).places[0].node;
  const rows = ['YL,LJ,云岭县委,县级,地方党委,党委,,',
    '01,YL,张纪镇党委,乡级,地方党委,党委,,'];
  CODES.forEach((code, i) => rows.push(`${code},01,${'甲乙丙丁戊己庚辛'[i]}村党支部,基层,农村,党支部,${MEMBERS},${RESIDENTS}`));
  await importOrgs(people.city, at.LJ, rows);
  for (const code of ['YL', '01', ...CODES])
    at[code] = (await ask(people.city, `/orgs?q=${code}&size=100`)).rows.find((r) => r.code === code).id;
  for (const [who, role, codes] of [['county', 'officer', ['YL']], ['town', 'township', ['01']],
    ['clerk', 'clerk', CODES], ['cadre', 'cadre', CODES], ['leader', 'leader', ['YL']]])
    await hire(site, people, { node: at.LJ, org: 'LJ', who, role, codes });
}

async function record(decision) {
  await keepMinutes(people.town, url(`meeting?node=${at['01']}`), { number: '张党会〔2026〕7 号', decision });
}

async function handIn(who, node, n) {
  const page = people[who];
  await page.goto(url(`review?node=${node}`));
  await page.locator('[name=signed]').fill('孙某');
  await send(page, page.getByRole('button', { name: /报送/ }));
  await page.getByText(`已报送 ${n} 个`).waitFor();
}

const result = async (page, code) =>
  (await ask(page, url(`review?node=${at['01']}`))).orgs.find((o) => o.org === at[code]);

const tests = {
  async 'a city with a county, a township and eight villages'() {
    await setUp();
    assert.equal(Object.keys(at).length, 11);
  },

  async 'the city opens the year'() {
    const { city } = people;
    await city.goto('/campaigns/new');
    await city.locator('select[name=scheme]').selectOption('zhangji-town');
    await send(city, city.getByRole('button', { name: '看一看' }));
    await city.getByText('要定级的党组织 8 个').waitFor();
    await send(city, city.getByRole('button', { name: '开始这项年度工作' }));
    campaign = Number(city.url().match(/\/campaigns\/(\d+)/)[1]);
  },

  async 'a clerk saves a draft on the phone, and nobody above reads it'() {
    const { clerk, town, county } = people;
    await clerk.setViewportSize(PHONE);
    await clerk.goto('/my');
    await send(clerk, clerk.locator(`a[href$="/orgs/${at['01-0']}/self"]`));
    const page = await ask(clerk, url(`orgs/${at['01-0']}/self`));
    const inputs = clerk.locator('main input[name=value]');
    assert.equal(await inputs.count(), page.cells.length);
    for (const [i, cell] of page.cells.entries()) await inputs.nth(i).fill(points(0, cell.max));
    await send(clerk, clerk.getByRole('button', { name: '先存着' }));
    await clerk.getByText('已保存').waitFor();
    for (const above of [town, county]) {
      await above.goto(url(`orgs/${at['01-0']}/self`));
      await above.getByText('报送以后这里才看得到').waitFor();
      const seen = await ask(above, url(`orgs/${at['01-0']}/self`));
      assert.ok(seen.hidden && seen.cells.every((c) => c.value === ''));
      assert.equal((await ask(above, url(`selfs?node=${at['01']}`))).rows[0].sum, '未报送');
    }
    await shot(town, 'zhangji-self-hidden');
    await fitsPhone(town, 'zhangji-self-hidden');
    await send(town, town.getByRole('link', { name: /替它填写/ }));
    assert.equal(await town.locator('main input[name=value]').first().inputValue(), '');
  },

  async 'it hands in, the resident cadre sends it back, then confirms'() {
    const { clerk, cadre, town } = people;
    await clerk.goto(url(`orgs/${at['01-0']}/self`));
    await send(clerk, clerk.getByRole('button', { name: '上报自评' }));
    await clerk.getByText('没有注明已加盖公章').waitFor();
    await clerk.locator('[name=sealed]').check();
    await send(clerk, clerk.getByRole('button', { name: '上报自评' }));
    await clerk.getByText('已上报').first().waitFor();
    await cadre.goto('/my');
    await send(cadre, cadre.getByRole('link', { name: '去确认' }).first());
    await cadre.locator('[name=reason]').fill('活动阵地没有空调，满分偏高');
    await send(cadre, cadre.getByRole('button', { name: '退回修改' }));
    await cadre.getByText('已退回').first().waitFor();
    await clerk.goto('/my');
    await clerk.getByText('活动阵地没有空调，满分偏高').first().waitFor();
    await shot(clerk, 'zhangji-my-phone');
    await clerk.goto(url(`orgs/${at['01-0']}/self`));
    await send(clerk, clerk.getByRole('button', { name: '上报自评' }));
    await clerk.setViewportSize(DESKTOP);
    await cadre.goto(url(`orgs/${at['01-0']}/self`));
    await send(cadre, cadre.getByRole('button', { name: '确认自评' }));
    await cadre.getByText('已确认').waitFor();
    for (const [i, code] of CODES.entries()) {
      if (i === 0) continue;
      const self = await ask(clerk, url(`orgs/${at[code]}/self`));
      await ask(clerk, url(`orgs/${at[code]}/self`), { leaf: self.cells.map((c) => c.leaf),
        value: self.cells.map((c) => points(i, c.max)), sealed: 1, hand_in: 1 });
      await ask(cadre, url(`orgs/${at[code]}/self/confirm`), {});
    }
    const list = await ask(town, url(`selfs?node=${at['01']}`));
    assert.ok(list.rows.every((row) => row.state === '已完成' && Number(row.sum) > 60));
  },

  async 'its own page leads the township to the grid, which it fills from Excel'() {
    const { town } = people;
    await town.goto('/my');
    await town.getByText('还有 8 个没有打齐“党委评定”的分').waitFor();
    await send(town, town.getByRole('link', { name: '去打分' }));
    assert.match(town.url(), /\/scores\?/);
    const grid = await ask(town, new URL(town.url()).pathname + new URL(town.url()).search);
    await town.locator('#grid.live').waitFor();
    await town.locator('#grid tbody tr').first().locator('input[name=value]').first().click();
    const block = grid.rows.map((row) => Object.values(row.maxima).map((max) =>
      points(CODES.findIndex((code) => at[code] === row.org), max)).join('\t'));
    await town.evaluate((t) => navigator.clipboard.writeText(t), block.join('\r\n'));
    await town.keyboard.press('Control+v');
    await town.waitForFunction((n) => document.querySelectorAll('#grid tbody [data-sum] b').length === n, CODES.length);
    await town.goto('/my');
    await town.getByRole('link', { name: '去开会定级' }).waitFor();
  },

  async 'two counters key the ballots of each village'() {
    const { town } = people;
    for (const [i, code] of CODES.entries()) {
      const n = [MEMBERS - 4, RESIDENTS - 40].flatMap((all) => {
        const good = Math.floor(all * QUALITY[i]);
        return [good, all - good, 0, 0, 0];
      });
      for (const slot of [1, 2]) await ask(town, url(`orgs/${at[code]}/count`), { slot, counters: `王${slot}`, n });
    }
    await town.goto(url(`counts?node=${at['01']}`));
    assert.equal(await town.locator('main tbody .light.ok').count(), CODES.length);
  },

  async 'the quota makes the last one 较差, and the meeting may not undo it'() {
    const { town } = people;
    await ask(town, url('grade'), { node: at['01'] });
    await town.goto(url(`meeting?node=${at['01']}`));
    await town.locator('#gate', { hasText: '可以开会定等次了' }).waitFor();
    await shot(town, 'zhangji-meeting');
    await fitsPhone(town, 'zhangji-meeting');
    const rows = (await ask(town, url(`meeting?node=${at['01']}`))).rows;
    assert.equal(rows.filter((r) => r.proposed === 'good').length, 6);
    const last = rows.find((r) => r.org === at['01-7']);
    assert.equal(last.proposed, 'poor');
    await town.goto(url(`meeting?node=${at['01']}&adjust=${at['01-7']}`));
    const form = town.locator('#adjust');
    await form.locator('select').selectOption('2');
    await form.locator('textarea').fill('换届后班子有起色。');
    await send(town, form.getByRole('button', { name: '记下这条调整' }));
    await town.goto(url(`meeting?node=${at['01']}`));
    await town.locator('#gate', { hasText: '“较差”不少于 1 个，按现在的调整只有 0 个' }).waitFor();
    await send(town, town.getByRole('button', { name: '撤回' }));
    await record('同意建议等次。');
  },

  async 'somebody objects to the notice; it is answered and one is looked at again'() {
    const { town } = people;
    await publish(people.town, url(`publicity?node=${at['01']}`));
    const stranger = await site.open();
    await stranger.goto(await town.locator('a[href^="/p/"]').getAttribute('href'));
    const text = await stranger.locator('main').textContent();
    assert.match(text, /甲村党支部/);
    assert.ok(!/\d\d\.\d\d/.test(text), 'no score');
    await fitsPhone(stranger, 'zhangji-public');
    await town.goto(url(`publicity?node=${at['01']}`));
    await object(town, at['01-6'], '集体收入与实际不符');
    await town.goto(url(`review?node=${at['01']}`));
    assert.match(await town.locator('#gate').textContent(), /还有 1 件异议没有答复/);
    await town.goto(url(`publicity?node=${at['01']}`));
    await giveWay(town);
    await town.goto(url(`review?node=${at['01']}`));
    assert.match(await town.locator('#gate').textContent(), /还有 1 个的等次没有经会议定/);
    await record('重新研究，等次不变。');
    await publish(people.town, url(`publicity?node=${at['01']}`));
  },

  async 'the county returns one with a reason; it comes a second time'() {
    const { town, county } = people;
    assert.ok((await ask(county, url(`review?node=${at['01']}`))).orgs.every((o) => !o.grade));
    await handIn('town', at['01'], 8);
    await county.goto(url(`review?node=${at['01']}`));
    for (const box of await county.locator('[name=orgs]').all())
      if (await box.getAttribute('value') !== String(at['01-2'])) await box.uncheck();
    await county.locator('#decide textarea').fill('测评汇总表没有签字');
    await send(county, county.getByRole('button', { name: '退回选中的' }));
    await county.getByText('已退回 1 个').waitFor();
    await send(county, county.getByRole('button', { name: '通过选中的' }));
    await county.getByText('已通过 7 个').waitFor();
    await fitsPhone(county, 'zhangji-review');
    await town.goto(url(`review?node=${at['01']}`));
    assert.match(await town.locator(`#o${at['01-2']}`).textContent(), /退回[\s\S]*测评汇总表没有签字/);
    await record('补签以后再报。');
    await publish(people.town, url(`publicity?node=${at['01']}`));
    await handIn('town', at['01'], 1);
    await county.goto(url(`review?node=${at['01']}`));
    await send(county, county.getByRole('button', { name: '通过选中的' }));
    await county.getByText('已通过 1 个').waitFor();
  },

  async 'five stars are the city\'s: it refuses one, then approves'() {
    const { city, county } = people;
    const five = (await ask(city, url(`review?node=${at['01']}`))).orgs.filter((o) => o.stars === 5);
    assert.equal(five.length, 1);
    const org = five[0].org;
    await county.goto(url(`review?node=${at['01']}`));
    assert.equal(await county.locator(`form[action$="/orgs/${org}/stars"]`).count(), 0);
    await city.goto(url(`review?node=${at['01']}`));
    const form = city.locator(`form[action$="/orgs/${org}/stars"]`);
    await city.locator(`#o${org} summary`, { hasText: '审定星级' }).click();
    await shot(city, 'zhangji-stars');
    await form.locator('[name=reason]').fill('全市统筹名额');
    await send(city, form.getByRole('button', { name: '不批准' }));
    assert.equal((await result(county, CODES.find((c) => at[c] === org))).stars, 4);
    await city.locator(`#o${org} summary`, { hasText: '审定星级' }).click();
    await send(city, form.getByRole('button', { name: '批准五星' }));
    const after = await result(county, CODES.find((c) => at[c] === org));
    assert.ok(after.stars === 5 && !after.stars_wait && after.approval.approved);
  },

  async 'the county hands in to the city, which accepts'() {
    const { city } = people;
    await handIn('county', at.YL, 8);
    await city.goto(url(`review?node=${at.YL}`));
    await send(city, city.getByRole('button', { name: '通过选中的' }));
    await city.getByText('已通过 8 个').waitFor();
    await shot(city, 'zhangji-city');
  },

  async 'the branch reads why and the leader sees it done without a button'() {
    const { clerk, leader } = people;
    await clerk.goto(url(`orgs/${at['01-7']}/why`));
    assert.match(await clerk.locator('main').textContent(), /较差[\s\S]*5%/);
    await writeGoal(clerk, url(`orgs/${at['01-7']}/improvement`));
    await leader.goto(`/campaigns/${campaign}?node=${at.YL}`);
    const board = await ask(leader, `/campaigns/${campaign}?node=${at.YL}`);
    assert.equal(board.steps[4].done, 8);
    assert.equal(await leader.locator('main form[method=post]').count(), 0);
    await shot(leader, 'zhangji-board');
  },
};

await runAndStop(site, tests);
