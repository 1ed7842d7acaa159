// The readout: outputs and loss of a block of steps, what its errors send back, its gradient.
#pragma once

#include "loss.hpp"
#include "states.hpp"
#include "weights.hpp"

namespace repro {

// Blocks of `rows` rows: some steps where every step has a loss, else the last step's.
template <class Gemm>
class Head {
public:
    Head(const Problem& p, const Weights& w, const States& s, int rows, int blocks, int width)
        : problem(p), rows(rows), errors(std::size_t(blocks) * rows * w.ldo), ldo(w.ldo),
          forward(rows, p.H + 1, p.O, s.ld, w.ldo, w.ldo, false, 0),
          back(rows, p.O, p.H, w.ldo, w.ldh, w.ldh, false, width),
          outer(rows, p.H + 1, p.O, s.ld, w.ldo, w.ldo, 0) {}

    void pack(const Weights& w) {
        forward.pack(w.readout.at());
        back.pack(w.readoutTransposed.at());
    }

    // From rows [1 | h] to the errors of that block.
    double loss(int block, const float* ones, std::size_t firstTarget) {
        float* out = errorsOf(block);
        forward.run(ones, out);
        return lossOf(problem, firstTarget, rows, out, ldo, 1.0f / problem.B);
    }

    void inject(int block, float* to) const { back.run(errorsOf(block), to); }

    void addGradient(int block, const float* ones, float* gradient) const {
        outer.run(ones, errorsOf(block), gradient);
    }

private:
    float* errorsOf(int block) const { return errors.at(std::ptrdiff_t(block) * rows * ldo); }

    const Problem& problem;
    const int rows;
    Buffer errors;
    const int ldo;
    typename Gemm::Product forward, back;
    typename Gemm::Outer outer;
};

}  // namespace repro
