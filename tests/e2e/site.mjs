// SPDX-License-Identifier: Apache-2.0
// A server of one's own with an empty database, a browser, and TAP. Nothing here or in
// the suites may hang on how fast the machine is: what is clicked is waited for.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

export const DESKTOP = { width: 1366, height: 768 };
export const PHONE = { width: 360, height: 740 };
const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
// For whatever is waited for: ends what hangs.
const WAIT_MS = 300000;
// What a page does by itself after seconds (a note goes away, the tablet in the hall
// forgets) comes a hundred times later: a slow machine must have seen the page before.
const BY_ITSELF_MS = 5000;
const MIDNIGHT_MS = 600000;

// Starts `jinwei serve` on a free port; resolves once it says where it is, however long
// the made-up county takes (the suite's limit ends what hangs).
async function startServer(jinwei, db, args = []) {
  const child = spawn(jinwei, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, url: null, first: null, log: '' };
  child.stderr.on('data', (data) => { server.log += data; });
  const exited = new Promise((resolve) => { child.on('exit', resolve); });
  server.stop = async () => { child.kill('SIGTERM'); return exited; };
  await new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${server.log}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const first = line.match(/https?:\S+\/first\?code=\S+/);
      if (first) server.first = first[0];
      const url = line.match(/^网页服务已启动：(\S+)/);
      if (url) { server.url = url[1].replace(/\/$/, ''); resolve(); }
    });
  });
  return server;
}

// Does what leads to a page, and waits until that page stands there: loaded, or swapped
// in by htmx and settled (until then the focus still moves). The only way to wait.
export async function arrive(page, act) {
  const old = await page.locator('main').elementHandle();
  await act();
  await old.waitForElementState('hidden').catch((error) => {
    if (error.name === 'TimeoutError') throw error;     // else it went with its document
  });
  await page.locator('body:not(.htmx-settling) main').waitFor({ state: 'attached' });
  await page.waitForLoadState();
}

// Clicks a button or a link, and waits for the page it leads to.
export async function send(page, element) {
  await arrive(page, () => element.click());
}

// Clicks what answers with a file; its path in `folder`.
export async function download(page, element, folder) {
  const [file] = await Promise.all([page.waitForEvent('download'), element.click()]);
  const kept = path.join(folder, file.suggestedFilename());
  await file.saveAs(kept);
  return kept;
}

// A PostgreSQL server with an empty database, from {build}/tests/support; it
// ends with its standard input, so also when this process dies.
async function startPostgres(build) {
  const child = spawn(path.join(build, 'tests/support/serve_postgres'), [],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => { child.on('exit', resolve); });
  const url = await new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}`)));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return { url, stop: () => { child.stdin.end(); return exited; } };
}

async function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: CHROMIUM_FLAGS, timeout: WAIT_MS });
}

// A server and a browser for one suite. With `build` (its directory) the database is
// PostgreSQL's. What a page's console complains about is kept in `noise`, but for
// answers `expected` to be refusals.
export async function startSite(jinwei, { build, args = [], expected = /status of 4/ } = {}) {
  const temporary = temporaryFolder();
  const postgres = build && await startPostgres(build);
  const server = await startServer(jinwei, postgres?.url ?? path.join(temporary.folder, 'jinwei.db'), args);
  const browser = await startBrowser();
  const noise = [];

  // A page in a browser of somebody's own.
  async function open(options = {}) {
    const context = await browser.newContext({ viewport: DESKTOP, baseURL: server.url, ...options });
    context.setDefaultTimeout(WAIT_MS);
    await context.addInitScript((least) => {
      const later = window.setTimeout;
      window.setTimeout = (work, ms, ...rest) => later(work, ms >= least ? 100 * ms : ms, ...rest);
    }, BY_ITSELF_MS);
    context.on('weberror', (error) => noise.push(String(error.error())));
    context.on('console', (message) => {
      if (message.type() !== 'error' || expected.test(message.text())) return;
      // Taking a picture brings a style of its own.
      if (!process.env.SHOTS || !message.text().includes('inline style')) noise.push(message.text());
    });
    return context.newPage();
  }

  // The page of somebody who has just signed in.
  async function signIn(login, password, options) {
    const page = await open(options);
    await enter(page, login, password);
    assert.notEqual(new URL(page.url()).pathname, '/login', `${login} can sign in`);
    return page;
  }

  async function stop() {
    await browser.close();
    await server.stop();
    await postgres?.stop();
    temporary.remove();
  }

  return { server, postgres, folder: temporary.folder, noise, open, signIn, stop };
}

// Tries to sign in; `code` is the second factor's.
export async function enter(page, login, password, code) {
  await page.goto('/login');
  await page.getByLabel('账号').fill(login);
  await page.getByLabel('密码').fill(password);
  if (code) await page.getByLabel('动态口令').fill(code);
  await send(page, page.getByRole('button', { name: '登录' }));
}

// The JSON face as the page's account; with `fields` a form is sent.
export async function ask(page, address, fields) {
  const headers = { Accept: 'application/json' };
  if (!fields) return (await page.request.get(address, { headers })).json();
  const form = await (await page.request.get('/password')).text();
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...fields, _csrf: form.match(/name='_csrf' value='([^']+)'/)[1] }))
    for (const one of [value].flat()) body.append(name, String(one));
  const answer = await page.request.post(address, { data: body.toString(),
    headers: { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' } });
  assert.equal(answer.status(), 200, `${address}: ${await answer.text()}`);
  return answer.json();
}

// The day in China, `offset` days from today.
export function day(offset) {
  return new Date(Date.now() + 8 * 3600e3 + offset * 864e5).toISOString().slice(0, 10);
}

// A ballot's box closes at midnight: shortly before it, waits for the new day.
export async function daylight() {
  const left = 864e5 - (Date.now() + 8 * 3600e3) % 864e5;
  if (left < MIDNIGHT_MS) await new Promise((resolve) => { setTimeout(resolve, left); });
}

// The page is no wider than a phone.
export async function fitsPhone(page, name) {
  await page.setViewportSize(PHONE);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= PHONE.width, `${name ?? page.url()} fits`);
  if (name) await shot(page, `${name}-phone`);
  await page.setViewportSize(DESKTOP);
}

function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'jinwei-e2e-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

// Keeps a picture where SHOTS names a folder; to look at, not to compare.
export async function shot(page, name) {
  if (!process.env.SHOTS) return;
  mkdirSync(process.env.SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(process.env.SHOTS, `${name}.png`) });
}

// Runs the tests in order and prints TAP; a failed one does not stop the rest.
export async function run(tests) {
  let failed = 0;
  console.log(`1..${tests.length}`);
  for (const [i, [name, body]] of tests.entries()) {
    try {
      await body();
      console.log(`ok ${i + 1} - ${name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${i + 1} - ${name}`);
      for (const line of String(error.stack ?? error).split('\n')) console.log(`# ${line}`);
    }
  }
  process.exitCode = failed ? 1 : 0;
}

// The same, then that no page had an error; LOG shows what the server said.
export async function runAndStop(site, tests) {
  try {
    await run([...Object.entries(tests), ['no page had an error', async () => assert.deepEqual(site.noise, [])]]);
  } finally {
    if (process.env.LOG) console.log(site.server.log);
    await site.stop();
  }
}
