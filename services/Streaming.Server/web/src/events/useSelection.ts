import { useRef, useState } from 'preact/hooks';

/** Some of a list of things, by their ids. */
export function useSelection(ids: readonly string[]) {
  const [all, setAll] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const chosen = ids.filter((id) => all.has(id));
  /** @param reaches Everything from where the selection was changed last becomes as this one does. */
  const toggle = (id: string, reaches: boolean) => {
    const from = reaches && last.current !== null ? ids.indexOf(last.current) : -1;
    const to = ids.indexOf(id);
    const changed = from < 0 ? [id] : ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    const isIn = !all.has(id);
    last.current = id;
    setAll(new Set(isIn ? [...all, ...changed] : [...all].filter((one) => !changed.includes(one))));
  };
  return { chosen, toggle, selectAll: () => setAll(new Set(ids)), clear: () => setAll(new Set()) };
}
