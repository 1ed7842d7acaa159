// Back-propagation through time of an LSTM: [i f g o] in four blocks of columns, c = f c + i g,
// h = o tanh(c). The gates, c and tanh(c) stay on the tape.
#pragma once

#include "functions.hpp"
#include "head.hpp"
#include "sweeps.hpp"

namespace repro {

template <class Gemm>
class LstmNetwork : public Network {
public:
    LstmNetwork(const Problem& p, const Plan& plan)
        : problem(p), rows(plan.rows), blockSteps(plan.blockSteps), weights(p),
          states(p, plan.rows), sweeps(p, plan, weights, states, weights.ldg),
          head(p, weights, states, p.everyStep ? plan.rows * plan.blockSteps : plan.rows,
               p.everyStep ? p.T / plan.blockSteps : 1, plan.width),
          gates(std::size_t(p.T) * rows * weights.ldg),
          cells(std::size_t(p.T + 1) * rows * weights.ldh),
          squashed(std::size_t(p.T) * rows * weights.ldh),
          hiddenErrors(std::size_t(blockSteps) * rows * weights.ldh),
          cellErrors(std::size_t(rows) * weights.ldh),
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
        std::ptrdiff_t wide = std::ptrdiff_t(rows) * weights.ldg;
        std::ptrdiff_t narrow = std::ptrdiff_t(rows) * weights.ldh;
        for (int begin = 0; begin < problem.T; begin += blockSteps) {
            for (int t = begin; t < begin + blockSteps; t++) states.copyInputs(t, first);
            sweeps.startBlock(begin, gates.at(begin * wide));
            for (int t = begin; t < begin + blockSteps; t++) {
                sweeps.sums(t, first, gates.at(t * wide));
                for (int r = 0; r < rows; r++)
                    unit(
                        gates.at(t * wide + std::ptrdiff_t(r) * weights.ldg),
                        cells.at(t * narrow + std::ptrdiff_t(r) * weights.ldh),
                        cells.at((t + 1) * narrow + std::ptrdiff_t(r) * weights.ldh),
                        squashed.at(t * narrow + std::ptrdiff_t(r) * weights.ldh),
                        states.hidden(t + 1) + std::ptrdiff_t(r) * states.ld);
            }
            if (problem.everyStep)
                loss += head.loss(
                    begin / blockSteps, states.ones(begin + 1), std::size_t(begin) * problem.B);
        }
        return problem.everyStep ? loss : head.loss(0, states.ones(problem.T), first);
    }

    void unit(float* gate, const float* before, float* after, float* tanhC, float* h) const {
        const int n = problem.H;
        float *gi = gate, *gf = gate + n, *gg = gate + 2 * n, *go = gate + 3 * n;
#pragma omp simd
        for (int j = 0; j < n; j++) {
            float i = fastSigmoid(gi[j]), f = fastSigmoid(gf[j]);
            float g = fastTanh(gg[j]), o = fastSigmoid(go[j]);
            float c = f * before[j] + i * g;
            float squash = fastTanh(c);
            gi[j] = i, gf[j] = f, gg[j] = g, go[j] = o;
            after[j] = c, tanhC[j] = squash, h[j] = o * squash;
        }
    }

    void backward(int first) {
        std::ptrdiff_t wide = std::ptrdiff_t(rows) * weights.ldg;
        std::ptrdiff_t narrow = std::ptrdiff_t(rows) * weights.ldh;
        cellErrors.clear();
        for (int end = problem.T; end > 0; end -= blockSteps) {
            int begin = end - blockSteps, block = begin / blockSteps;
            if (end < problem.T)
                std::memcpy(deltas.at(blockSteps * wide), deltas.at(), wide * sizeof(float));
            if (problem.everyStep)
                head.inject(block, hiddenErrors.at());
            else if (end == problem.T)
                head.inject(0, hiddenErrors.at((blockSteps - 1) * narrow));
            for (int t = end - 1; t >= begin; t--) {
                float* delta = deltas.at((t - begin) * wide);
                float* dh = hiddenErrors.at((t - begin) * narrow);
                if (t < problem.T - 1) sweeps.sendBack(delta + wide, dh);
                for (int r = 0; r < rows; r++)
                    unitBack(
                        gates.at(t * wide + std::ptrdiff_t(r) * weights.ldg),
                        cells.at(t * narrow + std::ptrdiff_t(r) * weights.ldh),
                        squashed.at(t * narrow + std::ptrdiff_t(r) * weights.ldh),
                        dh + std::ptrdiff_t(r) * weights.ldh,
                        cellErrors.at(std::ptrdiff_t(r) * weights.ldh),
                        delta + std::ptrdiff_t(r) * weights.ldg);
            }
            sweeps.addGradient(begin, first, deltas.at(), weights.stackedGradient.at());
            if (problem.everyStep)
                head.addGradient(block, states.ones(begin + 1), weights.readoutGradient.at());
        }
        if (!problem.everyStep)
            head.addGradient(0, states.ones(problem.T), weights.readoutGradient.at());
    }

    void unitBack(
        const float* gate, const float* before, const float* tanhC, const float* dh, float* dc,
        float* delta) const {
        const int n = problem.H;
        const float *gi = gate, *gf = gate + n, *gg = gate + 2 * n, *go = gate + 3 * n;
        float *di = delta, *df = delta + n, *dg = delta + 2 * n, *dO = delta + 3 * n;
#pragma omp simd
        for (int j = 0; j < n; j++) {
            float i = gi[j], f = gf[j], g = gg[j], o = go[j], s = tanhC[j];
            float c = dc[j] + dh[j] * o * (1 - s * s);
            di[j] = c * g * i * (1 - i);
            df[j] = c * before[j] * f * (1 - f);
            dg[j] = c * i * (1 - g * g);
            dO[j] = dh[j] * s * o * (1 - o);
            dc[j] = c * f;
        }
    }

    const Problem& problem;
    const int rows, blockSteps;
    Weights weights;
    States states;
    Sweeps<Gemm> sweeps;
    Head<Gemm> head;
    Buffer gates, cells, squashed, hiddenErrors, cellErrors, deltas;
};

}  // namespace repro
