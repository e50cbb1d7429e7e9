// A person at the page, in a real browser. Usage: node page.mjs URL SOURCE QUESTION FILM [SCREENSHOT_FOLDER]; prints one JSON object.
import { chromium } from 'playwright-core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [url, source, question, film, screenshots] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), 'browser-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1280, height: 900 },
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const page = context.pages()[0] ?? await context.newPage();
const errors = [];
const elsewhere = [];
// The browser itself reports each refused request as an error; the one that is meant to be refused is.
page.on('console', (message) => ['error', 'warning'].includes(message.type()) && !message.text().includes('status of 422') && errors.push(message.text()));
page.on('pageerror', (error) => errors.push(String(error)));
page.on('request', (request) => new URL(request.url()).origin === new URL(url).origin || elsewhere.push(request.url()));

try {
  await page.goto(url);
  await page.locator('#streams li').first().waitFor();
  await page.locator('#streams img').first().waitFor();
  const streams = await page.locator('#streams li .name').allTextContents();

  await page.setInputFiles('#film', film);
  await page.locator('#upload button').click();
  await page.locator('#upload-state', { hasText: 'is being read' }).waitFor();
  await page.locator('#files li').first().waitFor();
  const films = await page.locator('#files li .name').allTextContents();

  // A camera with an address that is none, the same put right, and the film as a stream.
  const said = [];
  const declare = async (name, plays, address) => {
    await page.locator('#name').fill(name);
    await page.locator('#plays').selectOption(plays);
    if (address)
      await page.locator('#address').fill(address);
    const before = await page.locator('#declare-state').textContent();
    await page.locator('#declare button').click();
    await page.waitForFunction((old) => document.querySelector('#declare-state').textContent !== old, before);
    said.push(await page.locator('#declare-state').textContent());
  };
  await declare('yard', { index: 0 }, 'http://camera/1');
  if (screenshots)
    await page.screenshot({ path: join(screenshots, 'refused.png'), fullPage: true });
  await declare('yard', { index: 0 }, 'rtsp://127.0.0.1:9/1');
  await declare('replay', { index: 1 });
  await page.locator('#streams li', { hasText: 'replay' }).waitFor();
  const declared = await page.locator('#streams li .name').allTextContents();

  // By keyboard alone, as somebody does who has no mouse.
  await page.locator('#source').selectOption(source);
  await page.locator('#question').focus();
  await page.keyboard.type(question);
  await page.keyboard.press('Enter');
  await page.locator('#cost:not(:empty)').waitFor();
  await page.waitForFunction(() => [...document.querySelectorAll('#citations img')].every((picture) => picture.complete));
  const answer = await page.locator('#answer').textContent();
  const citations = await page.locator('#citations li').evaluateAll((rows) => rows.map((row) => ({
    words: row.querySelector('.words').textContent,
    width: row.querySelector('img').naturalWidth,
  })));
  if (screenshots)
    await page.screenshot({ path: join(screenshots, 'desktop.png'), fullPage: true });

  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (screenshots)
    await page.screenshot({ path: join(screenshots, 'phone.png'), fullPage: true });

  const unnamed = await page.locator('button, input, select, a').evaluateAll((controls) => controls
    .filter((control) => !(control.labels?.length || control.getAttribute('aria-label') || control.textContent.trim() || control.querySelector('img[alt]:not([alt=""])')))
    .map((control) => control.outerHTML));
  console.log(JSON.stringify({ streams, films, said, declared, answer, citations, overflow, unnamed, errors, elsewhere }));
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
