// transformers.js, unmodified, behind one JSON request a line on standard input and one JSON answer a line on standard output.
//   { op: "tokenize", folder, texts }              -> { ids: [[...], ...] }
//   { op: "decode", folder, ids: [[...], ...] }    -> { texts }
//   { op: "split", pattern, texts }                -> { pieces: [[...], ...] }: what the pre-tokenizer Split makes of each text
//   { op: "render", cases: [{ template, variables }] } -> { texts: [text or null where the template refused] }
//   { op: "generate", folder, dtype (of the decoder), messages, counts, pixels | features, frames, maxNewTokens } -> { prompt, ids, features }
// pixels and features are files of raw little-endian float32: [frames, 3, height, width] and [tokens, hidden]; counts are the tokens
// of each frame. Features stand for the vision encoder's output, as merged tokens do.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Template } from '@huggingface/jinja';
import { SplitPreTokenizer } from '@huggingface/tokenizers';
import { AutoTokenizer, LlavaOnevisionForConditionalGeneration, Tensor, env } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.useFSCache = false;

const loaded = new Map();

async function load(kind, folder, options = {}) {
  const key = `${kind.name} ${folder} ${JSON.stringify(options)}`;
  if (!loaded.has(key)) {
    env.localModelPath = dirname(folder);
    loaded.set(key, await kind.from_pretrained(basename(folder), { local_files_only: true, ...options }));
  }
  return loaded.get(key);
}

function floats(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

const encode = (tokenizer, text) => tokenizer.encode(text, { add_special_tokens: false });

// The rendered conversation with the n-th image token repeated counts[n] times.
function promptIds(tokenizer, imageToken, { messages, counts }) {
  const text = tokenizer.apply_chat_template(messages, { tokenize: false, add_generation_prompt: true });
  const pieces = text.split(imageToken);
  return encode(tokenizer, pieces.slice(1).reduce((all, piece, i) => all + imageToken.repeat(counts[i]) + piece, pieces[0]));
}

async function generate(request) {
  const tokenizer = await load(AutoTokenizer, request.folder);
  const model = await load(LlavaOnevisionForConditionalGeneration, request.folder, {
    dtype: { embed_tokens: 'fp32', vision_encoder: 'fp32', decoder_model_merged: request.dtype ?? 'fp32' }, device: 'cpu',
  });
  const config = JSON.parse(readFileSync(`${request.folder}/config.json`));
  const preprocessor = JSON.parse(readFileSync(`${request.folder}/preprocessor_config.json`));
  const { height, width } = preprocessor.size;
  const imageToken = tokenizer.decode([config.image_token_index ?? config.image_token_id], { skip_special_tokens: false });
  const ids = promptIds(tokenizer, imageToken, request);
  const encodeImage = Object.getPrototypeOf(model).encode_image;
  model.encode_image = async (inputs) => {
    if (!request.features) return encodeImage.call(model, inputs);
    const rows = floats(request.features);
    return new Tensor('float32', rows, [rows.length / config.text_config.hidden_size, config.text_config.hidden_size]);
  };
  const frames = request.frames ?? 0;
  const pixels = frames === 0 ? {} : {
    pixel_values: new Tensor(
      'float32', request.pixels ? floats(request.pixels) : new Float32Array(frames * 3 * height * width), [frames, 3, height, width]),
  };
  const sequences = await model.generate({
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), [1, ids.length]),
    ...pixels,
    min_new_tokens: 1,
    max_new_tokens: request.maxNewTokens,
  });
  return { prompt: ids, ids: Array.from(sequences.data.slice(ids.length), Number) };
}

function render({ template, variables }) {
  try {
    return new Template(template).render(variables);
  } catch (error) {
    return null;
  }
}

const operations = {
  async tokenize({ folder, texts }) {
    const tokenizer = await load(AutoTokenizer, folder);
    return { ids: texts.map((text) => encode(tokenizer, text)) };
  },
  async decode({ folder, ids }) {
    const tokenizer = await load(AutoTokenizer, folder);
    return { texts: ids.map((some) => tokenizer.decode(some, { skip_special_tokens: true })) };
  },
  async split({ pattern, texts }) {
    const split = new SplitPreTokenizer({ type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false });
    return { pieces: texts.map((text) => split.pre_tokenize(text)) };
  },
  async render({ cases }) {
    return { texts: cases.map(render) };
  },
  generate,
};

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const request = JSON.parse(line);
    console.log(JSON.stringify(await operations[request.op](request)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.stack ?? error) }));
  }
}
