// SPDX-License-Identifier: Apache-2.0
// One case's whole life in the browser: the township picks and plans, the branch works
// on it and proves it, the helper and the linked leader visit, the county accepts and
// writes off, the inspector finds something new, and the case relapses. Each does in it
// what his role may, and finds no button for more. usage: case.mjs JINWEI
import assert from 'node:assert/strict';
import path from 'node:path';
import { run, shot, startBrowser, startServer, temporaryFolder } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const temporary = temporaryFolder();
const server = await startServer(jinwei, path.join(temporary.folder, 'jinwei.db'),
  ['--demo', path.resolve('examples/组织名册.xlsx')]);
const browser = await startBrowser();
const noise = [];
let address, org, code;

async function enter(login, password) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, baseURL: server.url });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  page.on('pageerror', (error) => noise.push(String(error)));
  await page.goto('/login');
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码').fill(password);
  await page.getByRole('button', { name: '登录' }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
  return page;
}

const county = await enter('zuzhi', 'Yunling-04');
const town = await enter('shiqiao', 'Yunling-05');
const inspector = await enter('ducha', 'Yunling-11');
const helper = await enter('bangfu', 'Yunling-09');
const branch = await enter('sancha', 'Yunling-07');
const leader = await enter('lingdao', 'Yunling-12');
const security = await enter('anquan', 'Yunling-02');

const day = (offset) => new Date(Date.now() + 8 * 3600e3 + offset * 864e5).toISOString().slice(0, 10);
const year = Number(day(0).slice(0, 4)) - 1;		// so that its end lies behind us

// The form with this button and the first of these fields.
function formOf(page, values, button) {
  const all = page.locator('form', { has: page.getByRole('button', { name: button, exact: true }) });
  const [name] = Object.keys(values);
  return (name ? all.filter({ has: page.locator(`[name=${name}]`) }) : all).last();
}

