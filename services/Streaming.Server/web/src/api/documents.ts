// The documents of the API that the page reads, as /openapi/v1.json describes them.

export type StreamState = 'connecting' | 'running' | 'retrying' | 'ended' | 'failed' | 'stopped';
export type FileState = 'queued' | 'ingesting' | 'ready' | 'failed' | 'cancelled';
export type Severity = 'info' | 'warning' | 'critical';
export type Role = 'viewer' | 'operator' | 'admin';

export interface Session { name: string; role: Role; streams: string[] | null }

export interface StreamDocument {
  name: string; url: string | null; file: string | null; sub_url: string | null; state: StreamState; started_at: string; time_zone: string;
  decode: string; sampling: number; effective_sampling: number; last_frame_age_seconds: number | null; lag_seconds: number | null; reconnects: number;
  codec: string | null; width: number | null; height: number | null;
  frames: { decoded: number; sampled: number; dropped: number; kept: number; unreadable: number; reused: number };
  visual_tokens: { in: number; kept: number; remembered: number };
  memory_bytes: number; last_error: string | null; notes: string[]; policy: string; retain: number | null; codec_signals: string;
  perception: 'off' | 'on' | 'failed'; durable_until: string | null;
}

export interface FileDocument {
  id: string; name: string; state: FileState; size_bytes: number; created_at: string; duration_seconds: number | null; codec: string | null;
  width: number | null; height: number | null; ingested_seconds: number; eta_seconds: number | null; frames: { kept: number; sampled: number }; problem: string | null;
}

export interface Keyframe { number: number; seconds: number; at: string | null; reason: string; change: number; visual_tokens: number; picture: string }

export interface Gap {
  start_seconds: number; end_seconds: number; reason: 'offline' | 'dropped' | 'lost' | 'compressed'; frames: number; text: string;
  stream?: string; start?: string; end?: string;
}

export interface Clip { start_seconds: number; end_seconds: number; keyframes: number; left: number; visual_tokens: number; is_whole: boolean }

export interface MemoryDocument { until_seconds: number; started_at: string | null; visual_tokens: number; clips: Clip[]; gaps: Gap[] }

export interface Note {
  start_seconds: number; end_seconds: number; start: string; end: string; kind: string; class: string | null; number: number | null; count: number;
  detail: string; sure: number; source: string; line: string;
}

export interface Citation { start_seconds: number; end_seconds: number; keyframe: string; stream?: string; start?: string; end?: string }

export interface SightFrame { seconds: number; at: string | null; picture: string | null; places: number[]; weights: number[] }

export interface Sight { source: string; rows: number; columns: number; frames: SightFrame[] }

export interface AnswerDocument {
  answer: string; citations: Citation[]; frames: { decoded: number; sampled: number; kept: number };
  usage: { visual_tokens_source: number; visual_tokens_kept: number; prompt_tokens: number; completion_tokens: number; notes: number };
  timings: { prefill: number; decode_steps: number }; model: string | null; gaps: Gap[]; sight?: Sight[];
  conversation?: { id: string; turn: number; durable: boolean };
}

export interface TurnDocument {
  number: number; at: string; question: string; answer: string;
  parts: { stream?: string; file?: string; answer: string; seen: { start_seconds: number; end_seconds: number }[] }[];
}

export interface ConversationDocument { id: string; turns: TurnDocument[] }

export interface WatchRequest {
  name?: string; question: string; fires_on?: string; every_seconds?: number; window_seconds?: number; needed?: number; of?: number;
  cooldown_seconds?: number; severity?: Severity; webhook?: { url: string };
}

export interface WatchDocument {
  name: string; stream: string; question: string; fires_on: string; every_seconds: number; window_seconds: number; needed: number; of: number;
  cooldown_seconds: number; severity: Severity; enabled: boolean; is_under_way: boolean; last_answer: string | null; last_asked_at: string | null;
  asked: number; skipped: number; unclear: number; last_event: string | null; webhook: { address: string; secret?: string } | null;
}

export interface Backtest {
  start: string; end: string; is_whole: boolean; asked: number; inferences: number; held: number; unclear: number;
  events: { start: string; at: string; at_seconds: number; answer: string; picture: string }[];
}

export interface WatchEvent {
  id: string; stream: string; watch: string; severity: Severity; question: string; answer: string; start: string; at: string;
  start_seconds: number; at_seconds: number; keyframes: number[]; picture: string | null; acknowledged: { at: string; by: string | null; note: string | null } | null;
  delivery: { state: 'none' | 'pending' | 'delivered' | 'dead'; problem: string | null };
}
