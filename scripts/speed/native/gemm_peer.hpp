// A peer on a library of matrix products: its networks, one for each plan worth trying.
#pragma once

#include "lstm_network.hpp"
#include "plan.hpp"
#include "server.hpp"
#include "simple_network.hpp"

namespace repro {

template <class Gemm>
std::unique_ptr<Network> makeNetwork(const Problem& p, const Plan& plan) {
    if (p.cell == CellKind::Lstm) return std::make_unique<LstmNetwork<Gemm>>(p, plan);
    switch (p.activation) {
        case Activation::Relu: return std::make_unique<SimpleNetwork<Gemm, Relu>>(p, plan);
        case Activation::Tanh: return std::make_unique<SimpleNetwork<Gemm, Tanh>>(p, plan);
        case Activation::Sigmoid:
            return std::make_unique<SimpleNetwork<Gemm, Sigmoid>>(p, plan);
    }
    throw std::runtime_error(
        "there is no activation " + std::to_string(int(p.activation)));
}

template <class Gemm>
std::vector<Choice> gemmChoices(const Problem& p) {
    std::vector<Choice> choices;
    for (const Plan& plan : plansFor(p, Gemm::widths()))
        choices.push_back({plan.text(), [plan](const Problem& own) {
                               return makeNetwork<Gemm>(own, plan);
                           }});
    return choices;
}

}  // namespace repro
