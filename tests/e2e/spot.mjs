// SPDX-License-Identifier: Apache-2.0
// The inspectors' page on a phone that loses its network: findings and photos wait on
// the phone, go out later in order, never twice, and say what became of them.
// usage: spot.mjs JINWEI
import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import { PHONE, ask, enter, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'], expected: /status of 4|net::ERR_/ });
const { noise } = site;
let page, place;

// A photo as a phone makes it: large. `shade` tells one from another.
function png(width, height, shade) {
  const picture = new PNG({ width, height });
  picture.data.fill(shade);
  return { name: `${shade}.png`, mimeType: 'image/png', buffer: PNG.sync.write(picture, { colorType: 2 }) };
}

async function write(finding, photos = []) {
  await page.locator('[name=finding]').fill(finding);
  if (photos.length) await page.locator('[name=photo]').setInputFiles(photos);
  await page.getByRole('button', { name: '记下' }).click();
  await page.waitForFunction(() => !document.querySelector('[name=finding]').value);
}

const waiting = () => page.locator('#spot-waiting > p b').textContent();
const told = (words) => page.waitForFunction((w) =>
  new RegExp(w).test(document.querySelector('#spot-waiting > p b').textContent), words);
const json = (address) => ask(page, address);

// Findings of the place as the server has them, oldest first; not those the demo brings.
const brought = new Set();
async function findings() {
  const all = (await json(`/cases/draws?node=${place}`)).checks;
  return all.filter((check) => !brought.has(check.id)).sort((a, b) => a.id - b.id);
}
const photosOf = async (check) => (await json(`/files?node=${place}&kind=check&object=${check}`)).files;

const tests = {
  async 'the page asks where, and is no wider than a phone'() {
    page = await site.signIn('ducha', 'Yunling-11', { viewport: PHONE });
    await page.goto('/checks');
    place = await page.locator('select[name=id] option', { hasText: /村党支部/ }).first().getAttribute('value');
    await page.locator('select[name=id]').selectOption(place);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
    await shot(page, 'spot-empty');
    for (const check of await findings()) brought.add(check.id);
  },
  async 'without a network findings and photos wait on the phone'() {
    await page.context().setOffline(true);
    await write('活动室锁着，敲门没有人');
    await write('公开栏还是三月份的', [png(2400, 1800, 60), png(1200, 2400, 90)]);
    await told('^待发送 2 条，含照片 2 张');
    await told('现在没有信号');
    assert.equal(await page.locator('#spot-waiting li').count(), 2);
    assert.equal(await page.locator('select[name=id]').inputValue(), place);
    await shot(page, 'spot-waiting');
  },
  async 'answers that get lost make nothing double'() {
    // The server takes each first request, the phone never hears of it.
    const lost = new Set();
    await page.context().route(/\/(checks|files)$/, async (route) => {
      const address = new URL(route.request().url()).pathname;
      if (route.request().method() !== 'POST' || lost.has(address)) return route.continue();
      lost.add(address);
      await route.fetch();
      return route.abort('connectionreset');
    });
    await page.context().setOffline(false);
    await page.waitForFunction(() => {
      window.dispatchEvent(new Event('online'));
      return /已全部送出/.test(document.querySelector('#spot-waiting > p b').textContent);
    }, null, { polling: 500 });
    await page.context().unroute(/\/(checks|files)$/);
    assert.deepEqual([...lost].sort(), ['/checks', '/files']);
    assert.match(await waiting(), /^已全部送出（2 条）/);
    assert.deepEqual((await findings()).map((c) => c.finding), ['活动室锁着，敲门没有人', '公开栏还是三月份的']);
    await shot(page, 'spot-sent');
  },
  async 'the photos came in order, small and as JPEG'() {
    const [without, withPhotos] = await findings();
    assert.equal((await photosOf(without.id)).length, 0);
    const files = await photosOf(withPhotos.id);
    assert.equal(files.length, 2);
    const sizes = [];
    for (const file of files) {
      assert.equal(file.type, 'image/jpeg');
      sizes.push(await page.evaluate(async (id) => {
        const blob = await (await fetch(`/files/${id}`)).blob(), picture = await createImageBitmap(blob);
        const head = new TextDecoder('latin1').decode(await blob.slice(0, 4096).arrayBuffer());
        return [picture.width, picture.height, head.includes('Exif')];
      }, file.id));
    }
    assert.deepEqual(sizes, [[1600, 1200, false], [800, 1600, false]]);
    await page.goto(`/cases/draws?node=${place}`);
    await page.locator('img.thumb').first().scrollIntoViewIfNeeded();     // fetched when nearly seen
    await page.waitForFunction(() => [...document.querySelectorAll('img.thumb')].length === 2 &&
      [...document.querySelectorAll('img.thumb')].every((i) => i.complete && i.naturalWidth > 0));
    await shot(page, 'spot-list');
  },
  async 'what the server refuses stays with its reason and holds up nobody'() {
    await page.goto(`/checks?id=${place}`);
    await page.context().setOffline(true);
    await page.locator('[name=deadline]').fill('2026-13-45');
    await write('期限写错了');
    await write('后面这一条没有错');
    await page.context().setOffline(false);
    await page.evaluate(() => window.dispatchEvent(new Event('online')));
    await page.getByText(/没有收：限期整改到：/).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('#spot-waiting li').length === 1);
    assert.match(await waiting(), /^待发送 1 条/);
    assert.equal((await findings()).at(-1).finding, '后面这一条没有错');
    await shot(page, 'spot-refused');
    await page.getByRole('button', { name: '拿回来改' }).click();
    assert.equal(await page.locator('[name=finding]').inputValue(), '期限写错了');
    await page.locator('[name=deadline]').fill('2027-01-31');
    await page.getByRole('button', { name: '记下' }).click();
    await told('^已全部送出');
    assert.equal((await findings()).length, 4);
    assert.equal((await findings()).at(-1).finding, '期限写错了');
    // What nobody wants any more goes, but not without a question.
    await page.locator('[name=deadline]').fill('2026-13-45');
    await write('写错地方了');
    await page.getByText(/没有收：/).waitFor();
    page.once('dialog', (dialog) => dialog.accept());
    await page.getByRole('button', { name: '不要了，删掉' }).click();
    await told('^已全部送出');
    assert.equal((await findings()).length, 4);
  },
  async 'they outlive the page, and another account does not send them'() {
    await page.context().setOffline(true);
    await write('关机以前写的', [png(400, 300, 120)]);
    // Until it has tried to send: a page that is being closed has its network back.
    await told('现在没有信号');
    await page.close();
    const context = page.context();
    await context.setOffline(false);
    await context.clearCookies();
    page = await context.newPage();
    await enter(page, 'zuzhi', 'Yunling-04');
    await page.goto(`/checks?id=${place}`);
    await page.getByText(/别的账号写的 1 条/).waitFor();
    assert.equal((await findings()).length, 4);
    await context.clearCookies();
    page = await context.newPage();
    await enter(page, 'ducha', 'Yunling-11');
    await page.goto(`/checks?id=${place}`);
    await page.getByText(/^已全部送出（1 条）/).waitFor();
    const last = (await findings()).at(-1);
    assert.equal(last.finding, '关机以前写的');
    assert.equal((await photosOf(last.id)).length, 1);
    await context.close();
  },
  async 'without a script one photo goes along with the finding'() {
    page = await site.signIn('ducha', 'Yunling-11', { viewport: PHONE, javaScriptEnabled: false });
    await page.goto(`/checks?id=${place}`);
    await page.locator('[name=finding]').fill('不用脚本也能记');
    await page.locator('[name=photo]').setInputFiles(png(300, 200, 30));
    await send(page, page.getByRole('button', { name: '记下' }));
    await page.getByText('照片也收到了').waitFor();
    assert.match(await page.locator('main').textContent(), /刚记下：不用脚本也能记/);
    await shot(page, 'spot-no-script');
    await page.goto(`/cases/draws?node=${place}`);
    assert.equal(await page.locator('img.thumb').count(), 4);
    assert.deepEqual(noise, []);
  },
};

try {
  await run(Object.entries(tests));
} finally {
  await site.stop();
}
