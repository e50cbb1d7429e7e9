import { useEffect, useState } from 'preact/hooks';
import type { Keyframe } from '../api/documents';
import { Icon } from '../parts/Icon';
import { LivePicture } from '../parts/LivePicture';
import { SteadyPicture } from '../parts/SteadyPicture';
import { type Source, timeOf } from './source';
import { indexAt } from './useKeyframes';

interface Props {
  source: Source; keyframes: readonly Keyframe[]; moment: number | null; until: number; canBeLive: boolean; onMove: (seconds: number | null) => void;
}

const stepsASecond = 8;

/** The picture: live, or that of a moment, from which keyframes can be played. */
export function Stage({ source, keyframes, moment, until, canBeLive, onMove }: Props) {
  const [speed, setSpeed] = useState(0);
  const index = moment === null ? keyframes.length - 1 : indexAt(keyframes, moment);
  const keyframe = keyframes[Math.max(0, index)];
  const step = (by: number) => {
    const next = keyframes[Math.min(keyframes.length - 1, Math.max(0, index + by))];
    if (next)
      onMove(next.seconds);
  };
  useEffect(() => {
    if (speed === 0 || moment === null)
      return;
    const timer = setTimeout(() => {
      const next = moment + speed / stepsASecond;
      onMove(next >= until ? canBeLive ? null : until : next);
      if (next >= until)
        setSpeed(0);
    }, 1000 / stepsASecond);
    return () => clearTimeout(timer);
  }, [speed, moment, until]);
  const play = () => {
    if (moment === null || moment >= until)
      onMove(keyframes[0]?.seconds ?? 0);
    setSpeed(speed > 0 ? 0 : 1);
  };
  const time = moment === null ? 'live' : timeOf(source, moment);
  return (
    <section class="stage card" aria-label="Picture">
      {moment === null
        ? <LivePicture path={source.path} alt={`${source.title} now`} milliseconds={500} isLive hasOne={keyframes.length > 0} />
        : <SteadyPicture src={keyframe?.picture ?? null} alt={`${source.title} at ${time}`} />}
      <div class="controls">
        <button type="button" class="icon" aria-label="Keyframe before" onClick={() => step(-1)} disabled={index <= 0}><Icon name="back" /></button>
        <button type="button" class="icon" aria-label={speed > 0 ? 'Pause' : 'Play'} onClick={play} disabled={keyframes.length === 0}><Icon name={speed > 0 ? 'pause' : 'play'} /></button>
        <button type="button" class="icon" aria-label="Keyframe after" onClick={() => step(1)} disabled={index >= keyframes.length - 1}><Icon name="forward" /></button>
        <label class="hidden" for="speed">Speed</label>
        <select id="speed" value={speed || 1} onChange={(event) => setSpeed(speed > 0 ? Number(event.currentTarget.value) : 0)} disabled={speed === 0}>
          {[1, 4, 16].map((times) => <option key={times} value={times}>{times}×</option>)}
        </select>
        <output class="time">{time}</output>
        {keyframe && moment !== null && <span class="quiet shown">keyframe {keyframe.number}, {keyframe.visual_tokens} visual tokens kept</span>}
        {canBeLive && <button type="button" class="small live" aria-pressed={moment === null} onClick={() => { setSpeed(0); onMove(null); }}><span class="dot" />Live</button>}
      </div>
    </section>
  );
}
