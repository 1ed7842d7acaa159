// The readout on oneDNN's matrix product, over rows of states without a column of ones.
#pragma once

#include <dnnl.hpp>

#include "loss.hpp"
#include "weights.hpp"

namespace repro {

class OneDnnHead {
public:
    OneDnnHead(const Problem& p, Weights& w, int rows)
        : problem(p), weights(w), rows(rows), errors(std::size_t(rows) * w.ldo) {}

    // From states h [rows, H] to the loss, the errors of the outputs, what they send back to h
    // and the readout's gradient.
    double run(const float* h, std::size_t firstTarget, float* sentBack) {
        const int H = problem.H, O = problem.O, ldo = weights.ldo;
        const float* w = weights.readout.at(ldo);
        float* out = errors.at();
        for (int r = 0; r < rows; r++)
            std::memcpy(out + std::ptrdiff_t(r) * ldo, weights.readout.at(), ldo * sizeof(float));
        multiply('N', 'N', rows, O, H, h, H, w, ldo, 1, out, ldo);
        double loss = lossOf(problem, firstTarget, rows, out, ldo, 1.0f / problem.B);
        multiply('N', 'T', rows, H, O, out, ldo, w, ldo, 0, sentBack, H);
        multiply('T', 'N', H, O, rows, h, H, out, ldo, 1, weights.readoutGradient.at(ldo), ldo);
        float* bias = weights.readoutGradient.at();
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < O; j++) bias[j] += out[std::ptrdiff_t(r) * ldo + j];
        return loss;
    }

private:
    static void multiply(
        char turnA, char turnB, int m, int n, int k, const float* a, int lda, const float* b,
        int ldb, float beta, float* c, int ldc) {
        dnnl::status status =
            dnnl::sgemm(turnA, turnB, m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
        if (status != dnnl::status::success)
            throw std::runtime_error(
                "oneDNN's sgemm ended with status " + std::to_string(int(status)));
    }

    const Problem& problem;
    Weights& weights;
    const int rows;
    Buffer errors;
};

}  // namespace repro
