// oneDNN's primitives of a simple network or an LSTM, forward and backward, over some steps of some
// sequences: what they are called with, the layouts they want and which of their kernels run.
#pragma once

#include <dnnl.hpp>

#include <string>
#include <unordered_map>

#include "network.hpp"
#include "problem.hpp"

#if DNNL_VERSION_MAJOR != 2
#error "this peer is written for oneDNN 2; oneDNN 3 has other descriptors of operations"
#endif

namespace repro {

using Layout = dnnl::memory::desc;
using Arguments = std::unordered_map<int, dnnl::memory>;

inline Layout floats(const dnnl::memory::dims& sizes, dnnl::memory::format_tag order) {
    return Layout(sizes, dnnl::memory::data_type::f32, order);
}

// [1, 1, inputs, gates, H] in rows of ldg floats, as struct Weights has them.
inline Layout weightRows(const Problem& p, int inputs, int ldg) {
    dnnl::memory::dim gates = p.G() / p.H, all = dnnl::memory::dim(inputs) * ldg;
    return Layout(
        {1, 1, inputs, gates, p.H}, dnnl::memory::data_type::f32, {all, all, ldg, p.H, 1});
}

inline dnnl::algorithm activationOf(const Problem& p) {
    switch (p.activation) {
        case Activation::Relu: return dnnl::algorithm::eltwise_relu;
        case Activation::Tanh: return dnnl::algorithm::eltwise_tanh;
        case Activation::Sigmoid: return dnnl::algorithm::eltwise_logistic;
    }
    throw std::runtime_error("there is no activation " + std::to_string(int(p.activation)));
}

struct OneDnnCell {
    OneDnnCell(const Problem& p, int rows, int steps, int ldg, const dnnl::engine& engine)
        : inputs(floats({steps, rows, p.I}, dnnl::memory::format_tag::tnc)),
          hidden(floats({steps, rows, p.H}, dnnl::memory::format_tag::tnc)),
          end(floats({1, 1, rows, p.H}, dnnl::memory::format_tag::ldnc)),
          bias(floats({1, 1, p.G() / p.H, p.H}, dnnl::memory::format_tag::ldgo)),
          inputRows(weightRows(p, p.I, ldg)), recurrentRows(weightRows(p, p.H, ldg)) {
        Layout anyInput = floats({1, 1, p.I, p.G() / p.H, p.H}, dnnl::memory::format_tag::any);
        Layout anyRecurrent =
            floats({1, 1, p.H, p.G() / p.H, p.H}, dnnl::memory::format_tag::any);
        dnnl::primitive_attr attributes;
        attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
        constexpr auto onward = dnnl::rnn_direction::unidirectional_left2right;
        constexpr auto training = dnnl::prop_kind::forward_training;
        constexpr auto back = dnnl::prop_kind::backward;
        try {
            if (p.cell == CellKind::Lstm) {
                dnnl::lstm_forward::primitive_desc first(
                    {training, onward, inputs, end, end, anyInput, anyRecurrent, bias, hidden,
                     end, end},
                    attributes, engine);
                take<dnnl::lstm_forward, dnnl::lstm_backward>(
                    first, {{back, onward, inputs, end, end, anyInput, anyRecurrent, bias,
                             hidden, end, end, inputs, end, end, inputRows, recurrentRows, bias,
                             hidden, end, end},
                            attributes, engine, first});
            } else {
                dnnl::algorithm f = activationOf(p);
                dnnl::vanilla_rnn_forward::primitive_desc first(
                    {training, f, onward, inputs, end, anyInput, anyRecurrent, bias, hidden,
                     end},
                    attributes, engine);
                take<dnnl::vanilla_rnn_forward, dnnl::vanilla_rnn_backward>(
                    first, {{back, f, onward, inputs, end, anyInput, anyRecurrent, bias, hidden,
                             end, inputs, end, inputRows, recurrentRows, bias, hidden, end},
                            attributes, engine, first});
            }
        } catch (const dnnl::error& error) {
            if (error.status != dnnl_unimplemented) throw;
            throw Unable(
                std::string("oneDNN has no primitive that trains it here: ") + error.message);
        }
    }

    // Of the inputs, of the states of all steps, and of the state that a step leaves.
    const Layout inputs, hidden, end, bias;
    // The weights as struct Weights has them; gradients are added to that layout.
    const Layout inputRows, recurrentRows;

    // The weights as each direction wants them.
    Layout inputForward, recurrentForward, inputBackward, recurrentBackward, workspace;
    Layout scratchForward, scratchBackward;
    dnnl::primitive forward, backward;
    std::string kernels;

private:
    template <class Forward, class Backward>
    void take(
        const typename Forward::primitive_desc& first,
        const typename Backward::primitive_desc& then) {
        inputForward = first.weights_layer_desc();
        recurrentForward = first.weights_iter_desc();
        inputBackward = then.weights_layer_desc();
        recurrentBackward = then.weights_iter_desc();
        workspace = first.workspace_desc();
        scratchForward = first.scratchpad_desc();
        scratchBackward = then.scratchpad_desc();
        kernels = std::string("forward ") + first.impl_info_str() + ", backward " +
                  then.impl_info_str();
        forward = Forward(first);
        backward = Backward(then);
    }
};

}  // namespace repro
