import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/**
 * Looks again and again while the page is in front, never twice at once, and keeps what it saw last.
 * @param look null: there is nothing to look at.
 */
export function usePolled<T>(look: ((signal: AbortSignal) => Promise<T>) | null, milliseconds: number, keys: readonly unknown[]) {
  const [seen, setSeen] = useState<T | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const again = useRef<() => void>(() => {});
  useEffect(() => {
    setSeen(null);
    setFailure(null);
    if (!look)
      return;
    const stop = new AbortController();
    let timer = 0;
    let isLooking = false;
    const once = async () => {
      clearTimeout(timer);
      if (isLooking || stop.signal.aborted)
        return;
      isLooking = true;
      try {
        const value = await look(stop.signal);
        if (!stop.signal.aborted) {
          setSeen(() => value);
          setFailure(null);
        }
      } catch (problem) {
        if (!stop.signal.aborted)
          setFailure(problem);
      }
      isLooking = false;
      if (!document.hidden && !stop.signal.aborted)
        timer = window.setTimeout(once, milliseconds);
    };
    const onVisible = () => { if (!document.hidden) void once(); };
    document.addEventListener('visibilitychange', onVisible);
    again.current = () => void once();
    void once();
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, keys);
  return { seen, failure, again: useCallback(() => again.current(), []) };
}