// Opens one form of the case, fills it, sends it; the case is shown again.
async function send(page, form, values, button) {
  await page.goto(`${address}?do=${form}`);
  const box = formOf(page, values, button);
  for (const [name, value] of Object.entries(values)) {
    const field = box.locator(`[name=${name}]`).first();
    if (await field.getAttribute('type') === 'checkbox') await field.check();
    else if (await field.evaluate((e) => e.tagName) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await box.getByRole('button', { name: button, exact: true }).click();
  await page.waitForURL((url) => url.pathname === address && !url.search);
}

async function station(page) {
  await page.goto(address);
  return page.locator('ol.steps').last().locator('[aria-current=step] b').textContent();
}

const paper = (what) => ({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4 ${what}`) });

async function attach(page, href, what, file = paper(`${what} ${href}`)) {
  await page.goto(href);
  await page.locator('[name=file]').setInputFiles(file);
  await page.locator('[name=day]').fill(day(0));
  await page.locator('[name=what]').fill(what);
  await page.getByRole('button', { name: '上传' }).click();
  await page.getByText('已上传').first().waitFor();
}

async function narrow(page, name) {
  await shot(page, name);
  await page.setViewportSize({ width: 360, height: 740 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360, name);
  await shot(page, `${name}-phone`);
  await page.setViewportSize({ width: 1366, height: 768 });
}

// What this role's page offers.
async function offers(page, ...names) {
  await page.goto(address);
  const all = [];
  for (const name of names)
    if (await page.locator('main').getByRole('link', { name, exact: true }).count()) all.push(name);
  return all;
}

// A role at the organisation of the case, from the security administrator.
async function grant(login, role) {
  await security.goto(`/accounts?text=${login}`);
  await security.getByRole('link', { name: login }).first().click();
  await security.waitForURL(/accounts\/\d+/);
  const box = security.locator('form', { has: security.getByRole('button', { name: '给这个角色' }) });
  await box.locator('[name=role]').selectOption(role);
  await box.locator('[name=org]').fill(code);
  await box.getByRole('button', { name: '给这个角色' }).click();
  await security.getByText('已给角色').waitFor();
}

// The plan of a round: one problem, written up in the table.
async function plan(title) {
  await send(town, 'new', { title, cause: '没有人管', measure: '下派书记', goal: '到岗', deadline: day(20),
    owner: '何平' }, '保存问题');
  await send(town, 'act-plan', { shows: '没人管事，活动停了' }, '报送整顿方案');
}

// From the plan agreed to the write-off.
const fileLink = async (page, name) => {
  await page.goto(address);
  return page.getByRole('link', { name, exact: true }).last().getAttribute('href');
};

async function finish(between = async () => {}) {
  await send(county, 'act-start', { text: '同意' }, '同意方案，开始整改');
  await between();
  await branch.goto(address);
  const problem = (await branch.locator('table.prog tbody tr[id^=p]').last().getAttribute('id')).slice(1);
  await send(branch, `progress&problem=${problem}`, { percent: '60', text: '谈话三次' }, '记下进展');
  assert.match(await branch.locator(`#p${problem}`).textContent(), /60%.*谈话三次/s);
  await send(branch, `progress&problem=${problem}`, { percent: '100', text: '到岗', result: '班子配齐' }, '记下进展');
  assert.match(await branch.locator('.gate').first().textContent(), /佐证/);
  await attach(branch, await fileLink(branch, '传佐证'), '任职文件');
  await attach(branch, await fileLink(branch, '传自查报告等材料'), '自查报告');
  await attach(branch, await fileLink(branch, '传自查报告等材料'), '自查报告盖章扫描件');
  await send(branch, 'act-report', { text: '都办结了' }, '自查上报');
  await send(county, `verify&problem=${problem}`, { outcome: 'verified' }, '记下');
  await county.goto(`${address}?do=sheet`);
  for (const points of await county.locator('[name=points]').all()) await points.fill('22');
  await send2(county, { acceptors: '周敏、李强', on_spot: 'x', heard: '30', satisfied: '28', dissatisfied: '1',
    how: '当场清点' }, '保存评分表');
  await send(county, 'act-accept', { text: '合格' }, '验收通过');
  await send(county, 'act-write-off', {}, '销号');
}

// The same on a page that is open already.
async function send2(page, values, button) {
  const box = formOf(page, values, button);
  for (const [name, value] of Object.entries(values)) {
    const field = box.locator(`[name=${name}]`).first();
    if (await field.getAttribute('type') === 'checkbox') await field.check();
    else await field.fill(value);
  }
  await box.getByRole('button', { name: button, exact: true }).click();
  await page.waitForURL((url) => url.pathname === address && !url.search);
}

const tests = {
  async 'the county begins, the township lists what it has seen'() {
    await county.goto(`/campaigns/new?scheme=loudi-2014&year=${year}`);
    await county.locator('main').getByRole('button').last().click();
    await county.waitForURL(/\/campaigns\/\d+/);
    const campaign = new URL(county.url()).pathname.split('/')[2];
    await town.goto(`/cases/candidates?campaign=${campaign}`);
    const choice = town.locator('select[name=id] option', { hasText: /村党支部/ }).last();
    org = await choice.getAttribute('value');
    await town.locator('select[name=id]').selectOption(org);
    await town.locator('[name=criteria]').first().check();
    await town.locator('[name=seen]').fill('书记空缺七个月，今年只开过两次会');
    await town.locator('main').getByRole('button', { name: '列为候选', exact: true }).last().click();
    await town.waitForURL(/\/cases\/\d+$/);
    address = new URL(town.url()).pathname;
    assert.equal(await station(town), '候选');
    code = await town.evaluate(async (id) =>
      (await (await fetch(`/orgs/${id}`, { headers: { Accept: 'application/json' } })).json()).code, org);
    await grant('sancha', 'clerk');
    await grant('bangfu', 'helper');
  },
  async 'two people look at it, a meeting decides'() {
    await send(town, 'act-assess', { text: '书记空缺七个月' }, '提交初评');
    await town.goto(address);
    assert.match(await town.locator('.gate').first().textContent(), /换一个人/);
    await send(county, 'act-review', { text: '到现场看过' }, '复核同意');
    await send(town, 'act-approve', { number: '石党纪〔1〕号', day: day(0), text: '同意列入' }, '会议审定，列入台账');
    assert.equal(await station(town), '审定');
  },
  async 'help is named, the plan goes up and comes back once'() {
    await send(town, 'helper', { kind: 'leader', name: '唐国强', every: '90' }, '保存');
    await send(town, 'helper', { kind: 'unit', name: '县司法局' }, '保存');
    await send(town, 'helper', { kind: 'team', name: '罗群', every: '20' }, '保存');
    await plan('书记空缺');
    await send(county, 'act-return-plan', { text: '措施太空' }, '方案太空，退回');
    assert.equal(await station(town), '审定');
    await send(town, 'act-plan', { shows: '没人管事，活动停了' }, '报送整顿方案');
    await narrow(town, 'case-plan');
  },
  async 'it is worked on and helped, accepted and written off with a number'() {
    await finish(async () => {
      // The helper is told when to come, comes, and shows it; he speaks for himself only.
      await helper.goto('/tasks');
      assert.match(await helper.locator('main').textContent(), /走访，每 20 天至少一次/);
      assert.deepEqual(await offers(helper, '记走访', '记我的走访', '传走访照片和材料', '记进展', '传佐证', '改', '核实', '改方案',
        '加帮扶力量', '自查上报', '记一笔'), ['记走访', '记我的走访', '传走访照片和材料']);
      await helper.goto(`${address}?do=visit`);
      await send2(helper, { text: '驻村两天，帮开支部大会，陪新书记走了八户' }, '记下走访');
      await attach(helper, await fileLink(helper, '传走访照片和材料'), '支部大会现场');
      await helper.goto(address);
      const row = helper.locator('#helpers tbody tr', { hasText: '罗群' });
      assert.match(await row.textContent(), /驻村两天.*够数/s);
      assert.match(await helper.locator('#evidence').textContent(), /支部大会现场.*走访/s);
      await helper.goto('/tasks');
      assert.match(await helper.locator('main').textContent(), /走访，每 20 天至少一次/);
      // Nobody visits in another's name.
      await helper.goto(`${address}?do=visit&seq=1`);
      await helper.locator('form', { has: helper.locator('[name=helper]') }).getByRole('textbox').last().fill('代领导记一次');
      await helper.getByRole('button', { name: '记下走访' }).click();
      await helper.getByText('只能记自己的走访').first().waitFor();
      await narrow(helper, 'case-helper');
      // The linked leader reads all, and notes his own visit.
      assert.deepEqual(await offers(leader, '记我的走访', '传走访照片和材料', '记进展', '核实', '改方案', '提醒督办'),
        ['记我的走访', '传走访照片和材料']);
      await leader.goto(`${address}?do=visit`);
      await send2(leader, { text: '听整改汇报，到两户看了低保评议' }, '记下走访');
      assert.match(await leader.locator('#helpers tbody tr', { hasText: '唐国强' }).textContent(), /听整改汇报/);
      await narrow(leader, 'case-leader');
      assert.deepEqual(await offers(branch, '记进展', '传佐证', '传自查报告等材料', '核实', '改方案', '记我的走访'),
        ['记进展', '传佐证', '传自查报告等材料']);
      await narrow(branch, 'case-branch');
    });
    assert.equal(await station(county), '销号');
    assert.match(await county.locator('main').textContent(), /销号〔\d{4}〕\d+ 号/);
    assert.match(await county.locator('#events').textContent(), /驻村两天/);
    await narrow(county, 'case-written-off');
  },
  async 'the inspector notes what he finds on the spot'() {
    await inspector.goto(`/checks?id=${org}`);
    await inspector.locator('[name=finding]').fill('门锁着，没有人');
    await inspector.getByRole('button', { name: '记下' }).click();
    await inspector.getByText(/已全部送出/).first().waitFor();
    await inspector.goto(address);
    assert.match(await inspector.locator('main').textContent(), /门锁着/);
    assert.equal(await inspector.getByRole('link', { name: '反弹，按原案重开' }).count(), 0);
  },
  async 'a bad look-back lets it relapse; the same case goes on in a second round'() {
    await send(county, 'lookback&seq=1', { text: '书记又走了' }, '记下回访');
    await send(town, 'act-relapse', { text: '书记又走了' }, '反弹，按原案重开');
    assert.match(await town.locator('main').textContent(), /第 2 轮/);
    await plan('又空缺');
    await finish();
    assert.equal(await station(county), '销号');
    await narrow(county, 'case-second-round');
  },
  async 'a leader visits only where he is linked, a helper sees only where he helps'() {
    const cases = await county.evaluate(async () =>
      (await (await fetch('/cases', { headers: { Accept: 'application/json' } })).json()).cases);
    const away = cases.find((c) => c.state === 'rectifying' && !/石桥/.test(c.committee));
    const mine = address;
    address = `/cases/${away.id}`;
    assert.deepEqual(await offers(leader, '记走访', '记我的走访'), []);
    assert.equal((await helper.goto(address)).status(), 403);
    address = mine;
    await helper.goto('/tasks');
    assert.deepEqual(noise, []);
  },
};

try {
  await run(Object.entries(tests));
} finally {
  await browser.close();
  await server.stop();
  temporary.remove();
}
