import { Wall } from '../wall/Wall';
import type { Route } from './routes';

const titles: Record<Route['view'], string> = { wall: 'Wall', stream: 'Stream', film: 'Film', ask: 'Ask', events: 'Events' };

/** What the address names. */
export function View({ route }: { route: Route }) {
  const name = route.view === 'stream' ? route.name : titles[route.view];
  document.title = `${name} · Streaming`;
  return <main id="main" tabIndex={-1}>{content(route)}</main>;
}

function content(route: Route) {
  switch (route.view) {
    default:
      return <Wall />;
  }
}
