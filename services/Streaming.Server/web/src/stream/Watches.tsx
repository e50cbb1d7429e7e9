import { useState } from 'preact/hooks';
import type { StreamDocument, WatchDocument } from '../api/documents';
import { get, patch, remove, streamPath, wordsOf } from '../api/http';
import { usePolled } from '../api/polling';
import { mayChange, useServer } from '../app/server';
import { WatchDialog } from '../ask/WatchDialog';
import { Icon } from '../parts/Icon';
import { moment, span } from '../words/time';

/** The questions that stand about a stream. */
export function Watches({ stream }: { stream: StreamDocument }) {
  const server = useServer();
  const path = `${streamPath(stream.name)}/watches`;
  const { seen, again } = usePolled((signal) => get<{ watches: WatchDocument[] }>(path, signal), 3000, [path]);
  const [adds, setAdds] = useState(false);
  const [said, setSaid] = useState('');
  const attempt = (change: Promise<unknown>) => change.then(() => setSaid(''), (problem) => setSaid(wordsOf(problem))).then(again);
  const watches = seen?.watches ?? [];
  return (
    <section class="card panel" aria-labelledby="watches">
      <header>
        <h2 id="watches">Watches</h2>
        {mayChange(server) && <button type="button" class="small" onClick={() => setAdds(true)}><Icon name="plus" />New watch</button>}
      </header>
      <p class="failed" role="alert">{said}</p>
      {watches.length === 0
        ? <p class="quiet">No question stands. A watch asks again and again, and tells when its answer holds.</p>
        : <ul class="watches">{watches.map((watch) => (
          <li key={watch.name} class={watch.is_under_way ? 'under-way' : undefined}>
            <div>
              <b>{watch.name}</b> <span class={`severity ${watch.severity}`}>{watch.severity}</span>
              <p>{watch.question}</p>
              <p class="quiet">{standing(watch, stream)}</p>
              {watch.webhook && <p class="quiet">events go to {watch.webhook.address}</p>}
            </div>
            {mayChange(server) && <span class="actions">
              <button type="button" class="icon" aria-label={watch.enabled ? `Pause ${watch.name}` : `Go on with ${watch.name}`} onClick={() => attempt(patch(`${path}/${encodeURIComponent(watch.name)}`, { enabled: !watch.enabled }))}><Icon name={watch.enabled ? 'pause' : 'play'} /></button>
              <button type="button" class="icon" aria-label={`Remove ${watch.name}`} onClick={() => attempt(remove(`${path}/${encodeURIComponent(watch.name)}`))}><Icon name="trash" /></button>
            </span>}
          </li>))}
        </ul>}
      {adds && <WatchDialog stream={stream} question="" answer="" onClose={() => setAdds(false)} onSaved={again} />}
    </section>
  );
}

function standing(watch: WatchDocument, stream: StreamDocument): string {
  if (!watch.enabled)
    return 'paused';
  const asked = watch.last_asked_at ? `${moment(watch.last_asked_at, stream.time_zone)}: ${watch.last_answer ?? 'no answer'}` : 'not asked yet';
  return `every ${span(watch.every_seconds)} · ${asked}${watch.skipped > 0 ? ` · ${watch.skipped} skipped, the machine is too small` : ''}`;
}
