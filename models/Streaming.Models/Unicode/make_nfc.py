"""Writes nfc.txt, the canonical decompositions and combining classes of Python's unicodedata.

A line "C0 41 300" decomposes U+00C0; an exclamation mark after the first number says that composition never gives it back.
A line ":300 314 E6" gives the combining class of a range. Numbers are hexadecimal.
"""

import pathlib
import unicodedata

lines, classes = [], []
for code in range(0x110000):
    if 0xAC00 <= code <= 0xD7A3 or 0xD800 <= code <= 0xDFFF:
        continue
    parts = unicodedata.decomposition(chr(code)).split()
    if parts and not parts[0].startswith("<"):
        kept = unicodedata.normalize("NFC", chr(code)) == chr(code)
        lines.append(f"{code:X}{'' if kept else '!'} " + " ".join(f"{int(part, 16):X}" for part in parts))
    value = unicodedata.combining(chr(code))
    if value and classes and classes[-1][1:] == [code - 1, value]:
        classes[-1][1] = code
    elif value:
        classes.append([code, code, value])
lines += [f":{first:X} {last:X} {value:X}" for first, last, value in classes]
header = f"# Unicode {unicodedata.unidata_version}, written by make_nfc.py"
pathlib.Path(__file__).with_name("nfc.txt").write_text("\n".join([header, *lines]) + "\n")
