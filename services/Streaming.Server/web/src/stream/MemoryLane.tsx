import type { Clip, Gap, Keyframe, MemoryDocument } from '../api/documents';
import { indexAt } from './useKeyframes';
import type { Stretch } from './window';

interface Props { memory: MemoryDocument | null; keyframes: readonly Keyframe[]; shown: Stretch; xOf: (seconds: number) => number; pixels: number }

const height = 34;

/** A bar of full height: as many tokens as stand out in a busy frame of the models at hand. */
const fullBar = 64;

/** How finely each stretch is remembered, how many tokens each keyframe brought, and what was not seen. */
export function MemoryLane({ memory, keyframes, shown, xOf, pixels }: Props) {
  if (!memory || pixels === 0)
    return <svg class="lane memory" width={pixels} height={height} />;
  const clips = memory.clips.map((clip, i) => ({ clip, end: memory.clips[i + 1]?.start_seconds ?? memory.until_seconds }))
    .filter(({ clip, end }) => end >= shown.from && clip.start_seconds <= shown.to);
  const gaps = memory.gaps.filter((gap) => gap.end_seconds >= shown.from && gap.start_seconds <= shown.to);
  return (
    <svg class="lane memory" width={pixels} height={height} aria-hidden="true">
      <defs>
        <pattern id="thinned" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" class="thinned" /></pattern>
        <pattern id="away" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="2" height="7" class="away" /></pattern>
      </defs>
      {clips.map(({ clip, end }) => <rect key={clip.start_seconds} class={kindOf(clip)} {...box(xOf, clip.start_seconds, end)} y={0} height={height} fill={kindOf(clip) === 'compressed' ? 'url(#thinned)' : undefined} />)}
      {bars(keyframes, shown, pixels).map(({ seconds, tokens }) => <rect key={seconds} class="bar" x={xOf(seconds)} width={2} y={height - tall(tokens)} height={tall(tokens)} />)}
      {gaps.map((gap) => <g key={`${gap.start_seconds} ${gap.reason}`}><rect class={`gap ${gap.reason}`} {...box(xOf, gap.start_seconds, gap.end_seconds)} y={0} height={height} fill={isAway(gap) ? 'url(#away)' : undefined}><title>{gap.text}</title></rect></g>)}
    </svg>
  );
}

export const kindOf = (clip: Clip) => clip.visual_tokens === 0 && !clip.is_whole ? 'gone' : clip.is_whole ? 'whole' : 'compressed';

const isAway = (gap: Gap) => gap.reason === 'offline';

const tall = (tokens: number) => tokens === 0 ? 0 : Math.max(2, Math.min(1, tokens / fullBar) * (height - 4));

function box(xOf: (seconds: number) => number, from: number, to: number) {
  const x = Math.max(-1, xOf(from));
  return { x, width: Math.max(2, xOf(to) - x - 1) };
}

/** At most one bar for every three pixels, the tallest. */
function bars(keyframes: readonly Keyframe[], shown: Stretch, pixels: number) {
  const tallest = new Map<number, { seconds: number; tokens: number }>();
  for (let i = Math.max(0, indexAt(keyframes, shown.from)); i < keyframes.length && keyframes[i]!.seconds <= shown.to; i++) {
    const { seconds, visual_tokens: tokens } = keyframes[i]!;
    const slot = Math.floor((seconds - shown.from) / (shown.to - shown.from) * pixels / 3);
    if (slot >= 0 && tokens > (tallest.get(slot)?.tokens ?? 0))
      tallest.set(slot, { seconds, tokens });
  }
  return [...tallest.values()];
}
