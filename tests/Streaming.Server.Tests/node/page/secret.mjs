// A watch whose events are posted elsewhere: its secret is told once. Usage: node page/secret.mjs URL STREAM QUESTION ADDRESS
import { ask, faults, keep, visit } from './visit.mjs';

const [url, stream, question, address] = process.argv.slice(2);

await visit(url, async (page, context) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${url}#/streams/${stream}`);
  const turn = await ask(page, question);
  await turn.getByRole('button', { name: 'Watch for this' }).click();
  await page.getByLabel('Post events to').fill(address);
  await page.getByRole('button', { name: 'Watch', exact: true }).click();
  const secret = await page.getByLabel('Secret').inputValue();
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const found = await faults(page);
  await keep(page, 'secret');
  await page.getByRole('button', { name: 'I have kept it' }).click();
  const listed = await page.locator('.watches li').first().innerText();
  return { secret, copied, found, listed, isGone: !(await page.content()).includes(secret) };
});
