import { useEffect } from 'preact/hooks';
import { sourceHref } from '../app/routes';
import { useServer } from '../app/server';
import { Icon } from '../parts/Icon';
import { bytes } from '../words/numbers';
import { drop, goOn, pause, type Sending, useUploads } from './uploads';

/** Films on their way to the server. */
export function UploadList() {
  const uploads = useUploads();
  const { again } = useServer();
  const done = uploads.filter((sending) => sending.state === 'done').length;
  useEffect(again, [done]);
  return uploads.length === 0 ? null : <ul class="uploads" aria-label="Uploads">{uploads.map((sending) => <UploadRow key={sending.id} sending={sending} />)}</ul>;
}

function UploadRow({ sending }: { sending: Sending }) {
  const { id, name, state, film } = sending;
  const isMoving = state === 'sending' || state === 'waiting';
  return (
    <li class={`upload ${state}`}>
      <span class="name">{state === 'done' && film ? <a href={sourceHref(film)}>{name}</a> : name}</span>
      <progress max={sending.size} value={sending.sent} aria-label={`Sent of ${name}`} />
      <span class="said" role="status">{said(sending)}</span>
      <span class="actions">
        {isMoving && <button type="button" class="icon" aria-label={`Pause ${name}`} onClick={() => pause(id)}><Icon name="pause" /></button>}
        {(state === 'paused' || state === 'failed') && <button type="button" class="icon" aria-label={`Go on with ${name}`} onClick={() => goOn(id)}><Icon name="play" /></button>}
        <button type="button" class="icon" aria-label={state === 'done' ? `Take ${name} off the list` : `Give ${name} up`} onClick={() => drop(id)}><Icon name="close" /></button>
      </span>
    </li>
  );
}

function said({ state, problem, sent, size }: Sending): string {
  const amount = `${bytes(sent)} of ${bytes(size)}`;
  switch (state) {
    case 'sending':
      return amount;
    case 'paused':
      return `paused at ${amount}`;
    case 'done':
      return 'all of it is there';
    default:
      return problem;
  }
}
