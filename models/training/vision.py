"""The vision encoder of scenes and its training on dense labels.

    python3 vision.py --train DIR.. --validate DIR --out vision.pt [--steps 1000] [--processes 2]
"""
import argparse
import time

import parallel
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from world import COLOURS, CHARACTERS, OFFSET_STEPS, SHAPES, SIZES, TOKENS, Shard

WIDTH = 192
STEM = [(3, 16, 5, 2), (16, 48, 3, 2), (48, 48, 3, 1), (48, 96, 3, 2), (96, 96, 3, 1), (96, WIDTH, 3, 2)]
# What the dense heads say of every patch; 0 is "none" where a class is chosen.
HEADS = {"shape": len(SHAPES) + 1, "colour": len(COLOURS) + 1, "size": len(SIZES) + 1, "character": len(CHARACTERS) + 1,
         "centre": 1, "dark": 1, "coverage": 1, "offset": 2}


class Block(nn.Module):
    """A pre-norm transformer block over the 64 tokens of one frame."""

    def __init__(self, width, heads=6):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        n, t, w = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (w // self.heads) ** -.5).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(n, t, w))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Encoder(nn.Module):
    """pixels [N,3,128,128] in [-1,1] -> z [N,64,192]; read() gives the dense heads' raw outputs [N,64,sum(HEADS)]."""

    def __init__(self):
        super().__init__()
        layers = []
        for i, o, kernel, stride in STEM:
            layers += [nn.Conv2d(i, o, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(o), nn.ReLU()]
        self.stem = nn.Sequential(*layers).to(memory_format=torch.channels_last)
        self.position = nn.Parameter(torch.randn(1, TOKENS, WIDTH) * .02)
        self.blocks = nn.ModuleList([Block(WIDTH), Block(WIDTH)])
        self.norm = nn.LayerNorm(WIDTH)
        self.heads = nn.Linear(WIDTH, sum(HEADS.values()))

    def forward(self, pixels):
        x = self.stem(pixels).flatten(2).transpose(1, 2) + self.position
        for block in self.blocks:
            x = block(x)
        return self.norm(x)

    def read(self, z):
        return self.heads(z)


def split(raw):
    return dict(zip(HEADS, raw.split(list(HEADS.values()), -1)))


def targets(shard, index):
    t = {k: torch.from_numpy(shard.labels[index, :, i].astype(np.int64)) for i, k in enumerate(["shape", "colour", "size", "motion", "centre"])}
    t["character"] = torch.from_numpy(shard.characters[index].astype(np.int64))
    t["offset"] = torch.from_numpy(shard.offsets[index].astype(np.float32)) / OFFSET_STEPS
    t["coverage"] = torch.from_numpy(shard.patches[index, :, 1].astype(np.float32)) / 255
    t["dark"] = torch.from_numpy(shard.dark[index].astype(np.float32))[:, None].expand(-1, TOKENS)
    return t


def loss_of(raw, target):
    """Cross-entropies where a thing is weigh 8 times those of background: three quarters of all patches are empty."""
    out, thing = split(raw), target["shape"] > 0
    total = 0
    for name, weight in (("shape", 1.), ("colour", 1.), ("size", .5), ("character", 2.)):
        each = F.cross_entropy(out[name].reshape(-1, HEADS[name]), target[name].reshape(-1), reduction="none")
        scale = 1 + 7 * (target[name].reshape(-1) > 0).float()
        total = total + weight * (each * scale).sum() / scale.sum()
    binary = F.binary_cross_entropy_with_logits
    total = total + binary(out["centre"][..., 0], target["centre"].float(), pos_weight=torch.tensor(8.))
    total = total + .2 * binary(out["dark"][..., 0], target["dark"])
    total = total + F.l1_loss(torch.sigmoid(out["coverage"][..., 0]), target["coverage"])
    return total + (F.l1_loss(out["offset"], target["offset"], reduction="none").sum(-1) * thing).sum() / thing.sum().clamp(min=1)


def pixels_of(pictures, noise=None):
    """uint8 [N,128,128,3] -> [N,3,128,128] in [-1,1], channels last; with noise, a light augmentation."""
    x = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
    if noise is None:
        return x
    n = len(x)
    x = x * (1 + .08 * torch.randn(n, 1, 1, 1)) + .06 * torch.randn(n, 1, 1, 1) + .02 * torch.randn(n, 3, 1, 1)
    blurred = noise.random(n) < .25
    if blurred.any():
        x[blurred] = F.avg_pool2d(F.pad(x[blurred], (1, 1, 1, 1), "replicate"), 3, 1)
    dx, dy = noise.integers(-1, 2, 2)
    x = torch.roll(x, (int(dy), int(dx)), (2, 3))
    x = x + torch.randn(1, *x.shape[1:]) * .05 * torch.rand(n, 1, 1, 1)
    return x.clamp(-1, 1).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def accuracy(model, shard, most=2048):
    """Share right per head; "thing" figures count only patches that show one."""
    model.eval()
    index = np.linspace(0, shard.frames - 1, min(most, shard.frames)).astype(int)
    right, seen = {}, {}
    for part in np.array_split(index, max(1, len(index) // 128)):
        with torch.autocast("cpu", torch.bfloat16):
            out = split(model.read(model(pixels_of(shard.pictures[part]).contiguous(memory_format=torch.channels_last))).float())
        t = targets(shard, part)
        for name in ("shape", "colour", "size", "character"):
            ok, some = out[name].argmax(-1) == t[name], t[name] > 0
            for key, mask in ((name, torch.ones_like(some)), (name + ".thing", some)):
                right[key] = right.get(key, 0) + ok[mask].sum().item()
                seen[key] = seen.get(key, 0) + mask.sum().item()
        for name in ("centre", "dark"):
            right[name] = right.get(name, 0) + ((out[name][..., 0] > 0) == (t[name] > .5)).sum().item()
            seen[name] = seen.get(name, 0) + t[name].numel()
        thing = t["shape"] > 0
        right["offset.error"] = right.get("offset.error", 0) + ((out["offset"] - t["offset"]).abs().mean(-1) * thing).sum().item()
        seen["offset.error"] = seen.get("offset.error", 0) + thing.sum().item()
    model.train()
    return {k: round(right[k] / max(1, seen[k]), 4) for k in right}


def work(rank, team, options, shards):
    torch.manual_seed(options.seed)
    model = Encoder()
    if options.resume:
        model.load_state_dict(torch.load(options.resume))
    random = np.random.default_rng(options.seed + rank)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, options.rate, weight_decay=.02)
    start, share = time.time(), np.array([s.frames for s in shards]) / sum(s.frames for s in shards)
    count = options.batch // team.size
    for step in range(options.steps):
        shard = shards[random.choice(len(shards), p=share)]
        index = np.sort(random.integers(0, shard.frames, count))
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1, (step + 1) / 50) * (.5 + .5 * np.cos(np.pi * step / options.steps))
        with torch.autocast("cpu", torch.bfloat16):
            raw = model.read(model(pixels_of(shard.pictures[index], random)))
        loss = loss_of(raw.float(), targets(shard, index))
        optimizer.zero_grad()
        loss.backward()
        parallel.average_gradients(team, rank, parameters)
        torch.nn.utils.clip_grad_norm_(parameters, 1.)
        optimizer.step()
        if rank == 0 and step % 50 == 0:
            print(f"{step} {time.time() - start:.0f}s loss {loss.item():.3f}", flush=True)
    with torch.no_grad():
        team.average(rank, [b for b in model.buffers() if b.dtype == torch.float32])
    if rank == 0:
        torch.save(model.state_dict(), options.out)
        print(accuracy(model, Shard(options.validate)), flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--train", nargs="+", required=True)
    p.add_argument("--validate", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--resume")
    p.add_argument("--steps", type=int, default=1000)
    p.add_argument("--batch", type=int, default=128)
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--processes", type=int, default=2)
    options = p.parse_args()
    shards = [Shard(f) for f in options.train]
    floats = sum(t.numel() for t in Encoder().state_dict().values())
    parallel.launch(work, options.processes, floats, options.seed, options, shards)


if __name__ == "__main__":
    main()
