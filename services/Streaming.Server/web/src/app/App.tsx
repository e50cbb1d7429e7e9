import { useEffect, useRef, useState } from 'preact/hooks';
import type { FileDocument, Session, StreamDocument } from '../api/documents';
import { get, Refusal, wordsOf } from '../api/http';
import { usePolled } from '../api/polling';
import { leaveConversations } from '../ask/conversations';
import { EventsProvider } from '../events/EventsProvider';
import { Footer } from './Footer';
import { Header } from './Header';
import { useRoute } from './routes';
import { type Server, ServerContext } from './server';
import { SignIn } from './SignIn';
import { View } from './View';

interface Looked { session: Session; streams: StreamDocument[]; files: FileDocument[]; model: string }

async function look(signal: AbortSignal): Promise<Looked> {
  const [session, { streams }, { files }, models] = await Promise.all([
    get<Session>('/v1/session', signal),
    get<{ streams: StreamDocument[] }>('/v1/streams', signal),
    get<{ files: FileDocument[] }>('/v1/files', signal),
    get<{ data: { id: string }[] }>('/v1/models', signal),
  ]);
  return { session, streams, files, model: models.data[0]?.id ?? 'no model' };
}

/** The whole page: who is let in, what the server holds, and the view that the address names. */
export function App() {
  const [entries, setEntries] = useState(0);
  const { seen, failure, again } = usePolled(look, 2000, [entries]);
  const route = useRoute();
  const last = useRef<Looked | null>(null);
  const isShut = failure instanceof Refusal && failure.status === 401;
  if (seen)
    last.current = seen;
  if (isShut)
    last.current = null;
  useEffect(() => scrollTo(0, 0), [route.view]);
  const change = () => {
    leaveConversations();
    setEntries(entries + 1);
  };
  if (isShut)
    return <SignIn onOpen={change} />;
  if (!last.current)
    return <main class="blank"><p role="status">{failure ? `${wordsOf(failure)}; it is tried again` : 'Looking …'}</p></main>;
  const server: Server = { ...last.current, again };
  return (
    <ServerContext.Provider value={server}>
      <EventsProvider key={entries}>
        <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>Skip to the content</a>
        <Header route={route} trouble={failure ? wordsOf(failure) : null} onLeave={change} />
        <View route={route} />
        <Footer />
      </EventsProvider>
    </ServerContext.Provider>
  );
}
