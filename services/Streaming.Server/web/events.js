// Server-sent events of a response to fetch, which EventSource cannot be used for: a question is a POST.

/** Yields { name, data } for each event; comments are passed over. */
export async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done)
      return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parse(block);
      if (event)
        yield event;
    }
  }
}

function parse(block) {
  let name = 'message';
  const data = [];
  for (const line of block.split('\n')) {
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (field === 'event')
      name = value;
    else if (field === 'data')
      data.push(value);
  }
  return data.length ? { name, data: JSON.parse(data.join('\n')) } : null;
}
