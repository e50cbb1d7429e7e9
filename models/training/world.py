"""The films that tests/Streaming.World writes for training, and the labels derived from their facts.

A shard is a folder with frames.u8 [F,128,128,3], patches.u8 [F,64,2] (thing + 1, coverage of 255), chars.u8 [F,64] and
films.jsonl; features.py adds features.f16 [F,64,192] and similar.f16 [F,64]."""
import json
import pathlib

import numpy as np

SHAPES = "circle square triangle star cross ring diamond".split()
COLOURS = "red green blue yellow orange purple white cyan".split()
SIZES = ["small", "big"]
MOTIONS = ["still", "left", "right", "up", "down"]
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
GRID, PATCH, SIDE = 8, 16, 128
TOKENS = GRID * GRID
OFFSET_STEPS = 32  # labels store offsets in 1/32 of a patch, int8


class Shard:
    """One folder of films, memory mapped. labels: uint8 [F,64,6] = shape + 1, colour + 1, size + 1, motion + 1, centre, thing + 1;
    offsets: int8 [F,64,2]; dark: uint8 [F]."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.films = [json.loads(line) for line in open(self.folder / "films.jsonl")]
        self.frames = sum(f["frames"] for f in self.films)
        self.patches = self._map("patches.u8", np.uint8, (self.frames, TOKENS, 2))
        self.characters = self._map("chars.u8", np.uint8, (self.frames, TOKENS))
        self.pictures = self._map("frames.u8", np.uint8, (self.frames, SIDE, SIDE, 3))
        self.features = self._map("features.f16", np.float16, (self.frames, TOKENS, 192))
        self.similar = self._map("similar.f16", np.float16, (self.frames, TOKENS))
        if not (self.folder / "labels.npz").exists():
            np.savez(self.folder / "labels.npz", **_labels(self))
        stored = np.load(self.folder / "labels.npz")
        self.labels, self.offsets, self.dark = stored["labels"], stored["offsets"], stored["dark"]

    def _map(self, name, kind, shape):
        path = self.folder / name
        return np.memmap(path, kind, "r", shape=shape) if path.exists() else None


def _labels(shard):
    labels = np.zeros((shard.frames, TOKENS, 6), np.uint8)
    offsets = np.zeros((shard.frames, TOKENS, 2), np.int8)
    dark = np.zeros(shard.frames, np.uint8)
    column, row = np.arange(TOKENS) % GRID + .5, np.arange(TOKENS) // GRID + .5
    for film in shard.films:
        for k, state in enumerate(film["states"]):
            f = film["first_frame"] + k
            dark[f] = state["dark"]
            owner = shard.patches[f, :, 0]
            for thing in state["things"]:
                mine = owner == thing["id"] + 1
                labels[f, mine] = [SHAPES.index(thing["shape"]) + 1, COLOURS.index(thing["colour"]) + 1,
                                   SIZES.index(thing["size"]) + 1, MOTIONS.index(thing["motion"]) + 1, 0, thing["id"] + 1]
                x, y = thing["x"] / PATCH, thing["y"] / PATCH
                offsets[f, mine, 0] = np.clip((x - column[mine]) * OFFSET_STEPS, -127, 127)
                offsets[f, mine, 1] = np.clip((y - row[mine]) * OFFSET_STEPS, -127, 127)
                if 0 <= x < GRID and 0 <= y < GRID:
                    patch = int(y) * GRID + int(x)
                    labels[f, patch, 4] |= owner[patch] == thing["id"] + 1
    return {"labels": labels, "offsets": offsets, "dark": dark}
