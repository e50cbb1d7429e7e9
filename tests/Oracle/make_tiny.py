"""Writes the two random-weight models of the tests in the LLaVA-OneVision layout (PyTorch 1.13, opset 14).

tiny-llava: position_ids, NFC + Qwen2's Split pattern, merges as strings.
tiny-bare:  no position_ids, num_logits_to_keep, Digits + ByteLevel's own pattern, merges as pairs; also with cache and logits in fp16.
"""

import json
import pathlib
import sys
from collections import Counter

import onnx
import torch
from onnx import TensorProto, helper
from torch import nn

IMAGE, PATCH, HEADS, KV_HEADS, WIDTH, LAYERS, MERGES = 32, 8, 4, 2, 16, 2, 170
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<image>"]
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
CORPUS = """the red circle moves to the left and the blue square stands still how many things are there when does the small
green triangle enter what colour is it is there a large star in the picture where was it at the end of the film first and last
user assistant system which one came before the other what happened then nothing has changed yes no cannot tell two three four"""
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' }}"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}{% if part['type'] == 'image' %}{{ '<image>' }}{% else %}{{ part['text'] }}{% endif %}{% endfor %}"
    "{% endif %}{{ '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


class RmsNorm(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


def rotate(x, positions):
    frequencies = 10000.0 ** (-torch.arange(0, WIDTH, 2, dtype=torch.float32) / WIDTH)
    angles = positions[:, None, :, None].float() * torch.cat([frequencies, frequencies])
    turned = torch.cat([-x[..., WIDTH // 2 :], x[..., : WIDTH // 2]], -1)
    return x * angles.cos() + turned * angles.sin()


class Layer(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.norm1, self.norm2 = RmsNorm(hidden), RmsNorm(hidden)
        self.q = nn.Linear(hidden, HEADS * WIDTH)
        self.k, self.v = nn.Linear(hidden, KV_HEADS * WIDTH), nn.Linear(hidden, KV_HEADS * WIDTH)
        self.o = nn.Linear(HEADS * WIDTH, hidden, bias=False)
        self.up, self.down = nn.Linear(hidden, 2 * hidden), nn.Linear(2 * hidden, hidden)

    def forward(self, x, mask, positions, past_key, past_value):
        batch, length = x.shape[0], x.shape[1]
        y = self.norm1(x)
        split = lambda z, heads: z.reshape(batch, length, heads, WIDTH).transpose(1, 2)
        q = rotate(split(self.q(y), HEADS), positions)
        key = torch.cat([past_key, rotate(split(self.k(y), KV_HEADS), positions)], 2)
        value = torch.cat([past_value, split(self.v(y), KV_HEADS)], 2)
        repeat = lambda z: z[:, :, None].expand(batch, KV_HEADS, HEADS // KV_HEADS, -1, WIDTH).reshape(batch, HEADS, -1, WIDTH)
        weights = torch.softmax(q @ repeat(key).transpose(2, 3) / WIDTH**0.5 + mask, -1)
        x = x + self.o((weights @ repeat(value)).transpose(1, 2).reshape(batch, length, HEADS * WIDTH))
        return x + self.down(torch.nn.functional.gelu(self.up(self.norm2(x)))), key, value


class Decoder(nn.Module):
    def __init__(self, hidden, vocabulary, bare):
        super().__init__()
        self.layers = nn.ModuleList(Layer(hidden) for _ in range(LAYERS))
        self.norm, self.head, self.bare = RmsNorm(hidden), nn.Linear(hidden, vocabulary, bias=False), bare

    def forward(self, x, attention_mask, extra, *past):
        length, total = x.shape[1], attention_mask.shape[1]
        positions = (attention_mask.cumsum(1) - 1)[:, -length:] if self.bare else extra
        seen = torch.arange(total)[None, :] <= torch.arange(total)[-length:, None]
        mask = (1 - (seen[None, None] & (attention_mask[:, None, None] > 0)).float()) * -1e4
        present = []
        for i, layer in enumerate(self.layers):
            x, key, value = layer(x, mask, positions, past[2 * i], past[2 * i + 1])
            present += [key, value]
        if self.bare:
            x = x.index_select(1, torch.arange(length - extra, length))
        return (self.head(self.norm(x)), *present)


class Vision(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.patches, self.mix = nn.Conv2d(3, hidden, PATCH, PATCH), nn.Linear(hidden, hidden)

    def forward(self, pixels):
        x = self.patches(pixels).flatten(2).transpose(1, 2)
        return 2 * torch.tanh(self.mix(torch.nn.functional.gelu(x)))


def export_model(folder, hidden, vocabulary, bare):
    folder.mkdir(parents=True, exist_ok=True)
    embed, decoder, vision = nn.Embedding(vocabulary, hidden), Decoder(hidden, vocabulary, bare), Vision(hidden)
    with torch.no_grad():
        for parameter in [*decoder.parameters(), *vision.parameters()]:
            if parameter.dim() > 1:
                parameter.normal_(0, 2.0 / parameter[0].numel() ** 0.5)
    save = lambda model, inputs, name, names, outputs, axes: torch.onnx.export(
        model.eval(), inputs, str(folder / f"{name}.onnx"), input_names=names, output_names=outputs, dynamic_axes=axes, opset_version=14)
    tokens = {0: "batch_size", 1: "sequence_length"}
    save(embed, (torch.zeros(1, 3, dtype=torch.long),), "embed_tokens", ["input_ids"], ["inputs_embeds"],
         {"input_ids": tokens, "inputs_embeds": tokens})
    save(vision, (torch.zeros(2, 3, IMAGE, IMAGE),), "vision_encoder", ["pixel_values"], ["image_features"],
         {"pixel_values": {0: "num_images"}, "image_features": {0: "num_images"}})
    past = [f"past_key_values.{i}.{kind}" for i in range(LAYERS) for kind in ("key", "value")]
    present = [name.replace("past_key_values", "present") for name in past]
    extra = torch.tensor(2) if bare else torch.arange(2, 5)[None]
    names = ["inputs_embeds", "attention_mask", "num_logits_to_keep" if bare else "position_ids", *past]
    axes = {"inputs_embeds": tokens, "attention_mask": {0: "batch_size", 1: "total_sequence_length"}, "logits": tokens}
    axes.update({} if bare else {"position_ids": tokens})
    axes.update({name: {0: "batch_size", 2: "past_sequence_length"} for name in past})
    axes.update({name: {0: "batch_size", 2: "total_sequence_length"} for name in present})
    cache = [torch.zeros(1, KV_HEADS, 2, WIDTH) for _ in past]
    save(decoder, (torch.zeros(1, 3, hidden), torch.ones(1, 5, dtype=torch.long), extra, *cache), "decoder_model_merged",
         names, ["logits", *present], axes)


def write_half_cache(folder):
    """The decoder with its cache and logits in fp16, as published fp16 exports have them; it still computes in fp32."""
    model = onnx.load(str(folder / "decoder_model_merged.onnx"))
    graph, single = model.graph, lambda name: name + "_single"
    past = [value for value in graph.input if value.name.startswith("past_key_values")]
    halved = {value.name for value in [*past, *graph.output]}
    for node in graph.node:
        for names in (node.input, node.output):
            for i, name in enumerate(names):
                names[i] = single(name) if name in halved else name
    for value in [*past, *graph.output]:
        value.type.tensor_type.elem_type = TensorProto.FLOAT16
    before = [helper.make_node("Cast", [value.name], [single(value.name)], to=TensorProto.FLOAT) for value in past]
    after = [helper.make_node("Cast", [single(value.name)], [value.name], to=TensorProto.FLOAT16) for value in graph.output]
    nodes = [*before, *graph.node, *after]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, str(folder / "decoder_model_merged_fp16.onnx"))


def byte_alphabet():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(spare)) for b in range(256)]


def train_bpe():
    alphabet = byte_alphabet()
    words = Counter(tuple(alphabet[b] for b in (" " + word).encode()) for word in CORPUS.split())
    merges = []
    while len(merges) < MERGES:
        pairs = Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        merged = Counter()
        for word, count in words.items():
            out, i = [], 0
            while i < len(word):
                both = word[i : i + 2] == best
                out.append("".join(best) if both else word[i])
                i += 2 if both else 1
            merged[tuple(out)] += count
        words = merged
    vocabulary = {token: i for i, token in enumerate([*alphabet, *("".join(pair) for pair in merges)])}
    return vocabulary, merges


def write_files(folder, hidden, bare):
    vocabulary, merges = train_bpe()
    first = len(vocabulary)
    added = [dict(id=first + i, content=token, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
             for i, token in enumerate(SPECIAL)]
    byte_level = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=False, use_regex=bare)
    before = dict(type="Digits", individual_digits=True) if bare else dict(
        type="Split", pattern=dict(Regex=QWEN2), behavior="Isolated", invert=False)
    write = lambda name, content: (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write("tokenizer.json", dict(
        version="1.0", truncation=None, padding=None, added_tokens=added, normalizer=None if bare else dict(type="NFC"),
        pre_tokenizer=dict(type="Sequence", pretokenizers=[before, byte_level]), post_processor=None, decoder=dict(byte_level, use_regex=True),
        model=dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix="", end_of_word_suffix="", fuse_unk=False,
                   byte_fallback=False, vocab=vocabulary, merges=[list(m) if bare else " ".join(m) for m in merges])))
    write("tokenizer_config.json", dict(
        tokenizer_class="Qwen2Tokenizer", add_bos_token=False, add_prefix_space=False, bos_token=None, eos_token=SPECIAL[2],
        pad_token=SPECIAL[0], clean_up_tokenization_spaces=False, model_max_length=1024, chat_template=TEMPLATE))
    write("config.json", {
        "architectures": ["LlavaOnevisionForConditionalGeneration"], "model_type": "llava_onevision", "image_token_index": first + 3,
        "vision_config": dict(model_type="tiny_vision", image_size=IMAGE, patch_size=PATCH),
        "text_config": dict(model_type="qwen2", hidden_size=hidden, num_hidden_layers=LAYERS, num_attention_heads=HEADS,
                            num_key_value_heads=KV_HEADS, head_dim=WIDTH, vocab_size=first + 4, max_position_embeddings=1024),
        "streaming": dict(frame_header=" {seconds}", question_separator="\n")})
    write("generation_config.json", dict(bos_token_id=first, eos_token_id=[first + 2, first], pad_token_id=first, do_sample=False))
    write("preprocessor_config.json", dict(
        image_processor_type="LlavaOnevisionImageProcessor", do_convert_rgb=True, do_resize=True, size=dict(height=IMAGE, width=IMAGE),
        resample=3, do_rescale=True, rescale_factor=1 / 255, do_normalize=True, image_mean=[0.5] * 3, image_std=[0.5] * 3))
    (folder / "README.md").write_text("---\nlicense: cc0-1.0\n---\nRandom weights in the LLaVA-OneVision layout, for tests only.\n")
    return first + 4


if __name__ == "__main__":
    here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    for name, hidden, bare in (("tiny-llava", 64, False), ("tiny-bare", 32, True)):
        torch.manual_seed(20)
        (here / name).mkdir(parents=True, exist_ok=True)
        export_model(here / name / "onnx", hidden, write_files(here / name, hidden, bare), bare)
    write_half_cache(here / "tiny-bare" / "onnx")
