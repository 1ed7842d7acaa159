#include "libxsmm_gemm.hpp"

#include "gemm_peer.hpp"

int main() {
    libxsmm_init();
    using Gemm = repro::LibxsmmGemm;
    return repro::Server(repro::gemmChoices<Gemm>).run("LIBXSMM", Gemm::version(), Gemm::kernel());
}
