"""Writes resize.json: SHA-256 of what Pillow's Image.resize makes of a generated picture, for many sizes and filters.

"fitted" are pictures brought to a longest edge first and squared then, as SmolVLM's processor treats the frames of a video.
"""

import hashlib
import json
import pathlib

import PIL
from PIL import Image

SIZES = [(384, 288, 128, 128), (128, 128, 128, 128), (384, 216, 128, 128), (64, 48, 128, 128), (37, 211, 32, 32), (1, 1, 7, 5),
         (200, 150, 70, 70), (128, 96, 128, 128), (96, 128, 128, 128), (5, 3, 64, 41), (640, 360, 384, 384), (17, 19, 16, 16)]
FILTERS = {"Lanczos": 1, "Bilinear": 2, "Bicubic": 3, "Box": 4, "Hamming": 5}


def picture(width, height):
    """Smooth, noisy and saturated parts by the linear congruential generator of Numerical Recipes."""
    state, data = 12345, bytearray()
    for i in range(width * height * 3):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        noise = state >> 24
        data.append((i * 7 // (width * 3)) % 256 if i % 5 == 0 else 255 if noise > 230 else 0 if noise < 20 else noise)
    return Image.frombytes("RGB", (width, height), bytes(data))


cases = [
    dict(filter=name, width=w, height=h, toWidth=tw, toHeight=th,
         sha256=hashlib.sha256(picture(w, h).resize((tw, th), number).tobytes()).hexdigest())
    for w, h, tw, th in SIZES for name, number in FILTERS.items()
]


def fitted(width, height, longest, side):
    """The shorter side follows the proportions, cut to whole pixels and raised to an even number."""
    ratio = width / height
    short = int(longest / ratio) if width >= height else int(longest * ratio)
    short = max(1, short + short % 2)
    size = (longest, short) if width >= height else (short, longest)
    once = picture(width, height).resize(size, Image.LANCZOS)
    return hashlib.sha256(once.resize((side, side), Image.LANCZOS).tobytes()).hexdigest()


FITTED = [(384, 288, 96, 96), (640, 360, 96, 96), (360, 640, 96, 96), (96, 96, 96, 96), (128, 72, 64, 96), (37, 211, 96, 48), (300, 1, 64, 32)]
content = dict(
    pillow=PIL.__version__, cases=cases,
    fitted=[dict(width=w, height=h, longest=e, side=s, sha256=fitted(w, h, e, s)) for w, h, e, s in FITTED])
pathlib.Path(__file__).with_name("resize.json").write_text(json.dumps(content, indent=1) + "\n")
