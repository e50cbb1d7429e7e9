import type { AnswerDocument } from '../api/documents';

/** A question, and as much of its answer as has come. */
export interface Turn {
  id: number;
  question: string;
  /** The path of the stream or film asked; empty: all streams. */
  path: string;
  text: string;
  answer: AnswerDocument | null;
  problem: string | null;
  isOpen: boolean;
  /** Until the first word, and until the end. */
  firstSeconds: number | null;
  seconds: number | null;
}
