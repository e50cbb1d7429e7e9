// transformers.js, unmodified, behind one JSON request a line on standard input and one JSON answer a line on standard output.
//   { op: "tokenize", folder, texts }              -> { ids: [[...], ...] }
//   { op: "decode", folder, ids: [[...], ...] }    -> { texts }
//   { op: "split", pattern, texts }                -> { pieces: [[...], ...] }: what the pre-tokenizer Split makes of each text
//   { op: "render", cases: [{ template, variables }] } -> { texts: [text or null where the template refused] }
//   { op: "process", folder, messages, pictures: how many, side } -> { ids }: the prompt as the model's own processor writes it for images
//   { op: "encode", folder, pixels, frames, height, width } -> { features: [...] }
//   { op: "listen", settings: those of a feature extractor, sound } -> { features: [...] }
//   { op: "transcribe", folder, sound, language, maxNewTokens } -> { ids, language: the likeliest of those that the model knows }
//   { op: "generate", folder, dtype (of the decoder), messages, counts, pixels | features, frames, height, width, positions, next, maxNewTokens }
//     -> { prompt, ids, first, rest, peak }: seconds to the first token, from there to the last, and the most bytes that the process held; positions are those on three axes of a prompt that lacks some of its frames' tokens, next is the one behind them
// sound is a file of raw little-endian float32 samples; pixels and features are files of raw little-endian float32: [frames, 3, height, width] and [tokens, hidden]; counts are the tokens
// of each frame. Features stand for the vision encoder's output, as merged tokens do.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { resourceUsage, stdin } from 'node:process';
import { createInterface } from 'node:readline';
import { Template } from '@huggingface/jinja';
import { SplitPreTokenizer } from '@huggingface/tokenizers';
import {
  AutoModelForImageTextToText, AutoModelForSpeechSeq2Seq, AutoProcessor, AutoTokenizer, RawImage, Tensor, WhisperFeatureExtractor, cat, env,
} from '@huggingface/transformers';

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

const images = (values, frames, height, width) => ({ pixel_values: new Tensor('float32', values, [frames, 3, height, width]) });

// What a family wants to see of some frames, how many it looks at in one run, and what its processor puts around the tokens of each.
const families = {
  llava_onevision: { vision: images },
  llava_qwen2: { vision: images },
  smolvlm: {
    vision: (values, frames, height, width) => ({
      pixel_values: new Tensor('float32', values, [1, frames, 3, height, width]),
      pixel_attention_mask: new Tensor('bool', new Uint8Array(frames * height * width).fill(1), [1, frames, height, width]),
    }),
    around: ['<fake_token_around_image><global-img>', '<fake_token_around_image>'],
  },
  qwen2_vl: { vision: patches, most: 1 },
};

// As its image processor cuts one picture, which is seen twice.
function patches(values, frames, height, width, { patch_size: side, merge_size: merge, temporal_patch_size: times }) {
  const [rows, columns] = [height / side, width / side];
  const cut = Array.from({ length: frames }, (_, frame) => {
    const one = new Tensor('float32', values.slice(frame * 3 * height * width, (frame + 1) * 3 * height * width), [1, 3, height, width]);
    return cat(Array.from({ length: times }, () => one), 0)
      .view(1, times, 3, rows / merge, merge, side, columns / merge, merge, side)
      .permute(0, 3, 6, 4, 7, 2, 1, 5, 8)
      .view(rows * columns, 3 * times * side * side);
  });
  const grids = Array.from({ length: frames }, () => [1n, BigInt(rows), BigInt(columns)]).flat();
  return { pixel_values: cat(cut, 0), image_grid_thw: new Tensor('int64', BigInt64Array.from(grids), [frames, 3]) };
}

const settings = (folder, name) => JSON.parse(readFileSync(`${folder}/${name}.json`));

