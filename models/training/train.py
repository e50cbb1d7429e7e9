"""Trains the decoder of scenes on cached features.

    python3 train.py --tokenizer ../scenes --vision vision.pt --train DIR.. --validate DIR --out FOLDER --minutes 65
        [--notes FILE.. --notes-validate FILE --foreign DIR.. --notes-share .4]

Goes on from FOLDER/decoder.pt where there is one. The learning rate is flat for the first half of the minutes and falls
along a cosine in the second."""
import argparse
import bisect
import csv
import math
import pathlib
import time

import parallel
import numpy as np
import torch
import torch.nn.functional as F

import reduce
import wording
from decoder import AUXILIARY, FRAME_AUXILIARY, Decoder, Sizes
from evaluate import by_task, by_task_of_sheets, visual_rows
from foreign import windows as foreign_windows
from muon import Muon
from samples import Corpus, Packer, read_sheets
from tokenizer import Tokenizer
from vision import Encoder
from world import TOKENS

CHECK_SECONDS = 480
CAPS = ((192, .25), (384, .5), (768, .1), (2048, .15))  # most visual tokens of a sample, and how often
# The curriculum: until which step what share of samples sees little but foreground.
EASE = ((250, .9), (500, .6), (1000, .25))
# Of the sheets of notes, how many are read without frames, and how many after frames of foreign footage; the others follow a film.
SHEETS_ALONE, SHEETS_FOREIGN = .5, .25
# Questions that a film and a sheet would answer differently in the same words: not asked where both are read and the other knows more.
OF_EITHER = frozenset("note.first note.last note.left.first note.summary note.there.now note.empty.now note.empty.when note.frequent note.zone.count note.untold".split())
# Of the sheets, how many are read whole with all their questions, as a question is that the service cannot focus.
SHEETS_WHOLE = .2
# Sheets begin short: up to so many steps, those with more notes than this are passed over. Looking a thing up is learnt on
# few lines, and then on many.
LONGEST_SHEET = ((400, 6), (800, 9), (1300, 13), (1800, 20))
# Sheets are also told on token by token, and the words of each line are gathered at its end; this weighs so much more than a side task.
# With questions alone, of which a sheet answers few, nothing was looked up in 1,100 steps.
TOLD = 8
SHORT_UNTIL, SHORT = 250, 12  # steps in which long windows are rare, and the most frames of a short one


def _notes(sheet):
    return len(sheet.notes)


class Feeder:
    """Draws the samples of one process: windows and sheets in shuffled order, questions of weak tasks more often."""

    def __init__(self, corpus, seed, sheets=(), foreign=(), share=0.):
        self.corpus, self.random, self.order = corpus, np.random.default_rng(seed), []
        self.sheets, self.foreign, self.share = sorted(sheets, key=_notes), foreign, share
        self.lengths = [_notes(sheet) for sheet in self.sheets]
        self.weights = None

    def next(self, rows, step):
        """A film comes first, so that every step has visual tokens."""
        packer, of_sheets = Packer(self.corpus), 0
        while packer.rows < rows:
            before = packer.rows
            if self.sheets and of_sheets < self.share * packer.rows:
                self._add_sheet(packer, step)
                of_sheets += packer.rows - before
            else:
                self._add_film(packer, step)
        return packer

    def _window(self, step):
        while True:
            if not self.order:
                self.order = list(self.random.permutation(len(self.corpus.windows)))
            window = self.corpus.windows[self.order.pop()]
            if step >= SHORT_UNTIL or window.end - window.start < SHORT or self.random.random() >= .8:
                return window

    def _add_film(self, packer, step):
        window = self._window(step)
        questions = self._questions(window.questions)
        if questions:
            packer.add(window, questions, self._target(window, step), self._offset())

    def _add_sheet(self, packer, step):
        """Notes alone, after footage that the encoder cannot read, or after a film, each with its own questions."""
        longest = next((notes for until, notes in LONGEST_SHEET if step < until), self.lengths[-1])
        sheet = self.sheets[self.random.integers(bisect.bisect_right(self.lengths, longest))]
        told = [sheet.whole()] if self.random.random() < SHEETS_WHOLE else sheet.focused()
        kind = self.random.random()
        if kind < SHEETS_ALONE:
            for text, questions in told:
                packer.add_sheet(text, self._questions(questions))
            return
        text, questions = told[self.random.integers(len(told))]
        if kind < SHEETS_ALONE + SHEETS_FOREIGN and self.foreign:
            window = self.foreign[self.random.integers(len(self.foreign))]
            packer.add(window, self._questions(questions), self._target(window, step), self._offset(), text)
        elif not any(note.startswith("thing x") for note in sheet.notes):
            window = self._window(step)
            own = [q for q in questions if self.corpus.tasks[q[0]] not in OF_EITHER]
            packer.add(window, self._questions(window.questions) + self._questions(own), self._target(window, step), self._offset(), text)

    def _questions(self, questions):
        weights = self.weights
        drawn = questions if weights is None else [q for q in questions if self.random.random() < weights[q[0]]]
        return [(task, wording.vary(question, self.random), answer, second) for task, question, answer, second in drawn]

    def _offset(self):
        return int(self.random.integers(1, 600)) if self.random.random() < .15 else 0

    def _target(self, window, step):
        shard, r, at = window.shard, self.random, slice(window.first, window.first + window.end - window.start + 1)
        if window.film is None:
            foreground, changed = np.ones((at.stop - at.start, TOKENS), bool), np.zeros(at.stop - at.start, bool)
        else:
            foreground = (shard.labels[at, :, 0] > 0) | (shard.characters[at] > 0)
            changed = window.film.event[window.start:window.end + 1].any(1)
        ease = next((share for until, share in EASE if step < until), .06)
        cap = r.choice([c for c, _ in CAPS], p=[p for _, p in CAPS]) if step > SHORT_UNTIL else CAPS[0][0]
        return reduce.choose(np.array(shard.similar[at], np.float32), shard.features[at], foreground, changed, r, int(cap), ease)


