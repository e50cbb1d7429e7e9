import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { AnswerDocument } from '../api/documents';
import { refusalOf, wordsOf } from '../api/http';
import { readEvents } from '../api/sse';
import type { Turn } from './turns';

/** Asks, one question at a time, and keeps what was asked. */
export function useTurns() {
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const ask = useCallback(async (question: string, path: string) => {
    stop.current?.abort();
    const aborting = stop.current = new AbortController();
    const id = Date.now();
    const start = performance.now();
    const since = () => (performance.now() - start) / 1000;
    const change = (changed: (turn: Turn) => Partial<Turn>) =>
      setTurns((known) => known.map((turn) => turn.id === id ? { ...turn, ...changed(turn) } : turn));
    setTurns((known) => [...known, { id, question, path, text: '', answer: null, problem: null, isOpen: true, firstSeconds: null, seconds: null }]);
    try {
      for await (const { name, data } of await open(question, path, aborting.signal)) {
        if (name === 'text')
          change((turn) => ({ text: turn.text + (data as { text: string }).text, firstSeconds: turn.firstSeconds ?? since() }));
        else if (name === 'answer')
          change(() => ({ answer: data as AnswerDocument, text: (data as AnswerDocument).answer, seconds: since() }));
        else if (name === 'problem')
          change(() => ({ problem: (data as { detail: string }).detail }));
      }
      change((turn) => turn.answer || turn.problem ? {} : { problem: 'the connection broke off before the answer was complete' });
    } catch (problem) {
      change(() => ({ problem: aborting.signal.aborted ? 'stopped' : wordsOf(problem) }));
    }
    change(() => ({ isOpen: false }));
  }, []);
  return { turns, ask, stop: useCallback(() => stop.current?.abort(), []) };
}

async function open(question: string, path: string, signal: AbortSignal) {
  const response = await fetch(`${path || '/v1'}/ask`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify({ question, sight: true }),
    signal,
  });
  if (!response.ok)
    throw await refusalOf(response);
  return readEvents(response);
}
