#!/usr/bin/python3
# What torchvision's networks make of one picture, with weights that are a formula, so that no weights have to be kept.
# Made once with Debian 12's python3-torchvision 0.14.1 (PyTorch 1.13.1): /usr/bin/python3 make_cnn.py cnn.safetensors
#
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import struct
import sys

import numpy as np
import torch
import torchvision


def uniform(name, n):
    """n numbers in [0, 1): splitmix64 of an index, started by the FNV-1a hash of the name."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(40)).astype(np.float64) / 2**24


def parameter(name, shape):
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
        x = 0.5 + u
    elif name.endswith("weight"):
        x = (u - 0.5) * 2 * np.sqrt(6 / np.prod(shape[1:]))
    else:
        x = (u - 0.5) / 2
    return torch.from_numpy(x.astype(np.float32).reshape(shape))


def features(network, size):
    state = network.state_dict()
    network.load_state_dict({k: v if k.endswith("num_batches_tracked") else parameter(k, tuple(v.shape)) for k, v in state.items()})
    network.eval()
    if hasattr(network, "fc"):
        network.fc = torch.nn.Identity()
    else:
        network.classifier = network.classifier[:5]  # up to the last hidden layer
    picture = torch.from_numpy(((uniform("picture", 3 * size * size) - 0.5) * 4).astype(np.float32).reshape(1, 3, size, size))
    with torch.no_grad():
        return network(picture)[0].numpy()


out = {
    "resnet18": features(torchvision.models.resnet18(), 64),
    "resnet50": features(torchvision.models.resnet50(), 64),
    "vgg16": features(torchvision.models.vgg16(), 64),
}
header, data = {"__metadata__": {"torch": torch.__version__, "torchvision": torchvision.__version__}}, b""
for name, x in out.items():
    raw = x.astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(x.shape), "data_offsets": [len(data), len(data) + len(raw)]}
    data += raw
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text + data)
for name, x in out.items():
    print(name, x.shape, float(x.mean()), float(x.std()), float(np.mean(x > 0)))