def auxiliary_loss(decoder, hidden, middle, batch):
    """Dense side tasks: motion and age of the thing under each visual token; counts, kinds and events per frame."""
    total, rows = 0, batch["token_rows"]
    for head, source in zip(decoder.token_heads, (middle, hidden)):
        parts = F.linear(source[rows].float(), head.weight, head.bias).split(list(AUXILIARY.values()), -1)
        for i, part in enumerate(parts):
            each, label = F.cross_entropy(part, batch["token_labels"][:, i], reduction="none"), batch["token_labels"][:, i]
            scale = 1 + 3 * (label > 0).float()
            total = total + (each * scale).sum() / scale.sum()
    out = F.linear(hidden[batch["frame_rows"]].float(), decoder.frame_head.weight, decoder.frame_head.bias)
    now, ever, binary = out.split([FRAME_AUXILIARY["now"], FRAME_AUXILIARY["ever"], out.shape[1] - FRAME_AUXILIARY["now"] - FRAME_AUXILIARY["ever"]], -1)
    total = total + F.cross_entropy(now, batch["counts"][:, 0]) + F.cross_entropy(ever, batch["counts"][:, 1])
    return total + F.binary_cross_entropy_with_logits(binary, batch["binary"], reduction="none").sum(-1).mean() / 6


def told_loss(decoder, hidden, middle, batch):
    """Sheets told on token by token, and the words of a line known at its end by the middle of the network."""
    if not len(batch["sheet_ids"]):
        return torch.zeros(())
    told = F.cross_entropy(decoder.logits(hidden[batch["sheet_rows"]]), batch["sheet_ids"])
    lines = F.linear(middle[batch["line_rows"]].float(), decoder.line_head.weight, decoder.line_head.bias).log_softmax(-1)
    return told - lines[batch["word_lines"], batch["word_ids"]].mean()


def losses(decoder, heads, packer):
    batch = packer.tensors()
    hidden, middle = decoder(batch["ids"], visual_rows(decoder, heads, batch), batch["position"], batch["own"], batch["clips"])
    each = F.cross_entropy(decoder.logits(hidden[batch["answer_rows"]]), batch["answer_ids"], reduction="none")
    answer = (each * batch["answer_weights"]).sum() / batch["answer_weights"].sum()
    return answer, auxiliary_loss(decoder, hidden, middle, batch), told_loss(decoder, hidden, middle, batch)


