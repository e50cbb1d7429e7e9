// The server asks for a key. Usage: node page/key.mjs URL KEY
import { faults, keep, visit } from './visit.mjs';

const [url, key] = process.argv.slice(2);

await visit(url, async (page) => {
  await page.getByLabel('Key').fill('stk_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const refused = await page.getByRole('alert').filter({ hasText: 'key' }).textContent();
  const found = await faults(page);
  await keep(page, 'sign-in');
  await page.getByLabel('Key').fill(key);
  await page.keyboard.press('Enter');
  await page.locator('.tile').first().waitFor();
  const streams = await page.locator('.tile h2').allTextContents();
  const mayAdd = await page.getByRole('button', { name: 'Add a camera' }).count();
  const isOut = await page.evaluate(() => !document.cookie.includes('streaming_key') && !Object.values(localStorage).some((value) => value.includes('stk_')));
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await page.getByLabel('Key').waitFor();
  return { refused, found, streams, mayAdd, isOut };
}, { expected: [401] });
