"""A decoder that goes on with a larger vocabulary.

    python3 grow.py --from ../scenes --to FOLDER --decoder decoder.pt --out decoder.pt

Every token keeps its row by its spelling; a new word begins as the mean of the rows of its pieces."""
import argparse

import torch

from tokenizer import Tokenizer


def grown(embedding, old, new):
    """embedding [old.size, width] -> [new.size, width]."""
    rows = {**old.vocabulary, **old.added}
    pieces = {spelling: [rows[spelling]] for spelling in rows}
    for (a, b) in new.ranks:
        pieces.setdefault(a + b, pieces[a] + pieces[b])
    out = torch.empty(new.size, embedding.shape[1])
    for spelling, row in {**new.vocabulary, **new.added}.items():
        out[row] = embedding[pieces[spelling]].mean(0)
    return out


def main():
    p = argparse.ArgumentParser()
    for name in ("from", "to", "decoder", "out"):
        p.add_argument("--" + name, required=True)
    options = vars(p.parse_args())
    old, new = Tokenizer(options["from"]), Tokenizer(options["to"])
    stored = torch.load(options["decoder"])
    stored["decoder"]["embedding"] = grown(stored["decoder"]["embedding"], old, new)
    stored["decoder"] = {name: value for name, value in stored["decoder"].items() if not name.startswith("line_head")}
    stored["sizes"]["vocabulary"] = new.size
    torch.save({k: stored[k] for k in ("decoder", "step", "sizes")}, options["out"])
    print(f"{old.size} -> {new.size} tokens")


if __name__ == "__main__":
    main()
