// Times as people read them: of a film since its start, of a stream in the stream's own time zone.

const two = (number: number) => String(number).padStart(2, '0');

/** 1:02:03 or 02:03, with a tenth where it matters. */
export function clock(seconds: number, withTenth = false): string {
  const rounded = withTenth ? Math.floor(seconds * 10 + 1e-6) / 10 : Math.floor(seconds + 1e-6);
  const whole = Math.floor(rounded);
  const hours = Math.floor(whole / 3600);
  const tenth = withTenth ? `.${Math.round((rounded - whole) * 10)}` : '';
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}${tenth}`;
}

/** How long something takes or is ago, in the two largest units at most. */
export function span(seconds: number): string {
  if (seconds < 10)
    return `${seconds.toFixed(1)} s`;
  if (seconds < 100)
    return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60)
    return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string | undefined, kind: 'time' | 'minute' | 'date'): Intl.DateTimeFormat {
  const key = `${zone} ${kind}`;
  let known = formats.get(key);
  if (!known) {
    const fields: Intl.DateTimeFormatOptions = kind === 'date'
      ? { day: 'numeric', month: 'short', year: 'numeric' }
      : { hour: '2-digit', minute: '2-digit', second: kind === 'time' ? '2-digit' : undefined, hourCycle: 'h23' };
    known = new Intl.DateTimeFormat(undefined, { ...fields, timeZone: zone });
    formats.set(key, known);
  }
  return known;
}

export const hereZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time of day, and the date where it is not today's. */
export function moment(at: Date | string, zone?: string, kind: 'time' | 'minute' = 'time'): string {
  const date = new Date(at);
  const day = format(zone, 'date').format(date);
  const time = format(zone, kind).format(date);
  return day === format(zone, 'date').format(new Date()) ? time : `${day}, ${time}`;
}

/** The time of day alone. */
export const timeOfDay = (at: Date | string, zone?: string, kind: 'time' | 'minute' = 'time') => format(zone, kind).format(new Date(at));

/** What to say of a zone that is not the reader's own; empty where it is. */
export const zoneWords = (zone: string) => zone === hereZone ? '' : zone.replaceAll('_', ' ');
