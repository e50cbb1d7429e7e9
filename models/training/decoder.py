"""The language model of scenes: a Qwen2-like decoder, and the projection of visual tokens into it.

Here for training: all sequences of a step are packed into one row axis (kernels.py). portable.py holds the same
network in plain operations for export."""
import dataclasses
import math

import torch
import torch.nn.functional as F
from torch import nn

from kernels import AddNorm, Attention, Packing, SwiGlu, rotary_tables
from vision import HEADS, WIDTH, split
from world import GRID

FREQUENCIES = (1, 2, 4, 8)  # of the Fourier features, in half turns over the picture
READOUTS = HEADS["shape"] + HEADS["colour"] + HEADS["size"] + HEADS["character"] + 3 + 4 * len(FREQUENCIES) + 2 * GRID
MOST_POSITIONS = 4096
# AdamW moves every weight by the same step: unscaled, the 192 inputs of z outgrow text and read-outs tenfold within
# minutes, and the decoder never learns to look things up (accuracy stayed at 50 %).
Z_SCALE = 1 / 32
AUXILIARY = {"motion": 6, "age": 6}
FRAME_AUXILIARY = {"now": 7, "ever": 9, "event": 3, "kinds_now": 15, "kinds_ever": 15, "pairs_now": 56, "pairs_ever": 56}


@dataclasses.dataclass
class Sizes:
    vocabulary: int
    width: int = 256
    layers: int = 6
    heads: int = 8
    groups: int = 4
    inner: int = 704

    @property
    def head_size(self):
        return self.width // self.heads


def read_outs(raw, place):
    """Raw outputs of the dense heads [..,sum(HEADS)] at the places int64 [..] of the grid -> what they say [..,READOUTS]."""
    out = split(raw)
    shape = out["shape"].softmax(-1)
    column, row = place % GRID, torch.div(place, GRID, rounding_mode="floor")
    centre = (torch.stack([column, row], -1) + .5 + out["offset"]) / GRID
    waves = torch.cat([f(math.pi * k * centre) for k in FREQUENCIES for f in (torch.sin, torch.cos)], -1)
    where = torch.cat([F.one_hot(column, GRID), F.one_hot(row, GRID)], -1).to(raw.dtype).expand(*raw.shape[:-1], 2 * GRID)
    return torch.cat([shape, out["colour"].softmax(-1), out["size"].softmax(-1), out["character"].softmax(-1),
                      out["centre"].sigmoid(), out["dark"].sigmoid(), out["coverage"].sigmoid(),
                      waves * (1 - shape[..., :1]), where], -1)


class Projector(nn.Module):
    """Visual token = linear(z) + linear(read-outs). Small scales: rows as long as the text's embeddings drown nothing."""

    def __init__(self, width):
        super().__init__()
        self.of_z = nn.Linear(WIDTH, width)
        self.of_readouts = nn.Linear(READOUTS, width, bias=False)
        nn.init.normal_(self.of_z.weight, std=.02)
        nn.init.zeros_(self.of_z.bias)
        nn.init.normal_(self.of_readouts.weight, std=.04)

    def forward(self, z, readouts):
        return Z_SCALE * self.of_z(z) + self.of_readouts(readouts)


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.norm1, self.norm2 = nn.Parameter(torch.ones(s.width)), nn.Parameter(torch.ones(s.width))
        self.qkv = nn.Linear(s.width, (s.heads + 2 * s.groups) * s.head_size)
        self.out = nn.Linear(s.width, s.width, bias=False)
        self.gate_up = nn.Linear(s.width, 2 * s.inner, bias=False)
        self.down = nn.Linear(s.inner, s.width, bias=False)
        for matrix in (self.qkv, self.gate_up):
            nn.init.normal_(matrix.weight, std=s.width ** -.5)
        nn.init.zeros_(self.qkv.bias)
        for matrix in (self.out, self.down):
            nn.init.normal_(matrix.weight, std=.3 * matrix.in_features ** -.5 * s.layers ** -.5)


def _bf16(linear, x):
    bias = linear.bias.bfloat16() if linear.bias is not None else None
    return F.linear(x, linear.weight.bfloat16(), bias)


class Decoder(nn.Module):
    """ids: int64 [rows], a visual slot being vocabulary + slot. Returns the last and the middle hidden rows, normed, bf16."""

    def __init__(self, sizes):
        super().__init__()
        self.sizes = sizes
        self.embedding = nn.Parameter(torch.randn(sizes.vocabulary, sizes.width) * .06)
        self.projector = Projector(sizes.width)
        self.layers = nn.ModuleList([Layer(sizes) for _ in range(sizes.layers)])
        self.norm = nn.Parameter(torch.ones(sizes.width))
        self.middle = sizes.layers // 2
        self.tables = rotary_tables(MOST_POSITIONS, sizes.head_size)
        self.token_heads = nn.ModuleList([nn.Linear(sizes.width, sum(AUXILIARY.values())) for _ in range(2)])
        self.frame_head = nn.Linear(sizes.width, sum(FRAME_AUXILIARY.values()))
        self.line_head = nn.Linear(sizes.width, sizes.vocabulary)

    def forward(self, ids, visual, position, own, clips):
        s, packing = self.sizes, Packing(position, own, clips, *self.tables)
        x, y, middle = torch.cat([self.embedding, visual]).index_select(0, ids), None, None
        for i, layer in enumerate(self.layers):
            x, z = AddNorm.apply(x, y, layer.norm1)
            if i == self.middle:
                middle = z
            y = _bf16(layer.out, Attention.apply(_bf16(layer.qkv, z), packing, s.heads, s.groups))
            x, z = AddNorm.apply(x, y, layer.norm2)
            y = _bf16(layer.down, SwiGlu.apply(_bf16(layer.gate_up, z)))
        return AddNorm.apply(x, y, self.norm)[1], middle

    def logits(self, hidden):
        return F.linear(hidden, self.embedding.bfloat16()).float()

    def visual(self, z, readouts, targets, count):
        """Projected tokens z [n,192] with their read-outs, averaged into their target slots int64 [n]: [count,width]."""
        rows = self.projector(z, readouts)
        total = torch.zeros(count, rows.shape[1]).index_add(0, targets, rows)
        return total / torch.bincount(targets, minlength=count).clamp(min=1)[:, None]
