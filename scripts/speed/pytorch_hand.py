"""Back-propagation through time written by hand in PyTorch's tensor operations, no autograd.

The comparator "hand" of pytorch_speed.py: what the framework's operations reach without its
per-step bookkeeping. Buffers are allocated once and every operation writes into one. Steps go in
blocks that fit the cache: within a block one product for the inputs, one for each weight gradient,
and the activation's slopes in one sweep; per step only the recurrent product and what depends on
it. Letters and parameter order as in pytorch_shapes.py.
"""

import math

import torch
import torch.nn.functional as F

from pytorch_shapes import loss_of, views

# Bytes of states and deltas that a block of steps may occupy: about half of a level-2 cache.
BLOCK_BYTES = 1 << 20


class Head:
    """Readout, loss and their gradients by hand, on rows = steps*B states at once."""

    def __init__(self, shape, problem):
        self.shape, self.targets = shape, problem.targets
        rows = shape.steps * shape.B
        self.out = torch.empty(rows, shape.O)
        self.scratch = torch.empty(rows, shape.O)
        self.expected = problem.targets
        if shape.readout == "softmax":
            self.expected = F.one_hot(problem.targets, shape.O).float()

    def run(self, states, weights, gradients, d_states):
        """states [rows,H] to loss; fills the readout's gradients and d_states [rows,H]."""
        shape, out, d_out = self.shape, self.out, self.scratch
        W_yh, b_y = weights
        torch.addmm(b_y, states, W_yh, out=out)
        if shape.readout == "softmax":
            logarithm = torch.log_softmax(out, 1)
            loss = F.nll_loss(logarithm, self.targets, reduction="sum") / shape.B
            torch.exp(logarithm, out=d_out)
        elif shape.readout == "bernoulli":
            loss = loss_of(shape, out, self.expected)
            torch.sigmoid(out, out=d_out)
        else:
            d_out.copy_(out)
        d_out.sub_(self.expected)
        if shape.readout == "linear":
            loss = torch.dot(d_out.view(-1), d_out.view(-1)) / shape.B
        d_out.mul_((2.0 if shape.readout == "linear" else 1.0) / shape.B)
        torch.mm(states.t(), d_out, out=gradients[0])
        torch.sum(d_out, 0, out=gradients[1])
        torch.mm(d_out, W_yh.t(), out=d_states)
        return loss


