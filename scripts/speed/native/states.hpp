// The tape of states: T + 1 groups of R rows [pad | x_{t+1} | 1 | h_t], h on a cache line, so that
// one product with [W_hx; b; W_hh] does input, bias and recurrence. Inputs that are symbols are
// looked up instead, and their rows have no x.
#pragma once

#include "buffer.hpp"
#include "problem.hpp"

namespace repro {

struct States {
    States(const Problem& p, int rows)
        : problem(p), rows(rows), I(p.oneHot ? 0 : p.I), hiddenAt(padded(I + 1)),
          ld(stride(hiddenAt + padded(p.H))), data(std::size_t(p.T + 1) * rows * ld) {
        for (std::ptrdiff_t r = 0; r < std::ptrdiff_t(p.T + 1) * rows; r++)
            data.at(r * ld)[hiddenAt - 1] = 1;
    }

    float* hidden(int t) const { return data.at(std::ptrdiff_t(t) * rows * ld) + hiddenAt; }
    float* ones(int t) const { return hidden(t) - 1; }
    float* inputs(int t) const { return ones(t) - I; }

    // Copies x of sequences [first, first + rows) to group t.
    void copyInputs(int t, int first) {
        if (problem.oneHot) return;
        const float* from =
            problem.inputs.data() + (std::size_t(t) * problem.B + first) * I;
        float* to = inputs(t);
        for (int r = 0; r < rows; r++, from += I, to += ld)
            for (int i = 0; i < I; i++) to[i] = from[i];
    }

    const Problem& problem;
    const int rows, I, hiddenAt, ld;
    Buffer data;
};

}  // namespace repro
