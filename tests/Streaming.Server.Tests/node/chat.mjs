// OpenAI's own client against a running server. Usage: node chat.mjs BASE_URL VIDEO_URL QUESTION; prints one JSON object.
import OpenAI from 'openai';

const [baseURL, video, question] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: 'none is needed', maxRetries: 0 });
const model = (await client.models.list()).data[0].id;
const messages = [{ role: 'user', content: [{ type: 'text', text: question }, { type: 'video_url', video_url: { url: video } }] }];

const plain = await client.chat.completions.create({ model, messages });

const chunks = [];
for await (const chunk of await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } }))
  chunks.push(chunk);

// The client's own accumulation of a stream, which checks that the chunks fit together.
const accumulated = await client.chat.completions.stream({ model, messages }).finalChatCompletion();

const turns = [...messages, { role: 'assistant', content: plain.choices[0].message.content }, { role: 'user', content: question }];
const followUp = await client.chat.completions.create({ model, messages: turns, max_tokens: 64, temperature: 0 });

const failures = {};
for (const [name, body] of Object.entries({
  unknownModel: { model: 'no-such-model', messages },
  rawCamera: { model, messages: [{ role: 'user', content: [{ type: 'video_url', video_url: { url: 'rtsp://camera/1' } }] }] },
  twoAnswers: { model, messages, n: 2 },
})) {
  try {
    await client.chat.completions.create(body);
  } catch (error) {
    failures[name] = { type: error.constructor.name, status: error.status, code: error.code, param: error.param };
  }
}

console.log(JSON.stringify({
  model: (await client.models.retrieve(model)).id,
  plain: { text: plain.choices[0].message.content, usage: plain.usage, annotations: plain.choices[0].message.annotations },
  streamed: {
    text: chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join(''),
    pieces: chunks.length,
    finish: chunks.flatMap((chunk) => chunk.choices).at(-1).finish_reason,
    usage: chunks.at(-1).usage,
    annotations: chunks.flatMap((chunk) => chunk.choices[0]?.delta?.annotations ?? []),
  },
  accumulated: accumulated.choices[0].message.content,
  followUp: followUp.choices[0].message.content,
  failures,
}));
