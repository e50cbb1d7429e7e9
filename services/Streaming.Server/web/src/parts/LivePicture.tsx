import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * The newest picture of a stream, looked at again and again while it is on the screen. A new one takes the place of the old one only
 * when it is there as a whole.
 * @param hasOne Whether there is one at all.
 */
export function LivePicture({ path, alt, milliseconds, isLive, hasOne }: { path: string; alt: string; milliseconds: number; isLive: boolean; hasOne: boolean }) {
  const picture = useRef<HTMLImageElement>(null);
  const [isThere, setIsThere] = useState(false);
  useEffect(() => {
    if (!hasOne)
      return;
    let timer = 0;
    let isOver = false;
    let isInSight = true;
    const sight = new IntersectionObserver(([entry]) => { isInSight = entry!.isIntersecting; });
    sight.observe(picture.current!);
    const look = async () => {
      if (isInSight && !document.hidden) {
        const next = new Image();
        next.src = `${path}/picture.jpg?${Date.now()}`;
        try {
          await next.decode();
          if (!isOver) {
            picture.current!.src = next.src;
            setIsThere(true);
          }
        } catch {
          // The server is away, or the picture was tidied up; the state beside it says so.
        }
      }
      if (!isOver && isLive)
        timer = window.setTimeout(look, milliseconds);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
      sight.disconnect();
    };
  }, [path, milliseconds, isLive, hasOne]);
  return (
    <div class="frame">
      <img ref={picture} alt={isThere ? alt : ''} class={isThere ? '' : 'absent'} />
      {!isThere && <span class="nothing">no picture yet</span>}
    </div>
  );
}
