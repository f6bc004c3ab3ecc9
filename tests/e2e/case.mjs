// SPDX-License-Identifier: Apache-2.0
// One case's whole life in the browser: the township picks and plans, the branch works
// on it and proves it, the helper and the linked leader visit, the county accepts and
// writes off, the inspector finds something new, and the case relapses. Each does in it
// what his role may, and finds no button for more. usage: case.mjs JINWEI
import assert from 'node:assert/strict';
import { day, fitsPhone, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'] });
const { noise, signIn } = site;
let address, org, code;

const county = await signIn('zuzhi', 'Yunling-04');
const town = await signIn('shiqiao', 'Yunling-05');
const inspector = await signIn('ducha', 'Yunling-11');
const helper = await signIn('bangfu', 'Yunling-09');
const branch = await signIn('sancha', 'Yunling-07');
const leader = await signIn('lingdao', 'Yunling-12');
const security = await signIn('anquan', 'Yunling-02');

const year = Number(day(0).slice(0, 4)) - 1;		// so that its end lies behind us

// The form with this button and the first of these fields.
function formOf(page, values, button) {
  const all = page.locator('form', { has: page.getByRole('button', { name: button, exact: true }) });
  const [name] = Object.keys(values);
  return (name ? all.filter({ has: page.locator(`[name=${name}]`) }) : all).last();
}

// Fills the form that is open and sends it; the case is shown again.
async function submit(page, values, button) {
  const box = formOf(page, values, button);
  for (const [name, value] of Object.entries(values)) {
    const field = box.locator(`[name=${name}]`).first();
    if (await field.getAttribute('type') === 'checkbox') await field.check();
    else if (await field.evaluate((e) => e.tagName) === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await send(page, box.getByRole('button', { name: button, exact: true }));
  assert.equal(page.url(), new URL(address, page.url()).href);
}

// The same after opening one of the case's forms.
async function act(page, form, values, button) {
  await page.goto(`${address}?do=${form}`);
  await submit(page, values, button);
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
  await send(page, page.getByRole('button', { name: '上传' }));
  await page.getByText('已上传').first().waitFor();
}

async function narrow(page, name) {
  await shot(page, name);
  await fitsPhone(page, name);
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
  await send(security, security.getByRole('link', { name: login }).first());
  const box = security.locator('form', { has: security.getByRole('button', { name: '给这个角色' }) });
  await box.locator('[name=role]').selectOption(role);
  await box.locator('[name=org]').fill(code);
  await send(security, box.getByRole('button', { name: '给这个角色' }));
  await security.getByText('已给角色').waitFor();
}

// The plan of a round: one problem, written up in the table.
async function plan(title) {
  await act(town, 'new', { title, cause: '没有人管', measure: '下派书记', goal: '到岗', deadline: day(20),
    owner: '何平' }, '保存问题');
  await act(town, 'act-plan', { shows: '没人管事，活动停了' }, '报送整顿方案');
}

// From the plan agreed to the write-off.
const fileLink = async (page, name) => {
  await page.goto(address);
  return page.getByRole('link', { name, exact: true }).last().getAttribute('href');
};

// What the county fills in on the spot.
async function fillSheet(values) {
  await county.goto(`${address}?do=sheet`);
  for (const points of await county.locator('[name=points]').all()) await points.fill('22');
  await submit(county, { acceptors: '周敏、李强', on_spot: 'x', heard: '30', satisfied: '28', dissatisfied: '1',
    how: '当场清点', veto: '', ...values }, '保存评分表');
}

// The gate of the acceptance, line by line; those that are met are marked.
async function acceptance(page) {
  await page.goto(address);
  const box = page.locator('.box', { has: page.getByText(/^(还不能|可以)验收$/) });
  return { missing: await box.locator('li:not(.y)').allTextContents(), met: await box.locator('li.y').allTextContents() };
}

async function finish(between = async () => {}, failed = async () => {}) {
  await act(county, 'act-start', { text: '同意' }, '同意方案，开始整改');
  await between();
  await branch.goto(address);
  const problem = (await branch.locator('table.prog tbody tr[id^=p]').last().getAttribute('id')).slice(1);
  await act(branch, `progress&problem=${problem}`, { percent: '60', text: '谈话三次' }, '记下进展');
  assert.match(await branch.locator(`#p${problem}`).textContent(), /60%.*谈话三次/s);
  await act(branch, `progress&problem=${problem}`, { percent: '100', text: '到岗', result: '班子配齐' }, '记下进展');
  assert.match(await branch.locator('.gate').first().textContent(), /佐证/);
  await attach(branch, await fileLink(branch, '传佐证'), '任职文件');
  await attach(branch, await fileLink(branch, '传自查报告等材料'), '自查报告');
  await attach(branch, await fileLink(branch, '传自查报告等材料'), '自查报告盖章扫描件');
  await act(branch, 'act-report', { text: '都办结了' }, '自查上报');
  await act(county, `verify&problem=${problem}`, { outcome: 'verified' }, '记下');
  await failed(problem);
  await fillSheet({});
  await act(county, 'act-accept', { text: '合格' }, '验收通过');
  await act(county, 'act-write-off', {}, '销号');
}

// More than half dissatisfied, then a veto: it is not accepted, and the plan goes on to a
// new deadline, after which it is reported and looked at again.
async function rejected(problem) {
  await fillSheet({ satisfied: '12', dissatisfied: '16' });
  assert.deepEqual((await acceptance(county)).missing, ['不满意 16 人，超过 50% 不通过']);
  assert.deepEqual(await offers(county, '验收通过'), []);
  await narrow(county, 'case-dissatisfied');
  // Nor by typing its address.
  await county.goto(`${address}?do=act-accept`);
  const box = formOf(county, { text: '' }, '验收通过');
  await box.locator('[name=text]').fill('先通过再说');
  await send(county, box.getByRole('button', { name: '验收通过', exact: true }));
  await county.getByText('还不能验收，因为：不满意 16 人').first().waitFor();
  assert.equal(await station(county), '自查上报');
  // Half is not more than half; a veto is one whatever the score.
  await fillSheet({ satisfied: '12', dissatisfied: '15', veto: '账目还没有公开' });
  const gate = await acceptance(county);
  assert.deepEqual(gate.missing, ['有一票否决的情形']);
  assert.ok(gate.met.includes('不满意 15 人，超过 50% 不通过'));
  assert.deepEqual(await offers(county, '验收通过', '验收不通过，限期整改'), ['验收不通过，限期整改']);
  await county.goto(`${address}?do=act-reject`);
  const reject = formOf(county, { deadline: '' }, '验收不通过，限期整改');
  await reject.locator('[name=deadline]').fill(day(0));
  await reject.locator('[name=text]').fill('账目没有公开，群众不满意');
  await send(county, reject.getByRole('button', { name: '验收不通过，限期整改', exact: true }));
  await county.getByText('请定新的期限，要晚于今天').first().waitFor();
  await act(county, 'act-reject', { deadline: day(30), text: '账目没有公开，群众不满意' }, '验收不通过，限期整改');
  assert.equal(await station(county), '建账');
  assert.match(await county.locator('#events').textContent(), new RegExp(`账目没有公开，群众不满意（新的期限 ${day(30)}）`));
  assert.match(await county.locator('ol.steps').last().textContent(), /退回 1 次/);
  await narrow(county, 'case-rejected');
  await act(county, `verify&problem=${problem}`, { outcome: 'open', reason: '账目没有公开' }, '记下');
  await act(county, 'act-start', { text: '按新的期限办' }, '同意方案，开始整改');
  await act(branch, `progress&problem=${problem}`, { percent: '100', text: '账目上墙', result: '三期账目都公开了' }, '记下进展');
  await act(branch, 'act-report', { text: '账目公开了' }, '自查上报');
  await act(county, `verify&problem=${problem}`, { outcome: 'verified' }, '记下');
  assert.match((await acceptance(county)).missing.join(), /还没有填验收评分表/);
}

const tests = {
  async 'the county begins, the township lists what it has seen'() {
    await county.goto(`/campaigns/new?scheme=loudi-2014&year=${year}`);
    await send(county, county.locator('main').getByRole('button').last());
    const campaign = new URL(county.url()).pathname.split('/')[2];
    await town.goto(`/cases/candidates?campaign=${campaign}`);
    const choice = town.locator('select[name=id] option', { hasText: /村党支部/ }).last();
    org = await choice.getAttribute('value');
    await town.locator('select[name=id]').selectOption(org);
    await town.locator('[name=criteria]').first().check();
    await town.locator('[name=seen]').fill('书记空缺七个月，今年只开过两次会');
    await send(town, town.locator('main').getByRole('button', { name: '列为候选', exact: true }).last());
    assert.match(town.url(), /\/cases\/\d+$/);
    address = new URL(town.url()).pathname;
    assert.equal(await station(town), '候选');
    code = await town.evaluate(async (id) =>
      (await (await fetch(`/orgs/${id}`, { headers: { Accept: 'application/json' } })).json()).code, org);
    await grant('sancha', 'clerk');
    await grant('bangfu', 'helper');
  },
  async 'two people look at it, a meeting decides'() {
    await act(town, 'act-assess', { text: '书记空缺七个月' }, '提交初评');
    await town.goto(address);
    assert.match(await town.locator('.gate').first().textContent(), /换一个人/);
    await act(county, 'act-review', { text: '到现场看过' }, '复核同意');
    await act(town, 'act-approve', { number: '石党纪〔1〕号', day: day(0), text: '同意列入' }, '会议审定，列入台账');
    assert.equal(await station(town), '审定');
  },
  async 'help is named, the plan goes up and comes back once'() {
    await act(town, 'helper', { kind: 'leader', name: '唐国强', every: '90' }, '保存');
    await act(town, 'helper', { kind: 'unit', name: '县司法局' }, '保存');
    await act(town, 'helper', { kind: 'team', name: '罗群', every: '20' }, '保存');
    await plan('书记空缺');
    await act(county, 'act-return-plan', { text: '措施太空' }, '方案太空，退回');
    assert.equal(await station(town), '审定');
    await act(town, 'act-plan', { shows: '没人管事，活动停了' }, '报送整顿方案');
    await narrow(town, 'case-plan');
  },
  async 'it is worked on and helped, accepted and written off with a number'() {
    await finish(async () => {
      // The helper is told when to come, comes, and shows it; he speaks for himself only.
      await helper.goto('/my');
      assert.match(await helper.locator('main').textContent(), /走访，每 20 天至少一次/);
      assert.deepEqual(await offers(helper, '记走访', '记我的走访', '传走访照片和材料', '记进展', '传佐证', '改', '核实', '改方案',
        '加帮扶力量', '自查上报', '记一笔'), ['记走访', '记我的走访', '传走访照片和材料']);
      await helper.goto(`${address}?do=visit`);
      await submit(helper, { text: '驻村两天，帮开支部大会，陪新书记走了八户' }, '记下走访');
      await attach(helper, await fileLink(helper, '传走访照片和材料'), '支部大会现场');
      await helper.goto(address);
      const row = helper.locator('#helpers tbody tr', { hasText: '罗群' });
      assert.match(await row.textContent(), /驻村两天.*够数/s);
      assert.match(await helper.locator('#evidence').textContent(), /支部大会现场.*走访/s);
      await helper.goto('/my');
      assert.match(await helper.locator('main').textContent(), /走访，每 20 天至少一次/);
      // Nobody visits in another's name.
      await helper.goto(`${address}?do=visit&seq=1`);
      await helper.locator('form', { has: helper.locator('[name=helper]') }).getByRole('textbox').last().fill('代领导记一次');
      await send(helper, helper.getByRole('button', { name: '记下走访' }));
      await helper.getByText('只能记自己的走访').first().waitFor();
      await narrow(helper, 'case-helper');
      // The linked leader reads all, and notes his own visit.
      assert.deepEqual(await offers(leader, '记我的走访', '传走访照片和材料', '记进展', '核实', '改方案', '提醒督办'),
        ['记我的走访', '传走访照片和材料']);
      await leader.goto(`${address}?do=visit`);
      await submit(leader, { text: '听整改汇报，到两户看了低保评议' }, '记下走访');
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
    await act(county, 'lookback&seq=1', { text: '书记又走了' }, '记下回访');
    await act(town, 'act-relapse', { text: '书记又走了' }, '反弹，按原案重开');
    assert.match(await town.locator('main').textContent(), /第 2 轮/);
    await plan('又空缺');
    await finish(async () => {}, rejected);
    assert.equal(await station(county), '销号');
    assert.match(await county.locator('#sheet').textContent(),
      /第 2 轮第 1 次验收.*不通过.*一票否决：账目还没有公开.*第 2 轮第 2 次验收.* 通过/s);
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
    await helper.goto('/my');
    assert.deepEqual(noise, []);
  },
};

try {
  await run(Object.entries(tests));
} finally {
  await site.stop();
}
