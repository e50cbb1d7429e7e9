import { useRef, useState } from 'preact/hooks';
import type { Backtest, Severity, StreamDocument, WatchDocument, WatchRequest } from '../api/documents';
import { post, streamPath, wordsOf } from '../api/http';
import { Dialog } from '../parts/Dialog';
import { Icon } from '../parts/Icon';
import { BacktestResult } from './BacktestResult';
import { WebhookSecret } from './WebhookSecret';

interface Props { stream: StreamDocument; question: string; answer: string; onClose: () => void; onSaved?: () => void }

/** Makes a question stand. What it would have found in the last hour can be seen before it is saved. */
export function WatchDialog({ stream, question, answer, onClose, onSaved }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState<Backtest | null>(null);
  const [busy, setBusy] = useState<'' | 'trying' | 'saving'>('');
  const [said, setSaid] = useState('');
  const [told, setTold] = useState<WatchDocument['webhook']>(null);
  const path = `${streamPath(stream.name)}/watches`;
  const attempt = async (what: 'trying' | 'saving', act: () => Promise<void>) => {
    if (!form.current!.reportValidity())
      return;
    setBusy(what);
    setSaid('');
    try {
      await act();
    } catch (problem) {
      setSaid(wordsOf(problem));
    }
    setBusy('');
  };
  const tryIt = () => attempt('trying', async () => setTried(await post<Backtest>(`${path}/backtest`, requestOf(form.current!))));
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt('saving', async () => {
      const { webhook } = await post<WatchDocument>(path, requestOf(form.current!));
      onSaved?.();
      if (webhook?.secret)
        setTold(webhook);
      else
        onClose();
    });
  };
  if (told?.secret)
    return <Dialog title={`Watch ${stream.name}`} onClose={onClose}><WebhookSecret address={told.address} secret={told.secret} onClose={onClose} /></Dialog>;
  return (
    <Dialog title={`Watch ${stream.name}`} onClose={onClose}>
      <form ref={form} class="form" onSubmit={save}>
        <label for="watch-question">Question, asked again and again</label>
        <input id="watch-question" name="question" required maxLength={4000} defaultValue={question} autocomplete="off" />
        <div class="pair">
          <div><label for="watch-fires">When the answer begins with</label><input id="watch-fires" name="fires_on" required defaultValue={firesOn(answer)} autocomplete="off" /></div>
          <div><label for="watch-name">Name</label><input id="watch-name" name="name" required pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}" title="letters, digits, dots, dashes and underscores" defaultValue={nameOf(question)} autocomplete="off" /></div>
          <div><label for="watch-every">Every, in seconds</label><input id="watch-every" name="every_seconds" type="number" min={1} max={3600} defaultValue="5" required /></div>
          <div><label for="watch-window">About the last seconds</label><input id="watch-window" name="window_seconds" type="number" min={1} max={600} defaultValue="10" required /></div>
          <div><label for="watch-needed">Needed answers</label><input id="watch-needed" name="needed" type="number" min={1} max={100} defaultValue="1" required /></div>
          <div><label for="watch-of">Of the last</label><input id="watch-of" name="of" type="number" min={1} max={100} defaultValue="1" required /></div>
          <div><label for="watch-cooldown">One event at most in, seconds</label><input id="watch-cooldown" name="cooldown_seconds" type="number" min={0} defaultValue="60" required /></div>
          <div><label for="watch-severity">Severity</label><select id="watch-severity" name="severity"><option>info</option><option selected>warning</option><option>critical</option></select></div>
        </div>
        <label for="watch-webhook">Post events to, if anywhere</label>
        <input id="watch-webhook" name="webhook" type="url" maxLength={2048} autocomplete="off" spellcheck={false} placeholder="https://example.com/hook" />
        <p class="failed" role="alert">{said}</p>
        <div role="status">{busy === 'trying' ? <p class="quiet">Asking about the last hour …</p> : tried && <BacktestResult tried={tried} stream={stream} />}</div>
        <footer>
          <button type="button" onClick={tryIt} disabled={busy !== ''}><Icon name="history" />Try on the last hour</button>
          <button type="submit" class="primary" disabled={busy !== ''}>Watch</button>
        </footer>
      </form>
    </Dialog>
  );
}

function requestOf(form: HTMLFormElement): WatchRequest {
  const fields = new FormData(form);
  const text = (name: string) => String(fields.get(name)).trim();
  return {
    name: text('name'), question: text('question'), fires_on: text('fires_on'), every_seconds: Number(text('every_seconds')), window_seconds: Number(text('window_seconds')),
    needed: Number(text('needed')), of: Math.max(Number(text('of')), Number(text('needed'))), cooldown_seconds: Number(text('cooldown_seconds')), severity: text('severity') as Severity,
    webhook: text('webhook') === '' ? undefined : { url: text('webhook') },
  };
}

/** A question that was answered with yes or no waits for a yes; another one for what it was answered with. */
const firesOn = (answer: string) => /^(yes|no)\b/i.test(answer) || answer === '' ? 'yes' : answer.split(/[.,;\n]/)[0]!.trim().slice(0, 40);

const nameOf = (question: string) => question.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '') || 'watch';
