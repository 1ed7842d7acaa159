"""Times PyTorch on the shapes of the speed page: one update = forward, backward, clip, SGD.

float32, one thread, subnormals flushed to zero. It is as good as the BLAS under it: Debian's
python3-torch without libopenblas0-pthread falls on the reference BLAS, which is 10 to 30 times
slower at these products. The first line printed names the BLAS loaded and its speed at 1024^3;
a reference BLAS is refused.

    /usr/bin/python3 scripts/speed/pytorch_speed.py           commands from standard input
    /usr/bin/python3 scripts/speed/pytorch_speed.py --check   gradients against autograd, then exit
    /usr/bin/python3 scripts/speed/pytorch_speed.py --list    the names of the shapes, then exit

A command is a line "SHAPE VARIANT N"; the answer is one line of JSON,
{"shape": ..., "variant": ..., "milliseconds": [N numbers]}, or {"error": ...}. "quit" or the end
of the input ends. A shape is built and warmed up at its first command, outside the times.

Variants:
    fused   nn.RNN or nn.LSTM with autograd, clip_grad_norm_ and optim.SGD. nn.RNN has no
            sigmoid: its tanh stands in, and the answer then says "standIn": "tanh".
    hand    back-propagation through time written by hand in tensor operations, without autograd
            (pytorch_hand.py).
    product a product of the Gauss-Newton matrix with a vector at fixed weights, states kept, on
            the modules of fused: the derivative along the vector by differentiating the gradient
            once more, the loss's curvature, and the gradient (pytorch_product.py).
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import ctypes
import json
import sys
import time

sys.dont_write_bytecode = True

import torch

from pytorch_hand import make_hand
from pytorch_product import Product, exact_product
from pytorch_shapes import SHAPES, Problem, loss_of, views

LEARNING_RATE = 1e-4
CLIP = 1.0
WARM_UP = 3
TOLERANCE = 1e-4
VARIANTS = ("fused", "hand", "product")


class Fused:
    """The framework's own module, loss, clip and optimiser."""

    def __init__(self, shape, problem, rate, clip):
        self.shape, self.problem, self.clip = shape, problem, clip
        if shape.activation == "lstm":
            self.module = torch.nn.LSTM(shape.I, shape.H)
        else:
            kind = "tanh" if shape.activation == "sigmoid" else shape.activation
            self.module = torch.nn.RNN(shape.I, shape.H, nonlinearity=kind)
        self.readout = torch.nn.Linear(shape.H, shape.O)
        W_hh, b, W_hx, W_yh, b_y = views(shape, problem.flat)
        with torch.no_grad():
            self.module.weight_hh_l0.copy_(W_hh.t())
            self.module.weight_ih_l0.copy_(W_hx.t())
            self.module.bias_ih_l0.copy_(b)
            self.module.bias_hh_l0.zero_()
            self.readout.weight.copy_(W_yh.t())
            self.readout.bias.copy_(b_y)
        # The second bias of the module is redundant; left out of training it costs nothing.
        self.module.bias_hh_l0.requires_grad_(False)
        self.parameters = [self.module.weight_hh_l0, self.module.bias_ih_l0,
                           self.module.weight_ih_l0, self.readout.weight, self.readout.bias]
        self.optimiser = torch.optim.SGD(self.parameters, lr=rate)

    def outputs(self):
        hidden, _ = self.module(self.problem.x)
        if self.shape.lossAt == "last":
            return self.readout(hidden[-1])
        return self.readout(hidden.view(-1, self.shape.H))

    def update(self):
        self.optimiser.zero_grad(set_to_none=True)
        self.loss = loss_of(self.shape, self.outputs(), self.problem.targets)
        self.loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, self.clip)
        self.optimiser.step()

    def flat(self):
        return torch.cat([p.detach().t().reshape(-1) for p in self.parameters])


def make(shape, variant, rate=LEARNING_RATE, clip=CLIP):
    if variant == "product":
        return Product(shape, Fused(shape, Problem(shape), rate, clip))
    return (Fused if variant == "fused" else make_hand)(shape, Problem(shape), rate, clip)


