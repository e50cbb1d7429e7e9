// A film is sent over a slow line that breaks in the middle and comes back. Usage: node page/upload.mjs URL FILM BYTES_A_SECOND
import { basename } from 'node:path';
import { keep, visit } from './visit.mjs';

const [url, film, bytesASecond] = process.argv.slice(2);

await visit(url, async (page, context) => {
  await page.getByRole('button', { name: 'Upload a film' }).waitFor();
  const line = await context.newCDPSession(page);
  const turn = (offline) => line.send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: Number(bytesASecond) });
  const starts = [];
  page.on('request', (request) => request.method() === 'PATCH' && starts.push(Number(request.headers()['upload-offset'])));
  await line.send('Network.enable');
  await turn(false);
  await page.setInputFiles('input[type=file]', film);
  await page.waitForFunction(() => document.querySelector('.upload progress')?.position > 0.3);
  await turn(true);
  await page.locator('.upload.waiting').waitFor();
  const said = await page.locator('.upload .said').textContent();
  await keep(page, 'upload-broken');
  await turn(false);
  await page.locator('.upload.done').waitFor();
  await page.getByRole('link', { name: basename(film) }).first().waitFor();
  await page.locator('.tile .state', { hasText: 'ready' }).waitFor();
  return { said, starts };
}, { expected: ['offline'] });
