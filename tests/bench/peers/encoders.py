#!/usr/bin/python3
"""The encoders of bench-tensor in PyTorch (Debian's python3-torch): one batch of 256, forward and backward, best of 9.

usage: encoders.py [threads]

SPDX-License-Identifier: GPL-3.0-or-later"""
import os
import sys
import time

threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(threads)
import torch
from torch import nn

clock = time.process_time if threads == 1 else time.perf_counter  # as bench-tensor does

torch.set_num_threads(threads)
torch.manual_seed(1)


def measure(name, parameters, forward, n):
    best = best_forward = 1e9
    for _ in range(9):
        for parameter in parameters:
            parameter.grad = None
        start = clock()
        out = forward()
        middle = clock()
        (out * out).sum().mul(0.5).backward()
        end = clock()
        best, best_forward = min(best, end - start), min(best_forward, middle - start)
    print(f"{name:28s} {1e3 * best:8.2f} ms  (forward {1e3 * best_forward:.2f})  {n / best:9.0f} /s", flush=True)


print(f"torch {torch.__version__}, {threads} thread(s)")
for side in (28, 64):
    # The pool runs before the relu (the two commute): the relu touches four times fewer numbers. Channels last.
    cnn = nn.Sequential(nn.Conv2d(3, 32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU(inplace=True), nn.Conv2d(32, 64, 3, padding=1),
                        nn.MaxPool2d(2), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(64 * (side // 4) ** 2, 64))
    cnn = cnn.to(memory_format=torch.channels_last)
    pictures = torch.rand(256, 3, side, side).contiguous(memory_format=torch.channels_last)
    measure(f"CNN {side}x{side}, batch 256", list(cnn.parameters()), lambda: cnn(pictures), 256)
words, gru, last = nn.Embedding(10000, 64, sparse=True), nn.GRU(64, 64), nn.Linear(64, 64)
tokens = torch.randint(10000, (32, 256))
measure("GRU 32 x 64 -> 64, batch 256", [*words.parameters(), *gru.parameters(), *last.parameters()], lambda: last(gru(words(tokens))[1][0]), 256)
linear, features = nn.Linear(4096, 64, bias=False), torch.rand(4096, 4096)
measure("linear 4096 -> 64, batch 4096", list(linear.parameters()), lambda: linear(features), 4096)
