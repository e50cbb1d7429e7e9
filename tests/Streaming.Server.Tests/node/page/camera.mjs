// A real camera: it is added, moves, is asked about and watched. Usage: node page/camera.mjs URL NAME ADDRESS QUESTION
import { addCamera, ask, keep, tile, visit } from './visit.mjs';

const [url, name, address, question] = process.argv.slice(2);

/** What a picture looks like, as one number. */
const look = (picture) => picture.evaluate((image) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [32, 32];
  const brush = canvas.getContext('2d');
  brush.drawImage(image, 0, 0, 32, 32);
  return brush.getImageData(0, 0, 32, 32).data.reduce((sum, value, i) => (sum * 31 + value * (i % 7)) % 1000003, 7);
});

await visit(url, async (page) => {
  await page.getByText('There is nothing to look at yet').waitFor();
  await addCamera(page, name, address);
  const picture = tile(page, name).locator('.frame img:not(.absent)');
  await picture.waitFor();
  await tile(page, name).getByText('running').waitFor();
  const looks = new Set();
  while (looks.size < 3)
    looks.add(await look(picture));
  await keep(page, 'camera-wall');

  await page.getByRole('link', { name, exact: true }).click();
  await page.locator('.memory .whole').first().waitFor();
  const turn = await ask(page, question);
  const answer = await turn.locator('.answer').textContent();
  await turn.locator('.citations a').first().click();
  await page.waitForFunction(() => document.querySelector('[role=slider]').getAttribute('aria-valuetext') !== 'live');
  await page.locator('.stage img').waitFor();
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await turn.getByRole('button', { name: 'What the model saw' }).click();
  await page.locator('.fates').waitFor();
  const places = (await page.locator('.fates b').allTextContents()).reduce((sum, count) => sum + Number(count), 0);
  await keep(page, 'camera-sight');
  await page.keyboard.press('Escape');

  await turn.getByRole('button', { name: 'Watch for this' }).click();
  await page.getByRole('button', { name: 'Try on the last hour' }).click();
  const tried = await page.locator('.tried p').first().textContent();
  await page.getByLabel('Every, in seconds').fill('1');
  await page.getByLabel('Name', { exact: true }).fill('ball');
  await page.getByRole('button', { name: 'Watch', exact: true }).click();
  await page.locator('.watches b', { hasText: 'ball' }).waitFor();
  // Nobody reloads anything: the event comes by itself, also onto the badge of the header.
  await page.locator('.top .badge').waitFor();
  await page.getByRole('link', { name: /^Events/ }).click();
  const event = page.locator('li.event').first();
  await event.locator('img').waitFor();
  const told = await event.locator('.caption').innerText();
  await keep(page, 'camera-events');
  await event.getByRole('link').click();
  await page.locator('.stage img').waitFor();
  const moment = await page.getByRole('slider', { name: 'Moment' }).getAttribute('aria-valuetext');
  return { looks: looks.size, answer, places, tried, told, moment };
});
