import type { Note, WatchEvent } from '../api/documents';
import { type Source, timeOf } from './source';
import type { Stretch } from './window';

interface Props { notes: readonly Note[]; events: readonly WatchEvent[]; source: Source; shown: Stretch; xOf: (seconds: number) => number; pixels: number }

const height = 18;

/** What was noted, as ticks, and events of watches, as diamonds in the colour of their severity. */
export function MarkLane({ notes, events, source, shown, xOf, pixels }: Props) {
  const isShown = (seconds: number) => seconds >= shown.from && seconds <= shown.to;
  return (
    <svg class="lane marks" width={pixels} height={height} aria-hidden="true">
      {notes.filter((note) => isShown(note.start_seconds)).map((note) => (
        <rect key={`${note.start_seconds} ${note.line}`} class="note" x={xOf(note.start_seconds) - 1} y={5} width={2} height={8} />))}
      {events.filter((event) => isShown(event.at_seconds)).map((event) => (
        <path key={event.id} class={`event ${event.severity}`} d={`M${xOf(event.at_seconds)} 2l7 7-7 7-7-7Z`}><title>{`${event.watch}, ${timeOf(source, event.at_seconds)}`}</title></path>))}
    </svg>
  );
}
