#!/usr/bin/python3
"""The joint attention model of bench-model in PyTorch, as fast as PyTorch gets on a processor: encoders run once per distinct item of a
batch, negatives are drawn at once for an epoch, no work per pair in Python.

  h_m(i) = W_m x_m(i) + b_m (image, text), an embedding (behaviour);  w(i) = softmax_m (q . h_m(i));  z = sum_m w_m h_m
  score(u,i) = p_u . z_i;  loss = -log sigmoid (s(u,i) - s(u,j));  Adam

usage: fusion.py FOLDER SIZE THREADS train|rank     FOLDER: what `bench-model make` wrote

Prints JSON lines as bench-model does; seconds are processor seconds of all threads, the best of three.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import os
import resource
import sys
import time

folder, size, threads, what = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(threads)
import numpy
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(threads)
torch.manual_seed(1)
DIM, BATCH, TOP = 64, 2048, 20


def load(name):
    return torch.from_numpy(numpy.load(os.path.join(folder, name)))


def processor():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def best_of(n, work):
    best = None
    for _ in range(n):
        cpu, wall = processor(), time.perf_counter()
        work()
        took = processor() - cpu, time.perf_counter() - wall
        best = took if best is None or took < best else best
    return best


def tell(name, kind, took, n, unit):
    print(json.dumps({"what": name, "size": size, "kind": kind, "threads": threads, "cpu": took[0], "wall": took[1], "n": n, "unit": unit,
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "kernel": f"torch {torch.__version__}"}), flush=True)


class Fusion(nn.Module):
    def __init__(self, n_users, n_items, image, text):
        super().__init__()
        self.image, self.text = image, text
        self.of_image, self.of_text = nn.Linear(image.shape[1], DIM), nn.Linear(text.shape[1], DIM)
        self.of_items, self.users = nn.Embedding(n_items, DIM), nn.Embedding(n_users, DIM)
        self.query = nn.Parameter(torch.randn(DIM) * 0.1)

    def fuse(self, items):
        h = torch.stack((self.of_image(self.image.index_select(0, items)), self.of_text(self.text.index_select(0, items)), self.of_items(items)), 1)
        return (torch.softmax(h @ self.query, 1).unsqueeze(2) * h).sum(1)


def draw_negatives(users, chosen, n_items):
    drawn = torch.randint(n_items, users.shape)
    left = torch.arange(len(users))
    while len(left):
        key = users[left] * n_items + drawn[left]
        at = torch.searchsorted(chosen, key).clamp_(max=len(chosen) - 1)
        left = left[chosen[at] == key]
        drawn[left] = torch.randint(n_items, (len(left),))
    return drawn


pairs = load("pairs.npy").long()
image, text = load("image.npy"), load("text.npy")
n_users, n_items = int(pairs[:, 0].max()) + 1, image.shape[0]
model = Fusion(n_users, n_items, image, text)

if what == "train":
    chosen = torch.sort(pairs[:, 0] * n_items + pairs[:, 1])[0]
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)

    def epoch():
        order = torch.randperm(len(pairs))
        user, item = pairs[order, 0], pairs[order, 1]
        other = draw_negatives(user, chosen, n_items)
        for at in range(0, len(pairs), BATCH):
            u, n = user[at:at + BATCH], len(user[at:at + BATCH])
            items, where = torch.unique(torch.cat((item[at:at + BATCH], other[at:at + BATCH])), return_inverse=True)
            z = model.fuse(items).index_select(0, where)
            loss = functional.softplus(-((z[:n] - z[n:]) * model.users(u)).sum(1)).mean()
            adam.zero_grad(set_to_none=True)
            loss.backward()
            adam.step()

    tell("epoch", f"attention, batch {BATCH}", best_of(3, epoch), len(pairs), "triples")
else:
    count = min(n_users, 10240) if size == "L" else n_users
    pairs = pairs[pairs[:, 0] < count]
    begin = torch.searchsorted(pairs[:, 0].contiguous(), torch.arange(count + 1))

    @torch.no_grad()
    def rank():
        z = torch.cat([model.fuse(torch.arange(at, min(at + 2048, n_items))) for at in range(0, n_items, 2048)]).t().contiguous()
        out = torch.empty(count, TOP, dtype=torch.int64)
        for at in range(0, count, 512):
            end = min(at + 512, count)
            scores = model.users.weight[at:end] @ z
            seen = pairs[begin[at]:begin[end]]
            scores[seen[:, 0] - at, seen[:, 1]] = -float("inf")
            out[at:end] = torch.topk(scores, TOP, dim=1)[1]
        return out

    tell("rank all users", f"attention, top {TOP}", best_of(3, rank), count, "users")
