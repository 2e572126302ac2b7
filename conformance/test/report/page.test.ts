// The report's page in a real Chromium.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type CaseResult, type CaseTrace, type Outcome, toHtml } from '../../src/index.ts';

// A browser takes its time where other tests run beside it.
vi.setConfig({ testTimeout: 30_000 });

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const result = (scenario: string, driver: string, target: string, outcome: Outcome, error?: string): CaseResult => ({
  case: `${scenario}/driver:${driver}@1.0.0/target:${target}/resp:3`,
  scenario,
  driver,
  driverVersion: '1.0.0',
  target,
  outcome,
  durationMs: 12,
  ...(error === undefined ? {} : { error }),
});
const results = [
  result('connect/first', 'ours', 'fake', 'pass'),
  result('connect/first', 'peer', 'fake', 'fail', 'it <b>broke</b>'),
  result('reauth/one', 'ours', 'fake', 'pass'),
  result('reauth/one', 'ours', 'real', 'degraded-as-declared'),
  { ...result('reauth/one', 'peer', 'fake', 'pass'), heldUp: { outcome: 'fail', stoodStillMs: 412 } as const },
];
const trace: CaseTrace = {
  lanes: ['connection 1', 'connection 2'],
  events: [
    { lane: 0, atMs: 0, kind: 'open', text: '' },
    { lane: 0, atMs: 1, kind: 'login', text: 'AUTH', token: '<abc>' },
    { lane: 0, atMs: 2, kind: 'command', text: 'GET, SET', count: 40, untilMs: 90 },
    { lane: 1, atMs: 60, kind: 'expired', text: 'token expired' },
  ],
  durationMs: 100,
  lanesLeft: 0,
  left: 0,
};
const cutTrace: CaseTrace = { ...trace, lanesLeft: 3, left: 1 };
const html = toHtml({
  run: { schema: 1, commit: 'abc', date: '2026-12-01T10:00:00.000Z', node: 'v24', seed: 1, isolated: false, results },
  scenarios: ['connect/first', 'reauth/one'].map((id) => ({
    id,
    title: `title of ${id}`,
    why: 'https://example.com/1',
  })),
  traces: new Map(results.map((each) => [each.case, each.target === 'real' ? cutTrace : trace])),
});

const folder = mkdtempSync(join(tmpdir(), 'entra-redis-page-'));
const address = pathToFileURL(join(folder, 'index.html')).href;
const cellOf = (name: string) => page.getByRole('button', { name: new RegExp(name) });
const boxOf = async (selector: string) => {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`${selector} is not shown`);
  return box;
};
let browser: Browser;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  const executablePath = process.env['CHROMIUM'];
  if (!executablePath) throw new Error('No Chromium: see test/report/chromium.mjs.');
  writeFileSync(join(folder, 'index.html'), html);
  browser = await chromium.launch({ executablePath, args: flags });
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await browser.close();
});
beforeEach(async () => {
  page = await browser.newPage();
  troubles = [];
  page.on('console', (message) => troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) troubles.push(`asked for ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForSelector('td button');
  return async () => {
    if (troubles.length > 0) throw new Error(`the page is not quiet: ${troubles.join('; ')}`);
    await page.close();
  };
});

test('shows a cell for each scenario, driver and RESP version: the worst of its targets, in words too', async () => {
  expect(await page.locator('td button').count()).toBe(4);
  expect(await cellOf('connect/first, peer').textContent()).toBe('!!');
  expect(await cellOf('reauth/one, ours').getAttribute('aria-label')).toBe(
    'reauth/one, ours@1.0.0, RESP3, 2 targets: degraded as declared',
  );
});

test('says what was run, and which case was run again', async () => {
  expect(await page.locator('#about').textContent()).toBe('commit abc, 2026-12-01T10:00:00.000Z, Node v24, seed 1');
  expect(await page.locator('#summary').textContent()).toContain('1 run again');
  await cellOf('reauth/one, peer').click();
  expect(await page.getByRole('dialog').textContent()).toContain('its process stood still for 412 ms');
});

test('filters by driver, outcome and text', async () => {
  await page.locator('#driver').selectOption('peer@1.0.0');
  expect(await page.getByRole('status').textContent()).toBe('2 of 5 cases');
  await page.locator('#outcome').selectOption('fail');
  expect(await page.locator('td button').count()).toBe(1);
  await page.locator('#driver').selectOption('');
  await page.locator('#outcome').selectOption('');
  await page.getByRole('searchbox').fill('title of reauth');
  expect(await page.getByRole('status').textContent()).toBe('3 of 5 cases');
});

test('the keyboard walks the grid, opens a case and comes back to it', async () => {
  await page.locator('td button').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  expect(await dialog.textContent()).toContain('it <b>broke</b>');
  expect(await dialog.getByRole('link').first().getAttribute('href')).toBe('https://example.com/1');
  await page.keyboard.press('Escape');
  expect(await dialog.isVisible()).toBe(false);
  expect(await page.locator(':focus').getAttribute('aria-label')).toContain('connect/first, peer');
});

test('the head stays over its columns, without a gap, while the grid scrolls', async () => {
  await page.setViewportSize({ width: 400, height: 260 });
  await page.locator('#scroll').evaluate((grid) => grid.scrollTo(9999, 9999));
  const [corner, scenario] = [await boxOf('thead th[rowspan]'), await boxOf('tbody th[scope=row]')];
  expect(corner.x).toBe(scenario.x);
  const [drivers, versions] = [await boxOf('thead th[colspan]'), await boxOf('thead tr + tr th')];
  expect(versions.y).toBeLessThanOrEqual(drivers.y + drivers.height);
});

test('draws connections as lanes, and lists the same in words', async () => {
  await cellOf('connect/first, ours').click();
  const picture = page.locator('dialog svg');
  expect(await picture.getAttribute('aria-label')).toBe('2 connections over 100 ms');
  expect(await picture.locator('text').allTextContents()).toEqual(
    expect.arrayContaining(['connection 1', 'connection 2']),
  );
  const [drawn, lastTick] = [await boxOf('dialog svg'), await boxOf('dialog svg text.dim:last-of-type')];
  expect(lastTick.x + lastTick.width).toBeLessThanOrEqual(drawn.x + drawn.width);
  await page.getByText('The same as a list').click();
  expect(await page.locator('dialog .events').textContent()).toContain('40 × GET, SET');
});

test('says what a picture leaves out', async () => {
  const headingOf = async (name: string): Promise<string | null> => {
    await cellOf(name).click();
    const heading = await page.getByRole('heading', { name: 'Wire timeline' }).textContent();
    await page.keyboard.press('Escape');
    return heading;
  };
  expect(await headingOf('connect/first, ours')).toBe('Wire timeline');
  expect(await headingOf('reauth/one, ours')).toBe(
    'Wire timeline (left out: 3 connections that came later, 1 later event)',
  );
});

test('an address opens its case', async () => {
  const wanted = results[3] as CaseResult;
  await page.goto(`${address}#${encodeURIComponent(wanted.case)}`);
  await page.reload();
  await page.waitForSelector('dialog[open]');
  expect(await page.getByRole('dialog').getByRole('heading').first().textContent()).toBe(wanted.case);
});
