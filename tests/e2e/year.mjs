// SPDX-License-Identifier: Apache-2.0
// What people do in a year's work, for the tests of several rules.
import { ask, day, send } from './site.mjs';

const PASSWORD = 'Qing-Shan-77-ls';
const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

async function fill(form, values) {
  for (const [name, value] of Object.entries(values)) await form.locator(`[name=${name}]`).first().fill(value);
}

// The first page of a new server: the top organisation and four accounts, {who: [login, password]}.
export async function firstStart(site, org, level, first) {
  const page = await site.open();
  await page.goto(site.server.first);
  const fields = { org_name: org[1], org_code: org[0] };
  for (const [who, [login, password]] of Object.entries(first))
    Object.assign(fields, { [`${who}_login`]: login, [`${who}_name`]: login, [`${who}_password`]: password });
  await fill(page, fields);
  await page.locator('[name=org_level]').selectOption(level);
  await send(page, page.locator('main button'));
}

// Imports organisations, one line each below the head.
export async function importOrgs(page, node, lines) {
  await page.goto(`/orgs/import?node=${node}`);
  await page.locator('input[type=file]').setInputFiles({ name: 'orgs.csv', mimeType: 'text/csv',
    buffer: Buffer.from(['代码,上级代码,名称,层级,领域,组织类型,党员数,群众数', ...lines].join('\n')) });
  await send(page, page.locator('main form button').first());
  await send(page, page.getByRole('button', { name: /导入/ }).last());
}

// An account with a role at some organisations, its own password, signed in.
export async function hire(site, people, { node, org, who, role, codes }) {
  const made = await ask(people.system, '/accounts/new', { node, login: `${who}01`, name: who, org });
  for (const code of codes) await ask(people.security, `/accounts/${made.id}/grant`, { role, org: code });
  const page = await site.signIn(`${who}01`, made.password);
  await ask(page, '/password', { old: made.password, new: PASSWORD, new_again: PASSWORD });
  await page.context().close();
  people[who] = await site.signIn(`${who}01`, PASSWORD, CLIPBOARD);
}

export async function keepMinutes(town, address, values) {
  await town.goto(address);
  const form = town.locator('#rec');
  await fill(form, { day: day(0), chair: '孙某', recorder: '陈某', expected: '9', present: '8', yes: '8', ...values });
  await send(town, form.getByRole('button', { name: '存会议记录' }));
  await town.getByText('已存会议记录').waitFor();
}

export async function publish(town, address) {
  await town.goto(address);
  for (const [name, value] of Object.entries({ from: day(-8), to: day(-1), scope: '镇、村公开栏',
    office: '镇党群办', phone: '（办公室电话）' }))
    await town.locator(`form [name=${name}]`).first().fill(value);
  await send(town, town.getByRole('button', { name: '开始公示' }));
  await town.getByText('已开始公示').waitFor();
}

// On the page of what is public: somebody objects to an organisation …
export async function object(town, org, text) {
  await town.getByText('登记一件异议').click();
  const form = town.locator('form[action$="/objections"]');
  await form.locator('select').selectOption(String(org));
  await form.locator('textarea').fill(text);
  await send(town, form.getByRole('button', { name: '登记' }));
  await town.getByText('已登记异议').waitFor();
}

// … and is right.
export async function giveWay(town) {
  await town.locator('summary', { hasText: '答复' }).click();
  const answer = town.locator('form[action$="/answer"]');
  await answer.locator('textarea').fill('属实，重新研究');
  await answer.locator('[name=reopen]').check();
  await send(town, answer.getByRole('button', { name: '存答复' }));
  await town.getByText('已答复，重新评定').waitFor();
}

export async function writeGoal(clerk, address) {
  await clerk.goto(address);
  await fill(clerk, { goal: '半年内晋位', measures: '补齐支委，恢复主题党日', owner: '谭某' });
  await send(clerk, clerk.getByRole('button', { name: '存目标和措施' }));
  await clerk.getByText('已存').waitFor();
}
