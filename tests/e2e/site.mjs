// SPDX-License-Identifier: Apache-2.0
// A server of one's own with an empty database, a browser, and TAP.
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const CHROMIUM_FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const START_MS = 120000;

// Starts `jinwei serve` on a free port; resolves once it says where it is.
export async function startServer(jinwei, db, args = []) {
  const child = spawn(jinwei, ['serve', '--db', db, '--listen', '127.0.0.1:0', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  const server = { child, url: null, first: null, log: '' };
  child.stderr.on('data', (data) => { server.log += data; });
  const exited = new Promise((resolve) => { child.on('exit', resolve); });
  server.stop = async () => { child.kill('SIGTERM'); return exited; };
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no start: ${server.log}`)), START_MS);
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${server.log}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const first = line.match(/https?:\S+\/first\?code=\S+/);
      if (first) server.first = first[0];
      const url = line.match(/^网页服务已启动：(\S+)/);
      if (url) { server.url = url[1].replace(/\/$/, ''); clearTimeout(timer); resolve(); }
    });
  });
  return server;
}

// Clicks what sends a form, and waits until the answer stands there: what is filled
// in next must not be filled into the page before.
export async function send(page, button) {
  const old = await button.elementHandle();
  await Promise.all([page.waitForResponse((r) => r.request().method() === 'POST'), button.click()]);
  await old.waitForElementState('hidden').catch(() => {});
  await page.waitForLoadState();
}

// A PostgreSQL server with an empty database, from {build}/tests/support; it
// ends with its standard input, so also when this process dies.
export async function startPostgres(build) {
  const child = spawn(path.join(build, 'tests/support/serve_postgres'), [],
    { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => { child.on('exit', resolve); });
  const url = await new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}`)));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return { url, stop: () => { child.stdin.end(); return exited; } };
}

export async function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: CHROMIUM_FLAGS });
}

export function temporaryFolder() {
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
