// SPDX-License-Identifier: Apache-2.0
// Scoring in a hall (SY-1, CT-9): the county opens a session, the code stands on
// the big screen, people take out their phones, one mends a figure, one types
// nonsense; the mean appears when it is closed, and not before.
// usage: live.mjs JINWEI
import assert from 'node:assert/strict';
import { PHONE, ask, day, runAndStop, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'] });
const { open, signIn } = site;
let officer, hall, campaign, county, session, code, names, first, committee;
const PHONES = 4;
// What each person gives, from the first organisation to the last.
const given = (person, org) => 95 - 7 * org - 2 * person;

const tests = {
  async 'the county opens an appraisal of its townships'() {
    officer = await signIn('zuzhi', 'Yunling-04');
    county = (await ask(officer, '/')).places[0].node;
    const year = Number(day(0).slice(0, 4));
    await officer.goto(`/campaigns/new?node=${county}&scheme=appraisal&year=${year + 1}`);
    await send(officer, officer.getByRole('button', { name: '开始这项年度工作' }));
    campaign = Number(officer.url().match(/\/campaigns\/(\d+)/)[1]);
    committee = (await ask(officer, `/campaigns/${campaign}?node=${county}`)).children[0].node;
  },

  async 'its page leads to the hall, and a township sees no such button'() {
    await officer.goto(`/campaigns/${campaign}/orgs/${committee}/appraisal`);
    await shot(officer, 'live-appraisal');
    await send(officer, officer.locator('a', { hasText: '现场测评' }));
    assert.match(officer.url(), /\/live\?node=/);
    const town = await signIn('shiqiao', 'Yunling-05');
    const own = (await ask(town, '/')).places[0].node;
    const answer = await town.request.get(`/campaigns/${campaign}/live?node=${own}`);
    assert.equal(answer.status(), 403);
  },

  async 'a session of three, with its code on the big screen'() {
    await officer.goto(`/campaigns/${campaign}/live?node=${county}`);
    await officer.locator('[name=title]').fill('2027 年度述职评议会');
    const boxes = officer.locator('[name=org]');
    assert.ok(await boxes.count() >= 3);
    for (let i = 0; i < await boxes.count(); i++)
      await boxes.nth(i).setChecked(i < 3);
    await send(officer, officer.locator('main form button').first());
    assert.match(officer.url(), /\/live\/\d+/);
    session = new URL(officer.url()).pathname;
    const json = await ask(officer, session);
    code = json.code;
    names = json.orgs.map((o) => o.name);
    assert.equal(names.length, 3);
    hall = officer;
    assert.match(await hall.locator('main').textContent(), new RegExp(code.slice(0, 4)));
    await shot(hall, 'live-hall');
  },

  async 'people score on their phones; nonsense is told, a figure can be mended'() {
    for (let person = 0; person < PHONES; person++) {
      const phone = await open({ viewport: PHONE });
      await phone.goto('/l');
      await phone.locator('[name=code]').fill(code.toLowerCase());
      await send(phone, phone.locator('main button').first());
      const figures = phone.locator('[name=figure]');
      await figures.first().waitFor();
      assert.equal(await figures.count(), 3);
      assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth) <= 360);
      if (person === 0) {
        await figures.nth(0).fill('101');
        await figures.nth(1).fill('80');
        await figures.nth(2).fill('80');
        await send(phone, phone.locator('main button').first());
        await phone.getByText(/0 到 100/).first().waitFor();
        await shot(phone, 'live-phone-wrong');
      }
      // The second one changes his mind: what was sent last counts.
      for (const round of person === 1 ? [1, 0] : [0]) {
        if (round === 0 && person === 1) await phone.goto(`/l/${code}`);
        for (let i = 0; i < 3; i++) await phone.locator('[name=figure]').nth(i).fill(String(given(person, i) - round * 50));
        await send(phone, phone.locator('main button').first());
        assert.match(phone.url(), /sent=1/);
      }
      if (person === 2) await shot(phone, 'live-phone');
      await phone.context().close();
    }
  },

  async 'the hall sees how many sent theirs, and no figure'() {
    await hall.goto(session);
    assert.equal((await ask(hall, session)).received, PHONES);
    assert.ok((await ask(hall, session)).orgs.every((o) => o.mean === ''), 'no mean before it is closed');
    first = (await ask(hall, session)).orgs[0].org;
    const grid = await ask(officer, `/campaigns/${campaign}/scores?node=${first}&source=live`);
    assert.ok(grid.rows.every((row) => Object.values(row.cells).every((cell) => !cell)));
  },

  async 'more sheets than people are not taken; then it closes and the mean appears'() {
    await hall.locator('[name=present]').fill('3');
    await send(hall, hall.locator('form[action$="/close"] button'));
    await hall.getByText('比到场的 3 人多').waitFor();
    await hall.goto(session);
    await hall.locator('[name=present]').fill(String(PHONES));
    await send(hall, hall.locator('form[action$="/close"] button'));
    const json = await ask(hall, session);
    const mean = [0, 1, 2].map((i) => [0, 1, 2, 3].reduce((sum, p) => sum + given(p, i), 0) / PHONES);
    for (let i = 0; i < 3; i++) assert.equal(Number(json.orgs[i].mean), mean[i], JSON.stringify(json));
    await hall.goto(session);
    assert.match(await hall.locator('main').textContent(), new RegExp(String(mean[0])));
    await shot(hall, 'live-closed');
  },

  async 'a phone that comes late is told that it is over'() {
    const phone = await open({ viewport: PHONE });
    await phone.goto(`/l/${code}`);
    assert.match(await phone.locator('main').textContent(), /结束/);
    assert.equal(await phone.locator('[name=figure]').count(), 0);
  },
};

await runAndStop(site, tests);
