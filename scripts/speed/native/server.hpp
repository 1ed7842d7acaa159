// Answers commands of speed.fsx, a line each, with a line of JSON each. The first line is sent
// unasked: {"peer", "version", "kernel"}. Then
//     load ID PROBLEM GRADIENT   reads a problem, chooses how to compute it, writes the gradient
//                                (float32, in the order of the parameters): {"loss", "plan"}
//     time ID N                  makes N updates: {"milliseconds"}
//     quit
// or {"error"} where that cannot be done; to load also {"unable"}, for a problem that the peer has
// no way to compute.
#pragma once

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>

#include <xmmintrin.h>

#include "network.hpp"
#include "problem.hpp"

namespace repro {

// One way of computing a problem, and its name.
struct Choice {
    std::string text;
    std::function<std::unique_ptr<Network>(const Problem&)> make;
};

using Choices = std::function<std::vector<Choice>(const Problem&)>;

inline double milliseconds(Network& network) {
    auto begin = std::chrono::steady_clock::now();
    network.gradient();
    network.step();
    std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
    return taken.count();
}

inline std::string quoted(const std::string& text) {
    std::string to = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') to += '\\';
        to += c < ' ' ? ' ' : c;
    }
    return to + "\"";
}

class Server {
public:
    explicit Server(Choices choices) : choices(std::move(choices)) {}

    int run(const std::string& peer, const std::string& version, const std::string& kernel) {
        // As the engine, which has a floor for them: subnormal numbers would slow every product.
        _mm_setcsr(_mm_getcsr() | 0x8040);
        say("{\"peer\":" + quoted(peer) + ",\"version\":" + quoted(version) + ",\"kernel\":" +
            quoted(kernel) + "}");
        std::string line;
        while (std::getline(std::cin, line) && line != "quit") {
            try {
                say(answer(line));
            } catch (const Unable& why) {
                say("{\"unable\":" + quoted(why.what()) + "}");
            } catch (const std::exception& error) {
                say("{\"error\":" + quoted(error.what()) + "}");
            }
        }
        return 0;
    }

private:
    struct Loaded {
        Problem problem;
        std::unique_ptr<Network> network;
    };

    static void say(const std::string& line) {
        std::cout << line << std::endl;
    }

    std::string answer(const std::string& line) {
        std::istringstream words(line);
        std::string verb, id, path, gradient;
        int count = 0;
        words >> verb >> id;
        if (verb == "load" && words >> path >> gradient) return load(id, path, gradient);
        if (verb == "time" && words >> count && count > 0) return time(id, count);
        throw std::runtime_error(
            "got '" + line + "'; say 'load ID PROBLEM GRADIENT', 'time ID N' or 'quit'");
    }

    std::string load(const std::string& id, const std::string& path, const std::string& to) {
        Loaded& own = loaded[id];
        own.problem = readProblem(path);
        Choice choice = fastest(own.problem);
        own.network = choice.make(own.problem);
        double loss = own.network->gradient();
        std::vector<float> flat = own.network->flatGradient();
        std::ofstream file(to, std::ios::binary);
        file.write(
            reinterpret_cast<const char*>(flat.data()),
            std::streamsize(flat.size() * sizeof(float)));
        if (!file.flush()) throw std::runtime_error(to + " cannot be written");
        std::string kernels = own.network->kernels();
        std::string plan = choice.text + (kernels.empty() ? "" : ", " + kernels);
        std::ostringstream text;
        text.precision(9);
        text << "{\"loss\":" << loss << ",\"plan\":" << quoted(plan) << "}";
        return text.str();
    }

    // Each is tried four times; the first try warms it up.
    Choice fastest(const Problem& problem) const {
        double best = 1e300;
        Choice found;
        for (const Choice& choice : choices(problem)) {
            auto network = choice.make(problem);
            double time = milliseconds(*network);
            for (int i = 0; i < 3; i++) time = std::min(time, milliseconds(*network));
            if (time < best) best = time, found = choice;
        }
        return found;
    }

    std::string time(const std::string& id, int count) {
        auto found = loaded.find(id);
        if (found == loaded.end()) throw std::runtime_error("'" + id + "' is not loaded");
        std::ostringstream text;
        text << "{\"milliseconds\":[";
        for (int i = 0; i < count; i++)
            text << (i ? "," : "") << milliseconds(*found->second.network);
        text << "]}";
        return text.str();
    }

    Choices choices;
    std::map<std::string, Loaded> loaded;
};

}  // namespace repro
