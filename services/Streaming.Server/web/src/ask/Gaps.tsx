import type { Gap } from '../api/documents';
import { plural } from '../words/numbers';

/** What an answer does not know: what was never seen in full, what was given up since in one line that opens. */
export function Gaps({ gaps, namesStreams }: { gaps: readonly Gap[]; namesStreams: boolean }) {
  const lines = (some: readonly Gap[]) => some.map((gap) => <li key={`${gap.stream} ${gap.text}`}>{namesStreams && gap.stream ? `${gap.stream}: ` : ''}{gap.text}</li>);
  const unseen = gaps.filter((gap) => gap.reason !== 'compressed');
  const coarse = gaps.filter((gap) => gap.reason === 'compressed');
  return <>
    {unseen.length > 0 && <ul class="gaps">{lines(unseen)}</ul>}
    {coarse.length === 1 && <ul class="gaps coarse">{lines(coarse)}</ul>}
    {coarse.length > 1 && <details class="gaps coarse"><summary>{plural(coarse.length, 'stretch', 'stretches')} remembered coarsely</summary><ul>{lines(coarse)}</ul></details>}
  </>;
}
