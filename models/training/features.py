"""Runs the frozen vision encoder over shards.

    python3 features.py --vision vision.pt --processes 2 DIR..

Writes features.f16 [F,64,192] and similar.f16 [F,64]: the cosine of each token with the same place one frame before
(-1 in a film's first frame), which the reduction policies of training rank by."""
import argparse

import parallel
import numpy as np
import torch
import torch.nn.functional as F

from vision import WIDTH, Encoder, pixels_of
from world import TOKENS, Shard

BATCH = 64


@torch.no_grad()
def extract(model, shard):
    z = np.memmap(shard.folder / "features.f16", np.float16, "w+", shape=(shard.frames, TOKENS, WIDTH))
    similar = np.memmap(shard.folder / "similar.f16", np.float16, "w+", shape=(shard.frames, TOKENS))
    last = None
    for start in range(0, shard.frames, BATCH):
        pixels = pixels_of(shard.pictures[start:start + BATCH]).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            part = model(pixels).float()
        before = torch.cat([part[:1] if last is None else last, part[:-1]])
        z[start:start + BATCH] = part.half().numpy()
        similar[start:start + BATCH] = F.cosine_similarity(part, before, dim=-1).half().numpy()
        last = part[-1:]
    similar[[f["first_frame"] for f in shard.films]] = -1


def work(rank, team, options):
    model = Encoder()
    model.load_state_dict(torch.load(options.vision))
    model.eval()
    for folder in options.folders[rank::team.size]:
        extract(model, Shard(folder))
        print(folder, flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--vision", required=True)
    p.add_argument("--processes", type=int, default=2)
    p.add_argument("folders", nargs="+")
    options = p.parse_args()
    parallel.launch(work, options.processes, 1, 0, options)


if __name__ == "__main__":
    main()
