// SPDX-License-Identifier: Apache-2.0
// People in the browser: the second factor with a real reader of its QR code,
// the rules for passwords, accounts from a sheet with slips to print, charts and
// the manual. usage: people.mjs JINWEI
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { DESKTOP, download, enter, PHONE, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei);
const { server, noise, open } = site;
const people = {
  system: ['xitong', '张一', 'Zhang-Yi-77-xt'],
  security: ['anquan', '王二', 'Wang-Er-88-aq'],
  auditor: ['shenji', '李三', 'Li-San-99-sj'],
  officer: ['zuzhi', '赵四', 'Zhao-Si-66-zz'],
};
const STEP_MS = 30000;

// As RFC 6238 has it: what the phone shows at this time.
function totp(secret, ms) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(ms / STEP_MS)));
  const hash = createHmac('sha1', key).update(counter).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

const signIn = (who) => site.signIn(people[who][0], people[who][2]);

async function setPassword(page, old, now) {
  await page.goto('/password');
  await page.getByLabel('现在的密码').fill(old);
  await page.getByLabel('新密码').fill(now);
  await page.getByLabel('再输一遍').fill(now);
  await send(page, page.getByRole('button', { name: '修改密码' }));
}

const slips = {};

await run([
  ['the first accounts are made', async () => {
    const page = await open();
    await page.goto(server.first);
    await page.getByLabel('本级党组织名称').fill('云岭县');
    await page.getByLabel('本级代码').fill('YL');
    for (const [who, values] of Object.entries(people)) {
      for (const [i, part] of ['login', 'name', 'password'].entries()) {
        await page.locator(`[name=${who}_${part}]`).fill(values[i]);
      }
    }
    await send(page, page.getByRole('button', { name: '建立首批账号' }));
    assert.match(page.url(), /\/login$/);
  }],

  ['a phone reads the code, shows six digits, and is asked for from then on', async () => {
    const page = await signIn('officer');
    await page.goto('/totp');
    const picture = PNG.sync.read(await page.locator('svg.qr').screenshot({ caret: 'initial' }));
    const read = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
    assert.ok(read, 'the QR code on the screen can be read');
    const address = new URL(read.data);
    assert.equal(address.protocol, 'otpauth:');
    const secret = address.searchParams.get('secret');
    assert.equal((await page.locator('p.key').textContent()).replace(/\s/g, ''), secret);
    await shot(page, 'totp');
    await page.locator('#f-code').fill('000000');
    await send(page, page.getByRole('button', { name: '开通' }));
    await page.locator('#e-code').waitFor();
    assert.equal((await page.locator('p.key').textContent()).replace(/\s/g, ''), secret);
    const first = totp(secret, Date.now());
    await page.locator('#f-code').fill(first);
    await send(page, page.getByRole('button', { name: '开通' }));
    await page.getByText('已开通').first().waitFor();

    const again = await open();
    await enter(again, people.officer[0], people.officer[2]);
    await again.getByText('请输入正确的动态口令').waitFor();
    // One that was used is of no use; the phone's next one is taken a little early.
    await enter(again, people.officer[0], people.officer[2], first);
    await again.getByText('请输入正确的动态口令').waitFor();
    await enter(again, people.officer[0], people.officer[2], totp(secret, Date.now() + STEP_MS));
    assert.notEqual(new URL(again.url()).pathname, '/login');

    await page.goto('/totp');
    await page.getByLabel('登录密码').fill(people.officer[2]);
    await send(page, page.getByRole('button', { name: '关闭动态口令' }));
    await page.getByText('已关闭').waitFor();
    await enter(again, people.officer[0], people.officer[2]);
    assert.notEqual(new URL(again.url()).pathname, '/login');
  }],

  ['the rules for passwords are set by the security administrator and hold for all', async () => {
    const page = await signIn('security');
    await page.goto('/policy');
    await page.getByLabel('密码最短').fill('9');
    await send(page, page.getByRole('button', { name: '保存' }));
    await page.locator('#e-min_length').waitFor();
    await page.getByLabel('密码最短').fill('16');
    await send(page, page.getByRole('button', { name: '保存' }));
    await page.getByText('密码和登录规则已修改').waitFor();
    const officer = await signIn('officer');
    await setPassword(officer, people.officer[2], 'Shan-Hua-6-lan');
    await officer.locator('[id^=e-new], .problem').first().waitFor();
    assert.match(await officer.textContent('main'), /16/);
    await setPassword(officer, people.officer[2], 'Shan-Hua-6-lan-kai');
    assert.equal(new URL(officer.url()).pathname, '/');
    people.officer[2] = 'Shan-Hua-6-lan-kai';
    const system = await signIn('system');
    assert.equal((await system.goto('/policy')).status(), 403);
  }],

  ['accounts come from a sheet, and their slips are shown once, to print', async () => {
    const page = await signIn('system');
    const sheet = (rows) => ({ name: '账号.csv', mimeType: 'text/csv',
      buffer: Buffer.from(`账号,姓名,组织代码,角色\r\n${rows.join('\r\n')}\r\n`) });
    await page.goto('/accounts');
    await send(page, page.getByRole('link', { name: '批量导入' }));
    assert.match(page.url(), /accounts\/import/);
    await page.getByLabel('表格文件').setInputFiles(sheet(['liumei,刘梅,YL,', 'x,坏的,没有,']));
    await send(page, page.getByRole('button', { name: '试导入' }));
    await page.getByText('没有导入').waitFor();
    await page.getByLabel('表格文件').setInputFiles(sheet(['liumei,刘梅,YL,', 'heping,何平,YL,']));
    await send(page, page.getByRole('button', { name: '试导入' }));
    await send(page, page.getByRole('button', { name: '确认导入' }));
    await page.locator('.slip').first().waitFor();
    assert.equal(await page.locator('.slip').count(), 2);
    for (const slip of await page.locator('.slip').all()) {
      const text = await slip.textContent();
      slips[text.match(/账号　(\S+?)网址/)[1]] = await slip.locator('.code').textContent();
      assert.ok(text.includes(server.url), text);
    }
    // On paper there is nothing but the slips.
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.head').first().isVisible(), false);
    assert.equal(await page.locator('.slip').first().isVisible(), true);
    await shot(page, 'slips');
    await page.emulateMedia({ media: 'screen' });
    await page.goto('/accounts?q=liumei');
    assert.equal(await page.locator('#list tbody tr').count(), 1);
    assert.ok(!(await page.content()).includes(slips.liumei));
    const mine = await open();
    await enter(mine, 'liumei', slips.liumei);
    assert.match(mine.url(), /\/password$/);
  }],

  ['a password is reset, and an account closed, only after a second look', async () => {
    const page = await signIn('system');
    const signsIn = async (password) => {
      const theirs = await open();
      await enter(theirs, 'heping', password);
      const path = new URL(theirs.url()).pathname;
      await theirs.context().close();
      return path;
    };
    await page.goto('/accounts?q=heping');
    await page.getByRole('link', { name: 'heping' }).click();
    await page.getByText('重置密码', { exact: true }).click();
    await page.getByText('动态口令一起取消').waitFor();
    assert.equal(await signsIn(slips.heping), '/password');
    await send(page, page.getByRole('button', { name: '确认重置密码' }));
    const fresh = (await page.locator('main').textContent()).match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){2}/)[0];
    assert.equal(await signsIn(slips.heping), '/login');
    assert.equal(await signsIn(fresh), '/password');
    await send(page, page.getByRole('link', { name: '去看账号' }));
    await page.getByText('停用', { exact: true }).click();
    await send(page, page.getByRole('button', { name: '确认停用' }));
    assert.equal(await signsIn(fresh), '/login');
    await send(page, page.getByRole('button', { name: '重新启用' }));
    assert.equal(await signsIn(fresh), '/password');
  }],

  ['accounts are sorted, filtered and taken away as a workbook', async () => {
    const page = await signIn('system');
    await page.goto('/accounts');
    await send(page, page.getByRole('columnheader', { name: '账号' }).getByRole('link'));
    await page.locator('th[aria-sort=descending]', { hasText: '账号' }).waitFor();
    assert.match(await page.locator('#list tbody tr').first().textContent(), /zuzhi/);
    await page.getByLabel('状态').selectOption({ label: '还没有改初始密码' });
    await send(page, page.getByRole('button', { name: '查找' }));
    assert.match(page.url(), /state=fresh/);
    assert.equal(await page.locator('#list tbody tr').count(), 2);
    assert.match(await download(page, page.getByRole('link', { name: '导出 Excel' }), site.folder), /账号.*\.xlsx$/);
  }],

  ['a chart has its figures, and opens to be explored', async () => {
    const page = await signIn('officer');
    await page.goto('/orgs/new?parent=10000001');
    await page.getByLabel('代码', { exact: true }).fill('07');
    await page.getByLabel('名称', { exact: true }).fill('龙泉镇党委');
    await page.getByLabel('层级').selectOption({ label: '乡级' });
    await send(page, page.getByRole('button', { name: '登记', exact: true }));
    await page.getByRole('heading', { level: 1, name: '龙泉镇党委' }).waitFor();
    await page.goto('/orgs/10000001');
    assert.match(await page.locator('figure.chart svg[role=img] title').first().textContent(), /县级 1 个，乡级 1 个/);
    await page.getByText('看数字').click();
    assert.equal(await page.locator('figure.chart tfoot td').last().textContent(), '2');
    await page.getByRole('button', { name: '细看' }).click();
    await page.locator('figure.chart canvas').waitFor();
    assert.equal(await page.locator('figure.chart .bars').isVisible(), false);
    await shot(page, 'chart');
    await page.getByRole('button', { name: '回到原图' }).click();
    assert.equal(await page.locator('figure.chart .bars').isVisible(), true);
  }],

  ['the manual is one click away and can be searched, also before signing in', async () => {
    const page = await signIn('officer');
    await page.goto('/orgs');
    await send(page, page.getByRole('link', { name: '怎么用' }).first());
    await page.getByRole('heading', { level: 1, name: '组织' }).waitFor();
    await page.getByLabel('查手册').fill('划转');
    await send(page, page.getByRole('button', { name: '查找' }));
    await page.getByRole('heading', { name: /在手册里查/ }).waitFor();
    await send(page, page.locator('.manual').getByRole('link', { name: '组织' }).first());
    assert.match(page.url(), /\/help\/orgs#h-/);
    const stranger = await open({ javaScriptEnabled: false });
    assert.equal((await stranger.goto('/help/sign-in')).status(), 200);
    assert.equal((await stranger.goto('/help/nothing')).status(), 404);
  }],

  ['above a county a role takes two security administrators, made at the first start', async () => {
    const city = await startSite(jinwei);
    const boss = { ...people, second: ['anquan2', '孙五', 'Sun-Wu-55-aq2'], officer: ['shiwei', '赵四', 'Zhao-Si-66-zz'] };
    const as = (who) => city.signIn(boss[who][0], boss[who][2]);
    const start = await city.open();
    await start.goto(city.server.first);
    await start.getByLabel('本级党组织名称').fill('临江市委');
    await start.getByLabel('本级代码').fill('LJ');
    await start.getByLabel('层级').selectOption({ label: '市级' });
    const fill = async (everyone) => {
      for (const [who, values] of Object.entries(everyone)) {
        for (const [i, part] of ['login', 'name', 'password'].entries()) {
          await start.locator(`[name=${who}_${part}]`).fill(values[i]);
        }
      }
      await send(start, start.getByRole('button', { name: '建立首批账号' }));
    };
    await fill({ ...boss, second: ['', '', ''] });
    assert.match(await start.locator('#e-second_login').textContent(), /两个人同意/);
    await shot(start, 'first-second');
    // Who is named in part is not left out silently, at a county either.
    await start.getByLabel('层级').selectOption({ label: '县级' });
    await fill({ ...boss, second: ['', '孙五', ''] });
    assert.match(await start.locator('#e-second_login').textContent(), /请填第二位的账号/);
    assert.match(await start.locator('#e-second_password').textContent(), /请填第二位的密码/);
    assert.equal(await start.locator('[name=second_name]').inputValue(), '孙五');
    await start.setViewportSize(PHONE);
    await shot(start, 'first-second-phone');
    await start.setViewportSize(DESKTOP);
    await fill({ ...boss, second: ['anquan2', '', ''] });
    assert.match(await start.locator('#e-second_name').textContent(), /请填第二位的姓名/);
    await start.getByLabel('层级').selectOption({ label: '市级' });
    await fill(boss);       // passwords are never sent back
    assert.match(start.url(), /\/login$/);

    const system = await as('system');
    await system.goto('/accounts');
    await send(system, system.getByRole('link', { name: '新建账号' }));
    await system.getByLabel('账号').fill('lingdao');
    await system.getByLabel('姓名').fill('唐国强');
    await system.getByLabel('所属组织').fill('LJ');
    await send(system, system.getByRole('button', { name: '建立账号' }));
    await send(system, system.getByRole('link', { name: '好了' }));
    const account = new URL(system.url()).pathname;
    const security = await as('security');
    await security.goto(account);
    await security.locator('#f-role').selectOption({ label: '领导' });
    await security.getByLabel('在哪个组织').fill('LJ');
    await send(security, security.getByRole('button', { name: '给这个角色' }));
    await security.getByText('等第二位安全管理员同意').waitFor();
    assert.equal(await security.getByText('jinwei account recover').count(), 0);
    await security.goto('/');
    assert.equal(await security.getByText('等您同意').count(), 0);      // not one's own

    // The second one leaves: nobody is left who may agree, and the page says what to do.
    await system.goto('/accounts?q=anquan2');
    await send(system, system.getByRole('link', { name: 'anquan2' }));
    await system.getByText('停用', { exact: true }).click();
    await send(system, system.getByRole('button', { name: '确认停用' }));
    for (const where of ['/accounts', account]) {
      await security.goto(where);
      await security.getByText('jinwei account recover').waitFor();
      await shot(security, `stuck${where === account}`);
      await security.setViewportSize(PHONE);
      await shot(security, `stuck${where === account}-phone`);
      await security.setViewportSize(DESKTOP);
    }
    await send(security, security.getByRole('main').getByRole('link', { name: '手册“账号和角色”' }));
    await security.getByRole('heading', { name: '管理员走了，没有人能补' }).waitFor();
    await send(system, system.getByRole('button', { name: '重新启用' }));

    const second = await as('second');
    assert.equal(await second.locator('.box', { hasText: '等您同意' }).textContent(), '1 个角色等您同意');
    await shot(second, 'waiting');
    await second.setViewportSize(PHONE);
    await shot(second, 'waiting-phone');
    await second.setViewportSize(DESKTOP);
    await send(second, second.getByRole('link', { name: '1 个角色等您同意' }));
    await second.getByRole('checkbox').first().check();
    await send(second, second.getByRole('button', { name: '同意选中的', exact: true }));
    await second.goto('/');
    assert.equal(await second.getByText('等您同意').count(), 0);
    await second.goto(account);
    await second.getByRole('button', { name: '收回' }).first().waitFor();
    assert.deepEqual(city.noise, []);
    await city.stop();
  }],

  ['nothing was complained about in any console', async () => {
    assert.deepEqual(noise, []);
  }],
]);

await site.stop();