def groups(decoder):
    """The matrices inside the layers, which Muon moves, and AdamW's groups with and without decay."""
    inner = [p for p in decoder.layers.parameters() if p.dim() == 2]
    known = {id(p) for p in inner} | {id(decoder.embedding)}
    decayed = [p for p in decoder.parameters() if p.dim() == 2 and id(p) not in known]
    rest = [p for p in decoder.parameters() if p.dim() != 2] + [decoder.embedding]
    return inner, [{"params": decayed, "weight_decay": .05}, {"params": rest, "weight_decay": 0.}]


def rate_at(step, progress):
    warm = min(1, (step + 1) / 100)
    return warm * (1 if progress < .5 else .02 + .98 * (.5 + .5 * math.cos(math.pi * (progress - .5) / .5)))


class Trainer:
    def __init__(self, rank, team, options, corpus, validation, sheets, sheets_validation, foreign):
        self.rank, self.team, self.options, self.corpus, self.validation = rank, team, options, corpus, validation
        self.sheets_validation = sheets_validation
        vision = Encoder()
        vision.load_state_dict(torch.load(options.vision))
        self.heads = vision.heads.requires_grad_(False)
        torch.manual_seed(options.seed)
        self.sizes = Sizes(corpus.tokenizer.size, options.width, options.layers, options.heads, options.groups, options.inner)
        self.decoder = Decoder(self.sizes)
        self.parameters = list(self.decoder.parameters())
        inner, outer = groups(self.decoder)
        self.optimizer = torch.optim.AdamW(outer, options.rate, betas=(.9, .95))
        self.muon = Muon(self.decoder, inner)
        self.file = pathlib.Path(options.out) / "decoder.pt"
        self.step, self.spent = 0, 0.
        if self.file.exists():
            self._load()
        self.begun = self.step if options.restart else 0
        self.feeder = Feeder(corpus, options.seed * 1000 + rank + self.step * 10, sheets, foreign, options.notes_share)
        self.sums = np.zeros(5)

    def _load(self):
        stored = torch.load(self.file)
        self.decoder.load_state_dict(stored["decoder"], strict=not self.options.restart)  # Heads for training may have come since.
        self.step = stored["step"]
        if not self.options.restart:
            self.optimizer.load_state_dict(stored["optimizer"])
            self.muon.load_state(stored["muon"])
            self.spent = stored["spent"]

    def save(self):
        if self.rank == 0:
            part = self.file.with_suffix(".part")
            torch.save({"decoder": self.decoder.state_dict(), "optimizer": self.optimizer.state_dict(), "muon": self.muon.state(),
                        "step": self.step, "spent": self.spent, "sizes": vars(self.sizes)}, part)
            part.rename(self.file)

    def run(self):
        begin, checked, earlier, budget = time.time(), 0, self.spent, self.options.minutes * 60
        while True:
            self.spent = self.team.share(self.rank, [earlier + time.time() - begin])[0] / self.team.size
            progress = self.spent / budget
            if progress >= 1 or self.step == self.options.steps:
                break
            self._step(progress)
            if int(self.spent / CHECK_SECONDS) > checked:
                checked = int(self.spent / CHECK_SECONDS)
                self.save()
                self.check()
        self.save()
        self.check()

    def _step(self, progress):
        answer, auxiliary, told = losses(self.decoder, self.heads, packer := self.feeder.next(self.options.rows, self.step))
        weight = .25 if progress < .3 else .05 + .2 * max(0, (.9 - progress) / .6)
        self.optimizer.zero_grad(set_to_none=True)
        (answer + weight * (auxiliary + TOLD * told) / 6).backward()
        parallel.average_gradients(self.team, self.rank, self.parameters)
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.)
        rate = self.options.rate * rate_at(self.step - self.begun, progress)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.muon.step(rate)
        self.step += 1
        self.sums += [answer.item(), auxiliary.item(), told.item(), len(packer.pairs), 1]
        if self.step % 50 == 0 and self.rank == 0:
            a, b, c, pairs, n = self.sums
            print(f"{self.step} {self.spent:.0f}s answer {a / n:.4f} auxiliary {b / n:.3f} told {c / n:.3f} pairs {pairs / n:.0f}", flush=True)
        if self.step % 50 == 0:
            self.last, self.sums = self.sums[0] / self.sums[-1], np.zeros(5)

    def check(self):
        """Accuracy on validation windows; sets how often each task is drawn."""
        windows = self.validation.windows[:self.options.checked][self.rank::self.team.size]
        tables = {mode: self._table(by_task(self.decoder, self.heads, self.validation, windows, mode)) for mode in ("full", "served")}
        notes = self._table(by_task_of_sheets(self.decoder, self.heads, self.validation, self.sheets_validation[self.rank::self.team.size]))
        accuracy = {m: t[:, 0] / np.maximum(1, t[:, 1]) for m, t in tables.items()}
        of_notes = notes[:, 0] / np.maximum(1, notes[:, 1])
        weights = 1.1 - np.where(notes[:, 1] > 0, of_notes, (accuracy["full"] + accuracy["served"]) / 2)
        self.feeder.weights = np.clip(weights / weights.max(), .15, 1)
        if self.rank == 0:
            total = [t[:, 0].sum() / max(1, t[:, 1].sum()) for t in (*tables.values(), notes)]
            print(f"== {self.step} {self.spent:.0f}s full {total[0]:.4f} served {total[1]:.4f} " +
                  " ".join(f"{n} {a:.2f}/{b:.2f}" for n, a, b, k in zip(self.corpus.tasks, *accuracy.values(), notes[:, 1]) if k == 0), flush=True)
            if self.sheets_validation:
                print(f"== notes {total[2]:.4f} " + " ".join(f"{n[5:]} {a:.2f}" for n, a, k in zip(self.corpus.tasks, of_notes, notes[:, 1]) if k > 0), flush=True)
            self._log(total, np.where(notes[:, 1] > 0, of_notes, accuracy["full"]))

    def _table(self, tally):
        """[tasks, 2]: right and asked, of all processes together."""
        flat = [x for i in range(len(self.corpus.tasks)) for x in tally[i]]
        return np.array(self.team.share(self.rank, flat)).reshape(-1, 2)

    def _log(self, total, accuracy):
        path = pathlib.Path(self.options.out) / "log.csv"
        new = not path.exists()
        with open(path, "a", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["step", "seconds", "loss", "full", "served", "notes", *self.corpus.tasks])
            writer.writerow([self.step, round(self.spent), round(getattr(self, "last", 0), 4), *(round(x, 4) for x in [*total, *accuracy])])


