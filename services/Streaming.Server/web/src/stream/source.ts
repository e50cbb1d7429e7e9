import type { FileDocument, StreamDocument } from '../api/documents';
import { filePath, streamPath } from '../api/http';
import { between, clock, moment } from '../words/time';

/** What has a timeline: a stream, or a film. */
export interface Source {
  path: string;
  title: string;
  /** The moment of second 0; null for a film. */
  startedAt: string | null;
  zone: string | null;
  stream: StreamDocument | null;
  film: FileDocument | null;
}

export const ofStream = (stream: StreamDocument): Source =>
  ({ path: streamPath(stream.name), title: stream.name, startedAt: stream.started_at, zone: stream.time_zone, stream, film: null });

export const ofFilm = (film: FileDocument): Source =>
  ({ path: filePath(film.id), title: film.name, startedAt: null, zone: null, stream: null, film });

/** Whether more of it comes. */
export const isGrowing = (source: Source) => source.film
  ? source.film.state === 'ingesting' || source.film.state === 'queued'
  : source.stream!.state !== 'ended' && source.stream!.state !== 'stopped';

/** A time of the source as its reader knows it: the time of day where it has one. */
export function timeOf(source: Source, seconds: number, kind: 'time' | 'minute' = 'time'): string {
  return source.startedAt === null
    ? clock(seconds, kind === 'time' && seconds < 600)
    : moment(new Date(Date.parse(source.startedAt) + seconds * 1000), source.zone ?? undefined, kind);
}

/** A stretch of the source in the same words. */
export function stretchOf(source: Source, from: number, to: number): string {
  const at = (seconds: number) => new Date(Date.parse(source.startedAt!) + seconds * 1000);
  return source.startedAt === null ? `${clock(from)} – ${clock(to)}` : between(at(from), at(to), source.zone ?? undefined, 'minute');
}
