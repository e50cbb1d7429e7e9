import { useState } from 'preact/hooks';
import type { FatedFrame } from './fates';
import { TokenOverlay } from './TokenOverlay';

interface Props { fated: FatedFrame; rows: number; columns: number; cell: number; alt: string; isLarge?: boolean }

/** A share of the screen's height that a large frame takes at most. */
const tallest = 54;

/** A frame as the model saw it: as wide as there is room, in the picture's own shape. */
export function SightFrameView({ fated, rows, columns, cell, alt, isLarge = false }: Props) {
  const [shape, setShape] = useState(1);
  return (
    <div class="seen" style={isLarge ? { width: `min(100%, ${tallest * shape}dvh)` } : undefined}>
      {fated.frame.picture ? <img src={fated.frame.picture} alt={alt} onLoad={({ currentTarget: image }) => setShape(image.naturalWidth / image.naturalHeight)} /> : <div class="nothing" role="img" aria-label={`${alt}; its picture is no longer kept`} />}
      <TokenOverlay fated={fated} rows={rows} columns={columns} cell={cell} />
    </div>
  );
}
