// Somebody goes through events, while the line breaks and comes back. Usage: node page/events.mjs URL STREAM; whatever the stream is asked makes an event.
import { openLine } from './line.mjs';
import { keep, visit } from './visit.mjs';

const [url, stream] = process.argv.slice(2);
const line = await openLine(url);
const ask = () => fetch(new URL(`/v1/streams/${stream}/ask`, url), { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"question": "which car?"}' });

await visit(line.url, async (page) => {
  await page.goto(`${line.url}#/events`);
  const cards = page.locator('li.event');
  const ids = () => cards.evaluateAll((all) => all.map((card) => card.dataset.event));
  await page.getByText('live', { exact: false }).first().waitFor();
  await cards.nth(2).waitFor();
  const before = await ids();
  line.cut();
  await page.getByText('connecting again').waitFor();
  await ask();
  line.mend();
  await cards.nth(3).waitFor();
  const after = await ids();

  await cards.first().hover();
  await cards.first().locator('.played i.now').waitFor();
  const played = await cards.first().locator('.played i').count();
  await keep(page, 'events-preview');
  // The middle two, by a reach; the last one by its key.
  await cards.nth(1).getByRole('checkbox').click();
  await cards.nth(2).getByRole('checkbox').click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: 'Mark 2 as reviewed' }).waitFor();
  await cards.nth(3).getByRole('link').focus();
  await cards.nth(3).locator('.played i.now').waitFor();
  await page.keyboard.press('x');
  await keep(page, 'events-selected');
  await page.getByRole('button', { name: 'Mark 3 as reviewed' }).click();
  await page.waitForFunction(() => document.querySelectorAll('li.event.reviewed').length === 3);
  const open = await page.locator('li.event.open').evaluateAll((all) => all.map((card) => card.dataset.event));
  await page.keyboard.press('Control+a');
  await page.waitForFunction((most) => document.querySelectorAll('li.event.selected').length === most, await cards.count());
  const all = await page.locator('li.event.selected').count();
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelectorAll('li.event.selected').length === 0);
  const none = await page.locator('li.event.selected').count();
  return { before, after, played, open, all, none };
}, { expected: ['offline'] });
line.close();
