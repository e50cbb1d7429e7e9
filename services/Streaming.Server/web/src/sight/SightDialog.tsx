import { useState } from 'preact/hooks';
import type { Turn } from '../ask/turns';
import { Dialog } from '../parts/Dialog';
import { count, percent, plural } from '../words/numbers';
import { SightPanel } from './SightPanel';

/** What the model saw when it wrote an answer: which tokens of which frames reached it. */
export function SightDialog({ turn, onClose }: { turn: Turn; onClose: () => void }) {
  const { usage, sight = [] } = turn.answer!;
  const seen = sight.filter((one) => one.frames.length > 0);
  const [chosen, setChosen] = useState(0);
  const frames = seen.reduce((sum, one) => sum + one.frames.length, 0);
  const { visual_tokens_kept: kept, visual_tokens_source: all } = usage;
  return (
    <Dialog title="What the model saw" onClose={onClose} wide>
      <p class="asked">{turn.question} <b>{turn.text}</b></p>
      <p class="quiet">
        {count(kept)} visual tokens of {plural(frames, 'frame')} were read{all > 0 && `: ${percent(kept / all)} of the ${count(all)} of all frames that were looked at`}.
        A place that was not read again looks as in the frame before.
      </p>
      {seen.length > 1 && (
        <select aria-label="Of" value={chosen} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
          {seen.map((one, i) => <option key={one.source} value={i}>{decodeURIComponent(one.source.split('/').at(-1)!)}</option>)}
        </select>
      )}
      <SightPanel key={chosen} sight={seen[chosen]!} />
    </Dialog>
  );
}
