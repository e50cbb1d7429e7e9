import { useEffect, useRef, useState } from 'preact/hooks';
import type { Keyframe } from '../api/documents';
import { get } from '../api/http';

/** The most that the server lists at once. */
const most = 5000;

/** The newest ones are asked for again: it may not have been decided yet what is kept of them. */
const unsettled = 16;

/** All keyframes of a source whose pictures are kept, in order; after the first time only the newest are asked for. */
export function useKeyframes(path: string, kept: number): readonly Keyframe[] {
  const [keyframes, setKeyframes] = useState<readonly Keyframe[]>([]);
  const known = useRef<{ path: string; keyframes: readonly Keyframe[] }>({ path, keyframes: [] });
  useEffect(() => {
    if (known.current.path !== path) {
      known.current = { path, keyframes: [] };
      setKeyframes([]);
    }
    let isOver = false;
    const before = known.current.keyframes.slice(0, -unsettled);
    const from = (before.at(-1)?.number ?? -1) + 1;
    get<{ keyframes: Keyframe[] }>(`${path}/keyframes?from=${from}&most=${most}`).then((list) => {
      if (isOver)
        return;
      known.current = { path, keyframes: [...before, ...list.keyframes].slice(-most) };
      setKeyframes(known.current.keyframes);
    }, () => {});
    return () => { isOver = true; };
  }, [path, kept]);
  return keyframes;
}

/** The index of the newest keyframe up to a time; -1 where there is none. */
export function indexAt(keyframes: readonly Keyframe[], seconds: number): number {
  let low = 0;
  let high = keyframes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyframes[middle]!.seconds <= seconds + 1e-6)
      low = middle + 1;
    else
      high = middle;
  }
  return low - 1;
}
