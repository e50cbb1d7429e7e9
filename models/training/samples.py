"""Windows of films and sheets of notes with their questions, as packed training rows (kernels.Packing)."""
import json
import re

import numpy as np
import torch

from decoder import FRAME_AUXILIARY
from vision import WIDTH
from world import COLOURS, SHAPES, TOKENS, Shard

SEEN = .5  # share of a thing that must show for it to count, as the questions hold
SECOND = re.compile(r"^at (\d+) s$")
FRAMES_PER_SECOND = 2
EVENTS = ("came in", "left", "turned")
HEADING = "What was seen so far:\n"  # NoteSheet.Heading of the service, which puts the sheet between the frames and the question


class Film:
    """What the auxiliary losses need of one film: seen bool [n,things]; pair int [n,things] = shape * 8 + colour; event bool [n,3]."""

    def __init__(self, record):
        self.first, n = record["first_frame"], record["frames"]
        things = 1 + max((t["id"] for s in record["states"] for t in s["things"]), default=0)
        self.seen, self.pair = np.zeros((n, things), bool), np.zeros((n, things), np.int64)
        self.event = np.zeros((n, 3), bool)
        for k, state in enumerate(record["states"]):
            for t in state["things"]:
                self.seen[k, t["id"]] = t["visible"] >= SEEN
                self.pair[k, t["id"]] = SHAPES.index(t["shape"]) * len(COLOURS) + COLOURS.index(t["colour"])
            self.event[k] = [any(e.find(word) > 0 for e in state["events"]) for word in EVENTS]


class Window:
    """Frames start..end of a film; film is None for footage of which nothing is known (foreign.py)."""
    __slots__ = ("shard", "film", "first", "start", "end", "questions")

    def __init__(self, shard, film, start, end, questions, film_first=None):
        self.shard, self.film, self.start, self.end, self.questions = shard, film, start, end, questions
        self.first = start + (film.first if film is not None else film_first)


class Corpus:
    """All windows of some shards; questions are (task index, question, answer ids, second or None)."""

    def __init__(self, folders, tokenizer, tasks=None):
        self.tokenizer, self.tasks = tokenizer, tasks if tasks is not None else []
        self.shards, self.windows = [Shard(f) for f in folders], []
        self._known, add = {}, tokenizer.added
        for shard in self.shards:
            for record in shard.films:
                film = Film(record)
                for w in record["windows"]:
                    questions = [(self.task(q["task"]), q["question"], self.ids(q["answer"]),
                                  int(m.group(1)) if (m := SECOND.match(q["answer"])) else None) for q in w["questions"]]
                    self.windows.append(Window(shard, film, w["from"], w["to"], questions))
            shard.films = None
        self.opening = [add["<|im_start|>"]] + tokenizer.encode("user\n")
        self.line = tokenizer.encode("\n")
        self.turn = [add["<|im_end|>"]] + tokenizer.encode("\n") + [add["<|im_start|>"]] + tokenizer.encode("assistant\n")
        self.stop = add["<|im_end|>"]

    def ids(self, text):
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self.tokenizer.encode(text)
        return found

    def task(self, name):
        if name not in self.tasks:
            self.tasks.append(name)
        return self.tasks.index(name)


class Sheet:
    """Lines of notes with their questions, (task index, question, answer ids, None), and the lines that each question is told."""
    __slots__ = ("notes", "questions", "told")

    def __init__(self, notes, questions, told):
        self.notes, self.questions, self.told = notes, questions, told

    def whole(self):
        return self._text(range(len(self.notes))), self.questions

    def focused(self):
        """[(text, questions)]: the service tells a question what it needs (its NoteFocus), some the same."""
        alike = {}
        for question, lines in zip(self.questions, self.told):
            alike.setdefault(lines, []).append(question)
        return [(self._text(lines), questions) for lines, questions in alike.items()]

    def _text(self, lines):
        return HEADING + "".join(self.notes[i] + "\n" for i in lines)


