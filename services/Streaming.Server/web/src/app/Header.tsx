import { useState } from 'preact/hooks';
import { remove } from '../api/http';
import { useEvents } from '../events/EventsProvider';
import { Icon } from '../parts/Icon';
import type { Route } from './routes';
import { useServer } from './server';
import { applyTheme, type Theme, theme } from './theme';

const next: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

/** Where one can go, how well the server is, and who looks. */
export function Header({ route, trouble, onLeave }: { route: Route; trouble: string | null; onLeave: () => void }) {
  const { session, model } = useServer();
  const { unreviewed } = useEvents();
  const [chosen, setChosen] = useState(theme);
  const isWall = route.view === 'wall' || route.view === 'stream' || route.view === 'film';
  const change = () => {
    applyTheme(next[chosen]);
    setChosen(next[chosen]);
  };
  const leave = async () => {
    await remove('/v1/session');
    onLeave();
  };
  return (
    <header class="top">
      <a class="brand" href="#/" aria-label="Streaming, to the wall"><img src="/icon.svg" alt="" width="26" height="26" /><span>Streaming</span></a>
      <nav aria-label="Views">
        <a href="#/" aria-current={isWall ? 'page' : undefined}>Wall</a>
        <a href="#/ask" aria-current={route.view === 'ask' ? 'page' : undefined}>Ask</a>
        <a href="#/events" aria-current={route.view === 'events' ? 'page' : undefined}>
          Events{unreviewed > 0 && <span class="badge" aria-label={`${unreviewed} not reviewed`}>{unreviewed > 99 ? '99+' : unreviewed}</span>}
        </a>
      </nav>
      <p class="server" role="status">
        <span class={`dot ${trouble ? 'bad' : 'good'}`} /><span class="words">{trouble ?? model}</span>
      </p>
      <button type="button" class="icon" onClick={change} aria-label={`Colours: ${chosen}. Change`} title={`Colours: ${chosen}`}>
        <Icon name={chosen === 'system' ? 'contrast' : chosen === 'light' ? 'sun' : 'moon'} />
      </button>
      {session.name !== 'local' && (
        <button type="button" class="icon" onClick={leave} aria-label={`Sign out ${session.name}`} title={`${session.name}, ${session.role}: sign out`}><Icon name="leave" /></button>
      )}
    </header>
  );
}
