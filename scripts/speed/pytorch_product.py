"""A product of the Gauss-Newton matrix with a vector in PyTorch, by differentiating twice.

G = J^T H J, with J the derivative of the outputs and H the loss's curvature in them. J v is the
derivative of u -> J^T u, a linear function whose argument does not matter, along v. Forward sweep
and the graph of J^T u are made once: a product is one sweep through each.
"""

import torch


def curved(shape, outputs, change):
    """H times a change of the outputs [steps*B,O], of the loss summed over steps and outputs and
    averaged over the batch."""
    if shape.readout == "linear":
        return 2 * change / shape.B
    if shape.readout == "bernoulli":
        p = torch.sigmoid(outputs)
        return p * (1 - p) * change / shape.B
    p = torch.softmax(outputs, 1)
    return p * (change - (p * change).sum(1, keepdim=True)) / shape.B


class Product:
    """A product at the first weights of a module with autograd."""

    def __init__(self, shape, fused):
        self.shape, self.parameters = shape, fused.parameters
        generator = torch.Generator().manual_seed(1994)
        self.direction = [torch.randn(p.shape, generator=generator) for p in fused.parameters]
        self.outputs = fused.outputs()
        self.u = torch.zeros_like(self.outputs, requires_grad=True)
        self.transposed = torch.autograd.grad(
            self.outputs, self.parameters, self.u, create_graph=True)

    def update(self):
        change, = torch.autograd.grad(
            self.transposed, self.u, self.direction, retain_graph=True)
        error = curved(self.shape, self.outputs.detach(), change)
        self.result = torch.autograd.grad(
            self.outputs, self.parameters, error, retain_graph=True)

    @staticmethod
    def _flat(parts):
        return torch.cat([p.detach().t().reshape(-1) for p in parts])

    def flat(self):
        return self._flat(self.result)

    def direction_flat(self):
        return self._flat(self.direction)


def exact_product(shape, outputs_of, flat, direction):
    """The same in float64 of any function of the flat parameters."""
    outputs, change = torch.autograd.functional.jvp(outputs_of, flat, direction)
    flat = flat.clone().requires_grad_()
    error = curved(shape, outputs, change)
    return torch.autograd.grad(outputs_of(flat), flat, error)[0]
