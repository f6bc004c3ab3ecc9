// SPDX-License-Identifier: Apache-2.0
// A county's first day in the browser: first start, signing in, organisations,
// accounts and rights, the audit log. usage: office.mjs JINWEI [BUILD]
// With the build directory: on PostgreSQL, else on SQLite.
import assert from 'node:assert/strict';
import { DESKTOP, PHONE, download, run, send, shot, startSite } from './site.mjs';

const [jinwei, build] = process.argv.slice(2);
const site = await startSite(jinwei, { build });
const { server, noise, open } = site;

const people = {
  system: ['xitong', '张一', 'Zhang-Yi-77-xt'],
  security: ['anquan', '王二', 'Wang-Er-88-aq'],
  auditor: ['shenji', '李三', 'Li-San-99-sj'],
  officer: ['zuzhi', '赵四', 'Zhao-Si-66-zz'],
};
const sessions = {};

async function signIn(who, options) {
  const [login, , password] = people[who];
  return site.signIn(login, password, options);
}

// The page of somebody who stays signed in from test to test.
async function at(who) {
  sessions[who] ??= await signIn(who);
  return sessions[who];
}

async function register(page, fields) {
  await send(page, page.getByRole('link', { name: '登记新组织' }));
  assert.match(page.url(), /orgs\/new/);
  for (const [label, value] of Object.entries(fields)) {
    const input = page.getByLabel(label, { exact: true });
    if (await input.evaluate((e) => e.tagName) === 'SELECT') await input.selectOption({ label: value });
    else await input.fill(value);
  }
  await send(page, page.getByRole('button', { name: '登记', exact: true }));
  await page.getByRole('heading', { level: 1, name: fields['名称'] }).waitFor();
  return new URL(page.url()).pathname;
}

const made = {};

