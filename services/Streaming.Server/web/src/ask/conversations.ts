import { useEffect, useMemo, useState } from 'preact/hooks';
import type { AnswerDocument } from '../api/documents';
import { refusalOf, wordsOf } from '../api/http';
import { readEvents } from '../api/sse';
import type { Turn } from './turns';

/** What was asked in one place of the page, as long as the page is open: who comes back finds it again. */
class Conversation {
  turns: readonly Turn[] = [];
  readonly listeners = new Set<() => void>();
  #stop: AbortController | null = null;

  readonly stop = () => this.#stop?.abort();

  readonly restart = () => {
    this.stop();
    this.#put([]);
  };

  /** Asks; a question that is still being answered is given up. */
  readonly ask = async (question: string, path: string) => {
    this.stop();
    const stop = this.#stop = new AbortController();
    const id = Math.max(0, ...this.turns.map((turn) => turn.id)) + 1;
    const start = performance.now();
    const since = () => (performance.now() - start) / 1000;
    const change = (changed: (turn: Turn) => Partial<Turn>) => this.#put(this.turns.map((turn) => turn.id === id ? { ...turn, ...changed(turn) } : turn));
    this.#put([...this.turns, { id, question, path, text: '', answer: null, problem: null, isOpen: true, firstSeconds: null, seconds: null }]);
    try {
      for await (const { name, data } of await open(question, path, stop.signal)) {
        if (name === 'text')
          change((turn) => ({ text: turn.text + (data as { text: string }).text, firstSeconds: turn.firstSeconds ?? since() }));
        else if (name === 'answer')
          change(() => ({ answer: data as AnswerDocument, text: (data as AnswerDocument).answer, seconds: since() }));
        else if (name === 'problem')
          change(() => ({ problem: (data as { detail: string }).detail }));
      }
      change((turn) => turn.answer || turn.problem ? {} : { problem: 'the connection broke off before the answer was complete' });
    } catch (problem) {
      change(() => ({ problem: stop.signal.aborted ? 'stopped' : wordsOf(problem) }));
    }
    change(() => ({ isOpen: false }));
  };

  #put(turns: readonly Turn[]) {
    this.turns = turns;
    this.listeners.forEach((listener) => listener());
  }
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

const all = new Map<string, Conversation>();

/** The conversation of a place, such as that of a stream's view. */
export function useConversation(place: string): Conversation {
  const conversation = useMemo(() => {
    const known = all.get(place) ?? new Conversation();
    all.set(place, known);
    return known;
  }, [place]);
  const [, setTurns] = useState(conversation.turns);
  useEffect(() => {
    const listener = () => setTurns(conversation.turns);
    conversation.listeners.add(listener);
    listener();
    return () => void conversation.listeners.delete(listener);
  }, [conversation]);
  return conversation;
}
