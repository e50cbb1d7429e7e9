"""The shipped networks in plain operations, as torch.onnx exports them: equal to vision.py and decoder.py up to rounding."""
import copy

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from decoder import read_outs
from world import TOKENS


class VisionEncoder(nn.Module):
    """pixel_values [N,3,128,128] -> image_features [N,64,hidden]: encoder, dense heads' read-outs and projector in one."""

    def __init__(self, encoder, projector):
        super().__init__()
        encoder = copy.deepcopy(encoder).eval()
        s = encoder.stem
        self.stem = nn.Sequential(*[m for i in range(0, len(s), 3) for m in (fuse_conv_bn_eval(s[i], s[i + 1]), nn.ReLU())])
        encoder.stem = self.stem.to(memory_format=torch.contiguous_format)
        self.encoder, self.projector = encoder, projector
        self.register_buffer("place", torch.arange(TOKENS))

    def forward(self, pixel_values):
        z = self.encoder(pixel_values)
        return self.projector(z, read_outs(self.encoder.read(z), self.place))


class EmbedTokens(nn.Module):
    """input_ids int64 [B,S] -> inputs_embeds [B,S,hidden]."""

    def __init__(self, table):
        super().__init__()
        self.table = nn.Parameter(table.clone())

    def forward(self, input_ids):
        return self.table[input_ids]


def _norm(x, weight):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * weight


class LanguageModel(nn.Module):
    """inputs_embeds [B,S,H], attention_mask [B,P+S], position_ids [B,S], past keys and values [B,groups,P,size], layer by
    layer -> logits of the last position [B,1,V], present keys and values [B,groups,P+S,size]."""

    def __init__(self, decoder, never=()):
        """never: ids that stand in prompts only, such as the line feed; no answer begins or goes on with one."""
        super().__init__()
        self.sizes, self.layers, self.norm = decoder.sizes, decoder.layers, decoder.norm
        unsaid = torch.zeros(self.sizes.vocabulary)
        unsaid[list(never)] = -1e4
        self.register_buffer("unsaid", unsaid)
        self.head = nn.Parameter(decoder.embedding.detach().t().contiguous())
        size = self.sizes.head_size
        self.register_buffer("frequency", 10000.0 ** (-torch.arange(0, size, 2) / size))

    def forward(self, inputs_embeds, attention_mask, position_ids, *past):
        angle = position_ids[:, None, :, None].float() * self.frequency
        cosine, sine, bias = angle.cos(), angle.sin(), self._bias(inputs_embeds, attention_mask, past[0])
        x, present = inputs_embeds, []
        for i, layer in enumerate(self.layers):
            a, key, value = self._attend(layer, _norm(x, layer.norm1), cosine, sine, bias, past[2 * i], past[2 * i + 1])
            x = x + layer.out(a)
            gate, up = layer.gate_up(_norm(x, layer.norm2)).chunk(2, -1)
            x = x + layer.down(F.silu(gate) * up)
            present += [key, value]
        return (_norm(x[:, -1:], self.norm) @ self.head + self.unsaid, *present)

    @staticmethod
    def _bias(x, attention_mask, past):
        """[B,1,S,P+S]: 0 where a row may look, -1e4 elsewhere; rows stand at P, P+1, .. of the keys."""
        column = torch.cumsum(torch.ones_like(attention_mask[:1]), 1) - 1
        row = column[:, past.shape[2]:]
        ahead = (column[:, None, :] > row[:, :, None]).float()[:, None]
        return (ahead + (1 - attention_mask[:, None, None, :].float())) * -1e4

    def _attend(self, layer, x, cosine, sine, bias, past_key, past_value):
        s, size = self.sizes, self.sizes.head_size
        batch, rows = x.shape[0], x.shape[1]
        qkv = layer.qkv(x)
        take = lambda start, heads: qkv[..., start * size:(start + heads) * size].reshape(batch, rows, heads, size).transpose(1, 2)
        turn = lambda t: torch.cat([t[..., :size // 2] * cosine - t[..., size // 2:] * sine,
                                    t[..., size // 2:] * cosine + t[..., :size // 2] * sine], -1)
        query = turn(take(0, s.heads))
        key = torch.cat([past_key, turn(take(s.heads, s.groups))], 2)
        value = torch.cat([past_value, take(s.heads + s.groups, s.groups)], 2)
        share = s.heads // s.groups
        wide = lambda t: t[:, :, None].expand(batch, s.groups, share, t.shape[2], size).reshape(batch, s.heads, t.shape[2], size)
        weights = (query @ wide(key).transpose(2, 3) * size ** -.5 + bias).softmax(-1)
        return (weights @ wide(value)).transpose(1, 2).reshape(batch, rows, s.heads * size), key, value
