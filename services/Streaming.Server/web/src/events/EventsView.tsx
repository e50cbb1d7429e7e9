import { useEffect, useRef, useState } from 'preact/hooks';
import type { WatchEvent } from '../api/documents';
import { post, wordsOf } from '../api/http';
import { mayChange, useServer } from '../app/server';
import { Icon } from '../parts/Icon';
import { plural } from '../words/numbers';
import { EventCard } from './EventCard';
import { EventFilters } from './EventFilters';
import { useEvents } from './EventsProvider';
import { everything, type Filter, isWanted } from './filter';

/** What watches have found, the newest first, to be looked through. */
export function EventsView() {
  const server = useServer();
  const { events, isLive, put } = useEvents();
  const [filter, setFilter] = useState<Filter>(everything);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const shown = events.filter((event) => isWanted(event, filter));
  const open = shown.filter((event) => !event.acknowledged);
  const may = mayChange(server);
  const review = async (reviewed: readonly WatchEvent[]) => {
    try {
      for (const event of reviewed)
        put(await post<WatchEvent>(`/v1/events/${event.id}/acknowledge`, { by: server.session.name }));
      setSaid('');
    } catch (problem) {
      setSaid(wordsOf(problem));
    }
  };
  const press = (event: KeyboardEvent) => {
    const cards = [...list.current?.querySelectorAll<HTMLElement>('[data-event]') ?? []];
    const now = cards.findIndex((card) => card.contains(document.activeElement));
    const by = event.key === 'j' || event.key === 'ArrowDown' ? 1 : event.key === 'k' || event.key === 'ArrowUp' ? -1 : 0;
    if ((event.target as HTMLElement).matches('input, select') || event.ctrlKey || event.metaKey || event.altKey)
      return;
    if (by !== 0 && cards.length > 0) {
      event.preventDefault();
      cards[Math.max(0, Math.min(cards.length - 1, now + by))]!.querySelector<HTMLElement>('a')!.focus();
    } else if (event.key === 'r' && now >= 0 && may)
      void review(shown.filter((one) => one.id === cards[now]!.dataset.event && !one.acknowledged));
  };
  // Wherever the focus is: nobody has to find the list first.
  useEffect(() => {
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
  return (
    <div>
      <header class="heading">
        <h1>Events</h1>
        <p class="quiet" role="status"><span class={`dot ${isLive ? 'good' : 'bad'}`} /> {isLive ? 'live' : 'connecting again …'} · {plural(shown.length, 'event')}, {open.length} not reviewed</p>
        <div class="actions">{may && <button type="button" disabled={open.length === 0} onClick={() => review(open)}><Icon name="check" />Mark all shown as reviewed</button>}</div>
      </header>
      <EventFilters filter={filter} events={events} onChange={setFilter} />
      <p class="failed" role="alert">{said}</p>
      {shown.length === 0
        ? <div class="empty"><p class="large">{events.length === 0 ? 'Nothing has happened yet.' : 'Nothing matches.'}</p><p>{events.length === 0 ? 'Ask a stream something and choose “Watch for this”: when the answer holds, an event comes here.' : 'There are events, but none of this kind.'}</p></div>
        : <>
          <ul ref={list} class="tiles events">{shown.map((event) => <EventCard key={event.id} event={event} zone={server.streams.find((stream) => stream.name === event.stream)?.time_zone} onReview={may ? () => review([event]) : null} />)}</ul>
          <p class="hint keys"><kbd>j</kbd> <kbd>k</kbd> next and previous{may && <> · <kbd>r</kbd> reviewed</>} · <kbd>Enter</kbd> to its moment</p>
        </>}
    </div>
  );
}
