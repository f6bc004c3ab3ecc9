// SPDX-License-Identifier: Apache-2.0
// From the meeting to the county's review in the browser, on the made-up county
// with stars and a quota: the township adjusts, meets, publishes and hands in; a
// stranger reads the notice; the county returns one with a reason; the branch
// reads why and writes its goal; leader and inspector look on.
// usage: decide.mjs JINWEI
import assert from 'node:assert/strict';
import { ask, day, fitsPhone, runAndStop, send, shot, startSite } from './site.mjs';
import { giveWay, keepMinutes, object, publish, writeGoal } from './year.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'] });
const { signIn } = site;
let campaign, township, branch, notice;

const town = await signIn('shiqiao', 'Yunling-05');
const county = await signIn('zuzhi', 'Yunling-04');
const clerk = await signIn('sancha', 'Yunling-07');

const record = () => keepMinutes(town, `/campaigns/${campaign}/meeting?node=${township}`,
  { number: '石党会〔2026〕21 号', decision: '同意建议等次和调整。' });

const tests = {
  async 'the township finds its meeting'() {
    await town.goto('/orgs?q=三岔口村党支部');
    await send(town, town.locator('table a', { hasText: '三岔口村党支部' }).first());
    branch = Number(town.url().match(/\/orgs\/(\d+)/)[1]);
    township = (await ask(town, `/orgs/${branch}`)).parent;
    await town.goto(`/orgs/${branch}/years`);
    const row = town.locator('tr', { hasText: day(0).slice(0, 4) });    // not what is tried out for the next year
    const href = await row.locator('a[href$="/why"]').first().getAttribute('href');
    campaign = Number(href.match(/\/campaigns\/(\d+)/)[1]);
    await town.goto(`/campaigns/${campaign}/meeting?node=${township}`);
    assert.match(await town.locator('h1').textContent(), /定级会议/);
    assert.ok(await town.locator('tr.cut').count() >= 3, 'lines of scores and quota');
    await shot(town, 'meeting-desktop');
    await fitsPhone(town);
  },

  async 'nobody else sees it yet'() {
    await county.goto(`/campaigns/${campaign}/meeting?node=${township}`);
    await county.getByText('结果还没有报送').waitFor();
    await clerk.goto(`/campaigns/${campaign}/orgs/${branch}/why`);
    await clerk.getByText('还不能看').waitFor();
  },

  async 'an adjustment is noted with a reason and decided by the meeting'() {
    await town.goto(`/campaigns/${campaign}/meeting?node=${township}&adjust=${branch}`);
    const form = town.locator('#adjust');
    const now = await form.locator('select').inputValue();
    await form.locator('select').selectOption(now === '1' ? '2' : '1');
    await form.locator('textarea').fill(' ');
    await send(town, form.getByRole('button', { name: '记下这条调整' }));
    await town.locator('#adjust').getByText('这一项必须填').waitFor();
    await form.locator('textarea').fill('班子配齐，主题党日开满十次。');
    await send(town, form.getByRole('button', { name: '记下这条调整' }));
    await town.getByText('记下的调整，理由').waitFor();
    await record();
    await town.getByText('会议调整，理由').waitFor();
  },

  async 'a why page tells the whole way'() {
    await town.goto(`/campaigns/${campaign}/orgs/${branch}/why`);
    assert.match(await town.locator('main').textContent(), /综合得分[\s\S]*会议调整/);
    await town.getByText('会议调整、上级审定以后是').waitFor();
    await shot(town, 'why-desktop');
    await fitsPhone(town);
  },

  async 'a notice is public without signing in, without scores'() {
    await publish(town, `/campaigns/${campaign}/publicity?node=${township}`);
    notice = await town.locator('a[href^="/p/"]').getAttribute('href');
    const stranger = await site.open();
    await stranger.goto(notice);
    const text = await stranger.locator('main').textContent();
    assert.match(text, /三岔口村党支部/);
    assert.ok(!/\d\d\.\d\d/.test(text), 'no score');
    await shot(stranger, 'public-desktop');
    await fitsPhone(stranger);
    await stranger.goto('/p/abcdabcdabcdabcd');
    assert.match(await stranger.locator('main').textContent(), /没有这个公示/);
  },

  async 'an objection is registered, answered and reopens one organisation'() {
    await town.goto(`/campaigns/${campaign}/publicity?node=${township}`);
    await object(town, branch, '等次与实际不符');
    await giveWay(town);
    await town.goto(`/campaigns/${campaign}/review?node=${township}`);
    await town.getByText('还有 1 个的等次没有经会议定').waitFor();
    await record();
  },

  async 'the township publishes again and hands in'() {
    await publish(town, `/campaigns/${campaign}/publicity?node=${township}`);
    await town.goto(`/campaigns/${campaign}/review?node=${township}`);
    await town.locator('[name=signed]').fill('孙某');
    await send(town, town.getByRole('button', { name: /报送/ }));
    await town.getByText(/已报送 \d+ 个/).waitFor();
  },

  async 'the county returns one with a reason and accepts the rest'() {
    await county.goto(`/campaigns/${campaign}/review?node=${township}`);
    const boxes = county.locator('[name=orgs]');
    const all = await boxes.count();
    for (let i = 0; i < all; i++)
      if (await boxes.nth(i).getAttribute('value') !== String(branch)) await boxes.nth(i).uncheck();
    await send(county, county.getByRole('button', { name: '退回选中的' }));
    await county.getByText('请写明退回的理由').waitFor();
    const again = county.locator('[name=orgs]');
    for (let i = 0; i < await again.count(); i++)
      if (await again.nth(i).getAttribute('value') !== String(branch)) await again.nth(i).uncheck();
    await county.locator('#decide textarea').fill('测评汇总表没有签字');
    await send(county, county.getByRole('button', { name: '退回选中的' }));
    await county.getByText('已退回 1 个').waitFor();
    assert.match(await county.locator(`#o${branch}`).textContent(), /退回[\s\S]*测评汇总表没有签字/);
    await send(county, county.getByRole('button', { name: '通过选中的' }));
    await county.getByText(`已通过 ${all - 1} 个`).waitFor();
    await shot(county, 'review-desktop');
    await fitsPhone(county);
  },

  async 'the township mends it, and it is accepted'() {
    await record();
    await town.goto(`/campaigns/${campaign}/review?node=${township}`);
    await town.locator('[name=signed]').fill('孙某');
    await send(town, town.getByRole('button', { name: /报送/ }));
    await town.getByText('已报送 1 个').waitFor();
    await county.goto(`/campaigns/${campaign}/review?node=${township}`);
    await send(county, county.getByRole('button', { name: '通过选中的' }));
    await county.getByText('已通过 1 个').waitFor();
  },

  async 'the branch reads its result and writes its goal'() {
    await clerk.goto(`/campaigns/${campaign}/orgs/${branch}/why`);
    assert.match(await clerk.locator('main').textContent(), /已通过审查/);
    await writeGoal(clerk, `/campaigns/${campaign}/orgs/${branch}/improvement`);
    await fitsPhone(clerk);
  },

  async 'the county finds where last years come in, tries a sheet and takes it'() {
    const sheet = (grade) => ({ name: '往年.csv', mimeType: 'text/csv', buffer: Buffer.from(
      `\ufeff组织代码,年度,等次,方案\n02-602,2021,${grade},云岭县基层党组织分类定级和评星晋位方案\n`) });
    await county.goto('/campaigns');
    await send(county, county.getByRole('link', { name: '导入往年结果' }));
    await county.locator('input[type=file]').setInputFiles(sheet('优秀'));
    await send(county, county.getByRole('button', { name: '试导入' }));
    await county.getByText('里没有等次“优秀”').waitFor();
    await county.locator('input[type=file]').setInputFiles(sheet('较好'));
    await send(county, county.getByRole('button', { name: '试导入' }));
    await send(county, county.getByRole('button', { name: '确认导入' }));
    await county.getByText('已导入：新增 1').waitFor();
  },

  async 'leader and inspector look on and write nothing'() {
    for (const [login, password] of [['lingdao', 'Yunling-12'], ['ducha', 'Yunling-11']]) {
      const page = await signIn(login, password);
      await page.goto(`/campaigns/${campaign}/review?node=${township}`);
      assert.match(await page.locator('main').textContent(), /已通过审查/);
      assert.equal(await page.locator('main form[method=post]').count(), 0);
    }
  },
};

await runAndStop(site, tests);
