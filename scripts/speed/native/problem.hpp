// What one update is measured on: sizes, parameters, a batch. Written by speed.fsx, little endian:
// eleven int32 (cell, activation, readout, loss at every step, one-hot, I, H, O, B, T, number of
// parameters), the parameters, the inputs (float [T, B, I], or symbols int32 [T, B]) and the
// targets (float [S, B, O], or classes int32 [S, B]) with S = T or 1 steps that have a loss.
// Parameters are one vector [W_hh (H, G), b (G), W_hx (I, G), W_yh (H, O), b_y (O)], G = H, or 4H
// in the order i, f, g, o for an LSTM. Letters as on the speed page.
#pragma once

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace repro {

enum class CellKind { Simple = 0, Lstm = 1 };
enum class Activation { Relu = 0, Tanh = 1, Sigmoid = 2 };
enum class Readout { Linear = 0, Softmax = 1, Bernoulli = 2 };

struct Problem {
    CellKind cell;
    Activation activation;
    Readout readout;
    bool everyStep, oneHot;
    int I, H, O, B, T;
    std::vector<float> parameters, inputs, targets;
    std::vector<std::int32_t> symbols, classes;

    int G() const { return cell == CellKind::Lstm ? 4 * H : H; }
    int lossSteps() const { return everyStep ? T : 1; }

    // Where the blocks of the parameters begin.
    std::size_t biasAt() const { return std::size_t(H) * G(); }
    std::size_t inputAt() const { return biasAt() + G(); }
    std::size_t readoutAt() const { return inputAt() + std::size_t(I) * G(); }
    std::size_t readoutBiasAt() const { return readoutAt() + std::size_t(H) * O; }
    std::size_t parameterCount() const { return readoutBiasAt() + O; }
};

template <class Number>
std::vector<Number> readNumbers(std::istream& from, std::size_t count, const std::string& path) {
    std::vector<Number> numbers(count);
    from.read(reinterpret_cast<char*>(numbers.data()), std::streamsize(count * sizeof(Number)));
    if (!from) throw std::runtime_error(path + " is shorter than its sizes say");
    return numbers;
}

inline Problem readProblem(const std::string& path) {
    std::ifstream from(path, std::ios::binary);
    if (!from) throw std::runtime_error(path + " cannot be read");
    auto head = readNumbers<std::int32_t>(from, 11, path);
    Problem p;
    p.cell = CellKind(head[0]);
    p.activation = Activation(head[1]);
    p.readout = Readout(head[2]);
    p.everyStep = head[3] != 0;
    p.oneHot = head[4] != 0;
    p.I = head[5], p.H = head[6], p.O = head[7], p.B = head[8], p.T = head[9];
    if (p.I < 1 || p.H < 1 || p.O < 1 || p.B < 1 || p.T < 1 ||
        p.parameterCount() != std::size_t(head[10]))
        throw std::runtime_error(path + " has sizes and a number of parameters that do not fit");
    p.parameters = readNumbers<float>(from, p.parameterCount(), path);
    std::size_t rows = std::size_t(p.T) * p.B;
    if (p.oneHot)
        p.symbols = readNumbers<std::int32_t>(from, rows, path);
    else
        p.inputs = readNumbers<float>(from, rows * p.I, path);
    std::size_t ends = std::size_t(p.lossSteps()) * p.B;
    if (p.readout == Readout::Softmax)
        p.classes = readNumbers<std::int32_t>(from, ends, path);
    else
        p.targets = readNumbers<float>(from, ends * p.O, path);
    return p;
}

}  // namespace repro
