// SPDX-License-Identifier: Apache-2.0
// Over TLS, with a certificate made here that nobody trusts: signing in, what keeps the
// session, pages with all they are made of, and plain HTTP on the same port.
// usage: tls.mjs JINWEI
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { download, enter, run, send, startSite } from './site.mjs';

const [jinwei] = process.argv.slice(2);
const keys = mkdtempSync(path.join(tmpdir(), 'jinwei-tls-'));
const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(keys, name));
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
  '-nodes', '-days', '2', '-subj', '/CN=jinwei', '-keyout', key, '-out', cert], { stdio: 'pipe' });
const site = await startSite(jinwei, { args: ['--demo', 'examples/组织名册.xlsx', '--tls-cert', cert, '--tls-key', key] });
const { server, noise, folder } = site;
const { host, hostname, port } = new URL(server.url);
const page = await site.open({ ignoreHTTPSErrors: true });
const context = page.context();
const answers = [];
context.on('response', (answer) => answers.push(answer));

// All that a plain connection on the port of TLS hears of what it asks.
function plain(question) {
  return new Promise((resolve) => {
    let heard = '';
    const socket = net.connect(Number(port), hostname, () => socket.write(question));
    socket.setEncoding('latin1');
    socket.on('data', (text) => { heard += text; });
    socket.on('error', () => {});       // cut off
    socket.on('close', () => resolve(heard));
  });
}

await run([
  ['the address that is printed is one of TLS, and a browser is told whom not to trust', async () => {
    assert.match(server.url, /^https:/);
    const careful = await site.open();
    await assert.rejects(careful.goto('/login'), /ERR_CERT_AUTHORITY_INVALID/);
    await careful.context().close();
  }],

  ['who signs in gets a cookie that no other host can set and no plain connection carries', async () => {
    await enter(page, 'zuzhi', 'Yunling-04');
    assert.notEqual(new URL(page.url()).pathname, '/login');
    const session = (await context.cookies()).find((cookie) => cookie.name === '__Host-jw');
    assert.ok(session, 'a session');
    const { secure, httpOnly, sameSite, path: place } = session;
    assert.deepEqual({ secure, httpOnly, sameSite, place }, { secure: true, httpOnly: true, sameSite: 'Strict', place: '/' });
    for (const cookie of await context.cookies()) assert.ok(cookie.secure, cookie.name);
    assert.deepEqual(await context.cookies(`http://${host}/`), []);
  }],

  ['a list, its file, a chart that is explored and a form that writes go the same way', async () => {
    await page.goto('/orgs');
    assert.match(await download(page, page.getByRole('link', { name: '导出 Excel' }), folder), /\.xlsx$/);
    await page.goto('/orgs/10000001');
    await page.getByRole('button', { name: '细看' }).click();
    await page.locator('figure.chart canvas').waitFor();
    await page.goto('/orgs/new?parent=10000001');
    await page.getByLabel('代码', { exact: true }).fill('TLS-1');
    await page.getByLabel('名称', { exact: true }).fill('龙泉镇党委');
    await page.getByLabel('层级').selectOption({ label: '乡级' });
    await send(page, page.getByRole('button', { name: '登记', exact: true }));
    await page.getByRole('heading', { level: 1, name: '龙泉镇党委' }).waitFor();
  }],

  ['every answer wants the next visit over TLS as well, and none came in another way', async () => {
    assert.ok(answers.length > 10, `${answers.length} answers`);
    for (const answer of answers) {
      assert.equal(new URL(answer.url()).origin, server.url);
      assert.match(await answer.headerValue('strict-transport-security') ?? '', /^max-age=31536000/, answer.url());
    }
  }],

  ['plain HTTP on the same port gets no page', async () => {
    assert.doesNotMatch(await plain(`GET /login HTTP/1.1\r\nHost: ${host}\r\n\r\n`), /HTTP|html/);
    const other = await site.open({ ignoreHTTPSErrors: true });
    await assert.rejects(other.goto(`http://${host}/login`), /ERR_/);
    await other.context().close();
  }],

  ['signing out takes the cookie away', async () => {
    await page.goto('/');
    await send(page, page.getByRole('button', { name: '退出' }));
    assert.match(page.url(), /\/login$/);
    assert.equal((await context.cookies()).find((cookie) => cookie.name === '__Host-jw'), undefined);
  }],

  ['no page complains', async () => { assert.deepEqual(noise, []); }],
]);
await site.stop();
rmSync(keys, { recursive: true });
