// What the two kinds of network share: the pre-activations of a step and the gradient of
// [W_hx; b; W_hh] from the deltas of a block of steps.
#pragma once

#include "plan.hpp"
#include "states.hpp"
#include "weights.hpp"

namespace repro {

template <class Gemm>
class Sweeps {
public:
    // Sums go to rows of a stride of their own.
    Sweeps(const Problem& p, const Plan& plan, const Weights& w, const States& s, int sumsLd)
        : problem(p), states(s), weights(w), blockSteps(plan.blockSteps), sumsLd(sumsLd),
          apart(!p.oneHot && p.I >= 16), deltaLd(w.ldg),
          inputs(plan.rows * plan.blockSteps, p.I + 1, p.G(), s.ld, w.ldg, sumsLd, false,
                 plan.width),
          recurrence(plan.rows, begun() ? p.H : p.I + 1 + p.H, p.G(), s.ld, w.ldg, sumsLd,
                     begun(), plan.width),
          back(plan.rows, p.G(), p.H, deltaLd, w.ldh, w.ldh, p.everyStep, plan.width),
          outer(plan.rows * plan.blockSteps, s.I + 1 + p.H, p.G(), s.ld, deltaLd, w.ldg,
                plan.width),
          symbolRows(p.oneHot ? std::size_t(p.I) * w.ldg : 0) {}

    void pack() {
        back.pack(weights.transposed.at());
        recurrence.pack(begun() ? weights.recurrent() : weights.stacked.at());
        if (apart) inputs.pack(weights.stacked.at());
        if (problem.oneHot)
            for (int i = 0; i < problem.I; i++) {
                const float* row = weights.stacked.at(i * weights.ldg);
                const float* bias = weights.bias();
                float* to = symbolRows.at(i * weights.ldg);
#pragma omp simd
                for (int j = 0; j < weights.ldg; j++) to[j] = row[j] + bias[j];
            }
    }

    // Before the steps of a block: what its inputs add, where that is a product of its own.
    void startBlock(int begin, float* sums) const {
        if (apart) inputs.run(states.inputs(begin), sums);
    }

    // The pre-activations of step t; with many inputs those of startBlock are there already.
    void sums(int t, int first, float* to) const {
        if (problem.oneHot) {
            const std::int32_t* symbols =
                problem.symbols.data() + std::size_t(t) * problem.B + first;
            for (int r = 0; r < states.rows; r++)
                std::memcpy(
                    to + std::ptrdiff_t(r) * sumsLd, symbolRows.at(symbols[r] * weights.ldg),
                    padded(problem.G()) * sizeof(float));
        }
        recurrence.run(begun() ? states.hidden(t) : states.inputs(t), to);
    }

    // dE/dh from the deltas of the step after; what is injected at every step is there already.
    void sendBack(const float* deltas, float* to) const { back.run(deltas, to); }

    void addGradient(int begin, int first, const float* deltas, float* gradient) const {
        int skipped = problem.oneHot ? problem.I : 0;
        outer.run(states.inputs(begin), deltas, gradient + skipped * weights.ldg);
        if (!problem.oneHot) return;
        const float* delta = deltas;
        for (int t = begin; t < begin + blockSteps; t++)
            for (int r = 0; r < states.rows; r++, delta += deltaLd) {
                int symbol = problem.symbols[std::size_t(t) * problem.B + first + r];
                float* to = gradient + symbol * weights.ldg;
                int columns = padded(problem.G());
#pragma omp simd
                for (int j = 0; j < columns; j++) to[j] += delta[j];
            }
    }

private:
    bool begun() const { return apart || problem.oneHot; }

    const Problem& problem;
    const States& states;
    const Weights& weights;
    const int blockSteps, sumsLd;
    const bool apart;
    const int deltaLd;
    typename Gemm::Product inputs, recurrence, back;
    typename Gemm::Outer outer;
    Buffer symbolRows;
};

}  // namespace repro
