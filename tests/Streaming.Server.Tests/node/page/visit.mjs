// A person at the page, in a real browser.
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const desk = { width: 1380, height: 860 };
export const phone = { width: 390, height: 844 };

// Far beyond what anything here takes: it only keeps a hang from lasting for ever.
const patience = 60_000;

/**
 * Opens the page, lets somebody act, and prints what came of it as one JSON object, with all that went wrong in the browser and all that
 * was asked for elsewhere than at the server.
 * @param expected Statuses of requests that are meant to fail; the browser itself reports each of them as an error.
 */
export async function visit(url, act, { viewport = desk, expected = [] } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'browser-'));
  const context = await chromium.launchPersistentContext(profile, { executablePath: '/usr/bin/chromium', headless: true, timeout: patience, viewport, args, locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  const page = context.pages()[0] ?? await context.newPage();
  page.setDefaultTimeout(patience);
  const errors = [];
  const elsewhere = [];
  const isExpected = (text) => expected.some((status) => text.includes(`status of ${status}`)) || (expected.includes('offline') && text.includes('net::ERR'));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !isExpected(message.text()) && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => new URL(request.url()).origin === new URL(url).origin || elsewhere.push(request.url()));
  try {
    await page.goto(url);
    console.log(JSON.stringify({ ...await act(page, context), errors, elsewhere }));
  } catch (failure) {
    await keep(page, 'failure');
    throw new Error(`${failure}\n${await page.locator('body').innerText()}\n${errors.join('\n')}`);
  } finally {
    await context.close();
    // The browser's helpers end after it, and may write until they do.
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/** A screenshot, where the environment names a folder for them. */
export async function keep(page, name) {
  const folder = process.env.STREAMING_SCREENSHOTS;
  if (!folder)
    return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/**
 * What is wrong for those who do not see, hear or point, and how far the page is wider than the screen.
 * @param rules Those of axe that are looked at; none: all.
 */
export async function faults(page, rules) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((only) => window.axe.run(document, { resultTypes: ['violations'], ...(only ? { runOnly: only } : {}) }), rules);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return [...serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`), ...(wider > 0 ? [`${wider} pixels wider than the screen`] : [])];
}

export const tile = (page, name) => page.locator('.tile', { has: page.getByRole('link', { name, exact: true }) });

export async function addCamera(page, name, address) {
  await page.getByRole('button', { name: 'Add a camera' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Address').fill(address);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
}

/** Asks, and waits until all of the answer is there. */
export async function ask(page, question) {
  const turns = page.locator('.turn');
  const before = await turns.count();
  await page.getByLabel('Question', { exact: true }).fill(question);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const turn = turns.nth(before);
  await turn.locator('.cost').waitFor();
  return turn;
}
