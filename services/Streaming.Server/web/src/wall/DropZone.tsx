import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { send } from './uploads';

const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes films that are dropped anywhere on it. */
export function DropZone({ isOpen, children }: { isOpen: boolean; children: ComponentChildren }) {
  const [depth, setDepth] = useState(0);
  if (!isOpen)
    return <div>{children}</div>;
  const enter = (event: DragEvent) => { if (holdsFiles(event)) setDepth(depth + 1); };
  const take = (event: DragEvent) => {
    event.preventDefault();
    setDepth(0);
    [...event.dataTransfer?.files ?? []].forEach((file) => void send(file));
  };
  return (
    <div class="drop-zone" onDragEnter={enter} onDragLeave={() => setDepth(Math.max(0, depth - 1))} onDragOver={(event) => event.preventDefault()} onDrop={take}>
      {children}
      {depth > 0 && <div class="drop-here" aria-hidden="true">Drop to upload</div>}
    </div>
  );
}
