// Somebody asks on, comes back to it another time, and has it forgotten. Usage: node page/talk.mjs URL STREAM QUESTION FOLLOW_UP
import { ask, keep, visit } from './visit.mjs';

const [url, stream, question, followUp] = process.argv.slice(2);

await visit(url, async (page) => {
  const names = [];
  page.on('request', (request) => request.method() === 'POST' && request.url().endsWith('/ask') && names.push(request.postDataJSON().conversation));
  const questions = () => page.locator('.turn .asked').allTextContents();
  await page.goto(`${url}#/streams/${stream}`);
  // Before anything is remembered no answer rests on a moment.
  await page.locator('.memory .whole').first().waitFor();
  await ask(page, question);
  await ask(page, followUp);
  const asked = await questions();
  await page.reload();
  await page.locator('.turn').nth(1).waitFor();
  const again = await questions();
  const answers = await page.locator('.turn .answer').allTextContents();
  await keep(page, 'talk-earlier');
  await page.locator('.turn .moments a').first().click();
  await page.waitForURL(/t=/);
  await ask(page, followUp);
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.locator('.examples').waitFor();
  await page.reload();
  await page.locator('.examples').waitFor();
  const left = await page.locator('.turn').count();
  await ask(page, question);
  return { asked, again, answers, names, left };
});