def read_sheets(files, corpus):
    for file in files:
        for line in open(file):
            record = json.loads(line)
            asked = record["questions"]
            yield Sheet(record["notes"], [(corpus.task(q["task"]), q["question"], corpus.ids(q["answer"]), None) for q in asked], [tuple(q["told"]) for q in asked])


def frame_facts(film, start, end):
    """Targets of the frame heads for every frame of the window, and each thing's first frame in it."""
    seen, pair = film.seen[start:end + 1], film.pair[start:end + 1]
    now = np.zeros((len(seen), len(SHAPES) * len(COLOURS)), bool)
    rows, things = np.nonzero(seen)
    now[rows, pair[rows, things]] = True
    ever, been = np.maximum.accumulate(now), np.maximum.accumulate(seen)
    kinds = lambda p: np.concatenate([(g := p.reshape(-1, len(SHAPES), len(COLOURS))).any(2), g.any(1)], 1)
    binary = np.concatenate([film.event[start:end + 1], kinds(now), kinds(ever), now, ever], 1).astype(np.float32)
    counts = np.stack([np.minimum(seen.sum(1), FRAME_AUXILIARY["now"] - 1), np.minimum(been.sum(1), FRAME_AUXILIARY["ever"] - 1)], 1)
    return counts, binary, np.where(seen.any(0), seen.argmax(0), len(seen))


