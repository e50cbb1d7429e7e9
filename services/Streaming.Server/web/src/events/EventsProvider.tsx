import { type ComponentChildren, createContext } from 'preact';
import { useCallback, useContext, useEffect, useMemo, useState } from 'preact/hooks';
import type { WatchEvent } from '../api/documents';
import { get } from '../api/http';

const millisecondsBeforeAnotherTry = 5000;

/** Most events that the page holds; older ones are asked for by their time. */
const most = 500;

interface Events {
  /** The newest first. */
  events: WatchEvent[];
  unreviewed: number;
  isLive: boolean;
  /** Takes what the server says of an event now. */
  put: (event: WatchEvent) => void;
}

const EventsContext = createContext<Events>({ events: [], unreviewed: 0, isLive: false, put: () => {} });

export const useEvents = () => useContext(EventsContext);

/** The newest events, and each new one as it happens: the browser comes back by itself and says with Last-Event-ID how far it got. */
export function EventsProvider({ children }: { children: ComponentChildren }) {
  const [byId, setById] = useState<ReadonlyMap<string, WatchEvent>>(new Map());
  const [isLive, setIsLive] = useState(false);
  const put = useCallback((...changed: WatchEvent[]) => setById((known) => new Map([...known, ...changed.map((event) => [event.id, event] as const)])), []);
  useEffect(() => {
    let source: EventSource | null = null;
    let isOver = false;
    let timer = 0;
    // The browser itself comes back where a connection breaks, but not where it was refused.
    const later = () => {
      setIsLive(false);
      source?.close();
      if (!isOver)
        timer = window.setTimeout(() => begin().catch(later), millisecondsBeforeAnotherTry);
    };
    const begin = async () => {
      const { events } = await get<{ events: WatchEvent[] }>(`/v1/events?most=${most}`);
      if (isOver)
        return;
      put(...events);
      source = new EventSource(`/v1/events?after=${events.at(-1)?.id ?? 0}`);
      source.onopen = () => setIsLive(true);
      source.onerror = () => source!.readyState === EventSource.CLOSED ? later() : setIsLive(false);
      source.addEventListener('event', (message) => put(JSON.parse((message as MessageEvent<string>).data) as WatchEvent));
    };
    begin().catch(later);
    return () => {
      isOver = true;
      clearTimeout(timer);
      source?.close();
    };
  }, []);
  const value = useMemo(() => {
    const events = [...byId.values()].sort((a, b) => Number(b.id) - Number(a.id)).slice(0, most);
    return { events, unreviewed: events.filter((event) => !event.acknowledged).length, isLive, put };
  }, [byId, isLive]);
  return <EventsContext.Provider value={value}>{children}</EventsContext.Provider>;
}
