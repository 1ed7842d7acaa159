// What the server of commands knows of a network in training.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace repro {

// Thrown with the reason by a network that has no way to compute a problem.
struct Unable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

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

    // What of the library runs, where that depends on the problem.
    virtual std::string kernels() const { return ""; }
};

}  // namespace repro
