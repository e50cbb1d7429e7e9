"""Small changes to a question that change nothing about its answer, so that no single word decides what is asked."""
import re

VARIED = .5  # share of the questions that are changed
OPENINGS = ("Please: ", "Tell me: ", "Say: ", "I want to know: ", "Can you tell: ", "Do you know: ")
FILLERS = frozenset("the a of do does you can me please that it say tell know want to i in there still so".split())
SWAPS = {"which": "what", "what": "which", "Which": "What", "What": "Which", "Tell me": "Say", "Say": "Tell me", "Name": "Say", "Can you tell": "Do you know",
         "Do you know": "Can you tell"}
SWAP = re.compile(r"\b(" + "|".join(sorted(map(re.escape, SWAPS), key=len, reverse=True)) + r")\b")


def vary(question, random):
    if random.random() >= VARIED:
        return question
    kind = random.integers(5)
    if kind == 0:
        return OPENINGS[random.integers(len(OPENINGS))] + question[0].lower() + question[1:]
    if kind == 1:
        return question.rstrip("?.") if random.random() < .5 else question[:-1] + ("." if question[-1] == "?" else "?")
    if kind == 2:
        return SWAP.sub(lambda m: SWAPS[m.group()], question)
    if kind == 3:
        return question[0].lower() + question[1:]
    words = question.split(" ")
    droppable = [i for i, word in enumerate(words) if word.lower() in FILLERS]
    if len(droppable) == 0 or len(words) < 4:
        return question
    del words[droppable[random.integers(len(droppable))]]
    return " ".join(words)
