import { useEffect, useRef, useState } from 'preact/hooks';
import type { MemoryDocument, Note } from '../api/documents';
import { get } from '../api/http';
import { usePolled } from '../api/polling';
import { leaveMoment, type Sought } from '../app/routes';
import { AskPanel } from '../ask/AskPanel';
import { useEvents } from '../events/EventsProvider';
import { isGrowing, type Source } from './source';
import { Health } from './Health';
import { Notes } from './Notes';
import { SourceHeading } from './SourceHeading';
import { Stage } from './Stage';
import { Timeline } from './Timeline';
import { useKeyframes } from './useKeyframes';
import { Watches } from './Watches';

/** How many notes the page shows. */
const mostNotes = 500;

/** One stream or film: its picture at a moment, its timeline, what is noted of it, and questions about it. */
export function SourceView({ source, sought }: { source: Source; sought: Sought }) {
  const { path, stream, film } = source;
  const [moment, setMoment] = useState<number | null>(sought.seconds);
  const viewing = useRef<HTMLDivElement>(null);
  const kept = stream?.frames.kept ?? film!.frames.kept;
  const keyframes = useKeyframes(path, kept);
  const { seen: memory } = usePolled((signal) => get<MemoryDocument>(`${path}/memory`, signal), 4000, [path]);
  const hasNotes = stream !== null && stream.perception !== 'off';
  const { seen: noted } = usePolled(hasNotes ? (signal) => get<{ events: Note[] }>(`${path}/events?most=${mostNotes}`, signal) : null, 5000, [path, hasNotes]);
  const { events } = useEvents();
  const notes = noted?.events ?? [];
  useEffect(() => {
    setMoment(sought.seconds);
    if (sought.seconds !== null)
      viewing.current!.firstElementChild!.scrollIntoView({ block: 'nearest' });
  }, [sought]);
  const move = (seconds: number | null) => {
    setMoment(seconds);
    leaveMoment();
  };
  const until = Math.max(memory?.until_seconds ?? 0, keyframes.at(-1)?.seconds ?? 0, film?.duration_seconds ?? 0);
  const canBeLive = stream !== null && isGrowing(source);
  const shown = moment ?? (canBeLive ? null : until);
  const health = <Health source={source} memory={memory} />;
  return (
    <div class="source">
      <SourceHeading source={source} />
      <div ref={viewing} class="viewing">
        <Stage source={source} keyframes={keyframes} moment={shown} until={until} canBeLive={canBeLive} onMove={move} />
        <Timeline
          source={source} keyframes={keyframes} memory={memory} notes={notes} until={until} moment={shown}
          events={stream ? events.filter((event) => event.stream === stream.name) : []} onMove={move} canBeLive={canBeLive} />
      </div>
      <div class="asking"><AskPanel key={path} source={source} /></div>
      <div class="noted">{stream ? <Notes source={source} notes={notes} moment={shown} isOff={!hasNotes} onMove={move} /> : health}</div>
      {stream && <div class="keeping"><Watches stream={stream} />{health}</div>}
    </div>
  );
}
