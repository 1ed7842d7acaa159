// The parameters as the sweeps use them, [W_hx; b; W_hh] and [b_y; W_yh] in padded rows, their
// gradients in the same form, clipping and the step.
#pragma once

#include <cmath>

#include "buffer.hpp"
#include "network.hpp"
#include "problem.hpp"

namespace repro {

struct Weights {
    explicit Weights(const Problem& p)
        : ldg(stride(p.G())), ldo(padded(p.O)), ldh(stride(p.H)), I(p.I), H(p.H), G(p.G()),
          O(p.O), stacked(std::size_t(I + 1 + H) * ldg), readout(std::size_t(1 + H) * ldo),
          stackedGradient(stacked.length()), readoutGradient(readout.length()),
          transposed(std::size_t(G) * ldh), readoutTransposed(std::size_t(O) * ldh) {
        const float* from = p.parameters.data();
        for (int i = 0; i < H; i++) copyRow(from + std::size_t(i) * G, recurrent() + i * ldg, G);
        copyRow(from + p.biasAt(), bias(), G);
        for (int i = 0; i < I; i++)
            copyRow(from + p.inputAt() + std::size_t(i) * G, stacked.at(i * ldg), G);
        for (int i = 0; i < H; i++)
            copyRow(from + p.readoutAt() + std::size_t(i) * O, readout.at((i + 1) * ldo), O);
        copyRow(from + p.readoutBiasAt(), readout.at(), O);
    }

    float* bias() const { return stacked.at(I * ldg); }
    float* recurrent() const { return stacked.at((I + 1) * ldg); }

    // W_hhᵀ and W_yhᵀ.
    void transpose() {
        turn(H, G, recurrent(), ldg, transposed.at(), ldh);
        turn(H, O, readout.at(ldo), ldo, readoutTransposed.at(), ldh);
    }

    void clearGradient() {
        stackedGradient.clear();
        readoutGradient.clear();
    }

    void step() {
        double squares = sumOfSquares(stackedGradient) + sumOfSquares(readoutGradient);
        float norm = float(std::sqrt(squares));
        float rate = norm >= Threshold ? Rate * Threshold / norm : Rate;
        descend(rate, stackedGradient, stacked);
        descend(rate, readoutGradient, readout);
    }

    std::vector<float> flatGradient(const Problem& p) const {
        std::vector<float> flat(p.parameterCount());
        float* to = flat.data();
        const float* g = stackedGradient.at();
        for (int i = 0; i < H; i++)
            copyRow(g + std::size_t(I + 1 + i) * ldg, to + std::size_t(i) * G, G);
        copyRow(g + std::size_t(I) * ldg, to + p.biasAt(), G);
        for (int i = 0; i < I; i++)
            copyRow(g + std::size_t(i) * ldg, to + p.inputAt() + std::size_t(i) * G, G);
        for (int i = 0; i < H; i++)
            copyRow(
                readoutGradient.at((i + 1) * ldo), to + p.readoutAt() + std::size_t(i) * O, O);
        copyRow(readoutGradient.at(), to + p.readoutBiasAt(), O);
        return flat;
    }

    const int ldg, ldo, ldh, I, H, G, O;
    Buffer stacked, readout, stackedGradient, readoutGradient, transposed, readoutTransposed;

private:
    static void copyRow(const float* from, float* to, int n) {
        std::memcpy(to, from, n * sizeof(float));
    }

    static void turn(int rows, int columns, const float* from, int ldf, float* to, int ldt) {
        constexpr int block = 16;
        for (int r0 = 0; r0 < rows; r0 += block)
            for (int c0 = 0; c0 < columns; c0 += block)
                for (int c = c0; c < std::min(columns, c0 + block); c++)
                    for (int r = r0; r < std::min(rows, r0 + block); r++)
                        to[std::ptrdiff_t(c) * ldt + r] = from[std::ptrdiff_t(r) * ldf + c];
    }

    static float sumOfSquares(const Buffer& g) {
        const float* v = g.at();
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (std::size_t i = 0; i < g.length(); i++) sum += v[i] * v[i];
        return sum;
    }

    static void descend(float rate, const Buffer& g, Buffer& w) {
        const float* from = g.at();
        float* to = w.at();
#pragma omp simd
        for (std::size_t i = 0; i < g.length(); i++) to[i] -= rate * from[i];
    }
};

}  // namespace repro
