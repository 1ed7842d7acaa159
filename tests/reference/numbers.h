/* Random numbers and elementary functions, written from docs/numerics.md, sections 2 and 3. */
#ifndef NUMBERS_H
#define NUMBERS_H
#include <math.h>
#include <stdint.h>
#include <string.h>

enum purpose {
    RECURRENT_WEIGHTS = 1, INPUT_WEIGHTS = 2, READOUT_WEIGHTS = 3,
    TRAINING_SEQUENCES = 10, TRAINING_LENGTHS = 13, SHUFFLE = 20
};

/* §2.1: a stream is named by the run's seed, a purpose and a step. */
typedef struct { uint64_t seed; uint32_t purpose, step; } stream;

static void philox(stream s, uint64_t block, uint32_t w[4]) {
    uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32), c2 = s.step, c3 = s.purpose;
    uint32_t k0 = (uint32_t)s.seed, k1 = (uint32_t)(s.seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53u * c0, b = (uint64_t)0xCD9E8D57u * c2;
        uint32_t n0 = (uint32_t)(b >> 32) ^ c1 ^ k0, n2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c0 = n0; c1 = (uint32_t)b; c2 = n2; c3 = (uint32_t)a;
        k0 += 0x9E3779B9u; k1 += 0xBB67AE85u;
    }
    w[0] = c0; w[1] = c1; w[2] = c2; w[3] = c3;
}

/* §2.2 */
static uint64_t bits64(stream s, uint64_t index) {
    uint32_t w[4];
    philox(s, index / 2, w);
    return index % 2 == 0 ? (uint64_t)w[1] << 32 | w[0] : (uint64_t)w[3] << 32 | w[2];
}

static double uniform(stream s, uint64_t index) {
    return (double)(bits64(s, index) >> 11) * 0x1p-53;
}

static uint32_t below(stream s, uint64_t index, uint32_t n) {
    uint64_t bits = bits64(s, index);
    uint64_t low = (bits & 0xFFFFFFFFu) * n, high = (bits >> 32) * n;
    return (uint32_t)((high + (low >> 32)) >> 32);
}

static void fill(stream s, float *to, int length) {
    uint32_t w[4];
    for (int i = 0; i < length; i++) {
        if (i % 4 == 0) philox(s, (uint64_t)i / 4, w);
        to[i] = (float)(w[i % 4] >> 8) * 0x1p-24f;
    }
}

/* §3.1 */
static double logarithm(double x) {
    uint64_t bits;
    memcpy(&bits, &x, 8);                  /* x is positive and normal in every use here */
    int exponent = (int)(bits >> 52) - 1023;
    bits = (bits & 0xFFFFFFFFFFFFFull) | 0x3FF0000000000000ull;
    double m;
    memcpy(&m, &bits, 8);
    if (m > 1.4142135623730951) { m *= 0.5; exponent++; }
    double s = (m - 1) / (m + 1), z = s * s, sum = 1.0 / 23;
    for (int k = 21; k >= 3; k -= 2) sum = fma(sum, z, 1.0 / k);
    double series = 2 * s * z * sum;
    double low = fma(exponent, 1.90821492927058770002e-10, series);
    return fma(exponent, 0.693147180369123816490, low + 2 * s);
}

static double polynomial(const double c[8], double x) {
    double sum = c[7];
    for (int i = 6; i >= 0; i--) sum = fma(sum, x, c[i]);
    return sum;
}

/* §3.2, AS 241 */
static double normal_quantile(double p) {
    static const double
        cp[8] = { 3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
            1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
            3.3430575583588128105e+4, 2.5090809287301226727e+3 },
        cq[8] = { 1.0, 4.2313330701600911252e+1, 6.8718700749205790830e+2,
            5.3941960214247511077e+3, 2.1213794301586595867e+4, 3.9307895800092710610e+4,
            2.8729085735721942674e+4, 5.2264952788528545610e+3 },
        mp[8] = { 1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
            3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
            2.27238449892691845833e-2, 7.74545014278341407640e-4 },
        mq[8] = { 1.0, 2.05319162663775882187e0, 1.67638483018380384940e0,
            6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2,
            5.47593808499534494600e-4, 1.05075007164441684324e-9 },
        tp[8] = { 6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
            2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
            2.71155556874348757815e-5, 2.01033439929228813265e-7 },
        tq[8] = { 1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1,
            1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5,
            1.42151175831644588870e-7, 2.04426310338993978564e-15 };
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(cp, r) / polynomial(cq, r);
    }
    double tail = sqrt(-logarithm(q < 0 ? p : 1 - p));
    double z = tail <= 5
        ? polynomial(mp, tail - 1.6) / polynomial(mq, tail - 1.6)
        : polynomial(tp, tail - 5) / polynomial(tq, tail - 5);
    return q < 0 ? -z : z;
}

static double normal(stream s, uint64_t index) {
    return normal_quantile(((double)(bits64(s, index) >> 12) + 0.5) * 0x1p-52);
}

/* §3.3: e^r - 1 for x = n log 2 + r, and 2^n. */
static float reduced_expm1(float x, float *scale) {
    if (x < -87.0f) x = -87.0f;
    float shifted = fmaf(x, (float)1.4426950408889634, 12582912.0f);
    int32_t bits;
    memcpy(&bits, &shifted, 4);
    uint32_t power = (uint32_t)(bits + 127) << 23;
    memcpy(scale, &power, 4);
    float n = shifted - 12582912.0f;
    float r = fmaf(n, -0.693359375f, x);
    r = fmaf(n, (float)2.12194440054690581e-4, r);
    float q = (float)(1.0 / 5040);
    q = fmaf(q, r, (float)(1.0 / 720));
    q = fmaf(q, r, (float)(1.0 / 120));
    q = fmaf(q, r, (float)(1.0 / 24));
    q = fmaf(q, r, (float)(1.0 / 6));
    q = fmaf(q, r, 0.5f);
    return fmaf(r * r, q, r);
}

static float exponential(float x) {
    float scale, p = reduced_expm1(87.0f < x ? 87.0f : x, &scale);
    return fmaf(scale, p, scale);
}

static float hyperbolic_tangent(float x) {
    float scale, p = reduced_expm1(fabsf(x) * -2.0f, &scale);
    float m = fmaf(scale, p, scale - 1.0f), t = m / (m + 2.0f);
    return x < 0.0f ? t : 0.0f - t;
}

static float logistic(float x) {
    float scale, p = reduced_expm1(0.0f - fabsf(x), &scale);
    float e = fmaf(scale, p, scale);
    return (x < 0.0f ? e : 1.0f) / (1.0f + e);
}

/* §1.3 */
static float floored(float v) { return fabsf(v) < (float)1e-30 ? 0.0f : v; }

#endif
