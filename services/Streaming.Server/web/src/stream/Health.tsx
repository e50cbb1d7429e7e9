import type { ComponentChildren } from 'preact';
import type { MemoryDocument, StreamDocument } from '../api/documents';
import { bytes, count, percent } from '../words/numbers';
import { moment, span, zoneWords } from '../words/time';
import type { Source } from './source';

/** How well it does, in numbers with their words. */
export function Health({ source, memory }: { source: Source; memory: MemoryDocument | null }) {
  return (
    <section class="card panel" aria-labelledby="health">
      <header><h2 id="health">Health</h2></header>
      {source.stream?.notes.map((note) => <p key={note} class="warn">{note}</p>)}
      <dl class="numbers">{source.stream ? ofStream(source.stream) : ofFilm(source)}{memory && ofMemory(memory)}</dl>
    </section>
  );
}

function Row({ name, warn = false, children }: { name: string; warn?: boolean; children: ComponentChildren }) {
  return <div class={warn ? 'warn' : undefined}><dt>{name}</dt><dd>{children}</dd></div>;
}

function ofStream(stream: StreamDocument) {
  const { frames, visual_tokens: tokens } = stream;
  const zone = zoneWords(stream.time_zone);
  return <>
    <Row name="source">{stream.url ?? 'a film, as a camera would show it'}</Row>
    <Row name="picture">{stream.width ? `${stream.width}×${stream.height}, ${stream.codec}` : 'none yet'}</Row>
    <Row name="last frame">{stream.last_frame_age_seconds === null ? 'none yet' : `${span(stream.last_frame_age_seconds)} ago`}</Row>
    <Row name="lag">{stream.lag_seconds === null ? '–' : span(stream.lag_seconds)}</Row>
    <Row name="looked at" warn={stream.effective_sampling < stream.sampling}>{stream.effective_sampling.toFixed(1)} of {stream.sampling.toFixed(1)} frames a second</Row>
    <Row name="reconnects" warn={stream.reconnects > 0}>{count(stream.reconnects)}</Row>
    <Row name="dropped" warn={frames.dropped > 0}>{count(frames.dropped)} of {count(frames.sampled)} frames</Row>
    {frames.unreadable > 0 && <Row name="unreadable" warn>{count(frames.unreadable)}</Row>}
    <Row name="keyframes">{count(frames.kept)}, {count(frames.reused)} of them unchanged</Row>
    <Row name="visual tokens">{count(tokens.kept)} kept of {count(tokens.in)}{tokens.in > 0 && ` (${percent(tokens.kept / tokens.in)})`}</Row>
    <Row name="reducer">{stream.policy}{stream.retain === null ? '' : `, ${percent(stream.retain)}`}</Row>
    {stream.durable_until && <Row name="stored up to">{moment(stream.durable_until, stream.time_zone)}</Row>}
    {zone && <Row name="time zone">{zone}</Row>}
    {stream.last_error && <Row name="last error">{stream.last_error}</Row>}
  </>;
}

function ofFilm({ film }: Source) {
  return <>
    <Row name="size">{bytes(film!.size_bytes)}</Row>
    <Row name="picture">{film!.width ? `${film!.width}×${film!.height}, ${film!.codec}` : 'not read yet'}</Row>
    <Row name="looked at">{count(film!.frames.sampled)} frames</Row>
    <Row name="keyframes">{count(film!.frames.kept)}</Row>
    {film!.problem && <Row name="problem" warn>{film!.problem}</Row>}
  </>;
}

const ofMemory = (memory: MemoryDocument) => (
  <Row name="in memory">{count(memory.visual_tokens)} tokens in {count(memory.clips.length)} {memory.clips.length === 1 ? 'clip' : 'clips'}, {count(memory.clips.filter((clip) => clip.is_whole).length)} of them whole</Row>
);
