import { useEffect, useRef, useState } from 'preact/hooks';
import type { Sight } from '../api/documents';
import { sourceHref } from '../app/routes';
import { useServer } from '../app/server';
import { plural } from '../words/numbers';
import { clock, moment } from '../words/time';
import { type FatedFrame, type Fate, fates, fatesOf } from './fates';
import { SightFrameView } from './SightFrameView';
import { TokenCurve } from './TokenCurve';

const words: Record<Fate, string> = {
  read: 'read as it was seen', merged: 'read, and stands for several', unchanged: 'as in an earlier frame, not read again', 'left out': 'not read',
};

/** How many pixels wide the grid over the large frame is drawn: sharp on any screen. */
const largeGrid = 1024;

/** The frames of one source as the model saw them. */
export function SightPanel({ sight }: { sight: Sight }) {
  const { streams } = useServer();
  const frames = fatesOf(sight);
  const [chosen, setChosen] = useState(frames.length - 1);
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => strip.current!.children[chosen]?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [chosen]);
  const zone = streams.find((stream) => sight.source === `/v1/streams/${encodeURIComponent(stream.name)}`)?.time_zone;
  const labelOf = ({ frame }: FatedFrame) => frame.at && zone ? moment(frame.at, zone) : clock(frame.seconds, true);
  const fated = frames[Math.min(chosen, frames.length - 1)]!;
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by !== 0) {
      event.preventDefault();
      setChosen(Math.max(0, Math.min(frames.length - 1, chosen + by)));
    }
  };
  return (
    <div class="sight">
      <div class="large">
        <SightFrameView fated={fated} rows={sight.rows} columns={sight.columns} cell={Math.max(12, Math.round(largeGrid / sight.columns))} isLarge alt={`Frame at ${labelOf(fated)}`} />
      </div>
      <div class="account">
        <h3>{labelOf(fated)}: {fated.frame.places.length} of {sight.rows * sight.columns} tokens</h3>
        <ul class="fates">{fates.map((fate) => <li key={fate}><i class={`swatch ${fate.replace(' ', '-')}`} /><b>{fated.counts[fate]}</b> {words[fate]}</li>)}</ul>
        <p><a href={sourceHref(sight.source, fated.frame.seconds)}>Show this moment</a></p>
        <h3>Tokens over time</h3>
        <TokenCurve frames={frames} places={sight.rows * sight.columns} chosen={chosen} labelOf={labelOf} onChoose={setChosen} />
      </div>
      <div ref={strip} class="strip" role="listbox" tabIndex={0} aria-label={`${plural(frames.length, 'frame')}, in order of time`} aria-activedescendant={`seen-${chosen}`} onKeyDown={press}>
        {frames.map((one, i) => (
          <div key={one.frame.seconds} id={`seen-${i}`} role="option" aria-selected={i === chosen} onClick={() => setChosen(i)}>
            <SightFrameView fated={one} rows={sight.rows} columns={sight.columns} cell={12} alt={`${labelOf(one)}, ${plural(one.frame.places.length, 'token')}`} />
            <span>{one.frame.places.length}</span>
          </div>))}
      </div>
    </div>
  );
}
