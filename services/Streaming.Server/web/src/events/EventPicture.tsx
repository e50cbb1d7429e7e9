import { useEffect, useState } from 'preact/hooks';
import type { WatchEvent } from '../api/documents';
import { streamPath } from '../api/http';

const millisecondsEach = 500;

/** How many keyframes are gone through. */
const most = 8;

/** The picture of an event; while somebody looks, what led up to it is played: its keyframe and those before it, as far as they are still kept. */
export function EventPicture({ event, isLookedAt }: { event: WatchEvent; isLookedAt: boolean }) {
  const pictures = usePictures(event, isLookedAt && !matchMedia('(prefers-reduced-motion: reduce)').matches);
  const [step, setStep] = useState(0);
  useEffect(() => {
    setStep(0);
    if (pictures.length < 2)
      return;
    const timer = setInterval(() => setStep((last) => last + 1), millisecondsEach);
    return () => clearInterval(timer);
  }, [pictures]);
  const now = step % Math.max(1, pictures.length);
  const shown = pictures[now] ?? event.picture;
  return (
    <div class="frame">
      {shown ? <img src={shown} alt="" loading="lazy" /> : <span class="nothing">its picture is gone</span>}
      {pictures.length > 1 && <span class="played" aria-hidden="true">{pictures.map((picture, i) => <i key={picture} class={i === now ? 'now' : undefined} />)}</span>}
    </div>
  );
}

/** Those that could be loaded, once all were tried. */
function usePictures(event: WatchEvent, isWanted: boolean): readonly string[] {
  const [pictures, setPictures] = useState<readonly string[]>([]);
  useEffect(() => {
    let isOver = !isWanted;
    setPictures([]);
    if (isWanted)
      void Promise.all(numbersOf(event).map(async (number) => {
        const picture = new Image();
        picture.src = `${streamPath(event.stream)}/keyframes/${number}.jpg`;
        return picture.decode().then(() => picture.src, () => null);
      })).then((loaded) => { if (!isOver) setPictures(loaded.filter((src) => src !== null)); });
    return () => { isOver = true; };
  }, [event.id, isWanted]);
  return pictures;
}

function numbersOf({ keyframes }: WatchEvent): number[] {
  const last = keyframes.at(-1) ?? -1;
  return Array.from({ length: Math.min(most, last + 1) }, (_, i) => last - i).reverse();
}
