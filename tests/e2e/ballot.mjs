// SPDX-License-Identifier: Apache-2.0
// A ballot from setting the box up to the counts, in the made-up county: the
// township's computer, phones with and without script, the tablet in the hall.
// usage: ballot.mjs JINWEI REGISTER [BUILD]   with BUILD: on PostgreSQL
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { PHONE, ask, daylight, download, run, send, shot, startSite } from './site.mjs';

const [jinwei, register, build] = process.argv.slice(2);
await daylight();
const site = await startSite(jinwei, { build, args: ['--demo', register] });
const { server, open, noise } = site;
const PHRASES = [['田国富', '月亮在白莲花般的云朵里'], ['彭秀英', '二十年陈的米酒慢慢喝'], ['石大明', 'correct horse battery']];
let office, box, codes;

// A form of the box's page by the text of its button.
async function press(page, button, fill = async () => {}) {
  const form = page.locator('form', { has: page.getByRole('button', { name: button, exact: true }) }).first();
  await fill(form);
  await send(page, form.getByRole('button', { name: button, exact: true }));
}

async function toasted(page, text) {
  await page.locator('.toast', { hasText: text }).waitFor();
}

const figures = () => ask(office, box);
const h1 = async (page, text) => page.locator('h1', { hasText: text }).waitFor();

