// The choices that a good program makes by trying: each is timed on the shape before any time
// counts, and the fastest is taken.
#pragma once

#include <string>
#include <vector>

#include "buffer.hpp"
#include "problem.hpp"

namespace repro {

struct Plan {
    int width;      // columns of a panel of weights; 0 for one panel without padding
    int rows;       // sequences swept together
    int blockSteps; // steps whose outer products are summed together

    std::string text() const {
        return "panels of " + (width ? std::to_string(width) : std::string("all")) +
               " columns, " + std::to_string(rows) + " sequences, blocks of " +
               std::to_string(blockSteps) + " steps";
    }
};

// The most steps that divide T and have no more rows than that.
inline int stepsOfBlock(int T, int rows, int most) {
    int best = 1;
    for (int steps = 1; steps <= T; steps++)
        if (T % steps == 0 && steps * rows <= most) best = steps;
    return best;
}

// Into how many parts it is worth cutting the batch. With a loss at every step the rows of a part
// would not be neighbours.
inline std::vector<int> partsOf(const Problem& p) {
    std::vector<int> all = {1};
    for (int parts : {2, 4, 5})
        if (p.B % parts == 0 && p.B / parts >= 16 && !p.everyStep) all.push_back(parts);
    return all;
}

inline std::vector<Plan> plansFor(const Problem& p, const std::vector<int>& widths) {
    std::vector<Plan> plans;
    for (int parts : partsOf(p)) {
        int rows = p.B / parts;
        std::vector<int> blocks;
        for (int most : {64, 128, 256}) {
            int steps = stepsOfBlock(p.T, rows, most);
            if (blocks.empty() || blocks.back() != steps) blocks.push_back(steps);
        }
        for (int width : widths) {
            if (width >= padded(p.G()) && width > 0) continue;
            for (int steps : blocks) plans.push_back({width, rows, steps});
        }
    }
    return plans;
}

}  // namespace repro
