// Every view on two screens, by day and by night. Usage: node page/views.mjs URL QUESTION; the server has the stream door, and events.
import { ask, desk, faults, keep, phone, visit } from './visit.mjs';

const [url, question] = process.argv.slice(2);

await visit(url, async (page) => {
  const found = {};
  const look = async (name) => {
    for (const colorScheme of ['light', 'dark']) {
      // Without motion the colours are there at once.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const key = `${name} ${page.viewportSize().width} ${colorScheme}`;
      // By night nothing but the colours is another.
      found[key] = await faults(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
      if (await page.evaluate(() => document.getAnimations().length) > 0)
        found[key].push('something moves');
      await keep(page, key.replaceAll(' ', '-'));
    }
  };
  for (const screen of [desk, phone]) {
    await page.setViewportSize(screen);
    await page.goto(`${url}#/`);
    await page.locator('.tile .frame img:not(.absent)').first().waitFor();
    await look('wall');
    await page.getByRole('button', { name: 'Add a camera' }).click();
    await look('add');
    await page.keyboard.press('Escape');
    await page.goto(`${url}#/streams/door`);
    await page.locator('.thumbnails img').first().waitFor();
    const box = await page.getByLabel('Question', { exact: true }).boundingBox();
    const turn = await ask(page, question);
    await look('stream');
    if (box.y + box.height > screen.height)
      found[`stream ${screen.width} light`].push('nobody sees where to ask');
    await turn.getByRole('button', { name: 'What the model saw' }).click();
    await page.locator('.fates').waitFor();
    await look('sight');
    await page.keyboard.press('Escape');
    await turn.getByRole('button', { name: 'Watch for this' }).click();
    await page.getByRole('button', { name: 'Try on the last hour' }).click();
    await page.locator('.tried').waitFor();
    await look('watch');
    await page.keyboard.press('Escape');
    await page.goto(`${url}#/ask`);
    await page.locator('.ask-view').waitFor();
    await ask(page, question);
    await look('ask');
    await page.goto(`${url}#/events`);
    await page.locator('li.event').first().waitFor();
    await look('events');
    await page.goto(`${url}#/streams/nothing`);
    await page.getByText('There is no stream of that name').waitFor();
    await look('missing');
  }
  return { found };
});
