"""Writes the networks of scenes as ONNX (opset 14) with float16 weights, and config.json.

    python3 export.py --vision vision.pt --decoder FOLDER/decoder.pt --out ../scenes [--cases cases.json]

The weights are stored as float16 and cast to float32, in which everything is computed. --cases also writes inputs and
PyTorch's outputs on the rounded weights, to compare with a runtime."""
import argparse
import json
import pathlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from decoder import Decoder, Sizes
from portable import EmbedTokens, LanguageModel, VisionEncoder
from tokenizer import Tokenizer, write
from vision import Encoder
from world import GRID, PATCH, SIDE

OPSET = 14
HALVED_FROM = 64  # smaller tensors (constants, single norms of a head) stay float32


def halve(model):
    """float32 initializers -> float16 initializers and a Cast to the old name."""
    graph, casts = model.graph, []
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < HALVED_FROM:
            continue
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), tensor.name + ".half"))
        casts.append(helper.make_node("Cast", [tensor.name + ".half"], [tensor.name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    return model


def export(module, inputs, names, outputs, axes, path):
    module.eval()
    torch.onnx.export(module, inputs, str(path), input_names=names, output_names=outputs, dynamic_axes=axes,
                      opset_version=OPSET, do_constant_folding=False)  # weights keep their names
    model = halve(onnx.load(str(path)))
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    print(f"{path.name} {path.stat().st_size / 1e6:.2f} MB")


def weights_of(path):
    """The parameters in a written file by name, dequantised to float32."""
    return {t.name.removesuffix(".half"): torch.from_numpy(numpy_helper.to_array(t).astype(np.float32))
            for t in onnx.load(str(path)).graph.initializer}


def past_names(layers):
    return [f"{i}.{kind}" for i in range(layers) for kind in ("key", "value")]


def export_all(vision, embed, language, folder):
    folder.mkdir(parents=True, exist_ok=True)
    s = language.sizes
    export(vision, torch.rand(2, 3, SIDE, SIDE), ["pixel_values"], ["image_features"],
           {"pixel_values": {0: "batch_size"}, "image_features": {0: "batch_size"}}, folder / "vision_encoder.onnx")
    export(embed, torch.zeros(1, 3, dtype=torch.int64), ["input_ids"], ["inputs_embeds"],
           {n: {0: "batch_size", 1: "sequence_length"} for n in ("input_ids", "inputs_embeds")}, folder / "embed_tokens.onnx")
    past = [torch.rand(2, s.groups, 4, s.head_size) for _ in range(2 * s.layers)]
    inputs = (torch.rand(2, 3, s.width), torch.ones(2, 7, dtype=torch.int64), torch.arange(4, 7).expand(2, 3), *past)
    names = [f"past_key_values.{n}" for n in past_names(s.layers)]
    present = [f"present.{n}" for n in past_names(s.layers)]
    axes = {"inputs_embeds": {0: "batch_size", 1: "sequence_length"}, "attention_mask": {0: "batch_size", 1: "total_sequence_length"},
            "position_ids": {0: "batch_size", 1: "sequence_length"}, "logits": {0: "batch_size"},
            **{n: {0: "batch_size", 2: "past_sequence_length"} for n in names},
            **{n: {0: "batch_size", 2: "total_sequence_length"} for n in present}}
    export(language, inputs, ["inputs_embeds", "attention_mask", "position_ids", *names], ["logits", *present], axes,
           folder / "decoder_model_merged.onnx")


def write_config(folder, sizes, tokenizer, reads_notes):
    image = tokenizer.added["<image>"]
    write(folder, "config.json", {
        "architectures": ["LlavaOnevisionForConditionalGeneration"], "model_type": "llava_onevision",
        "image_token_index": image, "image_token_id": image, "video_token_index": tokenizer.added["<video>"],
        "vision_config": {"model_type": "scenes_vision", "image_size": SIDE, "patch_size": PATCH},
        "text_config": {"model_type": "qwen2", "hidden_size": sizes.width, "num_hidden_layers": sizes.layers,
                        "num_attention_heads": sizes.heads, "num_key_value_heads": sizes.groups, "head_dim": sizes.head_size,
                        "intermediate_size": sizes.inner, "vocab_size": sizes.vocabulary, "rms_norm_eps": 1e-6,
                        "rope_theta": 10000.0, "tie_word_embeddings": True, "max_position_embeddings": 4096},
        "streaming": {"frame_header": " {seconds}", "question_separator": "\n", "grid": [GRID, GRID], "reads_notes": reads_notes, "reads_turns": False},
        "transformers.js_config": {"dtype": "fp32"}})


@torch.no_grad()
def write_cases(path, vision, embed, language, seed=1):
    """One picture batch, one prefill and one step on the weights as stored (rounded to float16)."""
    torch.manual_seed(seed)
    for module in (vision, embed, language):
        for p in module.parameters():
            if p.numel() >= HALVED_FROM:
                p.copy_(p.half().float())
    s = language.sizes
    pixels = torch.rand(2, 3, SIDE, SIDE) * 2 - 1
    features = vision(pixels)
    ids = torch.randint(0, s.vocabulary, (1, 9))
    x = torch.cat([embed(ids), features[:1]], 1)
    empty = [torch.zeros(1, s.groups, 0, s.head_size) for _ in range(2 * s.layers)]
    n = x.shape[1]
    logits, *present = language(x, torch.ones(1, n, dtype=torch.int64), torch.arange(n)[None], *empty)
    step = embed(logits[:, -1].argmax(-1)[None])
    after, *_ = language(step, torch.ones(1, n + 1, dtype=torch.int64), torch.tensor([[n]]), *present)
    lists = {"pixels": pixels, "features": features, "ids": ids, "embeds": x, "logits": logits, "step": step, "after": after}
    json.dump({k: {"shape": list(v.shape), "data": v.reshape(-1).tolist()} for k, v in lists.items()}, open(path, "w"))


def main():
    p = argparse.ArgumentParser()
    for name in ("vision", "decoder", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--cases")
    p.add_argument("--reads-notes", action="store_true", help="the decoder was trained with sheets of notes: the service gives it theirs")
    options = p.parse_args()
    encoder, stored = Encoder(), torch.load(options.decoder)
    encoder.load_state_dict(torch.load(options.vision))
    decoder = Decoder(Sizes(**stored["sizes"]))
    decoder.load_state_dict(stored["decoder"], strict=False)
    folder = pathlib.Path(options.out)
    tokenizer = Tokenizer(folder)
    modules = VisionEncoder(encoder, decoder.projector).eval(), EmbedTokens(decoder.embedding.detach()), LanguageModel(decoder, tokenizer.encode("\n")).eval()
    export_all(*modules, folder / "onnx")
    write_config(folder, decoder.sizes, tokenizer, options.reads_notes)
    if options.cases:
        write_cases(options.cases, *modules)


if __name__ == "__main__":
    main()
