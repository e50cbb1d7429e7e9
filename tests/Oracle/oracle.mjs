// transformers.js, unmodified, behind one JSON request a line on standard input and one JSON answer a line on standard output.
//   { op: "tokenize", folder, texts }              -> { ids: [[...], ...] }
//   { op: "decode", folder, ids: [[...], ...] }    -> { texts }
//   { op: "split", pattern, texts }                -> { pieces: [[...], ...] }: what the pre-tokenizer Split makes of each text
//   { op: "render", cases: [{ template, variables }] } -> { texts: [text or null where the template refused] }
//   { op: "process", folder, messages, pictures: how many, side } -> { ids }: the prompt as the model's own processor writes it for images
//   { op: "encode", folder, pixels, frames }       -> { features: [...] }
//   { op: "generate", folder, dtype (of the decoder), messages, counts, pixels | features, frames, maxNewTokens } -> { prompt, ids }
// pixels and features are files of raw little-endian float32: [frames, 3, height, width] and [tokens, hidden]; counts are the tokens
// of each frame. Features stand for the vision encoder's output, as merged tokens do.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { stdin } from 'node:process';
import { createInterface } from 'node:readline';
import { Template } from '@huggingface/jinja';
import { SplitPreTokenizer } from '@huggingface/tokenizers';
import { AutoModelForImageTextToText, AutoProcessor, AutoTokenizer, RawImage, Tensor, env } from '@huggingface/transformers';

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

// What a family wants to see of some frames, and what its processor puts around the tokens of each.
const families = {
  llava_onevision: {
    size: ({ size }) => size,
    vision: (values, frames, { height, width }) => ({ pixel_values: new Tensor('float32', values, [frames, 3, height, width]) }),
    around: ['', ''],
  },
  smolvlm: {
    size: ({ max_image_size: { longest_edge } }) => ({ height: longest_edge, width: longest_edge }),
    vision: (values, frames, { height, width }) => ({
      pixel_values: new Tensor('float32', values, [1, frames, 3, height, width]),
      pixel_attention_mask: new Tensor('bool', new Uint8Array(frames * height * width).fill(1), [1, frames, height, width]),
    }),
    around: ['<fake_token_around_image><global-img>', '<fake_token_around_image>'],
  },
};

const settings = (folder, name) => JSON.parse(readFileSync(`${folder}/${name}.json`));

const loadModel = (folder, dtype = 'fp32') => load(AutoModelForImageTextToText, folder, {
  dtype: { embed_tokens: 'fp32', vision_encoder: 'fp32', decoder_model_merged: dtype }, device: 'cpu',
});

function visionInputs({ folder, pixels, frames }) {
  const family = families[settings(folder, 'config').model_type];
  const size = family.size(settings(folder, 'preprocessor_config'));
  return family.vision(pixels ? floats(pixels) : new Float32Array(frames * 3 * size.height * size.width), frames, size);
}

// The rendered conversation with counts[n] image tokens in the place of the n-th image or video.
function promptIds(tokenizer, imageToken, place, [before, after], { messages, counts }) {
  const text = tokenizer.apply_chat_template(messages, { tokenize: false, add_generation_prompt: true });
  const pieces = text.split(place);
  return encode(tokenizer, pieces.slice(1).reduce((all, piece, i) => all + before + imageToken.repeat(counts[i]) + after + piece, pieces[0]));
}

async function process({ folder, messages, pictures, side }) {
  const processor = await load(AutoProcessor, folder);
  const text = processor.apply_chat_template(messages, { tokenize: false, add_generation_prompt: true });
  const images = Array.from({ length: pictures }, () => new RawImage(new Uint8ClampedArray(side * side * 3).fill(90), side, side, 3));
  const { input_ids } = await processor(text, images, { do_image_splitting: false });
  return { ids: Array.from(input_ids.data, Number) };
}

async function encodeImages(request) {
  const model = await loadModel(request.folder);
  const features = await Object.getPrototypeOf(model).encode_image.call(model, visionInputs(request));
  return { features: Array.from(features.data) };
}

async function generate(request) {
  const tokenizer = await load(AutoTokenizer, request.folder);
  const model = await loadModel(request.folder, request.dtype);
  const config = settings(request.folder, 'config');
  const spelling = (id) => tokenizer.decode([id], { skip_special_tokens: false });
  const imageToken = spelling(config.image_token_index ?? config.image_token_id);
  const isVideo = request.messages.some(({ content }) => content.some(({ type }) => type === 'video'));
  const place = isVideo ? spelling(config.video_token_index) : imageToken;
  const ids = promptIds(tokenizer, imageToken, place, families[config.model_type].around, request);
  const encodeImage = Object.getPrototypeOf(model).encode_image;
  model.encode_image = async (inputs) => {
    if (!request.features) return encodeImage.call(model, inputs);
    const rows = floats(request.features);
    return new Tensor('float32', rows, [rows.length / config.text_config.hidden_size, config.text_config.hidden_size]);
  };
  const frames = request.frames ?? 0;
  const pixels = frames === 0 ? {} : visionInputs({ ...request, frames });
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
  process,
  encode: encodeImages,
  generate,
};

for await (const line of createInterface({ input: stdin })) {
  try {
    const request = JSON.parse(line);
    console.log(JSON.stringify(await operations[request.op](request)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.stack ?? error) }));
  }
}
