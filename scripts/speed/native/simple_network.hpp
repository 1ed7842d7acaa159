// Back-propagation through time of a simple network: h_t = f(W_hh h_{t-1} + W_hx x_t + b).
#pragma once

#include "functions.hpp"
#include "head.hpp"
#include "sweeps.hpp"

namespace repro {

template <class Gemm, class F>
class SimpleNetwork : public Network {
public:
    SimpleNetwork(const Problem& p, const Plan& plan)
        : problem(p), rows(plan.rows), blockSteps(plan.blockSteps), weights(p),
          states(p, plan.rows), sweeps(p, plan, weights, states, states.ld),
          head(p, weights, states, p.everyStep ? plan.rows * plan.blockSteps : plan.rows,
               p.everyStep ? p.T / plan.blockSteps : 1, plan.width),
          deltas(std::size_t(blockSteps + 1) * rows * weights.ldg) {}

    double gradient() override {
        weights.transpose();
        weights.clearGradient();
        sweeps.pack();
        head.pack(weights);
        double loss = 0;
        for (int first = 0; first < problem.B; first += rows) {
            loss += forward(first);
            backward(first);
        }
        return loss / problem.B;
    }

    void step() override { weights.step(); }

    std::vector<float> flatGradient() const override { return weights.flatGradient(problem); }

private:
    double forward(int first) {
        double loss = 0;
        int columns = padded(problem.H);
        for (int begin = 0; begin < problem.T; begin += blockSteps) {
            for (int t = begin; t < begin + blockSteps; t++) states.copyInputs(t, first);
            sweeps.startBlock(begin, states.hidden(begin + 1));
            for (int t = begin; t < begin + blockSteps; t++) {
                sweeps.sums(t, first, states.hidden(t + 1));
                activate<F>(rows, columns, states.hidden(t + 1), states.ld);
            }
            if (problem.everyStep)
                loss += head.loss(
                    begin / blockSteps, states.ones(begin + 1), std::size_t(begin) * problem.B);
        }
        return problem.everyStep ? loss : head.loss(0, states.ones(problem.T), first);
    }

    // Slot i of the deltas is step begin + i of the block; the slot after the last holds those of
    // the step that follows.
    void backward(int first) {
        std::ptrdiff_t group = std::ptrdiff_t(rows) * weights.ldg;
        int columns = padded(problem.H);
        for (int end = problem.T; end > 0; end -= blockSteps) {
            int begin = end - blockSteps, block = begin / blockSteps;
            if (end < problem.T)
                std::memcpy(
                    deltas.at(blockSteps * group), deltas.at(), group * sizeof(float));
            if (problem.everyStep)
                head.inject(block, deltas.at());
            else if (end == problem.T)
                head.inject(0, deltas.at((blockSteps - 1) * group));
            for (int t = end - 1; t >= begin; t--) {
                float* delta = deltas.at((t - begin) * group);
                if (t < problem.T - 1) sweeps.sendBack(delta + group, delta);
                differentiate<F>(
                    rows, columns, states.hidden(t + 1), states.ld, delta, weights.ldg);
            }
            sweeps.addGradient(begin, first, deltas.at(), weights.stackedGradient.at());
            if (problem.everyStep)
                head.addGradient(block, states.ones(begin + 1), weights.readoutGradient.at());
        }
        if (!problem.everyStep)
            head.addGradient(0, states.ones(problem.T), weights.readoutGradient.at());
    }

    const Problem& problem;
    const int rows, blockSteps;
    Weights weights;
    States states;
    Sweeps<Gemm> sweeps;
    Head<Gemm> head;
    Buffer deltas;
};

}  // namespace repro