await run([
  ['the address of the first start works once, and only with its code', async () => {
    const page = await open();
    await page.goto('/');
    assert.equal(new URL(page.url()).pathname, '/login');
    assert.match(await page.textContent('main'), /一次性地址/);
    assert.equal((await page.goto('/first?code=AAAAA')).status(), 403);
    await page.goto(server.first);
    await page.getByLabel('本级党组织名称').fill('云岭县');
    await page.getByLabel('本级代码').fill('YL');
    for (const [who, [login, name, password]] of Object.entries(people)) {
      await page.locator(`[name=${who}_login]`).fill(login);
      await page.locator(`[name=${who}_name]`).fill(name);
      await page.locator(`[name=${who}_password]`).fill(who === 'auditor' ? '12345678' : password);
    }
    await shot(page, 'first-start');
    await send(page, page.getByRole('button', { name: '建立首批账号' }));
    await page.locator('.problem').waitFor();
    assert.equal(await page.getByLabel('本级代码').inputValue(), 'YL');
    for (const [who, [, , password]] of Object.entries(people)) {
      await page.locator(`[name=${who}_password]`).fill(password);
    }
    await send(page, page.getByRole('button', { name: '建立首批账号' }));
    assert.match(page.url(), /\/login$/);
    assert.match(await page.textContent('.toast'), /首批账号已建好/);
    assert.equal((await page.goto(server.first)).status(), 404);
    await page.context().close();
  }],

  ['a wrong password says so, and many lock the name', async () => {
    const page = await open();
    await page.goto('/login');
    for (let i = 0; i < 7; i++) {
      // The first failure is of somebody who exists; it is said in the same words.
      await page.getByLabel('账号').fill(i ? 'nobody' : 'zuzhi');
      await page.getByLabel('密码').fill(`wrong-${i}`);
      await send(page, page.getByRole('button', { name: '登录' }));
      await page.locator('.problem').waitFor();
    }
    assert.match(await page.textContent('.problem'), /锁定/);
    assert.equal(await page.getByLabel('账号').inputValue(), 'nobody');
    assert.equal(await page.getByLabel('密码').inputValue(), '');
    await shot(page, 'locked');
    await page.context().close();
  }],

  ['after signing in one comes to the page one wanted', async () => {
    const page = await open();
    await page.goto('/orgs?q=%E6%9D%91');
    assert.match(page.url(), /\/login\?next=/);
    await page.getByLabel('账号').fill(people.officer[0]);
    await page.getByLabel('密码').fill(people.officer[2]);
    await send(page, page.getByRole('button', { name: '登录' }));
    assert.match(page.url(), /\/orgs\?q=/);
    await page.goto('/login?next=//evil.example/');
    await page.context().close();
  }],

  ['organisations are registered, also with what was typed wrong first', async () => {
    const page = await at('officer');
    await page.goto('/orgs');
    made.town = await register(page, { 代码: '07', 名称: '龙泉镇党委', 简称: '龙泉镇', 层级: '乡级' });
    made.townId = made.town.split('/').pop();
    await page.goto('/orgs');
    made.other = await register(page, { 代码: '08', 名称: '双河镇党委', 简称: '双河镇', 层级: '乡级' });
    made.otherId = made.other.split('/').pop();
    await page.goto(`/orgs/new?parent=${made.townId}`);
    await page.getByLabel('代码', { exact: true }).fill('07-602');
    await page.getByLabel('名称', { exact: true }).fill('长坡村党支部');
    await page.getByLabel('党员数').fill('四十六');
    await page.getByLabel('换届时间').fill('2026-02-30');
    await send(page, page.getByRole('button', { name: '登记', exact: true }));
    await page.locator('#e-members').waitFor();
    assert.match(await page.textContent('#e-election_due'), /年-月-日/);
    assert.equal(await page.getByLabel('名称', { exact: true }).inputValue(), '长坡村党支部');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'f-members');
    await shot(page, 'wrong-fields');
    await page.getByLabel('党员数').fill('４６');
    await page.getByLabel('换届时间').fill('2028年6月30日');
    await page.getByLabel('领域').selectOption({ label: '农村' });
    await send(page, page.getByRole('button', { name: '登记', exact: true }));
    await page.getByRole('heading', { level: 1, name: '长坡村党支部' }).waitFor();
    made.village = new URL(page.url()).pathname;
    assert.match(await page.textContent('dl.kv'), /46.*2028-06-30/s);
    await page.goto(`/orgs?node=${made.townId}`);
    await register(page, { 代码: '07-602x', 名称: '上坪村党支部', 书记: '邱桂芳', 联络员: '王芳' });
    await page.goto(`/orgs/new?parent=${made.townId}`);
    await page.getByLabel('代码', { exact: true }).fill('07-602');
    await page.getByLabel('名称', { exact: true }).fill('重码村党支部');
    await send(page, page.getByRole('button', { name: '登记', exact: true }));
    await page.locator('.problem').waitFor();
  }],

  ['search finds by name, code and pinyin initials as one types', async () => {
    const page = await at('officer');
    await page.goto('/orgs');
    await page.locator('#q').pressSequentially('cpc');
    await page.waitForURL(/q=cpc/);
    await page.getByRole('link', { name: '长坡村党支部' }).waitFor();
    assert.equal(await page.locator('#list tbody tr').count(), 1);
    // What an input method composes is not searched for before it stands there.
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).searchParams.get('q')));
    const client = await page.context().newCDPSession(page);
    await page.locator('#q').fill('');
    await page.waitForURL(/q=(&|$)/);
    await client.send('Input.imeSetComposition', { text: 'shang', selectionStart: 5, selectionEnd: 5 });
    // Later than the search would have been asked.
    await page.evaluate(() => new Promise((later) => { setTimeout(later, 400); }));
    await client.send('Input.insertText', { text: '上坪' });
    await page.getByText('找到 1 个').waitFor();
    await page.getByRole('link', { name: '上坪村党支部' }).waitFor();
    assert.deepEqual(asked.filter((q) => q), ['上坪']);
    await page.locator('#q').fill('没有这个');
    await page.locator('.empty').waitFor();
    await page.goto('/orgs?q=07-602');
    assert.equal(await page.locator('#list tbody tr').count(), 2);
    await page.goto('/orgs?sort=name');
    await send(page, page.getByRole('columnheader', { name: '党员' }).getByRole('link'));
    await page.locator('th[aria-sort=ascending]', { hasText: '党员' }).waitFor();
    await page.goto('/orgs');
    await shot(page, 'orgs');
  }],

  ['a change is kept with its day, and a second writer is told', async () => {
    const page = await at('officer');
    await page.goto(`${made.village}/edit`);
    const late = await page.context().newPage();
    await late.goto(`${made.village}/edit`);
    await page.getByLabel('书记', { exact: true }).fill('欧阳明');
    await page.getByLabel('变更理由').fill('换届选举');
    await send(page, page.getByRole('button', { name: '保存修改' }));
    await page.locator('.tl').waitFor();
    assert.match(await page.textContent('.tl'), /欧阳明/);
    assert.match(await page.textContent('.tl'), /换届选举/);
    await shot(page, 'org');
    await late.getByLabel('书记', { exact: true }).fill('别人');
    await send(late, late.getByRole('button', { name: '保存修改' }));
    await late.locator('.problem').waitFor();
    assert.equal(await late.getByLabel('书记', { exact: true }).inputValue(), '别人');
    await late.close();
  }],

  ['a node moves with its past', async () => {
    const page = await at('officer');
    await page.goto(`${made.village}/move`);
    await page.getByLabel('新的上级').fill('没有');
    await page.getByLabel('依据').fill('云组〔2026〕12 号');
    await send(page, page.getByRole('button', { name: '划转' }));
    await page.locator('#e-to').waitFor();
    await page.getByLabel('新的上级').fill('08');
    await send(page, page.getByRole('button', { name: '划转' }));
    assert.match(await page.textContent('#e-to'), /双河镇.*再按一次/);
    await send(page, page.getByRole('button', { name: '划转' }));
    await page.locator('.tl').waitFor();
    assert.match(await page.textContent('.crumb'), /双河镇党委/);
    assert.match(await page.textContent('.tl'), /划转.*登记/s);
    for (const [link, button] of [['撤销', '撤销'], ['恢复', '恢复']]) {
      await send(page, page.getByRole('link', { name: link, exact: true }));
      await page.getByLabel('依据').fill('云组〔2026〕13 号');
      await send(page, page.getByRole('button', { name: button, exact: true }));
    }
    assert.match(await page.textContent('.tl'), /状态：已撤销 → 正常.*状态：正常 → 已撤销/s);
  }],

  ['a sheet with one bad row changes nothing; the mended one is tried, then done', async () => {
    const page = await at('officer');
    const sheet = (rows) => ({ name: '组织.csv', mimeType: 'text/csv',
      buffer: Buffer.from(`组织代码,上级代码,名称,层级,党员数\r\n${rows.join('\r\n')}\r\n`) });
    await page.goto('/orgs');
    await send(page, page.getByRole('link', { name: '从表格导入' }));
    assert.match(page.url(), /orgs\/import/);
    await page.getByLabel('表格文件').setInputFiles(sheet(['09-1,08,东街村党支部,基层,21', '09-2,08,西街村党支部,基层,很多']));
    await send(page, page.getByRole('button', { name: '试导入' }));
    await page.locator('.gate').waitFor();
    assert.match(await page.textContent('.gate'), /3.*党员数/s);
    await shot(page, 'import-wrong');
    await page.getByLabel('表格文件').setInputFiles(sheet(['09-1,08,东街村党支部,基层,21', '09-2,08,西街村党支部,基层,18',
      '07-602x,07,上坪村党支部,基层,40']));
    await send(page, page.getByRole('button', { name: '试导入' }));
    await page.locator('.tiles').waitFor();
    assert.match((await page.textContent('.tiles')).replace(/\s+/g, ''), /新增2个修改1个/);
    await shot(page, 'import-dry');
    const before = await page.context().newPage();
    await before.goto('/orgs?q=09-');
    assert.equal(await before.locator('.empty').count(), 1);
    await before.close();
    await send(page, page.getByRole('button', { name: '确认导入' }));
    assert.match(page.url(), /\/orgs\?node=/);
    assert.match(await page.textContent('.toast'), /新增 2，修改 1/);
    await page.goto('/orgs?q=09-');
    assert.equal(await page.locator('#list tbody tr').count(), 2);
    // What is exported can be imported again and changes nothing.
    await page.goto('/orgs');
    const file = await download(page, page.getByRole('link', { name: '导出 Excel' }), site.folder);
    await page.goto('/orgs/import?node=10000001');
    await page.getByLabel('表格文件').setInputFiles(file);
    await send(page, page.getByRole('button', { name: '试导入' }));
    await page.getByText('没有要改的').waitFor();
  }],

  ['an account gets its role from another administrator and reaches no neighbour', async () => {
    const system = await at('system');
    await system.goto('/accounts');
    await send(system, system.getByRole('link', { name: '新建账号' }));
    assert.match(system.url(), /accounts\/new/);
    await system.getByLabel('账号').fill('chenlx');
    await system.getByLabel('姓名').fill('陈立新');
    await system.getByLabel('所属组织').fill('07');
    await send(system, system.getByRole('button', { name: '建立账号' }));
    const password = await system.locator('.code').textContent();
    await shot(system, 'password-once');
    await send(system, system.getByRole('link', { name: '好了' }));
    await system.getByRole('heading', { level: 1, name: '陈立新' }).waitFor();
    const account = new URL(system.url()).pathname;
    assert.equal(await system.getByRole('button', { name: '给这个角色' }).count(), 0);

    const security = await at('security');
    await security.goto(account);
    await security.locator('#f-role').selectOption({ label: '乡镇组织委员' });
    await security.getByLabel('在哪个组织').fill('07');
    await send(security, security.getByRole('button', { name: '给这个角色' }));
    await security.getByText('已给角色').waitFor();
    await shot(security, 'account');

    const page = await site.signIn('chenlx', password);
    assert.match(page.url(), /\/password$/);
    await page.goto('/orgs');
    assert.match(page.url(), /\/password$/);
    await page.getByLabel('现在的密码').fill(password);
    await page.getByLabel('新密码').fill('Chen-Lixin-2026');
    await page.getByLabel('再输一遍').fill('Chen-Lixin-2026');
    await send(page, page.getByRole('button', { name: '修改密码' }));
    assert.equal(new URL(page.url()).pathname, '/');
    await page.goto('/orgs');
    assert.match(await page.textContent('h1'), /龙泉镇党委/);
    assert.equal(await page.locator('.nav').getByText('账号').count(), 0);
    for (const address of [made.other, `/orgs?node=${made.otherId}`, made.village, '/accounts', '/audit',
      `/orgs/export?node=${made.otherId}`, `/orgs/new?parent=${made.townId}`]) {
      assert.equal((await page.goto(address)).status(), 403, address);
    }
    assert.match(await page.textContent('main'), /不能办理.*编号/s);
    await shot(page, 'denied');
    sessions.town = page;
  }],

  ['the auditor sees it all, the others do not see the log', async () => {
    const page = await at('auditor');
    await page.goto('/audit');
    for (const word of ['登录失败', '划转组织', '给角色', '欧阳明']) {
      assert.match(await page.textContent('#list'), new RegExp(word));
    }
    await shot(page, 'audit');
    await page.getByLabel('事项').selectOption({ label: '角色' });
    await send(page, page.getByRole('button', { name: '查找' }));
    assert.match(page.url(), /act=role/);
    assert.equal(await page.locator('#list tbody tr').count(), 1);
    for (const [name, ending] of [['导出 Excel', 'xlsx'], ['导出 CSV', 'csv']]) {
      assert.match(await download(page, page.getByRole('link', { name }), site.folder), new RegExp(`审计日志.*\\.${ending}$`));
    }
    await page.goto('/audit/verify');
    assert.equal(await page.locator('.light.bad').count(), 0);
    assert.ok(await page.locator('.light.ok').count() > 0);
    assert.equal((await page.goto('/orgs')).status(), 403);
    assert.equal((await (await at('officer')).goto('/audit')).status(), 403);
  }],

  ['everything works without script', async () => {
    const page = await signIn('officer', { javaScriptEnabled: false });
    await page.goto('/orgs');
    await page.locator('#q').fill('spc');
    await send(page, page.getByRole('button', { name: '查找' }));
    await send(page, page.getByRole('link', { name: '上坪村党支部' }));
    await send(page, page.getByRole('link', { name: '修改资料' }));
    await page.getByLabel('党员数').fill('x');
    await send(page, page.getByRole('button', { name: '保存修改' }));
    assert.match(await page.textContent('#e-members'), /整数/);
    await page.getByLabel('党员数').fill('39');
    await send(page, page.getByRole('button', { name: '保存修改' }));
    assert.match(await page.textContent('.toast'), /已保存/);
    await page.goto('/');
    const names = () => page.locator('table tbody th').allTextContents();
    const before = await names();
    assert(before.length > 1);
    await send(page, page.getByRole('link', { name: '直接下级' }));
    await send(page, page.getByRole('link', { name: '直接下级' }));
    assert.equal(await page.locator('th[aria-sort=descending]').count(), 1);
    assert.deepEqual((await names()).sort(), before.sort());
    assert.match(await page.textContent('tfoot'), /合计/);
    await page.context().close();
  }],

  ['pages fit a phone, label every field and have one h1', async () => {
    const pages = { officer: ['/', '/orgs', '/orgs?q=none', made.village, `${made.village}/edit`,
      `${made.village}/split`, '/orgs/import?node=10000001', '/nowhere'], system: ['/accounts', '/accounts/new?node=10000001'],
    auditor: ['/audit', '/audit/verify'] };
    for (const [who, addresses] of Object.entries(pages)) {
      const page = await at(who);
      for (const address of addresses) {
        for (const size of [PHONE, { width: 768, height: 900 }, DESKTOP]) {
          await page.setViewportSize(size);
          await page.goto(address);
          const found = await page.evaluate(() => ({
            width: document.documentElement.scrollWidth,
            h1: document.querySelectorAll('h1').length,
            main: document.querySelectorAll('main .btn.main').length,
            bare: [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
              .filter((e) => !e.labels?.length).map((e) => e.name),
          }));
          assert.ok(found.width <= size.width, `${address} is ${found.width} wide at ${size.width}`);
          assert.equal(found.h1, 1, address);
          assert.ok(found.main <= 1, `${address}: ${found.main} main buttons`);
          assert.deepEqual(found.bare, [], `${address}: fields without labels`);
          await shot(page, `${size.width}-${who}${address.replace(/[^a-z0-9]+/gi, '-')}`);
        }
      }
    }
  }],

  ['the first page is small and quickly made', async () => {
    const page = await at('officer');
    let bytes = 0;
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    await client.send('Network.setCacheDisabled', { cacheDisabled: true });
    client.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
    await page.goto('/', { waitUntil: 'networkidle' });
    assert.ok(bytes > 1000 && bytes < 200 * 1024, `${bytes} bytes on the wire`);
  }],

  ['signing out ends the session on the server', async () => {
    const page = await at('town');
    const cookies = await page.context().cookies();
    const session = cookies.find((c) => c.name === 'jw');
    assert.ok(session.httpOnly && session.sameSite === 'Strict');
    await page.goto('/');
    await send(page, page.getByRole('button', { name: '退出' }));
    assert.match(page.url(), /\/login$/);
    await page.context().addCookies([session]);
    await page.goto('/orgs');
    assert.match(page.url(), /\/login/);
  }],

  ['no page broke its content security policy or threw', async () => {
    // Taking pictures makes noise of its own.
    if (!process.env.SHOTS) assert.deepEqual(noise, []);
  }],

  ['the log has no passwords, queries or codes, and the server stops politely', async () => {
    for (const secret of [...Object.values(people).map((p) => p[2]), 'code=', 'next=', '_csrf']) {
      assert.ok(!server.log.includes(secret), secret);
    }
    assert.match(server.log, / POST \/login 303 /);
    assert.equal(await server.stop(), 0);
  }],
]);

await site.stop();
