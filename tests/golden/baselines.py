#!/usr/bin/python3
# baselines.py FILE.inter: Recall@20 on the test part (x_label 2) of popularity, item-kNN and EASE, written in NumPy alone, to hold
# Refract's own baselines against. Protocol of MMRec: one list a user over all items, training items (x_label 0) left out, ties by item id.
#
# SPDX-License-Identifier: GPL-3.0-or-later
import sys

import numpy as np

K, NEIGHBOURS, SHRINKAGE, LAMBDA = 20, 100, 10.0, 500.0
data = np.loadtxt(sys.argv[1], skiprows=1, delimiter="\t")
user, item, label = data[:, 0].astype(int), data[:, 1].astype(int), data[:, 4].astype(int)
X = np.zeros((user.max() + 1, item.max() + 1))
test = np.zeros(X.shape, bool)
X[user[label == 0], item[label == 0]] = 1
test[user[label == 2], item[label == 2]] = True
users = np.flatnonzero(test.any(1) & X.any(1))


def recall(name, scores):
    scores = np.where(X > 0, -np.inf, scores)
    total = 0.0
    for u in users:
        best = np.lexsort((np.arange(X.shape[1]), -scores[u]))[:K]
        total += test[u, best].sum() / test[u].sum()
    print(f"{name} {total / len(users):.6f}")


count = X.sum(0)
recall("popular", np.broadcast_to(count, X.shape))

both = X.T @ X
cosine = both / (np.sqrt(np.outer(count, count)) + SHRINKAGE)
np.fill_diagonal(cosine, 0)
for i in range(len(cosine)):  # column i: only the nearest neighbours of item i speak for it
    drop = np.lexsort((np.arange(len(cosine)), -cosine[:, i]))[NEIGHBOURS:]
    cosine[drop, i] = 0
recall("item-knn", X @ cosine)

P = np.linalg.inv(both + LAMBDA * np.eye(len(both)))
B = P / -np.diag(P)
np.fill_diagonal(B, 0)
recall("ease", X @ B)
