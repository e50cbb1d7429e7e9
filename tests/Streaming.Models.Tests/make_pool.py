"""Writes pool.json: what PyTorch's bilinear interpolate (align_corners=False, no antialias) makes of grids, as LLaVA-OneVision pools a frame."""

import json
import math
import pathlib

import torch

GRIDS = [(27, 27), (16, 16), (5, 4), (1, 3), (2, 1)]


def grid(rows, columns):
    """Numbers of the linear congruential generator of Numerical Recipes, from -1 to 1."""
    state, values = 12345, []
    for _ in range(rows * columns):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values.append((state >> 8) / 2**23 - 1)
    return torch.tensor(values, dtype=torch.float32).reshape(1, 1, rows, columns)


cases = []
for rows, columns in GRIDS:
    to = (math.ceil(rows / 2), math.ceil(columns / 2))
    pooled = torch.nn.functional.interpolate(grid(rows, columns), size=to, mode="bilinear")
    cases.append(dict(rows=rows, columns=columns, toRows=to[0], toColumns=to[1], values=[round(v, 8) for v in pooled.flatten().tolist()]))
content = ",\n".join(json.dumps(case) for case in cases)
pathlib.Path(__file__).with_name("pool.json").write_text(f'{{"torch": "{torch.__version__}", "cases": [\n{content}\n]}}\n')
