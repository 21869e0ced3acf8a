#!/usr/bin/python3
"""Writes encoders.safetensors: a small CNN and a GRU over a padded batch, forward and gradients, as PyTorch computes them.

Run it with Debian's python3-torch (apt install python3-torch) only to make the file anew; the tests read the file and need no
torch. Tensors are laid out as core/tensor wants them: pictures channels-last, convolution weights (kh, kw, in, out), linear
weights (in, out), sequences time-major, GRU weights (in, 3 hidden) with columns r, z, n.

SPDX-License-Identifier: GPL-3.0-or-later"""
import json
import os
import struct

import torch
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence

torch.manual_seed(20)
tensors = {}


def keep(name, tensor):
    tensors[name] = tensor.detach().to(torch.float32).contiguous()


def leaf(*shape, scale=0.3):
    return (torch.randn(*shape) * scale).requires_grad_()


# conv 3x3 (3 -> 16), pool, relu, conv 3x3 (16 -> 32), pool, relu, linear, in double, rounded once at the end.
torch.set_default_dtype(torch.float64)
pictures = torch.rand(4, 3, 12, 12).float().double().requires_grad_()
w1, b1, w2, b2 = leaf(16, 3, 3, 3), leaf(16), leaf(32, 16, 3, 3, scale=0.1), leaf(32)
w3, b3 = leaf(3 * 3 * 32, 8, scale=0.1), leaf(8)
for parameter in (w1, b1, w2, b2, w3, b3):
    parameter.data = parameter.data.float().double()  # what the float file can hold
hidden = F.relu(F.max_pool2d(F.conv2d(pictures, w1, b1, padding=1), 2))
hidden = F.relu(F.max_pool2d(F.conv2d(hidden, w2, b2, padding=1), 2))
out = hidden.permute(0, 2, 3, 1).flatten(1) @ w3 + b3
weights = torch.randn(out.shape).float().double()
(out * weights).sum().backward()
nhwc, hwio = (0, 2, 3, 1), (2, 3, 1, 0)
for name, tensor, order in (("pictures", pictures, nhwc), ("w1", w1, hwio), ("b1", b1, None), ("w2", w2, hwio), ("b2", b2, None),
                            ("w3", w3, None), ("b3", b3, None)):
    keep("cnn." + name, tensor.permute(order) if order else tensor)
    keep("cnn.grad." + name, tensor.grad.permute(order) if order else tensor.grad)
keep("cnn.out", out)
keep("cnn.loss_weights", weights)

# torch.nn.GRU on a packed batch.
steps, rows, width, state = 7, 6, 8, 16
lengths = torch.tensor([7, 3, 1, 5, 7, 2])
gru = torch.nn.GRU(width, state)
x = torch.randn(steps, rows, width).float().double().requires_grad_()
for parameter in gru.parameters():
    parameter.data = parameter.data.float().double()
_, last = gru(pack_padded_sequence(x, lengths, enforce_sorted=False))
weights = torch.randn(last[0].shape).float().double()
(last[0] * weights).sum().backward()
keep("gru.x", x)
keep("gru.grad.x", x.grad)
for name, parameter in (("w", gru.weight_ih_l0), ("u", gru.weight_hh_l0)):
    keep("gru." + name, parameter.t())
    keep("gru.grad." + name, parameter.grad.t())
for name, parameter in (("bw", gru.bias_ih_l0), ("bu", gru.bias_hh_l0)):
    keep("gru." + name, parameter)
    keep("gru.grad." + name, parameter.grad)
keep("gru.lengths", lengths.double())
keep("gru.out", last[0])
keep("gru.loss_weights", weights)

header, at = {"__metadata__": {"torch": torch.__version__}}, 0
for name, tensor in tensors.items():
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + 4 * tensor.numel()]}
    at += 4 * tensor.numel()
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "encoders.safetensors"), "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    for tensor in tensors.values():
        file.write(tensor.numpy().tobytes())
