// Requests to the server that brought the page. A refusal is thrown with its words and its status.

export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** What a failed response says, in words. */
export async function refusalOf(response: Response): Promise<Refusal> {
  try {
    const problem = await response.json() as { detail?: string };
    return new Refusal(response.status, problem.detail ?? response.statusText);
  } catch {
    return new Refusal(response.status, `the server said ${response.status} ${response.statusText}`);
  }
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined)
    headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (failure) {
    if (signal?.aborted)
      throw failure;
    throw new Refusal(0, 'the server does not answer');
  }
  if (!response.ok)
    throw await refusalOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, signal);
export const post = <T>(path: string, body: unknown, signal?: AbortSignal) => call<T>('POST', path, body, signal);
export const patch = <T>(path: string, body: unknown) => call<T>('PATCH', path, body);
export const remove = <T>(path: string) => call<T>('DELETE', path);

export const streamPath = (name: string) => `/v1/streams/${encodeURIComponent(name)}`;
export const filePath = (id: string) => `/v1/files/${encodeURIComponent(id)}`;

export const wordsOf = (failure: unknown) => failure instanceof Error ? failure.message : String(failure);
