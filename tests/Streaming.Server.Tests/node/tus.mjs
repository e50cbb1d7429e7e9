// The reference client of tus against a running server. Usage: node tus.mjs ENDPOINT FILE STOP_AFTER_BYTES [UPLOAD_URL]; prints one JSON object.
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import tus from 'tus-js-client';

const [endpoint, file, stop, uploadUrl] = process.argv.slice(2);
const stopAfter = Number(stop);

const result = await new Promise((resolve, reject) => {
  let from = -1;
  let film = null;
  const upload = new tus.Upload(createReadStream(file), {
    endpoint,
    uploadUrl: uploadUrl ?? null,
    uploadSize: statSync(file).size,
    chunkSize: 4096,
    retryDelays: [],
    metadata: { filename: basename(file) },
    onError: reject,
    onAfterResponse: (request, response) => {
      if (request.getMethod() === 'HEAD') from = Number(response.getHeader('Upload-Offset'));
      film = response.getHeader('Content-Location') ?? film;
    },
    onChunkComplete: (_, sent) => {
      if (stopAfter > 0 && sent >= stopAfter)
        upload.abort().then(() => resolve({ url: upload.url, sent, from, film }));
    },
    onSuccess: () => resolve({ url: upload.url, sent: statSync(file).size, from, film }),
  });
  upload.start();
});
console.log(JSON.stringify(result));
process.exit(0);
