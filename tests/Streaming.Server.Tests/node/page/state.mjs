// Waits until the tile of a stream says something. Usage: node page/state.mjs URL NAME WORD
import { keep, tile, visit } from './visit.mjs';

const [url, name, word] = process.argv.slice(2);

await visit(url, async (page) => {
  await tile(page, name).locator('.state', { hasText: word }).waitFor();
  await keep(page, `state-${word}`);
  return { words: await tile(page, name).locator('.trouble').textContent() };
});
