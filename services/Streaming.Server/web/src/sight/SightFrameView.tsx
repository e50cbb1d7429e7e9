import type { FatedFrame } from './fates';
import { TokenOverlay } from './TokenOverlay';

/** A frame as the model saw it. */
export function SightFrameView({ fated, rows, columns, cell, alt }: { fated: FatedFrame; rows: number; columns: number; cell: number; alt: string }) {
  return (
    <div class="seen">
      {fated.frame.picture ? <img src={fated.frame.picture} alt={alt} /> : <div class="nothing" role="img" aria-label={`${alt}; its picture is no longer kept`} />}
      <TokenOverlay fated={fated} rows={rows} columns={columns} cell={cell} />
    </div>
  );
}
