// Products on OpenBLAS, whose interface takes no packed weights; one sequence is a
// matrix-vector product.
#pragma once

#include <cblas.h>

#include <string>
#include <vector>

#include "buffer.hpp"

namespace repro {

struct OpenBlasGemm {
    // The columns there are, or whole lines.
    static std::vector<int> widths() { return {0, Line}; }

    static std::string version() {
        std::string config = openblas_get_config();  // "OpenBLAS 0.3.21 …"
        std::size_t begin = config.find(' ') + 1;
        return config.substr(begin, config.find(' ', begin) - begin);
    }

    static std::string kernel() { return openblas_get_corename(); }

    class Product {
    public:
        Product(int rows, int k, int n, int lda, int ldw, int ldc, bool add, int width)
            : rows_(rows), k_(k), n_(width ? padded(n) : n), lda_(lda), ldw_(ldw), ldc_(ldc),
              beta_(add ? 1.0f : 0.0f) {}

        void pack(const float* w) { w_ = w; }

        void run(const float* a, float* c) const {
            if (rows_ == 1)
                cblas_sgemv(
                    CblasRowMajor, CblasTrans, k_, n_, 1, w_, ldw_, a, 1, beta_, c, 1);
            else
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasNoTrans, rows_, n_, k_, 1, a, lda_, w_,
                    ldw_, beta_, c, ldc_);
        }

    private:
        int rows_, k_, n_, lda_, ldw_, ldc_;
        float beta_;
        const float* w_ = nullptr;
    };

    class Outer {
    public:
        Outer(int rows, int m, int n, int lda, int ldb, int ldc, int width)
            : rows_(rows), m_(m), n_(width ? padded(n) : n), lda_(lda), ldb_(ldb), ldc_(ldc) {}

        void run(const float* a, const float* b, float* c) const {
            cblas_sgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, m_, n_, rows_, 1, a, lda_, b, ldb_, 1,
                c, ldc_);
        }

    private:
        int rows_, m_, n_, lda_, ldb_, ldc_;
    };
};

}  // namespace repro