const loadModel = (folder, dtype = 'fp32') => load(AutoModelForImageTextToText, folder, {
  dtype: { embed_tokens: 'fp32', vision_encoder: 'fp32', decoder_model_merged: dtype }, device: 'cpu',
});

const familyOf = (folder) => families[settings(folder, 'config').model_type];

function visionInputs({ folder, pixels, frames, height, width }) {
  const values = pixels ? floats(pixels) : new Float32Array(frames * 3 * height * width);
  return familyOf(folder).vision(values, frames, height, width, settings(folder, 'preprocessor_config'));
}

// image_features of all frames, looked at as many at a time as the family does.
async function featuresOf(model, request) {
  const { folder, pixels, frames, height, width } = request;
  const { vision, most = frames } = familyOf(folder);
  const [values, size] = [floats(pixels), 3 * height * width];
  const some = [];
  for (let first = 0; first < frames; first += most) {
    const count = Math.min(most, frames - first);
    const inputs = vision(values.slice(first * size, (first + count) * size), count, height, width, settings(folder, 'preprocessor_config'));
    some.push(await Object.getPrototypeOf(model).encode_image.call(model, inputs));
  }
  return cat(some, 0);
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
  const features = await featuresOf(await loadModel(request.folder), request);
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
  const ids = promptIds(tokenizer, imageToken, place, familyOf(request.folder).around ?? ['', ''], request);
  const hidden = (config.text_config ?? config).hidden_size;
  model.encode_image = async () => {
    if (!request.features) return featuresOf(model, request);
    const rows = floats(request.features);
    return new Tensor('float32', rows, [rows.length / hidden, hidden]);
  };
  if (request.positions) {
    const delta = BigInt(request.next - ids.length);
    const positions = BigInt64Array.from(request.positions.flat(), BigInt);
    model.get_rope_index = () => [new Tensor('int64', positions, [3, 1, ids.length]), new Tensor('int64', [delta], [1, 1])];
  } else delete model.get_rope_index;
  const frames = request.frames ?? 0;
  const pixels = frames === 0 ? {} : visionInputs({ ...request, frames });
  const tokens = [];
  const start = performance.now();
  const sequences = await model.generate({
    input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), [1, ids.length]),
    ...pixels,
    min_new_tokens: 1,
    max_new_tokens: request.maxNewTokens,
    streamer: { put: () => tokens.push(performance.now()), end() {} }, // told the prompt, then each token
  });
  return {
    prompt: ids,
    ids: Array.from(sequences.data.slice(ids.length), Number),
    first: (tokens[1] - start) / 1000,
    rest: (tokens.at(-1) - tokens[1]) / 1000,
    peak: resourceUsage().maxRSS * 1024,
  };
}

const hear = (settings, sound) => new WhisperFeatureExtractor(settings)(floats(sound));

async function listen({ settings: heard, sound }) {
  const { input_features } = await hear(heard, sound);
  return { features: Array.from(input_features.data) };
}

async function transcribe({ folder, sound, language, maxNewTokens }) {
  const model = await load(AutoModelForSpeechSeq2Seq, folder, { dtype: 'fp32', device: 'cpu' });
  const { input_features } = await hear(settings(folder, 'preprocessor_config'), sound);
  const { decoder_start_token_id, eos_token_id, lang_to_id } = settings(folder, 'generation_config');
  const start = new Tensor('int64', [BigInt(decoder_start_token_id)], [1, 1]);
  const { logits } = await model({ input_features, decoder_input_ids: start });
  const likeliest = Object.entries(lang_to_id).reduce((best, one) => (logits.data[one[1]] > logits.data[best[1]] ? one : best));
  const written = await model.generate({ inputs: input_features, language, task: 'transcribe', return_timestamps: true, max_new_tokens: maxNewTokens });
  const ids = Array.from(written.data, Number).slice(3);
  return { ids: ids.at(-1) === eos_token_id ? ids.slice(0, -1) : ids, language: likeliest[0].slice(2, -2) };
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
  listen,
  transcribe,
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
