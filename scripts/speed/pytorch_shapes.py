"""The shapes of the speed page, their data, first parameters and losses.

Dimension letters: I inputs, H hidden units, O outputs, B sequences a batch, T steps; all buffers
are time-major. Parameters are one flat vector [W_hh (H,G), b (G), W_hx (I,G), W_yh (H,O), b_y (O)]
with G = H, or 4H in the order i, f, g, o for the LSTM.
"""

import math

import torch
import torch.nn.functional as F


class Shape:
    """One row of the speed page; lossAt is "last" or "every"."""

    def __init__(self, name, activation, readout, lossAt, I, H, O, B, T, oneHot=False):
        self.name, self.activation, self.readout = name, activation, readout
        self.lossAt, self.oneHot = lossAt, oneHot
        self.I, self.H, self.O, self.B, self.T = I, H, O, B, T
        self.G = 4 * H if activation == "lstm" else H
        self.steps = T if lossAt == "every" else 1

    def sizes(self):
        return [(self.H, self.G), (self.G,), (self.I, self.G), (self.H, self.O), (self.O,)]


SHAPES = {shape.name: shape for shape in [
    Shape("torder-H50-B20-T200", "tanh", "softmax", "last", 6, 50, 4, 20, 200, oneHot=True),
    Shape("addition-H100-B16-T300", "relu", "linear", "last", 2, 100, 1, 16, 300),
    Shape("addition-H100-B1-T300", "relu", "linear", "last", 2, 100, 1, 1, 300),
    Shape("mnist-H100-B16-T784", "relu", "softmax", "last", 1, 100, 10, 16, 784),
    Shape("mnist-H100-B100-T784", "relu", "softmax", "last", 1, 100, 10, 100, 784),
    Shape("music-H200-B1-T200", "sigmoid", "bernoulli", "every", 88, 200, 88, 1, 200),
    Shape("ptb-H500-B20-T200", "sigmoid", "softmax", "every", 50, 500, 50, 20, 200, oneHot=True),
    Shape("lstm-H100-B16-T784", "lstm", "softmax", "last", 1, 100, 10, 16, 784),
]}


def views(shape, flat):
    parts, start = [], 0
    for size in shape.sizes():
        parts.append(flat[start:start + math.prod(size)].view(size))
        start += math.prod(size)
    return parts


class Problem:
    """Data and first parameters of a shape; the recurrent scale keeps gradients alive over T."""

    def __init__(self, shape):
        generator = torch.Generator().manual_seed(2013)
        I, H, O, B, T, steps = shape.I, shape.H, shape.O, shape.B, shape.T, shape.steps
        if shape.oneHot:
            symbols = torch.randint(I, (T, B), generator=generator)
            self.x = F.one_hot(symbols, I).float()
        elif shape.readout == "bernoulli":
            self.x = (torch.rand(T, B, I, generator=generator) < 0.05).float()
        else:
            self.x = torch.rand(T, B, I, generator=generator)
        if shape.readout == "softmax":
            self.targets = torch.randint(O, (steps * B,), generator=generator)
        elif shape.readout == "bernoulli":
            self.targets = (torch.rand(steps * B, O, generator=generator) < 0.05).float()
        else:
            self.targets = torch.rand(steps * B, O, generator=generator)
        count = sum(math.prod(size) for size in shape.sizes())
        self.flat = torch.randn(count, generator=generator)
        W_hh, b, W_hx, W_yh, b_y = views(shape, self.flat)
        spread = {"relu": 0.03, "tanh": 1.1, "sigmoid": 3.0, "lstm": 1.0}
        W_hh.mul_(spread[shape.activation] / math.sqrt(H))
        if shape.activation == "relu":
            # Near the identity: a random ReLU network dies out or overflows over hundreds of steps.
            W_hh.add_(torch.eye(H) * 0.97)
        W_hx.mul_(0.3 / math.sqrt(I))
        W_yh.mul_(0.1)
        b.zero_()
        b_y.zero_()


def loss_of(shape, outputs, targets):
    """Summed over steps and outputs, mean over the batch; outputs [steps*B,O]."""
    if shape.readout == "linear":
        return F.mse_loss(outputs, targets, reduction="sum") / shape.B
    if shape.readout == "bernoulli":
        return F.binary_cross_entropy_with_logits(outputs, targets, reduction="sum") / shape.B
    return F.cross_entropy(outputs, targets, reduction="sum") / shape.B
