"""Data-parallel training on one machine: a process per core, gradients averaged in shared memory.

One thread a process: OpenMP threads lose several times their gain when another program shares the cores."""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
import torch
import torch.multiprocessing as multiprocessing

MOST_SHARED = 256


class Team:
    """The processes that train one model: each owns a row of the shared buffer."""

    def __init__(self, size, floats):
        self.size = size
        self.buffer = torch.zeros(size, floats).share_memory_()
        self.numbers = torch.zeros(size, MOST_SHARED, dtype=torch.float64).share_memory_()
        self.barrier = multiprocessing.Barrier(size)

    def average(self, rank, tensors):
        """Replaces the tensors (fp32, same list in every process) by their mean over the processes."""
        if self.size == 1:
            return
        flat = self.buffer[rank]
        torch.cat([t.reshape(-1) for t in tensors], out=flat[:sum(t.numel() for t in tensors)])
        self.barrier.wait()
        mean, at = self.buffer.mean(0), 0
        self.barrier.wait()
        for t in tensors:
            t.copy_(mean[at:at + t.numel()].view_as(t))
            at += t.numel()

    def share(self, rank, values):
        """The sum over the processes of up to MOST_SHARED numbers."""
        self.numbers[rank, :len(values)] = torch.tensor(values, dtype=torch.float64)
        self.barrier.wait()
        total = self.numbers[:, :len(values)].sum(0).tolist()
        self.barrier.wait()
        return total


def _enter(rank, worker, team, seed, arguments):
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    worker(rank, team, *arguments)


def launch(worker, processes, floats, seed, *arguments):
    """Runs worker(rank, team, *arguments) in every process; fails if one fails."""
    context = multiprocessing.get_context("fork")
    team = Team(processes, floats)
    members = [context.Process(target=_enter, args=(r, worker, team, seed, arguments), daemon=True) for r in range(processes)]
    for m in members:
        m.start()
    while any(m.is_alive() for m in members):
        for m in members:
            m.join(1)
            if m.exitcode not in (None, 0):
                [o.kill() for o in members]
                raise SystemExit(f"training process ended with {m.exitcode}")
    if any(m.exitcode for m in members):
        raise SystemExit("a training process failed")


def average_gradients(team, rank, parameters):
    team.average(rank, [p.grad if p.grad is not None else p.new_zeros(p.shape).requires_grad_(False) for p in parameters])
