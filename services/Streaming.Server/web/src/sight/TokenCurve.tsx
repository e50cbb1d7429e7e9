import { useRef } from 'preact/hooks';
import { useWidth } from '../stream/useWidth';
import type { FatedFrame } from './fates';

interface Props { frames: readonly FatedFrame[]; places: number; chosen: number; labelOf: (frame: FatedFrame) => string; onChoose: (frame: number) => void }

const height = 120;
const floor = 18;

/** Tokens read of each frame over time, beside the line of all that the encoder made of it. */
export function TokenCurve({ frames, places, chosen, labelOf, onChoose }: Props) {
  const figure = useRef<HTMLDivElement>(null);
  const width = useWidth(figure);
  const first = frames[0]!.frame.seconds;
  const length = Math.max(1e-3, frames.at(-1)!.frame.seconds - first);
  const bar = Math.max(2, Math.min(14, width / frames.length * 0.6));
  const xOf = (fated: FatedFrame) => frames.length === 1 ? 0 : (fated.frame.seconds - first) / length * (width - bar);
  const tall = (tokens: number) => tokens / places * (height - floor - 14);
  return (
    <div ref={figure} class="curve">
      <svg width={width} height={height} role="img" aria-label={`Tokens read of ${frames.length} frames, of ${places} each`}>
        <line class="all" x1={0} x2={width} y1={14} y2={14} />
        {frames.map((fated, i) => (
          <g key={fated.frame.seconds} class={i === chosen ? 'chosen' : undefined} onClick={() => onChoose(i)}>
            <rect class="touch" x={xOf(fated) - 3} y={0} width={bar + 6} height={height} />
            <rect class="merged" x={xOf(fated)} width={bar} y={height - floor - tall(fated.counts.merged)} height={tall(fated.counts.merged)} />
            <rect class="read" x={xOf(fated)} width={bar} y={height - floor - tall(fated.counts.merged + fated.counts.read)} height={tall(fated.counts.read)} />
            <title>{`${labelOf(fated)}: ${fated.frame.places.length} tokens`}</title>
          </g>))}
        <text x={0} y={10}>{places} tokens a frame</text>
        <text x={0} y={height - 4}>{labelOf(frames[0]!)}</text>
        {frames.length > 1 && <text x={width} y={height - 4} text-anchor="end">{labelOf(frames.at(-1)!)}</text>}
      </svg>
    </div>
  );
}
