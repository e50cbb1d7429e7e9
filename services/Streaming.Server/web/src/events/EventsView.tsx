import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { WatchEvent } from '../api/documents';
import { post, wordsOf } from '../api/http';
import { mayChange, useServer } from '../app/server';
import { Icon } from '../parts/Icon';
import { plural } from '../words/numbers';
import { EventCard } from './EventCard';
import { EventFilters } from './EventFilters';
import { useEvents } from './EventsProvider';
import { everything, type Filter, isWanted } from './filter';
import { useSelection } from './useSelection';

/** What watches have found, the newest first, to be looked through. */
export function EventsView() {
  const server = useServer();
  const { events, isLive, put } = useEvents();
  const [filter, setFilter] = useState<Filter>(everything);
  const [said, setSaid] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const shown = events.filter((event) => isWanted(event, filter));
  const open = shown.filter((event) => !event.acknowledged);
  const { chosen, toggle, selectAll, clear } = useSelection(shown.map((event) => event.id));
  const may = mayChange(server);
  const change = async (action: string, body: object, changed: readonly WatchEvent[]) => {
    try {
      for (const event of changed)
        put(await post<WatchEvent>(`/v1/events/${event.id}/${action}`, body));
      setSaid('');
    } catch (problem) {
      setSaid(wordsOf(problem));
    }
  };
  const review = (reviewed: readonly WatchEvent[]) => change('acknowledge', { by: server.session.name }, reviewed.filter((event) => !event.acknowledged));
  const picked = chosen.length > 0 ? shown.filter((event) => chosen.includes(event.id)) : open;
  const reviewPicked = () => review(picked).then(clear);
  const press = (event: KeyboardEvent) => {
    const cards = [...list.current?.querySelectorAll<HTMLElement>('[data-event]') ?? []];
    const now = cards.findIndex((card) => card.contains(document.activeElement));
    const acts: Record<string, (() => unknown) | undefined> = {
      j: () => focusOn(cards, now + 1),
      ArrowDown: () => focusOn(cards, now + 1),
      k: () => focusOn(cards, now - 1),
      ArrowUp: () => focusOn(cards, now - 1),
      r: may && (chosen.length > 0 ? reviewPicked : now >= 0 && (() => review([shown[now]!]))) || undefined,
      x: may && now >= 0 ? () => toggle(shown[now]!.id, false) : undefined,
      Escape: chosen.length > 0 ? clear : undefined,
      'Control a': may ? selectAll : undefined,
    };
    const isText = (event.target as HTMLElement).matches('input:not([type=checkbox]), select');
    const act = acts[`${event.ctrlKey || event.metaKey ? 'Control ' : ''}${event.key}`];
    if (isText || event.altKey || !act)
      return;
    event.preventDefault();
    act();
  };
  // Wherever the focus is: nobody has to find the list first. Before the browser gets a turn, or a key that is pressed right after
  // another one would be lost, or act on what was selected before.
  useLayoutEffect(() => {
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
  return (
    <div>
      <header class="heading">
        <h1>Events</h1>
        <p class="quiet" role="status"><span class={`dot ${isLive ? 'good' : 'bad'}`} /> {isLive ? 'live' : 'connecting again …'} · {plural(shown.length, 'event')}, {open.length} not reviewed{chosen.length > 0 && `, ${chosen.length} selected`}</p>
        {may && events.length > 0 && <div class="actions">
          {chosen.length > 0 && <button type="button" onClick={clear}>Select none</button>}
          <button type="button" disabled={picked.every((event) => event.acknowledged)} onClick={reviewPicked}><Icon name="check" />{chosen.length > 0 ? `Mark ${chosen.length} as reviewed` : 'Mark all shown as reviewed'}</button>
        </div>}
      </header>
      {events.length > 0 && <EventFilters filter={filter} events={events} onChange={setFilter} />}
      <p class="failed" role="alert">{said}</p>
      {shown.length === 0
        ? <div class="empty"><p class="large">{events.length === 0 ? 'Nothing has happened yet.' : 'Nothing matches.'}</p><p>{events.length === 0 ? 'Ask a stream something and choose “Watch for this”: when the answer holds, an event comes here.' : 'There are events, but none of this kind.'}</p></div>
        : <>
          <ul ref={list} class={`tiles events${chosen.length > 0 ? ' selecting' : ''}`}>{shown.map((event) => (
            <EventCard
              key={event.id} event={event} zone={server.streams.find((stream) => stream.name === event.stream)?.time_zone} isSelected={chosen.includes(event.id)}
              actions={may ? { onReview: () => review([event]), onSendAgain: () => change('redeliver', {}, [event]), onSelect: (reaches) => toggle(event.id, reaches) } : null} />))}
          </ul>
          <p class="hint keys"><kbd>j</kbd> <kbd>k</kbd> next and previous{may && <> · <kbd>x</kbd> select · <kbd>Ctrl</kbd> <kbd>A</kbd> select all · <kbd>r</kbd> reviewed · <kbd>Esc</kbd> select none</>} · <kbd>Enter</kbd> to its moment</p>
        </>}
    </div>
  );
}

function focusOn(cards: readonly HTMLElement[], index: number) {
  cards[Math.max(0, Math.min(cards.length - 1, index))]?.querySelector<HTMLElement>('a')!.focus();
}
