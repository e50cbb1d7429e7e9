"""Muon (Jordan et al. 2024): momentum whose every update is orthogonalised, for the matrices inside the layers.

Updates are scaled to AdamW's usual size, .2 sqrt(larger side) (Moonlight, Liu et al. 2025), so that both share one rate."""
import torch

MOMENTUM, DECAY, ROUNDS = .95, .05, 5
QUINTIC = (3.4445, -4.7750, 2.0315)  # Newton-Schulz coefficients of the reference implementation


def orthogonalised(g):
    """The nearest semi-orthogonal matrix to g, roughly: singular values end between .7 and 1.2."""
    a, b, c = QUINTIC
    x = g.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = (x.t() if tall else x).contiguous()
    x = x / (x.norm() + 1e-7)
    for _ in range(ROUNDS):
        gram = x @ x.t()
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    return (x.t() if tall else x).float()


class Muon:
    """matrices: parameters of one decoder's layers. step() uses their gradients."""

    def __init__(self, decoder, matrices):
        s = decoder.sizes
        heads = [s.heads * s.head_size, s.groups * s.head_size, s.groups * s.head_size]
        # Fused matrices are several: queries, keys and values; gate and up.
        fused = {(sum(heads), s.width): heads, (2 * s.inner, s.width): [s.inner, s.inner]}
        self.matrices = [(p, fused.get(tuple(p.shape), [p.shape[0]]), torch.zeros_like(p)) for p in matrices]

    @torch.no_grad()
    def step(self, rate):
        for p, rows, momentum in self.matrices:
            momentum.mul_(MOMENTUM).add_(p.grad)
            update = p.grad.add(momentum, alpha=MOMENTUM)
            p.mul_(1 - rate * DECAY)
            for part, target in zip(update.split(rows), p.split(rows)):
                target.add_(orthogonalised(part), alpha=-rate * .2 * max(part.shape) ** .5)

    def state(self):
        return [momentum for *_, momentum in self.matrices]

    def load_state(self, momenta):
        for (*_, own), stored in zip(self.matrices, momenta):
            own.copy_(stored)
