import { useLayoutEffect, useState } from 'preact/hooks';

/** The moment that an address names, if any; whoever follows it twice means it twice. */
export interface Sought { seconds: number | null }

/** Where the page is: what stands after the # of its address. */
export type Route =
  | { view: 'wall' }
  | { view: 'stream'; name: string; seconds: number | null }
  | { view: 'film'; id: string; seconds: number | null }
  | { view: 'ask' }
  | { view: 'events' };

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first, second] = path.split('/').map(decodeURIComponent);
  const time = new URLSearchParams(query).get('t');
  const seconds = time === null || !Number.isFinite(Number(time)) ? null : Number(time);
  if (first === 'streams' && second)
    return { view: 'stream', name: second, seconds };
  if (first === 'films' && second)
    return { view: 'film', id: second, seconds };
  return first === 'ask' || first === 'events' ? { view: first } : { view: 'wall' };
}

const at = (seconds?: number | null) => seconds === undefined || seconds === null ? '' : `?t=${Math.round(seconds * 1000) / 1000}`;

export const streamHref = (name: string, seconds?: number | null) => `#/streams/${encodeURIComponent(name)}${at(seconds)}`;
export const filmHref = (id: string, seconds?: number | null) => `#/films/${encodeURIComponent(id)}${at(seconds)}`;

/** The view of a source that the API knows by its path, at a moment. */
export function sourceHref(path: string, seconds?: number | null): string {
  const [, , kind, name = ''] = path.split('/');
  return kind === 'files' ? filmHref(decodeURIComponent(name), seconds) : streamHref(decodeURIComponent(name), seconds);
}

/** The reader went on from the moment that the address names: following it again leads back there. */
export function leaveMoment(): void {
  if (location.hash.includes('?'))
    history.replaceState(null, '', location.hash.split('?')[0]);
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parse(location.hash));
  // Before the browser gets a turn: an address that changes after the first drawing and before an effect would be lost.
  useLayoutEffect(() => {
    const follow = () => setRoute(parse(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}
