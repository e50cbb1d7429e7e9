import { useState } from 'preact/hooks';
import { patch, post, remove, wordsOf } from '../api/http';
import { mayChange, useServer } from '../app/server';
import { Dialog } from '../parts/Dialog';
import { Icon } from '../parts/Icon';
import { StateChip } from '../parts/StateChip';
import { conditionOf, fileCondition } from '../words/states';
import { isGrowing, type Source } from './source';

/** Its name and state, and what can be done with it as a whole. */
export function SourceHeading({ source }: { source: Source }) {
  const server = useServer();
  const [removes, setRemoves] = useState(false);
  const [said, setSaid] = useState('');
  const { stream, film } = source;
  const condition = stream ? conditionOf(stream) : fileCondition(film!);
  const attempt = async (change: () => Promise<unknown>) => {
    try {
      await change();
      setSaid('');
    } catch (problem) {
      setSaid(wordsOf(problem));
    }
    server.again();
  };
  const isStopped = stream?.state === 'stopped';
  return (
    <header class="heading">
      <a class="button icon" href="#/" aria-label="Back to the wall"><Icon name="back" /></a>
      <h1>{source.title}</h1>
      <StateChip condition={condition} />
      <p class="quiet more">{condition.more}</p>
      <p class="failed" role="alert">{said}</p>
      {mayChange(server) && (
        <div class="actions">
          {stream && stream.state !== 'ended' && (
            <button type="button" onClick={() => attempt(() => patch(source.path, { enabled: isStopped }))}>
              <Icon name={isStopped ? 'play' : 'stop'} /><span>{isStopped ? 'Start' : 'Stop'}</span>
            </button>
          )}
          {film && isGrowing(source) && <button type="button" onClick={() => attempt(() => post(`${source.path}/cancel`, {}))}><Icon name="stop" /><span>Stop reading</span></button>}
          <button type="button" onClick={() => setRemoves(true)}><Icon name="trash" /><span>Remove</span></button>
        </div>
      )}
      {removes && (
        <Dialog title={`Remove ${source.title}?`} onClose={() => setRemoves(false)}>
          <p>{stream ? 'The stream ends, and its pictures, its memory and its watches are deleted. Its events stay.' : 'The film, its pictures and its memory are deleted.'}</p>
          <footer>
            <button type="button" onClick={() => setRemoves(false)} autofocus>Keep it</button>
            <button type="button" class="danger" onClick={() => attempt(async () => { setRemoves(false); await remove(source.path); location.hash = '#/'; })}>Remove</button>
          </footer>
        </Dialog>
      )}
    </header>
  );
}
