"""The C kernels of kernels.c as differentiable torch functions. Rows are tokens packed without padding."""
import ctypes
import hashlib
import pathlib
import subprocess
import tempfile

import torch

_P, _L = ctypes.c_void_p, ctypes.c_long


def _library():
    source = pathlib.Path(__file__).with_name("kernels.c")
    name = hashlib.sha256(source.read_bytes()).hexdigest()[:16]
    target = pathlib.Path(tempfile.gettempdir()) / f"scenes-kernels-{name}.so"
    if not target.exists():
        part = target.with_suffix(f".{id(target)}")
        subprocess.run(["gcc", "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", str(source), "-o", str(part), "-lm"], check=True)
        part.rename(target)
    return ctypes.CDLL(str(target))


_c = _library()


class _Batch(ctypes.Structure):
    _fields_ = [("qkv", _P), ("cosine", _P), ("sine", _P), ("position", _P), ("own", _P), ("clips", _P)] + [
        (n, _L) for n in ("clip_count", "tokens", "heads", "groups", "d")]


def _p(tensor):
    return _P(tensor.data_ptr()) if tensor is not None else None


class Packing:
    """Which row may see which. position, own: int32 [tokens]; clips: int32 [n, 3] = first row, prefix rows, rows.
    own is the first row, counted from the clip's first, of the segment the row belongs to (0 in the prefix)."""

    def __init__(self, position, own, clips, cosine, sine):
        self.position, self.own, self.clips, self.cosine, self.sine = position, own, clips, cosine, sine

    def batch(self, qkv, heads, groups, head_size):
        return _Batch(_p(qkv), _p(self.cosine), _p(self.sine), _p(self.position), _p(self.own), _p(self.clips),
                      len(self.clips), len(qkv), heads, groups, head_size)


class Attention(torch.autograd.Function):
    """qkv bf16 [tokens, (heads + 2 groups) * size] -> bf16 [tokens, heads * size]; applies the rotary embedding."""

    @staticmethod
    def forward(ctx, qkv, packing, heads, groups):
        size = qkv.shape[1] // (heads + 2 * groups)
        out = torch.empty(len(qkv), heads * size, dtype=torch.bfloat16)
        lse = torch.empty(heads, len(qkv))
        _c.attention_forward(ctypes.byref(packing.batch(qkv, heads, groups, size)), _p(out), _p(lse))
        ctx.save_for_backward(qkv, out, lse)
        ctx.rest = packing, heads, groups, size
        return out

    @staticmethod
    def backward(ctx, dout):
        qkv, out, lse = ctx.saved_tensors
        packing, heads, groups, size = ctx.rest
        dqkv, dout = torch.empty_like(qkv), dout.contiguous()
        _c.attention_backward(ctypes.byref(packing.batch(qkv, heads, groups, size)), _p(out), _p(lse), _p(dout), _p(dqkv))
        return dqkv, None, None, None


class AddNorm(torch.autograd.Function):
    """(x fp32, y bf16 or None, weight) -> (x + y, RMS norm of it in bf16)."""

    @staticmethod
    def forward(ctx, x, y, weight):
        x = x.clone()
        z = torch.empty(x.shape, dtype=torch.bfloat16)
        inverse = torch.empty(len(x))
        _c.add_norm_forward(_p(x), _p(y), _p(weight), _L(len(x)), _L(x.shape[1]), _p(z), _p(inverse))
        ctx.save_for_backward(x, weight, inverse)
        ctx.added = y is not None
        return x, z

    @staticmethod
    def backward(ctx, dx, dz):
        x, weight, inverse = ctx.saved_tensors
        dx = torch.zeros_like(x) if dx is None else dx.clone()
        dweight = torch.zeros_like(weight)
        dy = torch.empty(x.shape, dtype=torch.bfloat16) if ctx.added else None
        dz = dz.contiguous()
        _c.add_norm_backward(_p(x), _p(weight), _p(inverse), _p(dz), _L(len(x)), _L(x.shape[1]), _p(dx), _p(dweight), _p(dy))
        return dx, dy, dweight


class SwiGlu(torch.autograd.Function):
    """bf16 [tokens, 2 n] (gate, up) -> silu(gate) * up, bf16 [tokens, n]."""

    @staticmethod
    def forward(ctx, x):
        y = torch.empty(len(x), x.shape[1] // 2, dtype=torch.bfloat16)
        _c.swiglu_forward(_p(x), _L(len(x)), _L(y.shape[1]), _p(y))
        ctx.save_for_backward(x)
        return y

    @staticmethod
    def backward(ctx, dy):
        x, = ctx.saved_tensors
        dx, dy = torch.empty_like(x), dy.contiguous()
        _c.swiglu_backward(_p(x), _p(dy), _L(len(x)), _L(dy.shape[1]), _p(dx))
        return dx


def rotary_tables(positions, size, theta=10000.0):
    """cos, sin fp32 [positions, size / 2] of the rotary embedding (Su et al. 2021)."""
    angle = torch.arange(positions)[:, None] * theta ** (-torch.arange(0, size, 2) / size)
    return angle.cos().contiguous(), angle.sin().contiguous()
