// A film is sent over a line that breaks in the middle and comes back. Usage: node page/upload.mjs URL FILM BYTES_BEFORE_IT_BREAKS
import http from 'node:http';
import { once } from 'node:events';
import { basename } from 'node:path';
import { keep, visit } from './visit.mjs';

const [url, film, limit] = process.argv.slice(2);
const server = new URL(url);
const starts = [];
let isBroken = false;

/** Passes on what comes until the line breaks: of the first piece of a film so many bytes, and then nothing until it is mended. */
const line = http.createServer((request, response) => {
  if (isBroken)
    return request.socket.destroy();
  const onward = http.request({ host: server.hostname, port: server.port, path: request.url, method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  if (request.method !== 'PATCH')
    return request.pipe(onward);
  starts.push(Number(request.headers['upload-offset']));
  let left = starts.length === 1 ? Number(limit) : Infinity;
  request.on('data', (bytes) => {
    const passed = bytes.subarray(0, Math.min(bytes.length, left));
    left -= passed.length;
    onward.write(passed, () => {
      if (left > 0 || isBroken)
        return;
      isBroken = true;
      onward.destroy();
      request.socket.destroy();
    });
  });
  return request.on('end', () => onward.end());
});
line.listen(0, '127.0.0.1');
await once(line, 'listening');

await visit(`http://127.0.0.1:${line.address().port}/`, async (page) => {
  await page.getByRole('button', { name: 'Upload a film' }).waitFor();
  await page.setInputFiles('input[type=file]', film);
  await page.locator('.upload.waiting').waitFor();
  const said = await page.locator('.upload .said').textContent();
  await keep(page, 'upload-broken');
  isBroken = false;
  await page.locator('.upload.done').waitFor();
  await page.getByRole('link', { name: basename(film) }).first().waitFor();
  await page.locator('.tile .state', { hasText: 'ready' }).waitFor();
  return { said, starts };
}, { expected: ['offline'] });
line.closeAllConnections();
line.close();
