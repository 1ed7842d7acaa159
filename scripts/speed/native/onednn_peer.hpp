// A peer on oneDNN's primitives of recurrent networks: its networks, one for each cut of the batch
// and of the steps worth trying.
#pragma once

#include "onednn_network.hpp"
#include "plan.hpp"
#include "server.hpp"

namespace repro {

inline std::string oneDnnVersion() {
    const dnnl_version_t* own = dnnl::version();
    return std::to_string(own->major) + "." + std::to_string(own->minor) + "." +
           std::to_string(own->patch);
}

// The instructions that oneDNN makes code of here.
inline std::string oneDnnTarget() {
    switch (dnnl::get_effective_cpu_isa()) {
        case dnnl::cpu_isa::sse41: return "SSE4.1";
        case dnnl::cpu_isa::avx: return "AVX";
        case dnnl::cpu_isa::avx2: return "AVX2";
        case dnnl::cpu_isa::avx2_vnni: return "AVX2 with VNNI";
        case dnnl::cpu_isa::avx512_mic: return "AVX-512 of Xeon Phi";
        case dnnl::cpu_isa::avx512_mic_4ops: return "AVX-512 of Xeon Phi with 4FMAPS";
        case dnnl::cpu_isa::avx512_core: return "AVX-512";
        case dnnl::cpu_isa::avx512_core_vnni: return "AVX-512 with VNNI";
        case dnnl::cpu_isa::avx512_core_bf16: return "AVX-512 with BF16";
        case dnnl::cpu_isa::avx512_core_amx: return "AVX-512 with AMX";
        case dnnl::cpu_isa::all: return "all instructions there are";
    }
    return "instructions unknown to its header";
}

// All steps in a call, or as many as have some hundred or thousand rows.
inline std::vector<Choice> oneDnnChoices(const Problem& p) {
    std::vector<Choice> choices;
    for (int parts : partsOf(p)) {
        int rows = p.B / parts, last = 0;
        for (int most : {512, 1024, 2048, 4096, p.T * rows}) {
            int steps = stepsOfBlock(p.T, rows, most);
            if (steps == last) continue;
            last = steps;
            choices.push_back(
                {std::to_string(rows) + " sequences, calls of " + std::to_string(steps) +
                     " steps",
                 [rows, steps](const Problem& own) {
                     return std::make_unique<OneDnnNetwork>(own, rows, steps);
                 }});
        }
    }
    return choices;
}

}  // namespace repro
