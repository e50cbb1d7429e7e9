// Somebody without a mouse adds a camera, finds a moment, asks, and follows the citation. Usage: node page/keyboard.mjs URL QUESTION
import { tile, visit } from './visit.mjs';

const [url, question] = process.argv.slice(2);
const mostStops = 60;

await visit(url, async (page) => {
  const unseen = [];
  /** Goes from control to control until one of this role and name has the focus; every one of them has to show that it has it. */
  const goTo = async (role, name) => {
    const wanted = page.getByRole(role, { name, exact: true });
    for (let stop = 0; stop < mostStops; stop++) {
      if (await wanted.evaluateAll((elements) => elements.includes(document.activeElement)))
        return;
      await page.keyboard.press('Tab');
      const bare = await page.evaluate(() => {
        const element = document.activeElement;
        const shows = (pseudo) => getComputedStyle(element, pseudo).outlineStyle !== 'none';
        return element === document.body || shows() || shows('::after') ? null : element.outerHTML;
      });
      if (bare)
        unseen.push(bare);
    }
    throw new Error(`nobody gets to the ${role} "${name}" by Tab`);
  };
  await page.locator('.tile').first().waitFor();
  await page.keyboard.press('Tab');
  const first = await page.evaluate(() => document.activeElement.textContent);
  await goTo('button', 'Add a camera');
  await page.keyboard.press('Enter');
  await goTo('textbox', 'Name');
  await page.keyboard.type('porch');
  await goTo('textbox', 'Address');
  await page.keyboard.type('rtsp://127.0.0.1:9/1');
  await page.keyboard.press('Enter');
  await tile(page, 'porch').waitFor();
  // The stream may be seen before its declaration is answered, which closes the window.
  await page.locator('dialog').waitFor({ state: 'detached' });
  const back = await page.evaluate(() => document.activeElement.textContent);
  await goTo('link', 'door');
  await page.keyboard.press('Enter');
  await page.locator('.thumbnails img').first().waitFor();
  await goTo('slider', 'Moment');
  const slider = page.getByRole('slider', { name: 'Moment' });
  const moments = [];
  for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) {
    await page.keyboard.press(key);
    moments.push(await slider.getAttribute('aria-valuenow'));
  }
  await goTo('textbox', 'Question');
  await page.keyboard.type(question);
  await page.keyboard.press('Enter');
  await page.locator('.turn .cost').waitFor();
  await page.evaluate(() => document.querySelector('.turns').focus());
  await page.locator('.turns .citations a').first().evaluate((link) => link.focus());
  await page.keyboard.press('Enter');
  await page.waitForURL(/t=2\.5/);
  await goTo('link', /^Events/);
  await page.keyboard.press('Enter');
  await page.locator('li.event').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('r');
  await page.locator('li.event.reviewed').waitFor();
  return { first, back, moments, unseen };
});
