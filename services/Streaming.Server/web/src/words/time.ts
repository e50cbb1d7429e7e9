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
    return `${Number.isInteger(seconds) ? seconds : seconds.toFixed(1)} s`;
  if (seconds < 100)
    return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60)
    return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

const fields = {
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string | undefined, kind: keyof typeof fields): Intl.DateTimeFormat {
  const key = `${zone} ${kind}`;
  let known = formats.get(key);
  if (!known) {
    known = new Intl.DateTimeFormat(undefined, { ...fields[kind], timeZone: zone });
    formats.set(key, known);
  }
  return known;
}

export const hereZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The time of day, and the date where it is not today's; the year where it is not this one. */
export function moment(at: Date | string, zone?: string, kind: 'time' | 'minute' = 'time'): string {
  const date = new Date(at);
  const now = new Date();
  const time = format(zone, kind).format(date);
  if (dayOf(date, zone) === dayOf(now, zone))
    return time;
  const isThisYear = format(zone, 'year').format(date) === format(zone, 'year').format(now);
  return `${format(zone, isThisYear ? 'day' : 'date').format(date)}, ${time}`;
}

/** From one moment to another; the day stands once where it is the same. */
export function between(from: Date | string, to: Date | string, zone?: string, kind: 'time' | 'minute' = 'time'): string {
  const isOneDay = dayOf(new Date(from), zone) === dayOf(new Date(to), zone);
  return `${moment(from, zone, kind)} – ${isOneDay ? timeOfDay(to, zone, kind) : moment(to, zone, kind)}`;
}

const dayOf = (date: Date, zone?: string) => format(zone, 'date').format(date);

/** The time of day alone. */
export const timeOfDay = (at: Date | string, zone?: string, kind: 'time' | 'minute' = 'time') => format(zone, kind).format(new Date(at));

/** What to say of a zone that is not the reader's own; empty where it is. */
export const zoneWords = (zone: string) => zone === hereZone ? '' : zone.replaceAll('_', ' ');
