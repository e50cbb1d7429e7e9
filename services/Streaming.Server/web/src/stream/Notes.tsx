import { useState } from 'preact/hooks';
import type { Note } from '../api/documents';
import { type Source, timeOf } from './source';

interface Props { source: Source; notes: readonly Note[]; moment: number | null; isOff: boolean; onMove: (seconds: number) => void }

/** What perception noted, the newest first, beside the picture; those of the moment stand out. */
export function Notes({ source, notes, moment, isOff, onMove }: Props) {
  const [label, setLabel] = useState('');
  const classes = [...new Set(notes.map((note) => note.class).filter((name) => name !== null))].sort();
  const shown = notes.filter((note) => label === '' || note.class === label).toReversed();
  return (
    <section class="card panel" aria-labelledby="notes">
      <header>
        <h2 id="notes">Notes</h2>
        {classes.length > 1 && (
          <select aria-label="Notes about" value={label} onChange={(event) => setLabel(event.currentTarget.value)}>
            <option value="">everything</option>
            {classes.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        )}
      </header>
      {shown.length === 0
        ? <p class="quiet">{isOff ? 'Nothing is noted: perception is off, because the weights of its networks are not installed.' : 'Nothing was noted so far. What comes, goes, stops or can be read is listed here.'}</p>
        : <ol class="notes">{shown.map((note) => (
          <li key={`${note.start_seconds} ${note.line}`}>
            <button type="button" class={isAt(note, moment) ? 'now' : undefined} onClick={() => onMove(note.start_seconds)}>
              <time>{timeOf(source, note.start_seconds)}</time><span>{wordsOf(note)}</span>
            </button>
          </li>))}
        </ol>}
    </section>
  );
}

const isAt = (note: Note, moment: number | null) => moment !== null && note.start_seconds <= moment + 0.5 && moment <= note.end_seconds + 0.5;

const verbs: Record<string, string> = {
  present: 'in view', enter: 'came', leave: 'went', stop: 'stopped', go: 'moved on', cross: 'crossed', enter_zone: 'entered', leave_zone: 'left',
  visit: 'was here:', text: 'reads', clock: 'clock', cut: 'cut', say: '',
};

function wordsOf(note: Note): string {
  const who = note.class === null ? '' : note.count > 1 ? `${note.count} × ${note.class}` : `${note.class}${note.number === null ? '' : ` ${note.number}`}`;
  return [who, verbs[note.kind] ?? note.kind, note.detail].filter(Boolean).join(' ');
}
