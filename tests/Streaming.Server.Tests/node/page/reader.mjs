// Somebody looks around, adds a camera, asks, follows a citation and goes through events. Usage: node page/reader.mjs URL QUESTION
import { addCamera, ask, tile, visit } from './visit.mjs';

const [url, question] = process.argv.slice(2);

await visit(url, async (page) => {
  await page.locator('.tile').first().waitFor();
  const before = await page.locator('.tile h2').allTextContents();
  await addCamera(page, 'yard', 'http://camera/1');
  const refused = await page.getByRole('alert').filter({ hasText: 'rtsp' }).textContent();
  await page.getByLabel('Address').fill('rtsp://127.0.0.1:9/1');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await tile(page, 'yard').waitFor();
  const after = await page.locator('.tile h2').allTextContents();

  await page.getByRole('link', { name: 'door', exact: true }).click();
  await page.locator('.thumbnails img').first().waitFor();
  const turn = await ask(page, question);
  const answer = await turn.locator('.answer').textContent();
  const cost = await turn.locator('.cost').textContent();
  const gaps = await turn.locator('.gaps li').allTextContents();
  const citation = turn.locator('.citations a');
  const cited = await citation.innerText();
  await citation.click();
  const slider = page.getByRole('slider', { name: 'Moment' });
  await page.waitForFunction(() => document.querySelector('[role=slider]').getAttribute('aria-valuetext') !== 'live');
  const moment = await slider.getAttribute('aria-valuenow');
  const time = await slider.getAttribute('aria-valuetext');
  const picture = await page.locator('.stage img').getAttribute('src');
  await turn.getByRole('button', { name: 'What the model saw' }).click();
  await page.locator('.fates').waitFor();
  const fates = await page.locator('.fates b').allTextContents();
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: /^Events/ }).click();
  await page.locator('li.event').first().waitFor();
  const events = await page.locator('li.event').count();
  await page.getByRole('button', { name: 'Mark as reviewed' }).first().click();
  await page.locator('li.event.reviewed').waitFor();
  await page.getByLabel('reviewed or not').selectOption('open');
  await page.waitForFunction((count) => document.querySelectorAll('li.event').length === count - 1, events);
  const script = await page.evaluate(async () => (await (await fetch('/page.js')).arrayBuffer()).byteLength);
  return { before, refused, after, answer, cost, gaps, cited, moment, time, picture, fates, events, script };
}, { expected: [422] });
