#include "openblas_gemm.hpp"

#include "gemm_peer.hpp"

int main() {
    openblas_set_num_threads(1);
    using Gemm = repro::OpenBlasGemm;
    return repro::Server(repro::gemmChoices<Gemm>)
        .run("OpenBLAS", Gemm::version(), Gemm::kernel());
}
