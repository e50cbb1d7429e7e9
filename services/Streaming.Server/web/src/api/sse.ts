// Server-sent events of a response to fetch, which EventSource cannot be used for: a question is a POST.

export interface ServerEvent { name: string; data: unknown }

/** The events as they come; comments are passed over. */
export async function* readEvents(response: Response): AsyncGenerator<ServerEvent> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done)
      return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const event = parse(block);
      if (event)
        yield event;
    }
  }
}

function parse(block: string): ServerEvent | null {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line)!;
    if (field === 'event')
      name = value!;
    else if (field === 'data')
      data.push(value!);
  }
  return data.length ? { name, data: JSON.parse(data.join('\n')) } : null;
}
