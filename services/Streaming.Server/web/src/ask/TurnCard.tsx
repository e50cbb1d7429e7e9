import { useState } from 'preact/hooks';
import { mayChange, useServer } from '../app/server';
import { Icon } from '../parts/Icon';
import { SightDialog } from '../sight/SightDialog';
import { count, percent } from '../words/numbers';
import { moment, span } from '../words/time';
import { Citations } from './Citations';
import { EarlierMoments } from './EarlierMoments';
import { Gaps } from './Gaps';
import type { Turn } from './turns';
import { WatchDialog } from './WatchDialog';

/** One question with its answer, what it rests on, what it cost, and what can be made of it. */
export function TurnCard({ turn }: { turn: Turn }) {
  const server = useServer();
  const [shows, setShows] = useState<'sight' | 'watch' | null>(null);
  const { answer } = turn;
  const stream = server.streams.find((one) => `/v1/streams/${encodeURIComponent(one.name)}` === turn.path);
  const hasSight = answer?.sight?.some((sight) => sight.frames.length > 0) ?? false;
  return (
    <article class="turn">
      <p class="asked">{turn.question}</p>
      <p class={`answer${turn.problem && !turn.text ? ' failed' : ''}`}>{turn.text || turn.problem || <span class="thinking" aria-label="thinking"><i /><i /><i /></span>}</p>
      {turn.text && turn.problem && <p class="failed">{turn.problem}</p>}
      {answer && <>
        <Citations citations={answer.citations} namesStreams={turn.path === ''} />
        <Gaps gaps={answer.gaps} namesStreams={turn.path === ''} />
        <p class="cost quiet">{cost(turn)}</p>
      </>}
      {turn.earlier && <>
        <EarlierMoments turn={turn.earlier} />
        <p class="cost quiet">asked {moment(turn.earlier.at, undefined, 'minute')}</p>
      </>}
      {(answer || turn.earlier) && <div class="actions">
        {hasSight && <button type="button" class="small" onClick={() => setShows('sight')}><Icon name="eye" />What the model saw</button>}
        {stream && mayChange(server) && <button type="button" class="small" onClick={() => setShows('watch')}><Icon name="bell" />Watch for this</button>}
      </div>}
      {shows === 'sight' && <SightDialog turn={turn} onClose={() => setShows(null)} />}
      {shows === 'watch' && stream && <WatchDialog stream={stream} question={turn.question} answer={turn.text} onClose={() => setShows(null)} />}
    </article>
  );
}

function cost({ answer, firstSeconds, seconds }: Turn): string {
  const { visual_tokens_kept: kept, visual_tokens_source: all, prompt_tokens: prompt, completion_tokens: written, notes } = answer!.usage;
  if (answer!.model === null)
    return 'no model was asked';
  const share = all > 0 ? ` of ${count(all)} visual tokens (${percent(kept / all)})` : ' visual tokens';
  return [
    `read ${count(kept)}${share}${notes > 0 ? ` and ${count(notes)} notes` : ''}`,
    `${count(prompt)} tokens in, ${count(written)} out`,
    `${firstSeconds === null ? '' : `first word after ${span(firstSeconds)}, `}${span(seconds ?? 0)} in all`,
    ...(answer!.conversation?.durable === false ? ['not stored: it is gone when the server stops'] : []),
  ].join(' · ');
}
