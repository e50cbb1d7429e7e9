"""Which visual tokens of a window the model sees in training, so that reduced input is in distribution.

A choice is target: int64 [frames, 64], the slot (frame * 64 + place) a token goes into or -1 if it is dropped. Several
tokens in one slot are averaged."""
import numpy as np

from world import TOKENS

RATIOS = (1., .6, .4, .25, .15, .1, .06)
AS_SERVED = .5  # share of samples reduced the way the service does
WHOLE = .05  # share of samples that see every token


def slots(keep):
    return np.where(keep, np.arange(keep.size).reshape(keep.shape), -1)


def most_novel(similar, budget, random):
    """Keeps the budget tokens that differ most from the frame before; ties and first frames in random order."""
    score = similar + random.random(similar.shape) * 1e-3
    keep = np.zeros(similar.size, bool)
    keep[np.argsort(score, axis=None)[:budget]] = True
    return keep.reshape(similar.shape)


def merge_still(similar, threshold):
    """A place that stays alike from frame to frame becomes one token where the run begins (HoliTom's temporal merge)."""
    frames = len(similar)
    start = np.where(similar < threshold, np.arange(frames)[:, None], 0)
    start[0] = 0
    return np.maximum.accumulate(start, 0) * TOKENS + np.arange(TOKENS)


def some_frames(similar, changed, random):
    """Like a keyframe selector: frames where something happened, those that differ most, and a few more; or just some."""
    frames = len(similar)
    keep = random.random(frames) < random.choice([.3, .5, .7, .9])
    if random.random() < .85:
        keep |= changed
        score = similar.mean(1)
        keep |= score <= np.quantile(score, random.choice([.1, .3, .5]))
    keep[0 if random.random() < .5 else -1] = True
    if random.random() < .85:
        keep[-1] = True
    return keep


def differences(features, frames, threshold):
    """The service's reducer: of the frames in use, a token stays if it is unlike the last one kept at its place.
    features float [frames,64,width]; frames bool [frames] -> keep bool [frames,64]."""
    unit = features / np.linalg.norm(features, axis=-1, keepdims=True)
    keep, last = np.zeros(features.shape[:2], bool), None
    for i in np.nonzero(frames)[0]:
        keep[i] = True if last is None else (unit[i] * last).sum(-1) < threshold
        last = np.where(keep[i][:, None], unit[i], unit[i] if last is None else last)
    return keep


def novelty(features, frames, threshold):
    """The service's reducer `novelty`: difference from the last one kept at its place, times one plus how far the token stands out
    from its frame's mean in units of the frame's average. A place never seen is as new as it stands out.
    features float [frames,64,width]; frames bool [frames] -> keep bool [frames,64]."""
    unit = features / np.linalg.norm(features, axis=-1, keepdims=True)
    keep, last = np.zeros(features.shape[:2], bool), None
    for i in np.nonzero(frames)[0]:
        mean = unit[i].mean(0)
        apart = 1 - unit[i] @ (mean / np.linalg.norm(mean))
        news = apart if last is None else 1 - (unit[i] * last).sum(-1)
        keep[i] = news * (1 + apart / apart.mean()) > threshold
        last = np.where(keep[i][:, None], unit[i], unit[i] if last is None else last)
    return keep


def across_dropped(similar, keep):
    """Likeness to the frame kept before: at most the least likeness on the way."""
    out = similar.copy()
    for i in range(1, len(out)):
        if not keep[i - 1]:
            out[i] = np.minimum(out[i], out[i - 1])
    return out


def choose(similar, features, foreground, changed, random, cap, ease):
    """similar float [frames,64]; features float16 [frames,64,width]; foreground bool [frames,64]; changed bool [frames];
    cap in tokens; ease 0..1, the share of samples that see little but foreground (the curriculum's beginning)."""
    if random.random() < WHOLE:
        return slots(np.ones(similar.shape, bool))
    similar = similar.astype(np.float32)
    similar[0] = -1
    frames = np.ones(len(similar), bool)
    if random.random() < .5 and len(similar) > 3:
        frames = some_frames(similar, changed, random)
        similar = across_dropped(similar, frames)
    alive = np.repeat(frames[:, None], TOKENS, 1)
    if random.random() < ease:
        return _capped(slots(alive & (foreground | (random.random(similar.shape) < .04))), similar, cap, random)
    if random.random() < AS_SERVED:
        features = features.astype(np.float32)
        if random.random() < .4:
            keep = differences(features, frames, random.uniform(.6, .99))
        else:
            keep = novelty(features, frames, np.exp(random.uniform(np.log(.005), np.log(1))))
        return _capped(slots(keep), similar, cap, random)
    ratio, kind = random.choice(RATIOS), random.random()
    budget = max(8, int(ratio * similar.size))
    if kind < .25:
        target = slots(alive & (random.random(similar.shape) < max(.25, ratio)))
    elif kind < .7:
        threshold = random.uniform(.8, 1.001) if random.random() < .6 else 2
        target = slots(alive & (similar < threshold) & most_novel(np.where(alive, similar, 3), budget, random))
    else:
        target = np.where(alive, merge_still(np.where(alive, similar, 1), random.uniform(.8, .99)), -1)
        target = _capped(target, similar, max(64, budget), random)
    return _capped(target, similar, cap, random)


def _capped(target, similar, cap, random):
    used = np.unique(target[target >= 0])
    if len(used) == 0:
        return slots(np.arange(target.size).reshape(target.shape) >= target.size - TOKENS)
    if len(used) <= cap:
        return target
    if random.random() < .3:
        kept = random.choice(used, cap, replace=False)
    else:
        kept = used[np.argsort(similar.reshape(-1)[used] + random.random(len(used)) * .05)[:cap]]
    return np.where(np.isin(target, kept), target, -1)
