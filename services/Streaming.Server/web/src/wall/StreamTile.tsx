import type { StreamDocument } from '../api/documents';
import { streamPath } from '../api/http';
import { streamHref } from '../app/routes';
import { LivePicture } from '../parts/LivePicture';
import { StateChip } from '../parts/StateChip';
import { count } from '../words/numbers';
import { conditionOf } from '../words/states';
import { span } from '../words/time';

/** All tiles together ask for this many pictures a second at most. */
const picturesASecond = 20;

/** One stream: its picture, its state in words, and how far behind it is. */
export function StreamTile({ stream, of }: { stream: StreamDocument; of: number }) {
  const condition = conditionOf(stream);
  const trouble = condition.more || stream.notes[0] || '';
  const isLive = stream.state !== 'ended' && stream.state !== 'stopped';
  return (
    <li class="tile">
      <LivePicture path={streamPath(stream.name)} alt={`${stream.name} now`} milliseconds={Math.max(1000, of * 1000 / picturesASecond)} isLive={isLive} hasOne={stream.frames.kept > 0} />
      <span class="corner"><StateChip condition={condition} /></span>
      <div class="caption">
        <h2><a href={streamHref(stream.name)}>{stream.name}</a></h2>
        <dl class="facts">
          <div><dt>frame</dt><dd>{stream.last_frame_age_seconds === null ? 'none yet' : `${span(stream.last_frame_age_seconds)} ago`}</dd></div>
          <div><dt>lag</dt><dd>{stream.lag_seconds === null ? '–' : span(stream.lag_seconds)}</dd></div>
          <div class={stream.frames.dropped > 0 ? 'warn' : undefined}><dt>dropped</dt><dd>{count(stream.frames.dropped)}</dd></div>
        </dl>
        <p class={`trouble ${condition.tone}`} title={trouble}>{trouble}</p>
      </div>
    </li>
  );
}
