#!/usr/bin/env python3
"""Reads a model that ModelFile saved, and runs it in PyTorch where PyTorch is there.

    python3 docs/samples/read_model.py model.safetensors

Needs the standard library alone. With the package safetensors the reading is one line,
``safetensors.torch.load_file(path)``; the names are those of ``Model`` below.
"""
import array
import hashlib
import json
import struct
import sys


def read(path):
    """The header's metadata and the tensors, {name: (shape, flat list)}."""
    with open(path, "rb") as file:
        raw = file.read()
    start = 8 + struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8:start])
    metadata = header.pop("__metadata__")
    data = raw[start:]
    found = hashlib.sha256(metadata["spec"].encode() + b"\n" + data).hexdigest()
    if found != metadata["sha256"]:
        raise SystemExit(f"{path} was damaged or changed: its checksum is {found}")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = array.array({"F32": "f", "F64": "d"}[entry["dtype"]], data[begin:end])
        if sys.byteorder == "big":
            values.byteswap()
        tensors[name] = (entry["shape"], values)
    return metadata, tensors


def in_pytorch(spec, tensors, inputs):
    """The outputs at the last step for one sequence [T, I], before softmax or logistic."""
    import torch

    kinds = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "simple": torch.nn.RNN}

    class Model(torch.nn.Module):
        """What the tensors' names are the state of."""

        def __init__(self):
            super().__init__()
            more = {"nonlinearity": spec["activation"]} if spec["cell"] == "simple" else {}
            self.rnn = kinds[spec["cell"]](spec["inputs"], spec["hidden"], **more)
            self.readout = torch.nn.Linear(spec["hidden"], spec["outputs"])

        def forward(self, x):
            return self.readout(self.rnn(x)[0][-1])

    model = Model()
    state = {name: torch.tensor(list(values)).reshape(shape)
             for name, (shape, values) in tensors.items()}
    model.load_state_dict(state)
    with torch.no_grad():
        return model(torch.tensor(inputs).reshape(-1, 1, spec["inputs"])).flatten().tolist()


def main():
    if len(sys.argv) < 2:
        raise SystemExit("python3 read_model.py MODEL [INPUT ...]")
    metadata, tensors = read(sys.argv[1])
    spec = json.loads(metadata["spec"])
    print("version", metadata["version"], "spec", metadata["spec"])
    for name, (shape, values) in sorted(tensors.items()):
        print(name, shape, "first", f"{values[0]:.6g}")
    inputs = [float(text) for text in sys.argv[2:]]
    if inputs:
        print("PyTorch says", " ".join(f"{o:.5f}" for o in in_pytorch(spec, tensors, inputs)))


if __name__ == "__main__":
    main()
