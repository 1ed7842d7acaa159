// Back-propagation through time by oneDNN's own primitives. A call takes some steps of some
// sequences; of several short ones more stays in cache. The library computes the gradient of the
// inputs too, which nobody needs: it has no way to leave that out.
#pragma once

#include <vector>

#include "network.hpp"
#include "onednn_cell.hpp"
#include "onednn_head.hpp"

namespace repro {

class OneDnnNetwork : public Network {
public:
    // `rows` sequences swept together, `steps` of them in a call.
    OneDnnNetwork(const Problem& p, int rows, int steps)
        : problem(p), rows(rows), steps(steps), calls(p.T / steps),
          group(std::ptrdiff_t(rows) * p.H), weights(p),
          head(p, weights, p.everyStep ? rows * p.T : rows), engine(dnnl::engine::kind::cpu, 0),
          stream(engine), cell(p, rows, steps, weights.ldg, engine),
          inputs(std::size_t(p.T) * p.B * p.I), inputErrors(std::size_t(steps) * rows * p.I),
          hidden(p.T * group), hiddenErrors((p.everyStep ? p.T : 2 * steps) * group),
          ends((calls + 1) * group), cellEnds((calls + 1) * group),
          endErrors((calls + 1) * group), cellEndErrors((calls + 1) * group),
          inputForward(weightsAs(cell.inputForward, cell.inputRows, weights.stacked.at())),
          inputBackward(weightsAs(cell.inputBackward, cell.inputRows, weights.stacked.at())),
          recurrentForward(
              weightsAs(cell.recurrentForward, cell.recurrentRows, weights.recurrent())),
          recurrentBackward(
              weightsAs(cell.recurrentBackward, cell.recurrentRows, weights.recurrent())),
          scratchForward(cell.scratchForward, engine),
          scratchBackward(cell.scratchBackward, engine) {
        fillInputs();
        for (int call = 0; call < calls; call++) workspaces.emplace_back(cell.workspace, engine);
        for (int first = 0; first < p.B; first += rows)
            for (int call = 0; call < calls; call++) {
                forwards.push_back(forwardArguments(first, call));
                backwards.push_back(backwardArguments(forwards.back(), call));
            }
    }

    double gradient() override {
        weights.clearGradient();
        for (Relayout& own : relayouts) own.reorder.execute(stream, own.from, own.to);
        double loss = 0;
        for (int first = 0; first < problem.B; first += rows) {
            int part = first / rows * calls;
            for (int call = 0; call < calls; call++)
                cell.forward.execute(stream, forwards[part + call]);
            loss += problem.everyStep
                        ? head.run(hidden.at(), 0, hiddenErrors.at())
                        : head.run(
                              hidden.at((problem.T - 1) * group), first,
                              hiddenErrors.at((2 * steps - 1) * group));
            for (int call = calls - 1; call >= 0; call--)
                cell.backward.execute(stream, backwards[part + call]);
        }
        return loss / problem.B;
    }

    void step() override { weights.step(); }

    std::vector<float> flatGradient() const override { return weights.flatGradient(problem); }

    std::string kernels() const override { return cell.kernels; }

private:
    struct Relayout {
        dnnl::reorder reorder;
        dnnl::memory from, to;
    };

    dnnl::memory at(const Layout& layout, float* data) const { return {layout, engine, data}; }

    // Weights in the layout that a primitive wants: copied at each update, unless they are in it.
    dnnl::memory weightsAs(const Layout& wanted, const Layout& own, float* data) {
        dnnl::memory from = at(own, data);
        if (wanted == own) return from;
        dnnl::memory to(wanted, engine);
        relayouts.push_back({dnnl::reorder(from, to), from, to});
        return to;
    }

    // The sequences of a part lie together; a symbol is a row with a single one.
    void fillInputs() {
        float* to = inputs.at();
        for (int first = 0; first < problem.B; first += rows)
            for (int t = 0; t < problem.T; t++)
                for (int r = 0; r < rows; r++, to += problem.I) {
                    std::size_t row = std::size_t(t) * problem.B + first + r;
                    if (problem.oneHot)
                        to[problem.symbols[row]] = 1;
                    else
                        std::memcpy(
                            to, problem.inputs.data() + row * problem.I,
                            problem.I * sizeof(float));
                }
    }

