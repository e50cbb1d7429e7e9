import type { MemoryDocument } from '../api/documents';
import { plural } from '../words/numbers';
import { span } from '../words/time';
import { kindOf } from './MemoryLane';

/** What the colours of the timeline mean; the gaps also in words, for those who cannot see them. */
export function TimelineLegend({ memory }: { memory: MemoryDocument | null }) {
  const clips = memory?.clips ?? [];
  const gaps = memory?.gaps ?? [];
  const missing = gaps.reduce((sum, gap) => sum + gap.end_seconds - gap.start_seconds, 0);
  const compressed = clips.filter((clip) => kindOf(clip) === 'compressed').length;
  return (
    <div class="legend">
      <span><i class="swatch whole" />remembered as it was kept</span>
      <span><i class="swatch compressed" />compressed since{compressed > 0 && ` (${plural(compressed, 'clip')})`}</span>
      <span><i class="swatch gone" />given up</span>
      <span><i class="swatch offline" />not seen</span>
      <span><i class="swatch bar" />tokens kept</span>
      {gaps.length > 0 && (
        <details>
          <summary>{plural(gaps.length, 'gap')}, {span(missing)}</summary>
          <ul>{gaps.toReversed().map((gap) => <li key={`${gap.start_seconds} ${gap.reason}`}>{gap.text}</li>)}</ul>
        </details>
      )}
    </div>
  );
}
