import { AskView } from '../ask/AskView';
import { EventsView } from '../events/EventsView';
import { ofFilm, ofStream } from '../stream/source';
import { SourceView } from '../stream/SourceView';
import { Wall } from '../wall/Wall';
import type { Route } from './routes';
import { type Server, useServer } from './server';

const titles: Record<Route['view'], string> = { wall: 'Wall', stream: 'Stream', film: 'Film', ask: 'Ask', events: 'Events' };

/** What the address names. */
export function View({ route }: { route: Route }) {
  const server = useServer();
  document.title = `${route.view === 'stream' ? route.name : titles[route.view]} · Streaming`;
  return <main id="main" tabIndex={-1}>{content(route, server)}</main>;
}

function content(route: Route, { streams, files }: Server) {
  switch (route.view) {
    case 'wall':
      return <Wall />;
    case 'ask':
      return <AskView />;
    case 'events':
      return <EventsView />;
    case 'stream': {
      const stream = streams.find((one) => one.name === route.name);
      return stream ? <SourceView key={stream.name} source={ofStream(stream)} sought={route} /> : <Missing what="stream of that name" />;
    }
    case 'film': {
      const film = files.find((one) => one.id === route.id);
      return film ? <SourceView key={film.id} source={ofFilm(film)} sought={route} /> : <Missing what="such film" />;
    }
  }
}

function Missing({ what }: { what: string }) {
  return <div class="empty"><p class="large">There is no {what}.</p><p>It may have been removed, or it is not for you to see.</p><a class="button" href="#/">To the wall</a></div>;
}
