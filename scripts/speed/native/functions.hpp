// Activations and their slopes, in a form the compiler turns into vectors. As fast as float32
// allows: the rational approximation of tanh is Eigen's (MathFunctionsImpl.h, ptanh_float).
#pragma once

namespace repro {

inline float fastTanh(float x) {
    constexpr float most = 7.90531110763549805f;
    x = x > most ? most : x;
    x = x < -most ? -most : x;
    float z = x * x;
    float p = -2.76076847742355e-16f;
    p = p * z + 2.00018790482477e-13f;
    p = p * z - 8.60467152213735e-11f;
    p = p * z + 5.12229709037114e-08f;
    p = p * z + 1.48572235717979e-05f;
    p = p * z + 6.37261928875436e-04f;
    p = p * z + 4.89352455891786e-03f;
    float q = 1.19825839466702e-06f;
    q = q * z + 1.18534705686654e-04f;
    q = q * z + 2.26843463243900e-03f;
    q = q * z + 4.89352518554385e-03f;
    return x * p / q;
}

inline float fastSigmoid(float x) { return 0.5f + 0.5f * fastTanh(0.5f * x); }

struct Relu {
    static float value(float s) { return s > 0 ? s : 0; }
    static float slope(float h) { return h > 0 ? 1.0f : 0.0f; }
};

struct Tanh {
    static float value(float s) { return fastTanh(s); }
    static float slope(float h) { return 1 - h * h; }
};

struct Sigmoid {
    static float value(float s) { return fastSigmoid(s); }
    static float slope(float h) { return h * (1 - h); }
};

// h = f(h) over [rows, columns]; columns are whole cache lines.
template <class F>
void activate(int rows, int columns, float* h, int stride) {
    for (int r = 0; r < rows; r++, h += stride) {
#pragma omp simd aligned(h : 64)
        for (int j = 0; j < columns; j++) h[j] = F::value(h[j]);
    }
}

// d = d * f'(s), written in h = f(s).
template <class F>
void differentiate(int rows, int columns, const float* h, int hStride, float* d, int dStride) {
    for (int r = 0; r < rows; r++, h += hStride, d += dStride) {
#pragma omp simd aligned(h, d : 64)
        for (int j = 0; j < columns; j++) d[j] *= F::slope(h[j]);
    }
}

}  // namespace repro
