import { useEffect, useRef, useState } from 'preact/hooks';
import type { Keyframe, MemoryDocument, Note, WatchEvent } from '../api/documents';
import { Icon } from '../parts/Icon';
import { span, zoneWords } from '../words/time';
import { Axis } from './Axis';
import { MarkLane } from './MarkLane';
import { MemoryLane } from './MemoryLane';
import { type Source, stretchOf, timeOf } from './source';
import { ThumbnailLane } from './ThumbnailLane';
import { TimelineLegend } from './TimelineLegend';
import { indexAt } from './useKeyframes';
import { useWidth } from './useWidth';
import { fitting, type Stretch, stretch, zoomed } from './window';

interface Props {
  source: Source; keyframes: readonly Keyframe[]; memory: MemoryDocument | null; notes: readonly Note[]; events: readonly WatchEvent[];
  until: number; moment: number | null; canBeLive: boolean; onMove: (seconds: number | null) => void;
}

/** What was seen over time: pictures, how finely they are remembered, what was not seen, and what happened. Dragging moves the picture. */
export function Timeline({ source, keyframes, memory, notes, events, until, moment, canBeLive, onMove }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [end, setEnd] = useState<number | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  const track = useRef<HTMLDivElement>(null);
  const pixels = useWidth(track);
  const width = chosen ?? Math.min(600, fitting(until));
  const shown = stretch(width, end, until);
  const xOf = (seconds: number) => (seconds - shown.from) / (shown.to - shown.from) * pixels;
  const secondsAt = (clientX: number) => {
    const box = track.current!.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - box.left) / box.width));
    return Math.min(until, shown.from + share * (shown.to - shown.from));
  };
  useEffect(() => {
    if (moment === null)
      setEnd(null);
    else if (moment < shown.from || moment > shown.to)
      setEnd(Math.min(until, moment + width / 2));
  }, [moment]);
  const move = (seconds: number) => onMove(Math.max(0, Math.min(until, seconds)));
  const pan = (by: number) => setEnd(shown.to + by * width >= until ? null : Math.max(width, shown.to + by * width));
  const zoom = (by: 1 | -1) => {
    const next = zoomed(width, until, by);
    const centre = moment !== null && moment >= shown.from && moment <= shown.to ? moment : shown.to;
    setChosen(next);
    setEnd(end === null && centre === shown.to ? null : Math.min(until, centre + next / 2));
  };
  const press = (event: KeyboardEvent) => {
    const now = moment ?? until;
    const index = indexAt(keyframes, now);
    const acts: Record<string, () => void> = {
      ArrowLeft: () => move(keyframes[Math.max(0, moment === null ? index : index - 1)]?.seconds ?? 0),
      ArrowRight: () => index + 1 < keyframes.length ? move(keyframes[index + 1]!.seconds) : canBeLive && onMove(null),
      PageDown: () => move(now - width / 10),
      PageUp: () => move(now + width / 10),
      Home: () => move(keyframes[0]?.seconds ?? 0),
      End: () => canBeLive ? onMove(null) : move(until),
      '+': () => zoom(-1),
      '-': () => zoom(1),
    };
    const act = acts[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  };
  return (
    <section class="card timeline" aria-label="Timeline">
      <Toolbar shown={shown} source={source} onPan={pan} onZoom={zoom} isAtEnd={shown.to >= until} />
      <div
        ref={track} class="track" role="slider" tabIndex={0} aria-label="Moment" aria-valuemin={0} aria-valuemax={Math.round(until)}
        aria-valuenow={Math.round(moment ?? until)} aria-valuetext={moment === null ? 'live' : timeOf(source, moment)} onKeyDown={press}
        onPointerDown={(event) => { track.current!.setPointerCapture(event.pointerId); move(secondsAt(event.clientX)); }}
        onPointerMove={(event) => { setHover(secondsAt(event.clientX)); if (event.buttons & 1) move(secondsAt(event.clientX)); }}
        onPointerLeave={() => setHover(null)}>
        <Axis source={source} shown={shown} xOf={xOf} pixels={pixels} />
        <ThumbnailLane keyframes={keyframes} shown={shown} pixels={pixels} />
        <MemoryLane memory={memory} keyframes={keyframes} shown={shown} xOf={xOf} pixels={pixels} />
        <MarkLane notes={notes} events={events} source={source} shown={shown} xOf={xOf} pixels={pixels} />
        {hover !== null && <Cursor x={xOf(hover)} pixels={pixels} label={timeOf(source, hover)} isHover />}
        {moment !== null && moment >= shown.from && moment <= shown.to && <Cursor x={xOf(moment)} pixels={pixels} label={timeOf(source, moment)} />}
      </div>
      <TimelineLegend memory={memory} />
    </section>
  );
}

/** Half a label that names the day too. */
const halfLabel = 62;

function Cursor({ x, pixels, label, isHover = false }: { x: number; pixels: number; label: string; isHover?: boolean }) {
  const side = x < halfLabel ? ' first' : x > pixels - halfLabel ? ' last' : '';
  return <span class={`cursor${isHover ? ' hover' : ''}${side}`} style={{ left: `${x}px` }}><b>{label}</b></span>;
}

interface ToolbarProps { shown: Stretch; source: Source; isAtEnd: boolean; onPan: (by: number) => void; onZoom: (by: 1 | -1) => void }

function Toolbar({ shown, source, isAtEnd, onPan, onZoom }: ToolbarProps) {
  return (
    <div class="toolbar">
      <button type="button" class="icon" aria-label="Earlier" disabled={shown.from <= 0} onClick={() => onPan(-0.8)}><Icon name="back" /></button>
      <p class="quiet">{stretchOf(source, shown.from, shown.to)} <span class="length">({span(shown.to - shown.from)}){source.zone && zoneWords(source.zone) && ` · ${zoneWords(source.zone)}`}</span></p>
      <button type="button" class="icon" aria-label="Later" disabled={isAtEnd} onClick={() => onPan(0.8)}><Icon name="forward" /></button>
      <button type="button" class="icon end" aria-label="Show a longer stretch" onClick={() => onZoom(1)}><Icon name="zoomOut" /></button>
      <button type="button" class="icon" aria-label="Show a shorter stretch" onClick={() => onZoom(-1)}><Icon name="zoomIn" /></button>
    </div>
  );
}
