import type { FileDocument, StreamDocument } from '../api/documents';
import { moment, span } from './time';

/** How something fares, which decides its colour; words always stand beside it. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

export interface Condition { tone: Tone; word: string; more: string }

/** A stream's state in words: "retrying", "offline since 14:02". */
export function conditionOf(stream: StreamDocument): Condition {
  switch (stream.state) {
    case 'running':
      return { tone: 'good', word: 'running', more: '' };
    case 'connecting':
      return { tone: 'busy', word: 'connecting', more: stream.last_error ?? 'waiting for the first picture' };
    case 'retrying':
      return { tone: 'warn', word: 'retrying', more: offline(stream) };
    case 'failed':
      return { tone: 'bad', word: 'failed', more: stream.last_error ?? 'it cannot work without a change' };
    case 'stopped':
      return { tone: 'quiet', word: 'stopped', more: 'switched off here; what it saw is kept' };
    case 'ended':
      return { tone: 'quiet', word: 'ended', more: stream.file ? 'the film was played to its end' : stream.last_error ?? '' };
  }
}

function offline(stream: StreamDocument): string {
  if (stream.last_frame_age_seconds === null)
    return `camera offline: ${stream.last_error ?? 'no picture yet'}`;
  const since = new Date(Date.now() - stream.last_frame_age_seconds * 1000);
  return `camera offline since ${moment(since, stream.time_zone, 'minute')}${stream.last_error ? `: ${stream.last_error}` : ''}`;
}

export function fileCondition(file: FileDocument): Condition {
  switch (file.state) {
    case 'ready':
      return { tone: 'good', word: 'ready', more: '' };
    case 'ingesting':
      return { tone: 'busy', word: 'reading', more: file.eta_seconds === null ? '' : `${span(file.eta_seconds)} left` };
    case 'queued':
      return { tone: 'busy', word: 'waiting', more: 'others are read first' };
    case 'failed':
      return { tone: 'bad', word: 'failed', more: file.problem ?? 'nothing of it could be read' };
    case 'cancelled':
      return { tone: 'quiet', word: 'stopped', more: 'what was read can be asked about' };
  }
}
