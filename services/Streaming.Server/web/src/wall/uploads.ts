import { useEffect, useState } from 'preact/hooks';
import { type DetailedError, Upload } from 'tus-js-client';

/** An upload on its way, and where it stands. */
export interface Sending {
  id: number;
  name: string;
  size: number;
  sent: number;
  state: 'sending' | 'waiting' | 'paused' | 'failed' | 'done';
  /** Why it waits or failed, in words. */
  problem: string;
  /** The path of the film, once all of it is there. */
  film: string | null;
}

/** Pauses before another try, for as long as a router takes to come back; each byte that arrives begins them anew. */
const retries = [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 30_000, 30_000, 60_000, 60_000, 120_000];

const clients = new Map<number, Upload>();
const listeners = new Set<() => void>();
let all: readonly Sending[] = [];

function change(id: number, changed: Partial<Sending>): void {
  all = all.map((sending) => sending.id === id ? { ...sending, ...changed } : sending);
  tell();
}

function tell(): void {
  listeners.forEach((listener) => listener());
}

/** Sends a film by tus. One that broke off earlier, in this browser, goes on where it stopped. */
export async function send(file: File): Promise<void> {
  const id = all.reduce((most, sending) => Math.max(most, sending.id), 0) + 1;
  const upload = new Upload(file, {
    endpoint: '/v1/uploads',
    metadata: { filename: file.name },
    retryDelays: retries,
    removeFingerprintOnSuccess: true,
    onShouldRetry: (error) => {
      const status = (error as DetailedError).originalResponse?.getStatus() ?? 0;
      const comesBack = status === 0 || status >= 500 || status === 409 || status === 423;
      if (comesBack)
        change(id, { state: 'waiting', problem: 'the connection broke off; it goes on by itself' });
      return comesBack;
    },
    onProgress: (sent) => change(id, { sent, state: 'sending', problem: '' }),
    onAfterResponse: (_, response) => {
      const film = response.getHeader('Content-Location');
      if (film)
        change(id, { film });
    },
    onSuccess: () => change(id, { state: 'done', sent: file.size }),
    onError: (error) => change(id, { state: 'failed', problem: reason(error) }),
  });
  clients.set(id, upload);
  all = [...all, { id, name: file.name, size: file.size, sent: 0, state: 'sending', problem: '', film: null }];
  tell();
  const [earlier] = await upload.findPreviousUploads();
  if (earlier)
    upload.resumeFromPreviousUpload(earlier);
  upload.start();
}

/** What the server said of an upload that it did not take. */
function reason(error: Error): string {
  const body = (error as DetailedError).originalResponse?.getBody();
  try {
    return (JSON.parse(body ?? '') as { detail: string }).detail;
  } catch {
    return 'the server could not be reached for too long';
  }
}

export function pause(id: number): void {
  void clients.get(id)?.abort();
  change(id, { state: 'paused', problem: '' });
}

export function goOn(id: number): void {
  change(id, { state: 'sending', problem: '' });
  clients.get(id)?.start();
}

/** Takes it off the list; what was sent of it is forgotten unless all of it was. */
export function drop(id: number): void {
  const sending = all.find((one) => one.id === id);
  void clients.get(id)?.abort(sending?.state !== 'done').catch(() => {});
  clients.delete(id);
  all = all.filter((one) => one.id !== id);
  tell();
}

addEventListener('online', () => all.filter((sending) => sending.state === 'waiting').forEach(({ id }) => {
  void clients.get(id)?.abort().then(() => goOn(id));
}));

/** All uploads of this visit. */
export function useUploads(): readonly Sending[] {
  const [seen, setSeen] = useState(all);
  useEffect(() => {
    const listener = () => setSeen(all);
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  return seen;
}
