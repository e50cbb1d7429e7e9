import type { TurnDocument } from '../api/documents';
import { sourceHref } from '../app/routes';
import { useServer } from '../app/server';
import { ofFilm, ofStream, timeOf } from '../stream/source';
import { pathOf } from './conversations';

/** The moments that an answer of an earlier visit rests on; their pictures may be gone. */
export function EarlierMoments({ turn }: { turn: TurnDocument }) {
  const { streams, files } = useServer();
  const moments = turn.parts.flatMap((part) => {
    const stream = streams.find((one) => one.name === part.stream);
    const film = files.find((one) => one.id === part.file);
    const source = stream ? ofStream(stream) : film ? ofFilm(film) : null;
    return source ? part.seen.map((span) => ({ href: sourceHref(pathOf(part), span.end_seconds), when: timeOf(source, span.end_seconds), whose: turn.parts.length > 1 ? source.title : '' })) : [];
  });
  if (moments.length === 0)
    return null;
  return <ul class="moments" aria-label="What the answer rests on">{moments.map(({ href, when, whose }) => <li key={href}><a href={href}>{whose} {when}</a></li>)}</ul>;
}