def outputs_of(shape, problem, flat):
    """Outputs [steps*B,O] in float64 of a plain loop, as a function of the flat parameters."""
    W_hh, b, W_hx, W_yh, b_y = views(shape, flat)
    x = problem.x.double()
    h = c = x.new_zeros(shape.B, shape.H)
    squash = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
    states = []
    for t in range(shape.T):
        s = h @ W_hh + b + x[t] @ W_hx
        if shape.activation == "lstm":
            i, f, g, o = s.split(shape.H, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        else:
            h = squash[shape.activation](s)
        states.append(h)
    return torch.cat(states[-shape.steps:]) @ W_yh + b_y


def truth(shape, problem):
    """Loss and flat gradient in float64 by autograd over a plain loop."""
    flat = problem.flat.double().requires_grad_()
    outputs = outputs_of(shape, problem, flat)
    targets = problem.targets if shape.readout == "softmax" else problem.targets.double()
    loss = loss_of(shape, outputs, targets)
    loss.backward()
    return loss.item(), flat.grad


def check():
    """Compares the clipped step of each variant with the truth; the exit code."""
    failed = False
    for shape in SHAPES.values():
        problem = Problem(shape)
        loss, gradient = truth(shape, problem)
        norm = gradient.norm().item()
        for variant in ("fused", "hand"):
            if variant == "fused" and shape.activation == "sigmoid":
                continue
            # Rate and clip make the step's length 0.5: rounding the weights then costs little.
            subject = make(shape, variant, rate=1.0 / norm, clip=norm / 2)
            subject.update()
            step = (problem.flat.double() - subject.flat().double()) * (2 * norm)
            pairs = zip(views(shape, step), views(shape, gradient))
            worst = max(((a - e).abs().max() / e.abs().max()).item() for a, e in pairs)
            worst = max(worst, abs(subject.loss.item() - loss) / loss)
            wrong = not worst <= TOLERANCE
            failed = failed or wrong
            print(f"{shape.name} {variant}: gradient norm {norm:.3g}, greatest error relative "
                  f"to its parameter's largest {worst:.1e}{' WRONG' if wrong else ''}", flush=True)
        if shape.activation != "sigmoid":
            subject = make(shape, "product")
            subject.update()
            exact = exact_product(
                shape, lambda flat: outputs_of(shape, problem, flat), problem.flat.double(),
                subject.direction_flat().double())
            error = ((subject.flat().double() - exact).norm() / exact.norm()).item()
            wrong = not error <= TOLERANCE
            failed = failed or wrong
            print(f"{shape.name} product: error relative to its norm "
                  f"{error:.1e}{' WRONG' if wrong else ''}", flush=True)
    return 1 if failed else 0


def blas():
    """Paths of the BLAS libraries this process has loaded, and its GFLOP/s in a 1024^3 product."""
    a, b = torch.rand(1024, 1024), torch.empty(1024, 1024)
    times = []
    for _ in range(4):
        begin = time.perf_counter()
        torch.mm(a, a, out=b)
        times.append(time.perf_counter() - begin)
    loaded = set()
    if os.path.exists("/proc/self/maps"):
        with open("/proc/self/maps", encoding="utf-8") as maps:
            loaded = {os.path.realpath(line.split()[-1]) for line in maps if "blas" in line}
    return sorted(loaded), 2 * 1024 ** 3 / min(times) / 1e9


def kernel_of(libraries):
    """The processor whose kernels OpenBLAS has chosen; empty for another BLAS."""
    for path in libraries:
        name = getattr(ctypes.CDLL(path), "openblas_get_corename", None)
        if name is not None:
            name.restype = ctypes.c_char_p
            return name().decode()
    return ""


def measure(made, words):
    if len(words) != 3 or words[0] not in SHAPES or words[1] not in VARIANTS \
            or not words[2].isdigit() or int(words[2]) < 1:
        return {"error": f"Got '{' '.join(words)}'; say 'SHAPE {'|'.join(VARIANTS)} N' with N of "
                         f"1 or more and a shape of {', '.join(SHAPES)}."}
    shape, variant, count = SHAPES[words[0]], words[1], int(words[2])
    if (shape.name, variant) not in made:
        subject = made[shape.name, variant] = make(shape, variant)
        for _ in range(WARM_UP):
            subject.update()
    subject, milliseconds = made[shape.name, variant], []
    for _ in range(count):
        begin = time.perf_counter()
        subject.update()
        milliseconds.append(round((time.perf_counter() - begin) * 1e3, 4))
    answer = {"shape": shape.name, "variant": variant, "milliseconds": milliseconds}
    if variant != "hand" and shape.activation == "sigmoid":
        answer["standIn"] = "tanh"
    return answer


def main():
    torch.set_num_threads(1)
    flushed = torch.set_flush_denormal(True)
    if sys.argv[1:] == ["--list"]:
        print("\n".join(SHAPES))
        return 0
    if sys.argv[1:] == ["--check"]:
        return check()
    if sys.argv[1:]:
        print(f"Got {sys.argv[1:]}; say --check, --list or nothing.", file=sys.stderr)
        return 2
    libraries, speed = blas()
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(),
                      "flushDenormal": flushed, "blas": [os.path.basename(p) for p in libraries],
                      "blasKernel": kernel_of(libraries), "matmulGflops": round(speed, 1)}),
          flush=True)
    reference = [path for path in libraries if "/blas/libblas.so" in path]
    if reference:
        print(f"PyTorch runs on the reference BLAS {reference[0]}, {speed:.1f} GFLOP/s: its times "
              "would be unfair to it. Install libopenblas0-pthread.", file=sys.stderr)
        return 2
    made = {}
    for line in sys.stdin:
        words = line.split()
        if words == ["quit"]:
            break
        if words:
            print(json.dumps(measure(made, words)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
