// A film is sent over a line that breaks in the middle and comes back, and what is none is dropped. Usage: node page/upload.mjs URL FILM BYTES_BEFORE_IT_BREAKS
import { basename } from 'node:path';
import { openLine } from './line.mjs';
import { keep, visit } from './visit.mjs';

const [url, film, limit] = process.argv.slice(2);
const line = await openLine(url);
const starts = [];

/** Of the first piece of a film so many bytes are passed on; the line breaks when the server says that it has them. */
line.pass = (request, onward) => {
  if (request.method === 'PATCH')
    starts.push(Number(request.headers['upload-offset']));
  if (request.method !== 'PATCH' || starts.length > 1)
    return request.pipe(onward);
  let left = Number(limit);
  return request.on('data', (bytes) => {
    onward.write(bytes.subarray(0, left));
    left -= Math.min(left, bytes.length);
    if (left > 0)
      return;
    request.removeAllListeners('data').pause();
    void cutOnceStored(request.url);
  });
};

async function cutOnceStored(path) {
  let stored = 0;
  while (stored < Number(limit))
    stored = Number((await fetch(new URL(path, url), { method: 'HEAD', headers: { 'Tus-Resumable': '1.0.0' } })).headers.get('Upload-Offset'));
  line.cut();
}

await visit(line.url, async (page) => {
  await page.getByRole('button', { name: 'Upload a film' }).waitFor();
  await page.setInputFiles('input[type=file]', film);
  await page.locator('.upload.waiting').waitFor();
  const said = await page.locator('.upload .said').textContent();
  await keep(page, 'upload-broken');
  line.mend();
  await page.locator('.upload.done').waitFor();
  await page.getByRole('link', { name: basename(film) }).first().waitFor();
  await page.locator('.tile .state', { hasText: 'ready' }).waitFor();
  const pieces = [...starts];

  const dataTransfer = await page.evaluateHandle(() => {
    const dragged = new DataTransfer();
    dragged.items.add(new File(['no film'], 'notes.mp4'));
    return dragged;
  });
  await page.dispatchEvent('.drop-zone', 'dragenter', { dataTransfer });
  await page.getByText('Drop to upload').waitFor();
  await page.dispatchEvent('.drop-zone', 'drop', { dataTransfer });
  const refused = await page.locator('.upload.failed .said').textContent();
  await keep(page, 'upload-refused');
  return { said, starts: pieces, refused };
}, { expected: ['offline', 422] });
line.close();
