"""PyTorch on the shipped weights, dequantised, against the answers of another runtime.

    python3 compare.py --model ../scenes CASES.jsonl

A line of the cases: {"pixels": file of raw float32 [frames,3,128,128], "frames": n, "kept": [indices into the n * 64 visual
tokens, all if absent], "prompt": [token ids with one <image> id per kept token], "ids": [answer ids, with or without the
end]}. Counted are the cases with equal ids, those that part where the two best logits lie within 1e-3 of one another,
and all others; the exit code is 1 if there are others."""
import argparse
import json
import pathlib

import numpy as np
import torch

from decoder import Decoder, Projector, Sizes
from export import weights_of
from portable import EmbedTokens, LanguageModel, VisionEncoder
from vision import Encoder
from world import SIDE

NEAR = 1e-3


class Model:
    """The three networks with the weights of a model folder."""

    def __init__(self, folder):
        text = json.load(open(folder / "config.json"))["text_config"]
        self.image = json.load(open(folder / "config.json"))["image_token_index"]
        self.stop = json.load(open(folder / "generation_config.json"))["eos_token_id"]
        self.sizes = Sizes(text["vocab_size"], text["hidden_size"], text["num_hidden_layers"], text["num_attention_heads"],
                           text["num_key_value_heads"], text["intermediate_size"])
        self.vision = self._load(VisionEncoder(Encoder(), Projector(self.sizes.width)), folder / "onnx/vision_encoder.onnx")
        self.embed = self._load(EmbedTokens(torch.zeros(self.sizes.vocabulary, self.sizes.width)), folder / "onnx/embed_tokens.onnx")
        self.language = self._load(LanguageModel(Decoder(self.sizes)), folder / "onnx/decoder_model_merged.onnx")

    @staticmethod
    def _load(module, path):
        weights, wanted = weights_of(path), dict(module.named_parameters())
        missing = [name for name in wanted if name not in weights]
        if missing:
            raise ValueError(f"{path.name} lacks {missing}")
        module.load_state_dict({name: weights[name] for name in wanted}, strict=False)
        return module.eval()

    @torch.no_grad()
    def prefill(self, pixels, kept, prompt):
        x = self.embed(torch.tensor([prompt]))
        if len(pixels):
            rows = self.vision(pixels).reshape(-1, self.sizes.width)
            x[0, torch.tensor(prompt) == self.image] = rows if kept is None else rows[kept]
        empty = torch.zeros(1, self.sizes.groups, 0, self.sizes.head_size)
        return self._run(x, [empty] * (2 * self.sizes.layers))

    @torch.no_grad()
    def step(self, token, present):
        return self._run(self.embed(torch.tensor([[token]])), present)

    def _run(self, x, past):
        before, rows = past[0].shape[2], x.shape[1]
        logits, *present = self.language(x, torch.ones(1, before + rows, dtype=torch.int64),
                                         torch.arange(before, before + rows)[None], *past)
        return logits[0, 0], present


def judge(model, case, base):
    """equal, near or different: the other runtime's ids against this model's best tokens, as long as they agree."""
    pixels = np.fromfile(base / case["pixels"], np.float32).reshape(case["frames"], 3, SIDE, SIDE) if case["frames"] else []
    logits, present = model.prefill(torch.as_tensor(pixels), case.get("kept"), case["prompt"])
    for token in [t for t in case["ids"] if t != model.stop] + [model.stop]:
        best, second = logits.topk(2).values.tolist()
        if logits.argmax().item() != token:
            return "near" if best - second <= NEAR else "different"
        if token != model.stop:
            logits, present = model.step(token, present)
    return "equal"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--model", type=pathlib.Path, required=True)
    p.add_argument("cases", type=pathlib.Path)
    options = p.parse_args()
    torch.set_num_threads(1)
    model, counts = Model(options.model), {"equal": 0, "near": 0, "different": 0}
    for line in open(options.cases):
        counts[judge(model, json.loads(line), options.cases.parent)] += 1
    print(counts)
    raise SystemExit(1 if counts["different"] else 0)


if __name__ == "__main__":
    main()
