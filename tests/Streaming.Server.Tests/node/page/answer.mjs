// Asks a stream something and looks at what came. Usage: node page/answer.mjs URL STREAM QUESTION
import { ask, keep, visit } from './visit.mjs';

const [url, stream, question] = process.argv.slice(2);

await visit(url, async (page) => {
  await page.getByRole('link', { name: stream, exact: true }).click();
  await page.locator('.thumbnails img').first().waitFor();
  const turn = await ask(page, question);
  const answer = await turn.locator('.answer').textContent();
  const cost = await turn.locator('.cost').textContent();
  const widths = await turn.locator('.citations img').evaluateAll((images) => Promise.all(images.map((image) => image.decode().then(() => image.naturalWidth))));
  await keep(page, 'answer');
  await turn.getByRole('button', { name: 'What the model saw' }).click();
  await page.locator('.strip').waitFor();
  const frames = await page.locator('.strip [role=option]').count();
  await keep(page, 'answer-sight');
  return { answer, cost, widths, frames };
});
