// The losses: outputs [rows, O] become their errors times 1/B; the sum of the losses comes back.
#pragma once

#include <cmath>
#include <cstdint>

#include "problem.hpp"

namespace repro {

inline double softmaxLoss(
    int rows, int O, float* out, int ld, const std::int32_t* classes, float scale) {
    double loss = 0;
    for (int r = 0; r < rows; r++, out += ld) {
        float most = out[0], sum = 0, own = out[classes[r]];
        for (int j = 1; j < O; j++) most = std::max(most, out[j]);
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < O; j++) {
            out[j] = std::exp(out[j] - most);
            sum += out[j];
        }
        loss += std::log(sum) + most - own;
        float factor = scale / sum;
#pragma omp simd
        for (int j = 0; j < O; j++) out[j] *= factor;
        out[classes[r]] -= scale;
    }
    return loss;
}

inline double bernoulliLoss(
    int rows, int O, float* out, int ld, const float* targets, float scale) {
    double loss = 0;
    for (int r = 0; r < rows; r++, out += ld, targets += O) {
        float sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < O; j++) {
            float o = out[j], e = std::exp(-std::fabs(o));
            sum += (o > 0 ? o : 0) - o * targets[j] + std::log(1 + e);
            out[j] = scale * ((o < 0 ? e : 1.0f) / (1 + e) - targets[j]);
        }
        loss += sum;
    }
    return loss;
}

inline double squaredLoss(
    int rows, int O, float* out, int ld, const float* targets, float scale) {
    double loss = 0;
    for (int r = 0; r < rows; r++, out += ld, targets += O)
        for (int j = 0; j < O; j++) {
            float error = out[j] - targets[j];
            loss += error * error;
            out[j] = 2 * scale * error;
        }
    return loss;
}

// The rows [first, first + rows) of the problem's targets.
inline double lossOf(
    const Problem& p, std::size_t first, int rows, float* out, int ld, float scale) {
    switch (p.readout) {
        case Readout::Softmax:
            return softmaxLoss(rows, p.O, out, ld, p.classes.data() + first, scale);
        case Readout::Bernoulli:
            return bernoulliLoss(rows, p.O, out, ld, p.targets.data() + first * p.O, scale);
        case Readout::Linear:
            return squaredLoss(rows, p.O, out, ld, p.targets.data() + first * p.O, scale);
    }
    throw std::runtime_error("there is no readout " + std::to_string(int(p.readout)));
}

}  // namespace repro