    Arguments forwardArguments(int first, int call) {
        std::ptrdiff_t begin = std::ptrdiff_t(call) * steps;
        std::ptrdiff_t row = std::ptrdiff_t(problem.T) * first + begin * rows;
        Arguments own{
            {DNNL_ARG_SRC_LAYER, at(cell.inputs, inputs.at(row * problem.I))},
            {DNNL_ARG_SRC_ITER, at(cell.end, ends.at(call * group))},
            {DNNL_ARG_WEIGHTS_LAYER, inputForward},
            {DNNL_ARG_WEIGHTS_ITER, recurrentForward},
            {DNNL_ARG_BIAS, at(cell.bias, weights.bias())},
            {DNNL_ARG_DST_LAYER, at(cell.hidden, hidden.at(begin * group))},
            {DNNL_ARG_DST_ITER, at(cell.end, ends.at((call + 1) * group))},
            {DNNL_ARG_WORKSPACE, workspaces[call]},
            {DNNL_ARG_SCRATCHPAD, scratchForward}};
        if (problem.cell == CellKind::Lstm) {
            own[DNNL_ARG_SRC_ITER_C] = at(cell.end, cellEnds.at(call * group));
            own[DNNL_ARG_DST_ITER_C] = at(cell.end, cellEnds.at((call + 1) * group));
        }
        return own;
    }

    Arguments backwardArguments(Arguments own, int call) {
        // With a loss at the last step alone, all calls but the last have errors of zero.
        std::ptrdiff_t slot = problem.everyStep ? std::ptrdiff_t(call) * steps
                              : call == calls - 1 ? steps
                                                  : 0;
        float* gradient = weights.stackedGradient.at();
        std::ptrdiff_t ldg = weights.ldg;
        own[DNNL_ARG_WEIGHTS_LAYER] = inputBackward;
        own[DNNL_ARG_WEIGHTS_ITER] = recurrentBackward;
        own[DNNL_ARG_SCRATCHPAD] = scratchBackward;
        own[DNNL_ARG_DIFF_DST_LAYER] = at(cell.hidden, hiddenErrors.at(slot * group));
        own[DNNL_ARG_DIFF_DST_ITER] = at(cell.end, endErrors.at((call + 1) * group));
        own[DNNL_ARG_DIFF_SRC_LAYER] = at(cell.inputs, inputErrors.at());
        own[DNNL_ARG_DIFF_SRC_ITER] = at(cell.end, endErrors.at(call * group));
        own[DNNL_ARG_DIFF_WEIGHTS_LAYER] = at(cell.inputRows, gradient);
        own[DNNL_ARG_DIFF_BIAS] = at(cell.bias, gradient + problem.I * ldg);
        own[DNNL_ARG_DIFF_WEIGHTS_ITER] =
            at(cell.recurrentRows, gradient + (problem.I + 1) * ldg);
        if (problem.cell == CellKind::Lstm) {
            own[DNNL_ARG_DIFF_DST_ITER_C] = at(cell.end, cellEndErrors.at((call + 1) * group));
            own[DNNL_ARG_DIFF_SRC_ITER_C] = at(cell.end, cellEndErrors.at(call * group));
        }
        return own;
    }

    const Problem& problem;
    const int rows, steps, calls;
    const std::ptrdiff_t group;  // states of a step
    Weights weights;
    OneDnnHead head;
    dnnl::engine engine;
    dnnl::stream stream;
    OneDnnCell cell;
    Buffer inputs, inputErrors, hidden, hiddenErrors;
    // Between the calls: before the first, and after each; zeros before the first and after the
    // last, where nothing writes.
    Buffer ends, cellEnds, endErrors, cellEndErrors;
    std::vector<Relayout> relayouts;
    dnnl::memory inputForward, inputBackward, recurrentForward, recurrentBackward;
    dnnl::memory scratchForward, scratchBackward;
    std::vector<dnnl::memory> workspaces;
    std::vector<Arguments> forwards, backwards;
};

}  // namespace repro
