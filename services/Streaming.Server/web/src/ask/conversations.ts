import { useEffect, useMemo, useState } from 'preact/hooks';
import type { AnswerDocument, ConversationDocument, TurnDocument } from '../api/documents';
import { filePath, get, Refusal, refusalOf, remove, streamPath, wordsOf } from '../api/http';
import { readEvents } from '../api/sse';
import type { Turn } from './turns';

/** What was asked in one place of the page. The server keeps it under a name that the browser keeps, so that whoever comes back can go on. */
class Conversation {
  turns: readonly Turn[] = [];
  /** Earlier turns are on their way. */
  isLoading: boolean;
  /** Why it could not be shown or forgotten. */
  problem = '';
  readonly listeners = new Set<() => void>();
  readonly #key: string;
  #name: string | null;
  #stop: AbortController | null = null;

  constructor(place: string) {
    this.#key = `streaming.conversation${place}`;
    this.#name = localStorage.getItem(this.#key);
    this.isLoading = this.#name !== null;
    if (this.#name !== null)
      void this.#load(this.#name);
  }

  readonly stop = () => this.#stop?.abort();

  /** Forgets the turns, here and at the server, and begins another. */
  readonly restart = async () => {
    this.stop();
    try {
      if (this.#name !== null && this.turns.some((turn) => turn.answer ?? turn.earlier))
        await remove(`/v1/conversations/${this.#name}`).catch(unlessGone);
      this.#drop();
      this.#put([]);
    } catch (problem) {
      this.#put(this.turns, `nothing was forgotten: ${wordsOf(problem)}`);
    }
  };

  /** Asks; a question that is still being answered is given up. */
  readonly ask = async (question: string, path: string) => {
    this.stop();
    const stop = this.#stop = new AbortController();
    const id = Math.max(0, ...this.turns.map((turn) => turn.id)) + 1;
    const start = performance.now();
    const since = () => (performance.now() - start) / 1000;
    const change = (changed: (turn: Turn) => Partial<Turn>) => this.#put(this.turns.map((turn) => turn.id === id ? { ...turn, ...changed(turn) } : turn));
    this.#put([...this.turns, { id, question, path, text: '', answer: null, earlier: null, problem: null, isOpen: true, firstSeconds: null, seconds: null }]);
    try {
      for await (const { name, data } of await open(question, path, this.#named(), stop.signal)) {
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

  async #load(name: string) {
    try {
      const { turns } = await get<ConversationDocument>(`/v1/conversations/${name}`);
      this.isLoading = false;
      this.#put([...turns.map((turn, i) => earlier(turn, i - turns.length)), ...this.turns]);
    } catch (problem) {
      this.isLoading = false;
      if (problem instanceof Refusal && problem.status === 404)
        this.#drop();
      this.#put(this.turns, problem instanceof Refusal && problem.status === 404 ? '' : `what was asked before cannot be shown: ${wordsOf(problem)}`);
    }
  }

  /** A name that nobody guesses; pages that come over plain HTTP have no randomUUID. */
  #named(): string {
    this.#name ??= Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
    localStorage.setItem(this.#key, this.#name);
    return this.#name;
  }

  #drop() {
    this.#name = null;
    localStorage.removeItem(this.#key);
  }

  #put(turns: readonly Turn[], problem = '') {
    this.turns = turns;
    this.problem = problem;
    this.listeners.forEach((listener) => listener());
  }
}

function unlessGone(problem: unknown) {
  if (!(problem instanceof Refusal && problem.status === 404))
    throw problem;
}

/** @param id Below those of this visit. */
const earlier = (turn: TurnDocument, id: number): Turn => ({
  id, question: turn.question, path: turn.parts.length === 1 ? pathOf(turn.parts[0]!) : '', text: turn.answer, answer: null, earlier: turn, problem: null,
  isOpen: false, firstSeconds: null, seconds: null,
});

export const pathOf = ({ stream, file }: { stream?: string; file?: string }) => stream === undefined ? filePath(file ?? '') : streamPath(stream);

async function open(question: string, path: string, conversation: string, signal: AbortSignal) {
  const response = await fetch(`${path || '/v1'}/ask`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify({ question, conversation, sight: true }),
    signal,
  });
  if (!response.ok)
    throw await refusalOf(response);
  return readEvents(response);
}

const all = new Map<string, Conversation>();

/** Another reader sees nothing of what the one before asked. */
export const leaveConversations = () => all.clear();

/** The conversation of a place, such as that of a stream's view. */
export function useConversation(place: string): Conversation {
  const conversation = useMemo(() => {
    const known = all.get(place) ?? new Conversation(place);
    all.set(place, known);
    return known;
  }, [place]);
  const [, setChanges] = useState(0);
  useEffect(() => {
    const listener = () => setChanges((changes) => changes + 1);
    conversation.listeners.add(listener);
    listener();
    return () => void conversation.listeners.delete(listener);
  }, [conversation]);
  return conversation;
}
