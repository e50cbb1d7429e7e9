import type { Keyframe } from '../api/documents';
import { indexAt } from './useKeyframes';
import type { Stretch } from './window';

/** A thumbnail's width in pixels. */
const width = 96;

/** One keyframe for each stretch that a thumbnail covers, where one was kept then or before it and nothing changed since. */
export function ThumbnailLane({ keyframes, shown, pixels }: { keyframes: readonly Keyframe[]; shown: Stretch; pixels: number }) {
  const slots = Math.max(1, Math.ceil(pixels / width));
  const length = (shown.to - shown.from) * width / Math.max(1, pixels);
  const pictures = Array.from({ length: slots }, (_, slot) => {
    const start = shown.from + slot * length;
    const keyframe = keyframes[indexAt(keyframes, Math.min(shown.to, start + length))];
    // A minute is longer than a still scene goes without a keyframe: before that nobody looked.
    return keyframe && keyframe.seconds >= start - 60 ? { slot, picture: keyframe.picture } : null;
  }).filter((one) => one !== null);
  return (
    <div class="lane thumbnails" aria-hidden="true">
      {pictures.map(({ slot, picture }) => <img key={slot} src={picture} alt="" loading="lazy" draggable={false} style={{ left: `${slot * width}px` }} />)}
    </div>
  );
}