def work(rank, team, *arguments):
    Trainer(rank, team, *arguments).run()


def main():
    p = argparse.ArgumentParser()
    for name in ("tokenizer", "vision", "validate", "out"):
        p.add_argument("--" + name, required=True)
    p.add_argument("--train", nargs="+", required=True)
    p.add_argument("--notes", nargs="*", default=[], help="files of sheets of notes")
    p.add_argument("--notes-validate", nargs="*", default=[])
    p.add_argument("--foreign", nargs="*", default=[], help="folders that foreign.py wrote")
    p.add_argument("--notes-share", type=float, default=.4, help="of the rows of a step")
    p.add_argument("--minutes", type=float, default=65)
    p.add_argument("--steps", type=int, default=-1)
    p.add_argument("--restart", action="store_true", help="take the weights and the step of FOLDER/decoder.pt, not its optimizer and clock")
    for name, value in (("rows", 4000), ("checked", 250), ("seed", 1), ("processes", 2), ("width", 256), ("layers", 6), ("heads", 8), ("groups", 4), ("inner", 704)):
        p.add_argument("--" + name, type=int, default=value)
    p.add_argument("--rate", type=float, default=1.2e-3)
    options = p.parse_args()
    pathlib.Path(options.out).mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(options.tokenizer)
    corpus = Corpus(options.train, tokenizer)
    validation = Corpus([options.validate], tokenizer, corpus.tasks)
    sheets, sheets_validation = list(read_sheets(options.notes, corpus)), list(read_sheets(options.notes_validate, corpus))
    foreign = [window for folder in options.foreign for window in foreign_windows(folder)]
    sizes = Sizes(tokenizer.size, options.width, options.layers, options.heads, options.groups, options.inner)
    count = sum(q.numel() for q in Decoder(sizes).parameters())
    print(f"{count:,} parameters, {len(corpus.windows):,} windows, {sum(len(w.questions) for w in corpus.windows):,} questions; "
          f"{len(sheets):,} sheets, {sum(len(s.questions) for s in sheets):,} questions", flush=True)
    parallel.launch(work, options.processes, count, options.seed, options, corpus, validation, sheets, sheets_validation, foreign)


if __name__ == "__main__":
    main()
