import type { Citation } from '../api/documents';
import { sourceHref } from '../app/routes';
import { useServer } from '../app/server';
import { between, clock, moment } from '../words/time';

/** The moments an answer rests on: each leads to its place on the timeline. */
export function Citations({ citations, namesStreams }: { citations: readonly Citation[]; namesStreams: boolean }) {
  const { streams } = useServer();
  if (citations.length === 0)
    return null;
  const zoneOf = (citation: Citation) => streams.find((stream) => stream.name === citation.stream)?.time_zone;
  return (
    <ul class="citations" aria-label="What the answer rests on">
      {citations.map((citation) => {
        const when = whenOf(citation, zoneOf(citation));
        return (
          <li key={citation.keyframe}>
            <a href={sourceHref(citation.keyframe, citation.end_seconds)}>
              <img src={citation.keyframe} alt="" width="160" height="90" />
              <span class="when">{when}</span>
              {namesStreams && citation.stream && <span class="quiet">{citation.stream}</span>}
            </a>
          </li>);
      })}
    </ul>
  );
}

function whenOf(citation: Citation, zone?: string): string {
  const isMoment = citation.end_seconds - citation.start_seconds < 0.05;
  if (citation.start && citation.end)
    return isMoment ? moment(citation.end, zone) : between(citation.start, citation.end, zone);
  return isMoment ? clock(citation.end_seconds, true) : `${clock(citation.start_seconds, true)} – ${clock(citation.end_seconds, true)}`;
}
