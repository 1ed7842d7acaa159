// Products on LIBXSMM: code made at run time for each size. LIBXSMM is column-major, so that
// row-major C = A·W is its Cᵀ = Wᵀ·Aᵀ: the columns of W are its rows, along which vectors lie.
#pragma once

#include <libxsmm.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "buffer.hpp"

namespace repro {

struct LibxsmmGemm {
    // Whole lines or what is left: 0 is one panel of just the columns there are.
    static std::vector<int> widths() { return {0, 64, 48, 32}; }

    static std::string version() {
        return std::to_string(LIBXSMM_VERSION_MAJOR) + "." +
               std::to_string(LIBXSMM_VERSION_MINOR);
    }

    static std::string kernel() { return libxsmm_get_target_arch(); }

    static libxsmm_smmfunction make(
        int m, int n, int k, int lda, int ldb, int ldc, bool add, int flags) {
        float alpha = 1, beta = add ? 1 : 0;
        libxsmm_smmfunction made = libxsmm_smmdispatch(
            m, n, k, &lda, &ldb, &ldc, &alpha, &beta, &flags, nullptr);
        if (!made)
            throw std::runtime_error(
                "LIBXSMM makes no kernel of " + std::to_string(m) + " x " + std::to_string(n) +
                " x " + std::to_string(k));
        return made;
    }

    struct Panel {
        libxsmm_smmfunction kernel;
        int column, width;
    };

    template <class Make>
    static std::vector<Panel> cut(int n, int width, Make make) {
        std::vector<Panel> panels;
        if (!width) {
            panels.push_back({make(n), 0, n});
            return panels;
        }
        for (int column = 0; column < padded(n); column += width) {
            int own = std::min(width, padded(n) - column);
            panels.push_back({make(own), column, own});
        }
        return panels;
    }

    // C = A·W, or C += A·W: A [rows, k], W [k, n], C [rows, n].
    class Product {
    public:
        Product(int rows, int k, int n, int lda, int ldw, int ldc, bool add, int width)
            : k_(k), ldw_(ldw), packs_(width > 0),
              panels_(cut(n, width, [=](int own) {
                  return make(own, rows, k, width ? own : ldw, lda, ldc, add, 0);
              })),
              packed_(packs_ ? std::size_t(k) * padded(n) : 0) {}

        void pack(const float* w) {
            w_ = w;
            for (const Panel& panel : panels_) {
                if (!packs_) return;
                float* to = packed_.at(std::ptrdiff_t(panel.column) * k_);
                for (int i = 0; i < k_; i++)
                    std::memcpy(
                        to + std::ptrdiff_t(i) * panel.width,
                        w + std::ptrdiff_t(i) * ldw_ + panel.column,
                        panel.width * sizeof(float));
            }
        }

        void run(const float* a, float* c) const {
            for (const Panel& panel : panels_)
                panel.kernel(
                    packs_ ? packed_.at(std::ptrdiff_t(panel.column) * k_) : w_, a,
                    c + panel.column);
        }

    private:
        int k_, ldw_;
        bool packs_;
        std::vector<Panel> panels_;
        Buffer packed_;
        const float* w_ = nullptr;
    };

    // C += Aᵀ·B: A [rows, m], B [rows, n], C [m, n].
    class Outer {
    public:
        Outer(int rows, int m, int n, int lda, int ldb, int ldc, int width)
            : panels_(cut(n, width, [=](int own) {
                  return make(own, m, rows, ldb, lda, ldc, true, LIBXSMM_GEMM_FLAG_TRANS_B);
              })) {}

        void run(const float* a, const float* b, float* c) const {
            for (const Panel& panel : panels_)
                panel.kernel(b + panel.column, a, c + panel.column);
        }

    private:
        std::vector<Panel> panels_;
    };
};

}  // namespace repro
