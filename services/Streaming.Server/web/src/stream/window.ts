/** The stretch of time that a timeline shows, in seconds. */
export interface Stretch { from: number; to: number }

/** Stretches that can be chosen, the shortest first. */
export const widths = [30, 120, 600, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600];

const shortest = 5;

/** The stretch of a width that ends at a time, or the newest; a film or a young stream is shown as a whole. */
export function stretch(width: number, end: number | null, until: number): Stretch {
  const to = Math.max(end ?? until, Math.min(width, until), shortest);
  return { from: Math.max(0, to - width), to };
}

/** The next wider or narrower width. */
export function zoomed(width: number, until: number, by: 1 | -1): number {
  const wider = widths.filter((other) => other > width);
  const narrower = widths.filter((other) => other < width);
  return by > 0 ? (width >= until ? width : wider[0] ?? width) : narrower.at(-1) ?? width;
}

/** The narrowest width that shows all. */
export const fitting = (until: number) => widths.find((width) => width >= until) ?? widths.at(-1)!;

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/**
 * Times of the marks of an axis, at round times of the clock.
 * @param zero Seconds of the clock at second 0.
 * @param most How many fit.
 */
export function ticks({ from, to }: Stretch, zero: number, most: number): number[] {
  const step = steps.find((candidate) => (to - from) / candidate <= Math.max(1, most)) ?? steps.at(-1)!;
  const first = Math.ceil((from + zero) / step) * step - zero;
  const all: number[] = [];
  for (let time = first; time <= to; time += step)
    all.push(time);
  return all;
}
