// SPDX-License-Identifier: Apache-2.0
// A county makes a scheme of its own in the browser, in the demo county.
// usage: schemes.mjs JINWEI
import assert from 'node:assert/strict';
import { PHONE, day, fitsPhone, run, send, shot, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx'] });
const { noise, signIn } = site;
let text, officer;

await run([
  ['the shipped schemes are listed and say their rules', async () => {
    officer = await signIn('zuzhi', 'Yunling-04');
    await officer.goto('/schemes');
    assert.equal(await officer.locator('tbody tr').count(), 14);    // twelve, the county's own and the pilot's
    await send(officer, officer.getByRole('link', { name: '全县基层党组织分类定级' }));
    assert.match(officer.url(), /county-notice/);
    await officer.getByRole('heading', { name: '文件没有写明、由方案设定的地方' }).waitFor();
    assert.equal(await officer.getByRole('link', { name: '修改', exact: true }).count(), 0);
  }],
  ['one is cloned, and what is wrong is told while typing', async () => {
    await send(officer, officer.getByRole('link', { name: '照着它新建' }));
    await officer.getByLabel('方案名称').fill('云岭县分类定级方案');
    await officer.getByLabel('方案代码').fill('yunling-2026');
    await send(officer, officer.getByRole('button', { name: '新建，接着修改' }));
    assert.match(officer.url(), /edit$/);
    await officer.getByText('没有错误，可以发布').waitFor();
    text = await officer.locator('#text').inputValue();
    await officer.locator('#text').fill(text.replace('weight: 50%', 'weight: 40%'));
    await officer.getByText('合计 90%').waitFor();
    await shot(officer, 'scheme-faults');
    await officer.locator('#text').fill(text.replace('weight: 30%', 'wieght: 30%'));
    await officer.getByRole('link', { name: '是不是 weight' }).click();
    assert.match(await officer.evaluate(() => { const { value, selectionStart, selectionEnd } = document.activeElement;
      return value.slice(selectionStart, selectionEnd); }), /^ *- .*wieght: 30%.*\}$/);
    await officer.locator('#text').fill(text.replace('weight: 50%', 'weight: 40%'));
    await officer.getByText('合计 90%').waitFor();
  }],
  ['a faulty one is not published and what was typed stays', async () => {
    await send(officer, officer.getByRole('button', { name: '发布', exact: true }));
    await officer.getByText('改好才能发布').first().waitFor();
    assert.match(await officer.locator('#text').inputValue(), /weight: 40%/);
  }],
  ['mended it is published and compared with its origin', async () => {
    await officer.locator('#text').fill(text.replace('weight: 50%', 'weight: 40%')
      .replace('weight: 20%', 'weight: 30%'));
    await officer.getByText('没有错误，可以发布').waitFor();
    await officer.getByLabel('改了什么').fill('自评提高到 30%');
    await send(officer, officer.getByRole('button', { name: '发布', exact: true }));
    assert.match(officer.url(), /schemes\/\d+$/);
    await officer.getByText('第 1 版，已发布').first().waitFor();
    const own = officer.url().split('/').pop();
    await officer.goto(`/schemes/compare?a=county-notice&b=${own}`);
    await officer.getByText('权重 30%').waitFor();
    assert.equal(await officer.locator('del').count(), 3);
    await shot(officer, 'scheme-compare');
  }],
  ['what was begun this year is told before the days are; one township can begin another', async () => {
    await officer.goto('/campaigns/new');
    await officer.locator('select[name=scheme]').selectOption({ label: '云岭县分类定级方案' });
    await send(officer, officer.getByRole('button', { name: '看一看' }));
    await officer.getByText('同一年度不能重复').waitFor();
    await officer.locator('select[name=node]').selectOption({ label: '只在中共石桥镇委员会' });
    await officer.locator('input[name=year]').fill(String(Number(day(0).slice(0, 4)) - 2));
    await send(officer, officer.getByRole('button', { name: '看一看' }));
    await officer.getByRole('heading', { name: '要定级的党组织 24 个' }).waitFor();
    await fitsPhone(officer, 'campaign-new');
  }],
  ['where organisations score each other a branch finds the others, not itself', async () => {
    await officer.locator('select[name=scheme]').selectOption('qiannan');
    await send(officer, officer.getByRole('button', { name: '看一看' }));
    await send(officer, officer.getByRole('button', { name: '开始这项年度工作' }));
    const clerk = await signIn('sancha', 'Yunling-07');
    await clerk.goto(new URL(officer.url()).pathname);
    await send(clerk, clerk.getByRole('link', { name: '给别的党组织打分' }));
    assert.match(await clerk.locator('main').innerText(), /石桥村党支部/);
    assert.equal(await clerk.locator('tbody a', { hasText: '三岔口村党支部' }).count(), 0);
    await clerk.locator('tbody input:not([type=hidden])').first().fill('91.5');
    await clerk.keyboard.press('Tab');
    await clerk.getByText(/已保存/).waitFor();
  }],
  ['a clerk reads it on a phone and can not change it', async () => {
    const clerk = await signIn('sancha', 'Yunling-07', { viewport: PHONE });
    await clerk.goto('/schemes');
    await send(clerk, clerk.getByRole('link', { name: '云岭县分类定级方案' }));
    await clerk.getByRole('heading', { name: '云岭县分类定级方案' }).waitFor();
    assert.equal(await clerk.getByRole('link', { name: '修改', exact: true }).count(), 0);
    const response = await clerk.goto(`${clerk.url()}/edit`);
    assert.equal(response.status(), 403);
  }],
  ['the pages complained of nothing', async () => {
    assert.deepEqual(noise, []);
  }],
]);

await site.stop();
