import type { Sight, SightFrame } from '../api/documents';

/**
 * What became of the token at a place of a frame: it was read as it was seen; it was read and stands for several; the place was not read
 * again, because nothing new was there since an earlier frame; or nothing of the place was read at all.
 */
export type Fate = 'read' | 'merged' | 'unchanged' | 'left out';

export const fates: readonly Fate[] = ['read', 'merged', 'unchanged', 'left out'];

export interface FatedFrame {
  frame: SightFrame;
  /** Of each place, row by row. */
  fates: Fate[];
  /** Of each place: how many tokens its own stands for; 0 where it has none. */
  weights: number[];
  counts: Record<Fate, number>;
}

/** A weight that rounds to one is one. */
const several = 1.005;

/** The fate of every place of every frame that was read, in order of time. */
export function fatesOf(sight: Sight): FatedFrame[] {
  const places = sight.rows * sight.columns;
  const known = new Array<boolean>(places).fill(false);
  return sight.frames.map((frame) => {
    const weights = new Array<number>(places).fill(0);
    frame.places.forEach((place, i) => {
      weights[place] = frame.weights[i]!;
      known[place] = true;
    });
    const all = weights.map((weight, place): Fate => weight > several ? 'merged' : weight > 0 ? 'read' : known[place] ? 'unchanged' : 'left out');
    const counts = { read: 0, merged: 0, unchanged: 0, 'left out': 0 };
    all.forEach((fate) => counts[fate]++);
    return { frame, fates: all, weights, counts };
  });
}
