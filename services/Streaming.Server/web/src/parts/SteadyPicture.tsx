import { useEffect, useRef, useState } from 'preact/hooks';

/** A picture that changes without flicker: the one before stays until the next is there as a whole. */
export function SteadyPicture({ src, alt }: { src: string | null; alt: string }) {
  const [shown, setShown] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    wanted.current = src;
    if (!src)
      return setShown(null);
    const next = new Image();
    next.src = src;
    next.decode().then(() => { if (wanted.current === src) setShown(src); }, () => { if (wanted.current === src) setShown(null); });
  }, [src]);
  return <div class="frame">{shown ? <img src={shown} alt={alt} /> : <span class="nothing">no picture of this moment</span>}</div>;
}
