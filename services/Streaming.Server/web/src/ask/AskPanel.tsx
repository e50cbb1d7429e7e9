import { useEffect, useRef, useState } from 'preact/hooks';
import { filePath, streamPath } from '../api/http';
import { useServer } from '../app/server';
import { Icon } from '../parts/Icon';
import type { Source } from '../stream/source';
import { useConversation } from './conversations';
import { TurnCard } from './TurnCard';

const examples = ['What happened?', 'What is there now?', 'How many things came in?', 'Was anything red?'];

/** A conversation about one source, or about whatever is chosen. */
export function AskPanel({ source }: { source?: Source }) {
  const { streams, files } = useServer();
  const { turns, isLoading, problem, ask, stop, restart } = useConversation(source?.path ?? '');
  const [chosen, setChosen] = useState('');
  const [question, setQuestion] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const newest = turns.at(-1);
  const path = source?.path ?? chosen;
  useEffect(() => {
    // What was asked on an earlier day moves nothing but its own list.
    if (newest?.earlier)
      list.current!.scrollTop = list.current!.scrollHeight;
    else if (newest)
      end.current!.scrollIntoView({ block: 'nearest' });
  }, [turns.length, newest?.answer]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (question.trim() === '')
      return;
    void ask(question.trim(), path);
    setQuestion('');
  };
  return (
    <section class="card panel ask" aria-labelledby="ask">
      <header>
        <h2 id="ask">Ask{source && ` ${source.title}`}</h2>
        {turns.length > 0 && <button type="button" class="small" title="Forgets this one" onClick={restart}><Icon name="plus" />New conversation</button>}
      </header>
      <p class="failed" role="alert">{problem}</p>
      <div ref={list} class="turns" aria-live="polite" aria-busy={isLoading}>
        {turns.length === 0 && !isLoading && <div class="examples">
          <p class="quiet">Ask in words. The answer names the moments that it rests on, and the next question may go on from it.</p>
          {examples.map((example) => <button key={example} type="button" class="small" onClick={() => ask(example, path)}>{example}</button>)}
        </div>}
        {turns.map((turn) => <TurnCard key={turn.id} turn={turn} />)}
        <div ref={end} class="end" />
      </div>
      <form class="question" onSubmit={submit}>
        {!source && (
          <select aria-label="About" value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
            <option value="">all streams</option>
            {streams.map((stream) => <option key={stream.name} value={streamPath(stream.name)}>{stream.name}</option>)}
            {files.map((file) => <option key={file.id} value={filePath(file.id)}>film {file.name}</option>)}
          </select>
        )}
        <input type="text" aria-label="Question" value={question} onInput={(event) => setQuestion(event.currentTarget.value)} maxLength={4000} autocomplete="off" placeholder={turns.length ? 'Ask on: “And before that?”' : source?.film ? 'What came in first?' : 'Was there a car at the door this morning?'} />
        {newest?.isOpen
          ? <button type="button" class="send" aria-label="Stop" onClick={stop}><Icon name="stop" /></button>
          : <button type="submit" class="primary send" aria-label="Ask"><Icon name="send" /></button>}
      </form>
    </section>
  );
}
