"""Whole-answer accuracy by task of a decoder on shards with features.

    python3 evaluate.py --tokenizer ../scenes --vision vision.pt --decoder decoder.pt DIR.. [--mode full served novel10]

Under teacher forcing an answer counts when the model's best token is right at every place, which is exactly when greedy
decoding would write it."""
import argparse
import collections

import numpy as np
import torch

import reduce
from decoder import Decoder, Sizes, read_outs
from samples import Corpus, Packer, read_sheets
from tokenizer import Tokenizer
from vision import Encoder

ROWS = 6000  # of one forward pass
LIKE_SERVICE = .8  # of the encoder's output; leaves as many tokens (14 %) as the service's .95 of the projected tokens


def everything(similar, features):
    return reduce.slots(np.ones(similar.shape, bool))


def novel(share):
    def choose(similar, features):
        similar = similar.astype(np.float32)
        similar[0] = -1
        return reduce.slots(reduce.most_novel(similar, max(8, round(similar.size * share)), np.random.default_rng(0)))
    return choose


def merged(similar, features):
    return reduce.merge_still(similar.astype(np.float32), .9)


def served(similar, features):
    return reduce.slots(reduce.differences(features.astype(np.float32), np.ones(len(features), bool), LIKE_SERVICE))


def last_frame(similar, features):
    keep = np.zeros(similar.shape, bool)
    keep[-1] = True
    return reduce.slots(keep)


MODES = {"full": everything, "served": served, "novel25": novel(.25), "novel10": novel(.1), "merge": merged, "last": last_frame}


def visual_rows(decoder, heads, batch):
    with torch.no_grad():
        readouts = read_outs(heads(batch["z"]), batch["places"])
    return decoder.visual(batch["z"], readouts, batch["slots"], batch["visual"])


@torch.no_grad()
def right_answers(decoder, heads, packer):
    batch = packer.tensors()
    hidden, _ = decoder(batch["ids"], visual_rows(decoder, heads, batch), batch["position"], batch["own"], batch["clips"])
    ok = decoder.logits(hidden[batch["answer_rows"]]).argmax(-1) == batch["answer_ids"]
    wrong = torch.bincount(batch["answer_of"][~ok], minlength=len(packer.pairs))
    return wrong == 0


def by_task(decoder, heads, corpus, windows, mode):
    """{task index: [right, asked]} over all questions of the windows."""
    tally, packer = collections.defaultdict(lambda: [0, 0]), Packer(corpus)
    for i, window in enumerate(windows):
        at = slice(window.first, window.first + window.end - window.start + 1)
        target = MODES[mode](window.shard.similar[at], window.shard.features[at])
        packer.add(window, window.questions, target)
        if packer.rows > ROWS or i == len(windows) - 1:
            for task, ok in zip(packer.pairs, right_answers(decoder, heads, packer).tolist()):
                tally[task][0] += ok
                tally[task][1] += 1
            packer = Packer(corpus)
    return tally


def by_task_of_sheets(decoder, heads, corpus, sheets):
    """The same over questions about notes, each with the lines that it is told and without any frame."""
    tally, packer = collections.defaultdict(lambda: [0, 0]), Packer(corpus)
    told = [text for sheet in sheets for text in sheet.focused()]
    for i, (text, questions) in enumerate(told):
        packer.add_sheet(text, questions)
        if packer.rows > ROWS or i == len(told) - 1:
            for task, ok in zip(packer.pairs, right_answers(decoder, heads, packer).tolist()):
                tally[task][0] += ok
                tally[task][1] += 1
            packer = Packer(corpus)
    return tally


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--vision", required=True)
    p.add_argument("--decoder", required=True)
    p.add_argument("--mode", nargs="+", default=["full", "served"], choices=MODES)
    p.add_argument("--notes", nargs="*", default=[], help="files of sheets of notes, told apart")
    p.add_argument("folders", nargs="*")
    options = p.parse_args()
    torch.set_num_threads(1)
    stored = torch.load(options.decoder)
    decoder, vision = Decoder(Sizes(**stored["sizes"])), Encoder()
    decoder.load_state_dict(stored["decoder"], strict=False)
    vision.load_state_dict(torch.load(options.vision))
    corpus = Corpus(options.folders, Tokenizer(options.tokenizer))
    films, sheets = len(corpus.tasks), list(read_sheets(options.notes, corpus))
    tables = {m: by_task(decoder, vision.heads, corpus, corpus.windows, m) for m in options.mode}
    table("films", corpus.tasks[:films], 0, tables)
    if sheets:
        table("notes", corpus.tasks[films:], films, {"sheet": by_task_of_sheets(decoder, vision.heads, corpus, sheets)})


def table(title, tasks, first, tallies):
    """Prints accuracy by task, a column for each of the tallies; task i of the list has the index first + i."""
    print(title, "questions", *tallies)
    leading = next(iter(tallies.values()))
    for i, name in enumerate(tasks, first):
        print(name, leading[i][1], *(f"{t[i][0] / max(1, t[i][1]):.3f}" for t in tallies.values()))
    print("all", sum(n for _, n in leading.values()),
          *(f"{sum(r for r, _ in t.values()) / max(1, sum(n for _, n in t.values())):.4f}" for t in tallies.values()))


if __name__ == "__main__":
    main()
