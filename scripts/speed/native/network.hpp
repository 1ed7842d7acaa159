// What the server of commands knows of a network in training.
#pragma once

#include <vector>

namespace repro {

constexpr float Rate = 1e-4f;
constexpr float Threshold = 1.0f;

class Network {
public:
    virtual ~Network() = default;

    // Forward, loss and backward; the loss summed over steps and outputs, mean over the batch.
    virtual double gradient() = 0;

    // A step of gradient descent, with the gradient of the last call clipped by its norm.
    virtual void step() = 0;

    // The gradient of the last call in the order of the problem's parameters.
    virtual std::vector<float> flatGradient() const = 0;
};

}  // namespace repro
