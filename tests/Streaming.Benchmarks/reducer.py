"""HoliTom's outer stage, exact budget, vectorised in NumPy: what the reducer bench compares with. One BLAS thread, set by the caller.

usage: reducer.py FEATURES SALIENCY FRAMES PLACES WIDTH RETAIN TAU REPETITIONS
FEATURES and SALIENCY are raw float32, [frames, places, width] and [frames, places]. Prints one JSON object.
"""
import json
import sys
import time

import numpy as np

BETA, NEIGHBOURS = 0.6, 7


def windows(still):
    """First frames of the windows that save most, and what they save."""
    frames = len(still) + 1
    saved, start = [0], []
    for last in range(frames):
        best, first_of_best = saved[last], last
        if last > 0:
            through = np.logical_and.accumulate(still[last - 1::-1], axis=0).sum(axis=1)
            lengths = np.arange(1, last + 1)
            candidates = np.asarray(saved)[last - lengths] + through * lengths
            longest = int(np.argmax(candidates))
            if candidates[longest] > best:
                best, first_of_best = int(candidates[longest]), last - 1 - longest
        saved.append(best)
        start.append(first_of_best)
    starts, last = [], frames - 1
    while last >= 0:
        starts.append(start[last])
        last = start[last] - 1
    return starts[::-1], saved[frames]


def share(total, least, sizes):
    """Largest remainder, by size; what is full passes its share on."""
    shares = np.minimum(least, sizes)
    left = total - shares.sum()
    while left > 0 and (shares < sizes).any():
        room = np.where(shares < sizes, sizes, 0)
        exact = left * (room / room.sum())
        whole = np.minimum(sizes - shares, exact.astype(int))
        shares, before = shares + whole, left
        left -= whole.sum()
        if left == before or left < len(sizes):
            order = np.argsort(-(exact - np.floor(exact)), kind="stable")
            open_ = order[(shares < sizes)[order]][:left]
            shares[open_] += 1
            left -= len(open_)
    return shares


def cluster(points, centres):
    """Density peaks: the chosen points and for every point the cluster that it joins."""
    count, width = points.shape
    norm = np.einsum("nd,nd->n", points, points)
    distance = np.maximum(norm[:, None] + norm[None] - 2 * (points @ points.T), 0) / width
    np.fill_diagonal(distance, 0)
    nearest = min(NEIGHBOURS + 1, count)
    density = np.exp(-np.partition(distance, nearest - 1, axis=1)[:, :nearest].sum(axis=1) / max(nearest - 1, 1))
    index = np.arange(count)
    denser = (density[None] > density[:, None]) | ((density[None] == density[:, None]) & (index[None] < index[:, None]))
    apart = np.where(denser, distance, distance.max()).min(axis=1)
    chosen = np.sort(np.argsort(-density * np.sqrt(apart), kind="stable")[:centres])
    joined = np.argmin(distance[:, chosen], axis=1)
    joined[chosen] = np.arange(centres)
    return chosen, joined


def merge(points, budget):
    if budget >= len(points):
        return points
    chosen, joined = cluster(points, budget)
    member = np.zeros((budget, len(points)), np.float32)
    member[joined, np.arange(len(points))] = 1
    member[:, chosen] = 0
    count = member.sum(axis=1, keepdims=True)
    means = (member @ points) / np.maximum(count, 1)
    return np.where(count > 0, BETA * points[chosen] + (1 - BETA) * means, points[chosen])


def reduce(x, saliency, retain, tau):
    frames, places, _ = x.shape
    norm = np.sqrt(np.einsum("tnd,tnd->tn", x, x))
    still = np.einsum("tnd,tnd->tn", x[:-1], x[1:]) / (norm[:-1] * norm[1:]) > tau
    starts, saved = windows(still)
    ends = starts[1:] + [frames]
    through = [still[a:b - 1].all(axis=0) if b - a > 1 else np.zeros(places, bool) for a, b in zip(starts, ends)]
    moving = np.repeat([places - t.sum() for t in through], [b - a for a, b in zip(starts, ends)])
    sizes = np.concatenate([[t.sum() for t in through], moving]).astype(int)
    least = np.concatenate([np.ones(len(starts), int), np.zeros(frames, int)])
    shares = share(round(frames * places * retain), least, sizes)
    kept = []
    for window, (a, b) in enumerate(zip(starts, ends)):
        if shares[window] > 0:
            kept.append(merge(x[a:b, through[window]].mean(axis=0), shares[window]))
        free = np.flatnonzero(~through[window])
        for frame in range(a, b):
            best = np.argsort(-saliency[frame, free], kind="stable")[:shares[len(starts) + frame]]
            kept.append(x[frame, np.sort(free[best])])
    return starts, saved, np.concatenate(kept)


def main():
    features, salient, frames, places, width, retain, tau, repetitions = sys.argv[1:]
    shape = int(frames), int(places), int(width)
    x = np.fromfile(features, np.float32).reshape(shape)
    saliency = np.fromfile(salient, np.float32).reshape(shape[:2])
    seconds = []
    for _ in range(int(repetitions) + 1):
        start = time.process_time()
        starts, saved, kept = reduce(x, saliency, float(retain), float(tau))
        seconds.append(time.process_time() - start)
    print(json.dumps({"seconds": sorted(seconds[1:]), "starts": starts, "saved": int(saved), "tokens": len(kept), "sum": float(kept.sum(dtype=np.float64))}))


main()
