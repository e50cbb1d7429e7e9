import { clock, timeOfDay } from '../words/time';
import type { Source } from './source';
import { type Stretch, ticks } from './window';

/** A label needs so many pixels. */
const room = 84;

/** Round times along the timeline, in the source's own time zone. */
export function Axis({ source, shown, xOf, pixels }: { source: Source; shown: Stretch; xOf: (seconds: number) => number; pixels: number }) {
  const zero = source.startedAt === null ? 0 : Date.parse(source.startedAt) / 1000 + offsetOf(source);
  const isShort = shown.to - shown.from <= 900;
  return (
    <div class="axis" aria-hidden="true">
      {ticks(shown, zero, pixels / room).map((seconds) => (
        <span key={seconds} style={{ left: `${xOf(seconds)}px` }}>
          {source.startedAt === null ? clock(seconds) : timeOfDay(new Date(Date.parse(source.startedAt) + seconds * 1000), source.zone ?? undefined, isShort ? 'time' : 'minute')}
        </span>))}
    </div>
  );
}

/** How far the source's clock is ahead of UTC, in seconds: half-hour zones have their full hours elsewhere. */
function offsetOf(source: Source): number {
  const at = new Date(source.startedAt!);
  const parts = new Intl.DateTimeFormat('en', { timeZone: source.zone ?? 'UTC', timeZoneName: 'longOffset' }).formatToParts(at);
  const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(parts.find((part) => part.type === 'timeZoneName')?.value ?? '') ?? [];
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
