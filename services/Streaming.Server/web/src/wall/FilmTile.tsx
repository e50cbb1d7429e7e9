import { useEffect, useState } from 'preact/hooks';
import type { FileDocument, Keyframe } from '../api/documents';
import { filePath, get } from '../api/http';
import { filmHref } from '../app/routes';
import { StateChip } from '../parts/StateChip';
import { bytes, plural } from '../words/numbers';
import { fileCondition } from '../words/states';
import { clock } from '../words/time';

/** One film, and how far it has been read. */
export function FilmTile({ file }: { file: FileDocument }) {
  const [picture, setPicture] = useState<string | null>(null);
  useEffect(() => {
    if (file.frames.kept > 0)
      get<{ keyframes: Keyframe[] }>(`${filePath(file.id)}/keyframes?most=1`).then(({ keyframes }) => setPicture(keyframes[0]?.picture ?? null), () => {});
  }, [file.id, file.frames.kept]);
  const condition = fileCondition(file);
  const isRead = file.state === 'ingesting' || file.state === 'queued';
  return (
    <li class="tile">
      <div class="frame">{picture ? <img src={picture} alt="" /> : <span class="nothing">no picture yet</span>}</div>
      <span class="corner"><StateChip condition={condition} /></span>
      {isRead && <progress class="edge" max={file.duration_seconds ?? 1} value={file.ingested_seconds} aria-label={`Reading ${file.name}`} />}
      <div class="caption">
        <h3><a href={filmHref(file.id)}>{file.name}</a></h3>
        <p class="quiet">{file.duration_seconds === null ? '' : `${clock(file.duration_seconds)} · `}{bytes(file.size_bytes)} · {plural(file.frames.kept, 'keyframe')}</p>
        <p class={`trouble ${condition.tone}`} title={condition.more}>{condition.more}</p>
      </div>
    </li>
  );
}