await run([
  ['a township sets up a box for a village', async () => {
    office = await site.signIn('shiqiao', 'Yunling-05');
    const list = await ask(office, '/orgs?q=三岔口');
    await office.goto(`/ballots/new?node=${list.rows.find((row) => row.code === '02-602').id}`);
    await press(office, '设好票箱', async (form) => {
      await form.getByLabel('年度工作').selectOption({ index: 0 });
      await form.getByLabel('党员人数').fill('');
      await form.getByLabel('群众人数').fill('9');
      await form.getByLabel('开箱时间').fill('0:00');
      await form.getByLabel('关箱时间').fill('24:00');
      await shot(office, 'ballot-new');
    });
    await h1(office, '民主测评');
    box = new URL(office.url()).pathname;
    assert.match(box, /^\/ballots\/\d+$/);
  }],

  ['counters set phrases, which must agree, and a test ballot needs two of them', async () => {
    const fill = (last) => async (form) => {
      for (const [i, [name, phrase]] of PHRASES.entries()) {
        await form.locator(`[name=name${i + 1}]`).fill(name);
        await form.locator(`[name=new_phrase${i + 1}]`).fill(phrase);
        await form.locator(`[name=new_again${i + 1}]`).fill(i === 2 ? last : phrase);
      }
      await shot(office, 'ballot-keys');
    };
    await press(office, '设好口令', fill('something else'));
    await office.locator('.err', { hasText: '两遍输入的不一样' }).waitFor();
    await press(office, '设好口令', fill(PHRASES[2][1]));
    await toasted(office, '口令已设好');
    await press(office, '封好再打开', async (form) => {
      await form.locator('[name=phrase_a]').fill(PHRASES[0][1]);
      await form.locator('[name=phrase_b]').fill('not his phrase');
    });
    await office.locator('.problem', { hasText: '口令不对' }).waitFor();
    await press(office, '封好再打开', async (form) => {
      await form.locator('[name=phrase_a]').fill(PHRASES[0][1]);
      await form.locator('[name=phrase_b]').fill(PHRASES[1][1]);
    });
    await toasted(office, '内容相符');
  }],

  ['slips are a PDF with codes that nobody keeps; spares are voided, the rest activated', async () => {
    const form = office.locator('form', { has: office.getByRole('button', { name: '生成票的文件（PDF）' }) });
    await form.getByLabel('票', { exact: true }).selectOption('resident');
    assert.equal(await form.getByLabel('投票网址').inputValue(), `${server.url}/v`);
    const file = await download(office, form.getByRole('button', { name: '生成票的文件（PDF）' }), site.folder);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    codes = text.match(/\b[2-9A-Z]{4}( [2-9A-Z]{4}){6}\b/g);
    assert.equal(codes.length, 10);
    await office.goto(box);
    await press(office, '记下', async (f) => {
      await f.getByLabel('票', { exact: true }).selectOption('resident');
      await f.getByLabel('到场人数').fill('8');
    });
    await press(office, '照办', async (f) => {
      await f.getByLabel('做什么').selectOption('activate-rest');
      await f.getByLabel('票', { exact: true }).selectOption('resident');
    });
    await office.locator('.problem', { hasText: '两个数要相等' }).waitFor();
    await press(office, '照办', async (f) => {
      await f.getByLabel('做什么').selectOption('void');
      await f.getByLabel('代码').fill(`${codes[8].toLowerCase()}\n${codes[9]}`);
    });
    await toasted(office, '已作废 2 张');
    await press(office, '照办', async (f) => {
      await f.getByLabel('做什么').selectOption('activate-rest');
      await f.getByLabel('票', { exact: true }).selectOption('resident');
    });
    await toasted(office, '已启用 8 张');
    await shot(office, 'ballot-tested');
    await press(office, '开始投票');
    await toasted(office, '开始投票');
    await shot(office, 'ballot-open');
  }],

  ['a phone that scanned the code votes; the address shows nothing of it', async () => {
    const phone = await open({ viewport: PHONE });
    const asked = [];
    phone.on('requestfinished', (request) => asked.push(request));
    await phone.goto(`/v#${codes[0].replaceAll(' ', '')}`);
    await h1(phone, '三岔口村党支部');
    assert.equal(new URL(phone.url()).hash, '');
    // All that came over the wire, heads and bodies: the form, the ballot, style and script.
    await phone.waitForLoadState('networkidle');
    const kinds = new Set(asked.map((request) => request.resourceType()));
    for (const kind of ['document', 'stylesheet', 'script']) assert.ok(kinds.has(kind), kind);
    const sizes = await Promise.all(asked.map((request) => request.sizes()));
    const bytes = sizes.reduce((sum, size) => sum + size.responseHeadersSize + size.responseBodySize, 0);
    console.log(`# ${asked.length} answers, ${bytes} bytes on the wire`);
    assert.ok(bytes > 2000 && bytes < 50000, `${bytes} bytes`);
    await shot(phone, 'vote-choose');
    await send(phone, phone.getByRole('button', { name: '下一步：核对' }));
    await phone.locator('.err', { hasText: '还没有选' }).waitFor();
    await phone.getByRole('radio', { name: '较好' }).check();
    await send(phone, phone.getByRole('button', { name: '下一步：核对' }));
    await h1(phone, '请核对你的选择');
    assert.match(await phone.textContent('.picked'), /较好/);
    await shot(phone, 'vote-check');
    await send(phone, phone.getByRole('button', { name: '确认投票' }));
    await h1(phone, '投票完成');
    await shot(phone, 'vote-done');
    assert.doesNotMatch(await phone.textContent('body'), /较好/);
    assert.deepEqual(await phone.context().cookies(), []);
    assert.equal((await figures()).voted, 1);
    // Again: used.
    await phone.goto(`/v?again#${codes[0].replaceAll(' ', '')}`);
    await h1(phone, '这张票已经投过了');
    await shot(phone, 'vote-used');
    await phone.context().close();
  }],

  ['without script the code is typed, also wrongly at first', async () => {
    const phone = await open({ viewport: PHONE, javaScriptEnabled: false });
    await phone.goto('/v');
    await shot(phone, 'vote-code');
    const wrong = codes[1].slice(0, -1) + (codes[1].endsWith('2') ? '3' : '2');
    await phone.getByLabel('代码', { exact: true }).fill(wrong);
    await send(phone, phone.getByRole('button', { name: '打开选票' }));
    await phone.locator('.err', { hasText: '打错了' }).waitFor();
    await shot(phone, 'vote-wrong');
    assert.equal(await phone.getByLabel('代码', { exact: true }).inputValue(), wrong);
    await phone.getByLabel('代码', { exact: true }).fill(codes[1].toLowerCase());
    await send(phone, phone.getByRole('button', { name: '打开选票' }));
    await h1(phone, '三岔口村党支部');
    await phone.getByRole('radio', { name: '一般' }).check();
    await send(phone, phone.getByRole('button', { name: '下一步：核对' }));
    await send(phone, phone.getByRole('button', { name: '返回重选' }));
    assert.ok(await phone.getByRole('radio', { name: '一般' }).isChecked());
    await phone.getByRole('radio', { name: '好', exact: false }).first().check();
    await send(phone, phone.getByRole('button', { name: '下一步：核对' }));
    await send(phone, phone.getByRole('button', { name: '确认投票' }));
    await h1(phone, '投票完成');
    // The same try again is the same vote.
    await phone.reload().catch(() => {});
    assert.equal((await figures()).voted, 2);
    assert.deepEqual(await phone.context().cookies(), []);
    await phone.context().close();
  }],

  ['other slips each get their own words', async () => {
    const phone = await open({ viewport: PHONE, javaScriptEnabled: false });
    const said = async (code) => {
      await phone.goto('/v');
      await phone.getByLabel('代码', { exact: true }).fill(code);
      await send(phone, phone.getByRole('button', { name: '打开选票' }));
      return phone.textContent('h1');
    };
    assert.equal(await said(codes[9]), '这张票已作废');
    assert.equal(await said('2222 2222 2222 2222 2222 2222 2222'), '这不是本次测评的票');
    await phone.context().close();
  }],

  ['GET and HEAD spend nothing', async () => {
    const code = codes[2].replaceAll(' ', '');
    for (const method of ['GET', 'HEAD']) {
      for (const address of [`/v?code=${code}&step=cast&a0=1&nonce=0123456789abcdef`, `/v/${code}`]) {
        await new Promise((resolve, reject) => {
          const url = new URL(address, server.url);
          http.request(url, { method }, (r) => { r.resume(); r.on('end', resolve); }).on('error', reject).end();
        });
      }
    }
    assert.equal((await figures()).voted, 2);
  }],

  ['the tablet in the hall forgets after each vote', async () => {
    const tablet = await open({ viewport: { width: 800, height: 1100 } });
    await tablet.goto(`/v/kiosk/${box.split('/').pop()}`);
    await shot(tablet, 'kiosk');
    for (const code of codes.slice(2, 4)) {
      await tablet.getByLabel('代码', { exact: true }).fill(code);
      await send(tablet, tablet.getByRole('button', { name: '打开选票' }));
      await tablet.getByRole('radio', { name: '较差' }).check();
      await send(tablet, tablet.getByRole('button', { name: '下一步：核对' }));
      await send(tablet, tablet.getByRole('button', { name: '确认投票' }));
      await h1(tablet, '投票完成');
      await send(tablet, tablet.getByRole('link', { name: '下一位' }));
      await h1(tablet, '输入票上的代码');
      assert.equal(await tablet.getByLabel('代码', { exact: true }).inputValue(), '');
      await tablet.goBack().catch(() => {});
      assert.doesNotMatch(await tablet.textContent('body'), /较差|核对你的选择/);
      await tablet.goto(`/v/kiosk/${box.split('/').pop()}`);
    }
    await tablet.context().close();
  }],

  ['the hall sees how many have voted, and no counts', async () => {
    const hall = await office.context().newPage();
    await hall.goto(`${box}/hall`);
    assert.match(await hall.textContent('.big'), /已投\s*4\s*到场\s*8/);
    assert.doesNotMatch(await hall.textContent('body'), /较好|较差/);
    await shot(hall, 'hall');
    await hall.close();
    assert.equal((await figures()).counts, undefined);
  }],

  ['paper is keyed apart; what differs is shown; two phrases open the box', async () => {
    await office.goto(box);
    await press(office, '收票换纸', async (f) => { await f.getByLabel('收回的票的代码').fill(codes[4]); });
    await toasted(office, '已换一张纸质票');
    await press(office, '关箱');
    await toasted(office, '已关箱');
    const key = async (counter, counts) => {
      await office.goto(`${box}/paper?class=resident`);
      await press(office, '封存', async (f) => {
        await f.getByLabel('监票人').selectOption({ label: counter });
        await f.getByLabel('收回张数').fill('1');
        for (const [i, n] of counts.entries()) await f.locator('[name=n]').nth(i).fill(String(n));
      });
      await toasted(office, '已封存');
    };
    await key('田国富', [1, 0, 0, 0]);
    await key('彭秀英', [0, 1, 0, 0]);
    const openBox = () => press(office, '开箱计票', async (f) => {
      await shot(office, 'ballot-closed');
      await f.locator('[name=b]').selectOption({ label: '石大明' });
      await f.locator('[name=phrase_a]').fill(PHRASES[0][1]);
      await f.locator('[name=phrase_b]').fill(PHRASES[2][1]);
    });
    await openBox();
    await h1(office, '纸质票对不上');
    await shot(office, 'ballot-mismatch');
    await key('彭秀英', [1, 0, 0, 0]);
    await openBox();
    await toasted(office, '已开箱计票');
    await shot(office, 'ballot-counted');
    const data = await figures();
    assert.deepEqual(data.counts_resident, [[2, 1, 0, 2, 0]]);
    const file = await download(office, office.getByRole('link', { name: '打印计票单（PDF）' }), site.folder);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    assert.match(text, /印票 10 张 ＝ 作废 2 张 ＋ 手机投 4 张 ＋ 换纸质票 1 张 ＋ 没有交回 3/);
    assert.match(text, /田国富、石大明/);
    if (process.env.SHOTS) execFileSync('pdftoppm', ['-r', '60', '-png', file, path.join(process.env.SHOTS, 'record')]);
  }],

  ['nothing complained, and the pages fit a phone', async () => {
    const phone = await open({ viewport: PHONE });
    await phone.context().addCookies(await office.context().cookies());
    for (const [address, name] of [[box, 'phone-box'], ['/ballots', 'phone-ballots'], ['/v/about', 'phone-about']]) {
      await phone.goto(address);
      await shot(phone, name);
      const wide = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(wide <= 0, `${address} is ${wide} px too wide`);
    }
    assert.deepEqual(noise, []);
    // Nobody wrote down who voted: the demo has no log, so look at the files.
    if (!build) {
      const data = readFileSync(path.join(site.folder, 'jinwei.db'));
      for (const code of codes) {
        assert.ok(!data.includes(code) && !data.includes(code.replaceAll(' ', '')));
      }
    }
    await phone.context().close();
  }],
]);

await site.stop();
