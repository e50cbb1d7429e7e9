import type { AnswerDocument, TurnDocument } from '../api/documents';

/** A question, and as much of its answer as has come. */
export interface Turn {
  id: number;
  question: string;
  /** The path of the stream or film asked; empty: all streams. */
  path: string;
  text: string;
  answer: AnswerDocument | null;
  /** What the server kept of it, where it was asked before the page was opened. */
  earlier: TurnDocument | null;
  problem: string | null;
  isOpen: boolean;
  /** Until the first word, and until the end. */
  firstSeconds: number | null;
  seconds: number | null;
}
