"""Byte-level BPE of scenes, and the text files of its model folder.

    python3 tokenizer.py --train DIR.. --out ../scenes
    python3 tokenizer.py --extend ../scenes --notes FILE.. --out FOLDER

The merges are learned on the distinct words of the films' questions and answers until each word is one token; what is
not a word of the lexicon falls into its pieces and bytes. The codes on panels stay single characters. A vocabulary is
extended by the words that sheets of notes use often, with merges that come after all known ones: no text of the films
is read otherwise than before. Names of zones and print stay in pieces, as what users write will be."""
import argparse
import collections
import json
import pathlib
import re

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<image>", "<video>"]
# GPT-2's pre-tokenizer for ASCII text; the letters' and numbers' classes are wider in Unicode.
PIECES = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")
COMMON = .003  # share of the sheets that use a word which becomes one token
CODE = re.compile(r"^[A-Z0-9]{3}$")
TEMPLATE = ("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}{% if message['content'] is string %}"
            "{{ message['content'] }}{% else %}{% for part in message['content'] %}{% if part['type'] == 'image' %}"
            "{{ '<image>' }}{% else %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}{{ '<|im_end|>\n' }}{% endfor %}"
            "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")


def byte_letters():
    """GPT-2's printable stand-in of every byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [b for b in range(256) if b not in plain]
    return {**{b: chr(b) for b in plain}, **{b: chr(256 + i) for i, b in enumerate(rest)}}


LETTERS = byte_letters()


def lexicon(folders):
    """The distinct words, each as it stands in text: with its leading space or without."""
    words = set(f" {n}" for n in range(100)) | {"user", "assistant", "system", "\n", "day", "night"}
    texts = set()
    for folder in folders:
        for line in open(pathlib.Path(folder) / "films.jsonl"):
            for window in json.loads(line)["windows"]:
                texts.update(t for q in window["questions"] for t in (q["question"], q["answer"]) if not CODE.match(t))
    for text in texts:
        words.update(PIECES.findall(text))
    # A word that opens a sentence may stand inside one and the other way round.
    for word in [w for w in words if w.strip().isalpha()]:
        words.update([word.strip(), " " + word.strip(), " " + word.strip().lower(), word.strip().lower(), word.strip().capitalize()])
    return sorted(w for w in words if len(w.encode()) > 1)


def notes_lexicon(files):
    """The words that many sheets use, print excepted."""
    counts, sheets = collections.Counter(), 0
    for file in files:
        for line in open(file):
            record = json.loads(line)
            texts = [note + "\n" for note in record["notes"]] + [t for q in record["questions"] for t in (q["question"], q["answer"])]
            counts.update({w for text in texts for w in PIECES.findall(text)})
            sheets += 1
    return sorted(w for w, n in counts.items() if n >= COMMON * sheets and re.fullmatch(r" ?[A-Za-z]?[a-z]+", w))


def learn(words, known=None):
    """Merges in order: the pair most frequent among the words first, ties by text. After those of a tokenizer, if one is known."""
    splits = [known.parts(w) if known else [LETTERS[b] for b in w.encode()] for w in words]
    merges = list(known.ranks) if known else []
    while True:
        pairs = collections.Counter(p for s in splits for p in zip(s, s[1:]))
        if not pairs:
            return merges
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        splits = [_merge(s, best) for s in splits]


def _merge(parts, pair):
    out, i = [], 0
    while i < len(parts):
        if i + 1 < len(parts) and (parts[i], parts[i + 1]) == pair:
            out.append(parts[i] + parts[i + 1])
            i += 2
        else:
            out.append(parts[i])
            i += 1
    return out


class Tokenizer:
    """Reads tokenizer.json; ids of a text without added tokens."""

    def __init__(self, folder):
        data = json.load(open(pathlib.Path(folder) / "tokenizer.json"))
        self.vocabulary = data["model"]["vocab"]
        self.ranks = {tuple(m.split(" ")): i for i, m in enumerate(data["model"]["merges"])}
        self.added = {t["content"]: t["id"] for t in data["added_tokens"]}
        self.size = len(self.vocabulary) + len(self.added)
        self._cache = {}

    def encode(self, text):
        return [i for piece in PIECES.findall(text) for i in self._word(piece)]

    def _word(self, piece):
        if piece not in self._cache:
            self._cache[piece] = [self.vocabulary[p] for p in self.parts(piece)]
        return self._cache[piece]

    def parts(self, piece):
        """A word in its tokens' spelling."""
        parts = [LETTERS[b] for b in piece.encode()]
        while len(parts) > 1:
            best = min(zip(parts, parts[1:]), key=lambda p: self.ranks.get(p, 1 << 30))
            if best not in self.ranks:
                break
            parts = _merge(parts, best)
        return parts


def tokenizer_json(merges):
    vocabulary = {letter: i for i, letter in enumerate(sorted(LETTERS.values()))}
    for a, b in merges:
        vocabulary.setdefault(a + b, len(vocabulary))
    added = [{"id": len(vocabulary) + i, "content": s, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for i, s in enumerate(SPECIAL)]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": True}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
            "pre_tokenizer": level, "post_processor": None, "decoder": level,
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "",
                      "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False, "vocab": vocabulary,
                      "merges": [f"{a} {b}" for a, b in merges]}}


def write(folder, name, data):
    with open(pathlib.Path(folder) / name, "w") as file:
        json.dump(data, file, indent=1, ensure_ascii=False)
        file.write("\n")


def write_folder(folder, merges):
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    tokens = tokenizer_json(merges)
    ids = {t["content"]: t["id"] for t in tokens["added_tokens"]}
    write(folder, "tokenizer.json", tokens)
    write(folder, "tokenizer_config.json", {
        "tokenizer_class": "Qwen2Tokenizer", "chat_template": TEMPLATE, "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>",
        "bos_token": None, "add_bos_token": False, "add_prefix_space": False, "clean_up_tokenization_spaces": False,
        "model_max_length": 4096})
    write(folder, "generation_config.json", {"eos_token_id": ids["<|im_end|>"], "pad_token_id": ids["<|endoftext|>"], "do_sample": False})
    write(folder, "preprocessor_config.json", {
        "image_processor_type": "LlavaOnevisionImageProcessor", "do_convert_rgb": True, "do_resize": True,
        "size": {"height": 128, "width": 128}, "resample": 3, "do_rescale": True, "rescale_factor": 1 / 255,
        "do_normalize": True, "image_mean": [.5, .5, .5], "image_std": [.5, .5, .5]})


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--train", nargs="+", help="folders of films")
    p.add_argument("--extend", help="a model folder whose vocabulary is kept")
    p.add_argument("--notes", nargs="+", help="files of sheets of notes")
    p.add_argument("--out", required=True)
    options = p.parse_args()
    words = notes_lexicon(options.notes) if options.extend else lexicon(options.train)
    write_folder(options.out, learn(words, Tokenizer(options.extend) if options.extend else None))
    tokenizer = Tokenizer(options.out)
    broken = [w for w in words if len(tokenizer.encode(w)) != 1]
    print(f"{len(words)} words, {tokenizer.size} tokens, not one token: {broken}")


if __name__ == "__main__":
    main()
