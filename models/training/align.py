"""Writes text_model.onnx: for each word of the films' things the direction in which the visual tokens lie that show it.

    python3 align.py --vision vision.pt --decoder FOLDER/decoder.pt --train DIR.. --out ../scenes

Words and visual tokens enter the decoder in one space, but nothing in its training makes a red token resemble "red". A ridge
regression from visual tokens to the labels of the dense heads does: one linear map, so that it holds for means of tokens too."""
import argparse
import pathlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from decoder import Decoder, Sizes, read_outs
from tokenizer import Tokenizer
from vision import Encoder
from world import COLOURS, SHAPES, SIZES, TOKENS, Shard

OPSET = 14
FRAMES = 600  # of each shard: four give 60,000 visual tokens of things
BACKGROUND = .3  # share of the tokens kept that show nothing
RIDGE = 1e-2  # times the mean square of a feature
PRINT = "panel panels sign signs text letters".split()


@torch.no_grad()
def visual_tokens(decoder, encoder, shard, frames):
    """[frames x 64, hidden]"""
    z = torch.from_numpy(shard.features[frames].reshape(-1, shard.features.shape[-1]).astype(np.float32))
    return decoder.projector(z, read_outs(encoder.heads(z), torch.arange(TOKENS).repeat(len(frames)))).numpy()


def labels(shard, frames):
    """[frames x 64, shapes + colours + sizes + 1]: what each token shows; the last says whether it shows print."""
    seen, columns = shard.labels[frames].reshape(-1, 6), []
    for column, names in enumerate((SHAPES, COLOURS, SIZES)):
        columns.append(np.eye(len(names) + 1, dtype=np.float32)[seen[:, column]][:, 1:])
    columns.append((shard.characters[frames].reshape(-1, 1) > 0).astype(np.float32))
    return np.concatenate(columns, 1)


def sample(decoder, encoder, folders, random):
    parts = []
    for folder in folders:
        shard = Shard(folder)
        frames = np.sort(random.choice(shard.frames, min(FRAMES, shard.frames), replace=False))
        x, y = visual_tokens(decoder, encoder, shard, frames), labels(shard, frames)
        kept = y.any(1) | (random.random(len(y)) < BACKGROUND)
        parts.append((x[kept], y[kept]))
    return [np.concatenate(column) for column in zip(*parts)]


def directions(x, y):
    """Of each label, [labels, hidden]; without a constant: a token's length says nothing."""
    square = x.T @ x
    return np.linalg.solve(square + RIDGE * np.trace(square) / len(square) * np.eye(len(square)), x.T @ y).T


def words():
    """[(word, label)]"""
    things = [(form, i) for i, name in enumerate(SHAPES) for form in (name, name + ("es" if name.endswith("s") else "s"))]
    others = [(name, len(SHAPES) + i) for i, name in enumerate(COLOURS + SIZES)]
    return things + others + [(name, len(SHAPES + COLOURS + SIZES)) for name in PRINT]


def table(tokenizer, rows):
    """(which direction each token has, directions with a first row of zeros): words that are one token, as they stand in a text and at its beginning."""
    index = np.zeros(tokenizer.size, np.int64)
    for word, label in words():
        for text in (" " + word, word, word.capitalize()):
            ids = tokenizer.encode(text)
            if len(ids) == 1:
                index[ids[0]] = label + 1
    return index, np.concatenate([np.zeros((1, rows.shape[1])), rows]).astype(np.float16)


def write(path, index, rows):
    """input_ids int64 [B,S] -> last_hidden_state [B,S,hidden]."""
    shape = ["batch_size", "sequence_length"]
    nodes = [helper.make_node("Gather", ["index", "input_ids"], ["which"]),
             helper.make_node("Gather", ["directions", "which"], ["halves"]),
             helper.make_node("Cast", ["halves"], ["last_hidden_state"], to=TensorProto.FLOAT)]
    graph = helper.make_graph(nodes, "text_model", [helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape)],
                              [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, rows.shape[1]])],
                              [numpy_helper.from_array(index, "index"), numpy_helper.from_array(rows, "directions")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = 7  # that of opset 14
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def main():
    p = argparse.ArgumentParser()
    for name in ("vision", "decoder", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--train", nargs="+", required=True)
    options = p.parse_args()
    torch.set_num_threads(1)
    stored, encoder = torch.load(options.decoder), Encoder()
    decoder = Decoder(Sizes(**stored["sizes"]))
    decoder.load_state_dict(stored["decoder"], strict=False)
    encoder.load_state_dict(torch.load(options.vision))
    folder = pathlib.Path(options.out)
    x, y = sample(decoder, encoder, options.train, np.random.default_rng(0))
    index, rows = table(Tokenizer(folder), directions(x, y))
    write(folder / "onnx" / "text_model.onnx", index, rows)
    print(f"{len(x)} visual tokens, {np.count_nonzero(index)} tokens of text, {len(rows) - 1} directions")


if __name__ == "__main__":
    main()