class Hand:
    """What the two hand-written networks share: buffers, blocks, input product, update."""

    def __init__(self, shape, problem, rate, clip):
        self.shape, self.problem, self.rate, self.clip = shape, problem, rate, clip
        B, T, H, G = shape.B, shape.T, shape.H, shape.G
        self.weights = problem.flat.clone()
        self.gradient = torch.empty_like(self.weights)
        self.W_hh, self.b, self.W_hx, self.W_yh, self.b_y = views(shape, self.weights)
        self.g_hh, self.g_b, self.g_hx, self.g_yh, self.g_by = views(shape, self.gradient)
        self.head = Head(shape, problem)
        self.hidden = torch.zeros(T + 1, B, H)
        self.h = self.hidden.unbind(0)
        self.W_back = torch.empty(G, H)
        self.d_states = torch.empty(shape.steps * B, H)
        length = max(1, min(T, BLOCK_BYTES // (4 * B * (2 * H + 2 * G))))
        count = -(-T // length)
        self.blocks = [(T * k // count, T * (k + 1) // count) for k in range(count)]
        self.length = max(stop - start for start, stop in self.blocks)
        self.delta = torch.empty(self.length, B, G)
        self.delta_steps = self.delta.unbind(0)
        self.ones = torch.ones(self.length * B)
        self.hot = None
        if shape.oneHot:
            self.hot = problem.x.argmax(2)

    def add_inputs(self, start, stop, W_hx, b, into):
        """into [steps*B,G] = x W_hx + b for the steps start..stop; one-hot rows are looked up."""
        if self.hot is None:
            x = self.problem.x[start:stop].view(-1, self.shape.I)
            torch.addmm(b, x, W_hx, out=into)
        else:
            torch.index_select(W_hx + b, 0, self.hot[start:stop].reshape(-1), out=into)

    def add_gradients(self, start, stop, first):
        """Adds the block's share of the recurrent, bias and input gradients."""
        B, G, H, I = self.shape.B, self.shape.G, self.shape.H, self.shape.I
        rows, keep = (stop - start) * B, 0.0 if first else 1.0
        delta = self.delta[:stop - start].view(rows, G)
        x = self.problem.x[start:stop].view(rows, I)
        h = self.hidden[start:stop].view(rows, H)
        self.g_hh.addmm_(h.t(), delta, beta=keep)
        self.g_hx.addmm_(x.t(), delta, beta=keep)
        self.g_b.addmv_(delta.t(), self.ones[:rows], beta=keep)

    def last_states(self):
        states = self.hidden[-1] if self.shape.lossAt == "last" else self.hidden[1:]
        return states.view(-1, self.shape.H)

    def update(self):
        with torch.inference_mode():
            self.W_back.copy_(self.W_hh.t())
            self.forward()
            self.loss = self.head.run(self.last_states(), (self.W_yh, self.b_y),
                                      (self.g_yh, self.g_by), self.d_states)
            self.backward()
            norm = math.sqrt(torch.dot(self.gradient, self.gradient).item())
            scale = self.clip / norm if norm >= self.clip else 1.0
            self.weights.add_(self.gradient, alpha=-self.rate * scale)

    def flat(self):
        return self.weights


class HandRnn(Hand):
    def __init__(self, shape, problem, rate, clip):
        super().__init__(shape, problem, rate, clip)
        self.minus_one = torch.full((shape.B, shape.H), -1.0)
        self.slope = torch.empty(self.length, shape.B, shape.H)
        self.slope_steps = self.slope.unbind(0)

    def forward(self):
        W, W_hx, b, activation = self.W_hh, self.W_hx, self.b, self.shape.activation
        if activation == "tanh":
            # PyTorch's logistic function is 2 to 3 times as fast as its tanh, so tanh(s) is
            # taken as 2 logistic(2 s) - 1 with the doubling inside the weights.
            W, W_hx, b = 2 * W, 2 * W_hx, 2 * b
        for start, stop in self.blocks:
            self.add_inputs(start, stop, W_hx, b,
                            self.hidden[start + 1:stop + 1].view(-1, self.shape.H))
            if activation == "relu":
                for before, h in zip(self.h[start:stop], self.h[start + 1:stop + 1]):
                    h.addmm_(before, W).relu_()
            elif activation == "sigmoid":
                for before, h in zip(self.h[start:stop], self.h[start + 1:stop + 1]):
                    h.addmm_(before, W).sigmoid_()
            else:
                for before, h in zip(self.h[start:stop], self.h[start + 1:stop + 1]):
                    h.addmm_(before, W).sigmoid_()
                    torch.add(self.minus_one, h, alpha=2, out=h)

    def fill_slopes(self, start, stop):
        h, slope = self.hidden[start + 1:stop + 1], self.slope[:stop - start]
        if self.shape.activation == "relu":
            torch.sign(h, out=slope)
        elif self.shape.activation == "sigmoid":
            torch.addcmul(h, h, h, value=-1, out=slope)
        else:
            torch.mul(h, h, out=slope)
            torch.sub(1, slope, out=slope)

    def backward(self):
        T, every = self.shape.T, self.shape.lossAt == "every"
        W = self.W_back
        d_states = self.d_states.view(-1, self.shape.B, self.shape.H).unbind(0)
        carry = torch.empty(self.shape.B, self.shape.H)
        for start, stop in reversed(self.blocks):
            self.fill_slopes(start, stop)
            deltas, slopes = self.delta_steps, self.slope_steps
            for t in range(stop - 1, start - 1, -1):
                d = deltas[t - start]
                if t == T - 1:
                    torch.mul(d_states[-1], slopes[t - start], out=d)
                    continue
                after = carry if t == stop - 1 else deltas[t - start + 1]
                if every:
                    torch.addmm(d_states[t], after, W, out=d)
                else:
                    torch.mm(after, W, out=d)
                d.mul_(slopes[t - start])
            carry.copy_(deltas[0])
            self.add_gradients(start, stop, stop == T)


class HandLstm(Hand):
    """Gates [T,B,4H] in the order i, f, g, o; loss at the last step only."""

    def __init__(self, shape, problem, rate, clip):
        super().__init__(shape, problem, rate, clip)
        assert shape.lossAt == "last" and not shape.oneHot
        B, T, H, G = shape.B, shape.T, shape.H, shape.G
        self.gates = torch.empty(T, B, G)
        self.gate_rows = self.gates.unbind(0)
        self.i, self.f, self.g, self.o = [g.unbind(0) for g in self.gates.split(H, 2)]
        self.cells = torch.zeros(T + 1, B, H)
        self.c = self.cells.unbind(0)
        self.squashed = torch.empty(T, B, H)
        self.tanh_c = self.squashed.unbind(0)
        self.minus_one = torch.full((B, H), -1.0)
        self.doubling = torch.ones(G)
        self.doubling[2 * H:3 * H] = 2
        self.slope = torch.empty(self.length, B, G)
        self.by_cell = self.slope[:, :, :3 * H].view(self.length, B, 3, H).unbind(0)
        self.by_output = self.slope[:, :, 3 * H:].unbind(0)
        self.delta_cell = self.delta[:, :, :3 * H].view(self.length, B, 3, H).unbind(0)
        self.delta_output = self.delta[:, :, 3 * H:].unbind(0)
        self.cell_slope = torch.empty(self.length, B, H)
        self.cell_slope_steps = self.cell_slope.unbind(0)

    def forward(self):
        # The candidate g = tanh(s) is 2 logistic(2 s) - 1, so one call squashes all four gates.
        W, W_hx, b = (p * self.doubling for p in (self.W_hh, self.W_hx, self.b))
        c, h, minus_one = self.c, self.h, self.minus_one
        for start, stop in self.blocks:
            self.add_inputs(start, stop, W_hx, b, self.gates[start:stop].view(-1, self.shape.G))
            for t in range(start, stop):
                self.gate_rows[t].addmm_(h[t], W).sigmoid_()
                g = self.g[t]
                torch.add(minus_one, g, alpha=2, out=g)
                torch.mul(self.f[t], c[t], out=c[t + 1])
                c[t + 1].addcmul_(self.i[t], g)
                torch.tanh(c[t + 1], out=self.tanh_c[t])
                torch.mul(self.o[t], self.tanh_c[t], out=h[t + 1])

    def fill_slopes(self, start, stop):
        """d gates / d c in columns i, f, g; d o / d h in column o; d c / d h in cell_slope."""
        n = stop - start
        i, f, g, o = self.gates[start:stop].split(self.shape.H, 2)
        s_i, s_f, s_g, s_o = self.slope[:n].split(self.shape.H, 2)
        tanh_c, cell = self.squashed[start:stop], self.cell_slope[:n]
        c = self.cells[start:stop]
        for gate, slope, factor in ((i, s_i, g), (f, s_f, c), (o, s_o, tanh_c)):
            torch.addcmul(gate, gate, gate, value=-1, out=slope)
            slope.mul_(factor)
        torch.mul(i, g, out=s_g)
        torch.addcmul(i, s_g, g, value=-1, out=s_g)
        torch.mul(tanh_c, o, out=cell)
        torch.addcmul(o, cell, tanh_c, value=-1, out=cell)

    def backward(self):
        B, T, H = self.shape.B, self.shape.T, self.shape.H
        W, deltas = self.W_back, self.delta_steps
        d_h, d_c = self.d_states.view(B, H), torch.zeros(B, H)
        wide = d_c.unsqueeze(1)
        for start, stop in reversed(self.blocks):
            self.fill_slopes(start, stop)
            for t in range(stop - 1, start - 1, -1):
                k = t - start
                if t < T - 1:
                    d_c.mul_(self.f[t + 1])
                d_c.addcmul_(d_h, self.cell_slope_steps[k])
                torch.mul(self.by_cell[k], wide, out=self.delta_cell[k])
                torch.mul(self.by_output[k], d_h, out=self.delta_output[k])
                torch.mm(deltas[k], W, out=d_h)
            self.add_gradients(start, stop, stop == T)


def make_hand(shape, problem, rate, clip):
    return (HandLstm if shape.activation == "lstm" else HandRnn)(shape, problem, rate, clip)
