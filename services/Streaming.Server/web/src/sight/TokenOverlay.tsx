import { useEffect, useRef } from 'preact/hooks';
import type { FatedFrame } from './fates';

const ink = { read: '#37e0ff', merged: '#ffc14d', unchanged: 'rgb(9 12 20 / 52%)', out: 'rgb(9 12 20 / 86%)' };

/** Draws the fate of each token over its place: what was read is clear, the rest is dimmed. */
export function TokenOverlay({ fated, rows, columns, cell }: { fated: FatedFrame; rows: number; columns: number; cell: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const brush = canvas.current!.getContext('2d')!;
    brush.clearRect(0, 0, columns * cell, rows * cell);
    fated.fates.forEach((_, place) => paint(brush, fated, place, (place % columns) * cell, Math.floor(place / columns) * cell, cell));
  }, [fated, cell]);
  return <canvas ref={canvas} class="overlay" width={columns * cell} height={rows * cell} aria-hidden="true" />;
}

function paint(brush: CanvasRenderingContext2D, fated: FatedFrame, place: number, x: number, y: number, cell: number): void {
  const fate = fated.fates[place]!;
  if (fate === 'unchanged' || fate === 'left out') {
    brush.fillStyle = fate === 'unchanged' ? ink.unchanged : ink.out;
    brush.fillRect(x, y, cell, cell);
    return;
  }
  const line = Math.max(1, cell / 22);
  brush.strokeStyle = ink[fate];
  brush.lineWidth = line;
  brush.strokeRect(x + line, y + line, cell - 2 * line, cell - 2 * line);
  if (fate === 'merged' && cell >= 24)
    label(brush, `${Math.round(fated.weights[place]!)}`, x + cell / 2, y + cell / 2, cell);
}

function label(brush: CanvasRenderingContext2D, text: string, x: number, y: number, cell: number): void {
  brush.font = `600 ${Math.round(cell * 0.36)}px system-ui, sans-serif`;
  brush.textAlign = 'center';
  brush.textBaseline = 'middle';
  brush.lineWidth = cell / 11;
  brush.strokeStyle = 'rgb(9 12 20 / 80%)';
  brush.strokeText(text, x, y);
  brush.fillStyle = ink.merged;
  brush.fillText(text, x, y);
}