class Packer:
    """Collects sequences into the arrays of one step."""

    def __init__(self, corpus):
        self.corpus = corpus
        self.vocabulary = corpus.tokenizer.size
        self.parts = {k: [] for k in ("ids", "position", "own", "places", "slots", "token_rows", "token_labels", "frame_rows",
                                      "counts", "binary", "answer_rows", "answer_ids", "answer_weights", "answer_of", "sheet_rows", "sheet_ids", "line_rows", "word_lines", "word_ids")}
        self.z, self.clips, self.pairs, self.rows, self.visual, self.lines = [], [], [], 0, 0, 0

    def add(self, window, questions, target, offset=0, sheet=""):
        """target: a choice of reduce.py; offset in whole seconds is added to all times of the film; sheet: the text of one."""
        start = self.rows
        prefix, frame_rows, token_rows, order = self._prefix(window, target, offset)
        self._see(window, target, order)
        if window.film is not None:
            self._label(window, target, order, start, frame_rows, token_rows)
        self.visual += len(order)
        self._ask(prefix, questions, offset, sheet)

    def add_sheet(self, sheet, questions):
        """A sheet without any frame."""
        self._ask(list(self.corpus.opening), questions, 0, sheet)

    def _see(self, window, target, order):
        """The encoder's output of the tokens in use, and the slots they go into."""
        used, first = np.nonzero(target.reshape(-1) >= 0)[0], window.first
        rank = np.full(target.size, -1)
        rank[order] = np.arange(len(order))
        self.parts["slots"].append(rank[target.reshape(-1)[used]] + self.visual)
        self.parts["places"].append(used % TOKENS)
        features = window.shard.features
        self.z.append(features[first:first + len(target)].reshape(-1, features.shape[-1])[used])

    def _label(self, window, target, order, start, frame_rows, token_rows):
        p, (counts, binary, appeared) = self.parts, frame_facts(window.film, window.start, window.end)
        self._label_tokens(window.shard, window.first, order, appeared)
        p["token_rows"].append(token_rows + start)
        p["frame_rows"].append(frame_rows[:, 0] + start)
        p["counts"].append(counts[frame_rows[:, 1]])
        p["binary"].append(binary[frame_rows[:, 1]])

    def _ask(self, prefix, questions, offset, sheet=""):
        start, read = self.rows, self.corpus.tokenizer.encode(sheet)
        self._tell(np.array(read, np.int64), start + len(prefix))
        prefix = prefix + read
        self._extend(prefix, np.arange(len(prefix)), np.zeros(len(prefix)))
        for question in questions:
            self._pair(question, len(prefix), start, offset)
        self.clips.append((start, len(prefix), self.rows - start))

    def _tell(self, read, start):
        """What follows each token of a sheet, and which words stand in each line, at its end."""
        ends = np.nonzero(read == self.corpus.line[-1])[0]
        line = np.searchsorted(ends, np.arange(len(read))) - 1  # the heading is none
        words = (line >= 0) & (read != self.corpus.line[-1])
        p = self.parts
        p["sheet_rows"].append(np.arange(len(read)) + start - 1)
        p["sheet_ids"].append(read)
        p["line_rows"].append(ends[1:] + start)
        p["word_lines"].append(line[words] + self.lines)
        p["word_ids"].append(read[words])
        self.lines += len(ends[1:])

    def _prefix(self, window, target, offset):
        """Token ids with visual slots; (row, frame) pairs where the frame heads speak; rows of the visual tokens and their slots' tokens."""
        c, ids, marks, rows, order, last = self.corpus, list(self.corpus.opening), [], [], [], None
        emitted = np.zeros(target.shape, bool).reshape(-1)
        emitted[target[target >= 0]] = True
        for k, places in enumerate(emitted.reshape(target.shape)):
            kept = np.nonzero(places)[0]
            if len(kept) == 0:
                continue
            ids += c.tokenizer.encode(f" {(window.start + k) // FRAMES_PER_SECOND + offset}")
            if last is not None:
                marks.append((len(ids) - 1, last))
            rows.append(np.arange(len(ids), len(ids) + len(kept)))
            ids += range(self.vocabulary + self.visual + sum(map(len, order)), self.vocabulary + self.visual + sum(map(len, order)) + len(kept))
            order.append(k * TOKENS + kept)
            last = k
        ids += c.line
        marks.append((len(ids) - 1, last))
        return ids, np.array(marks), np.concatenate(rows), np.concatenate(order)

    def _label_tokens(self, shard, first, order, appeared):
        labels = shard.labels[first + order // TOKENS, order % TOKENS]
        thing = labels[:, 5].astype(int) - 1
        age = order // TOKENS - appeared[np.maximum(thing, 0)]
        bucket = 1 + np.searchsorted([1, 2, 4, 8], np.maximum(age, 0), side="right")
        self.parts["token_labels"].append(np.stack([labels[:, 3], np.where(thing >= 0, bucket, 0)], 1))

    def _extend(self, ids, position, own):
        self.parts["ids"].append(np.asarray(ids))
        self.parts["position"].append(position)
        self.parts["own"].append(own)
        self.rows += len(ids)

    def _pair(self, question, prefix, start, offset):
        task, asked, answer, second = question
        c = self.corpus
        if second is not None and offset:
            answer = c.tokenizer.encode(f"at {second + offset} s")
        full = [*c.ids(asked), *c.turn, *answer, c.stop]
        at, length = self.rows, len(answer) + 1
        self.parts["answer_rows"].append(np.arange(at + len(full) - 1 - length, at + len(full) - 1))
        self.parts["answer_ids"].append(np.array(full[-length:]))
        self.parts["answer_weights"].append(np.full(length, length ** -.5))
        self.parts["answer_of"].append(np.full(length, len(self.pairs)))
        self.pairs.append(task)
        self._extend(full[:-1], np.arange(prefix, prefix + len(full) - 1), np.full(len(full) - 1, at - start))

    def tensors(self):
        kinds = {"ids": np.int64, "position": np.int32, "own": np.int32, "binary": np.float32, "answer_weights": np.float32}
        out = {k: torch.from_numpy(np.concatenate(v).astype(kinds.get(k, np.int64))) for k, v in self.parts.items() if v}
        for k in ("slots", "places"):
            out.setdefault(k, torch.zeros(0, dtype=torch.int64))
        out["z"] = torch.from_numpy(np.concatenate([np.zeros((0, WIDTH)), *self.z]).astype(np.float32))
        out["clips"] = torch.tensor(self.clips, dtype=torch.int32)
        out["visual"] = self.visual
        return out
