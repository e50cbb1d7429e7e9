"""Footage that the vision encoder was never taught, as it comes before notes: real pictures, crossed slowly.

    python3 foreign.py --vision vision.pt --out DIR PICTURE-or-CLIP..

Writes features.f16 and similar.f16 as features.py does, and count.json. In training the frames carry no label: what they
teach is to answer from the notes where frames say nothing."""
import argparse
import json
import pathlib
import subprocess

import numpy as np
import torch
import torch.nn.functional as F

import parallel  # noqa: F401 (one thread a process)
from samples import Window
from vision import WIDTH, Encoder, pixels_of
from world import SIDE, TOKENS

FRAMES = 32  # of a sequence: the longest window of the films
WIDE = 320  # width in which pictures are crossed


class Footage:
    """One folder of sequences, memory mapped."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.frames = json.load(open(folder / "count.json"))["frames"]
        self.features = np.memmap(folder / "features.f16", np.float16, "r", shape=(self.frames, TOKENS, WIDTH))
        self.similar = np.memmap(folder / "similar.f16", np.float16, "r", shape=(self.frames, TOKENS))


def windows(folder):
    """The sequences of a folder, and their beginnings, as windows without a film."""
    footage = Footage(folder)
    lengths = (2, 4, 8, 16, FRAMES)
    return [Window(footage, None, 0, lengths[i % len(lengths)] - 1, [], first) for i, first in enumerate(range(0, footage.frames, FRAMES))]


def decode(source):
    """uint8 [frames, height, WIDE, 3] of the first pictures of a file, two a second."""
    size = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0", source],
                          capture_output=True, text=True, check=True).stdout.strip().split(",")
    height = max(SIDE, round(WIDE * int(size[1]) / int(size[0])))
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", source, "-vf", f"fps=2,scale={WIDE}:{height}", "-frames:v", "200", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"],
                         capture_output=True, check=False).stdout
    return np.frombuffer(raw, np.uint8)[:len(raw) // (height * WIDE * 3) * height * WIDE * 3].reshape(-1, height, WIDE, 3)


def sequence(pictures, random):
    """uint8 [FRAMES, SIDE, SIDE, 3]: a square that stands or drifts over a clip or a picture."""
    height, side = pictures.shape[1], random.integers(SIDE, pictures.shape[1] + 1)
    x, y = random.integers(0, WIDE - side + 1), random.integers(0, height - side + 1)
    drift = random.integers(-3, 4, 2) * (random.random() < .5)
    first = random.integers(0, len(pictures))
    out = np.empty((FRAMES, SIDE, SIDE, 3), np.uint8)
    flip = slice(None, None, -1) if random.random() < .5 else slice(None)
    pick = np.arange(SIDE) * side // SIDE
    for i in range(FRAMES):
        top, left = np.clip(y + i * drift[1], 0, height - side), np.clip(x + i * drift[0], 0, WIDE - side)
        out[i] = pictures[(first + i) % len(pictures)][top + pick][:, left + pick][:, flip]
    return out


@torch.no_grad()
def main():
    p = argparse.ArgumentParser()
    p.add_argument("--vision", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--sequences", type=int, default=400)
    p.add_argument("sources", nargs="+")
    options = p.parse_args()
    folder, random = pathlib.Path(options.out), np.random.default_rng(1)
    folder.mkdir(parents=True, exist_ok=True)
    model = Encoder()
    model.load_state_dict(torch.load(options.vision))
    model.eval()
    footage = [pictures for pictures in map(decode, options.sources) if len(pictures)]
    with open(folder / "features.f16", "wb") as features, open(folder / "similar.f16", "wb") as similar:
        for _ in range(options.sequences):
            pixels = pixels_of(sequence(footage[random.integers(len(footage))], random)).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                z = model(pixels).float()
            alike = F.cosine_similarity(z, torch.cat([z[:1], z[:-1]]), dim=-1)
            alike[0] = -1
            features.write(z.half().numpy().tobytes())
            similar.write(alike.half().numpy().tobytes())
    json.dump({"frames": options.sequences * FRAMES}, open(folder / "count.json", "w"))


if __name__ == "__main__":
    main()
