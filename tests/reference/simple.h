/* The simple network and the regulariser, written from docs/numerics.md, sections 5 and 6. */
#ifndef SIMPLE_H
#define SIMPLE_H
#include "network.h"

typedef struct { double alpha, sum; long pairs; float *gradient; } omega;

static float activate(enum activation f, float s) {
    return floored(f == RELU ? (s < 0.0f ? 0.0f : s)
        : f == TANH ? hyperbolic_tangent(s) : logistic(s));
}

static float derive(enum activation f, float h, float v) {
    return floored(f == RELU ? (0.0f < h ? v : 0.0f)
        : f == TANH ? v * fmaf(0.0f - h, h, 1.0f) : v * fmaf(0.0f - h, h, h));
}

/* §6.2: 16 interleaved sums, added in halves. */
static float squared_norm(const float *v, int length) {
    float sums[16] = { 0 };
    for (int i = 0; i < length; i++) {
        float large = fabsf(v[i]) < (float)1e-18 ? 0.0f : v[i];
        sums[i % 16] = fmaf(large, large, sums[i % 16]);
    }
    for (int n = 8; n > 0; n /= 2)
        for (int i = 0; i < n; i++) sums[i] += sums[i + n];
    return sums[0];
}

/* §6.3: the ratio of one pair of steps; v becomes its factor times v. */
static void measure(omega *w, float *v, int hidden, float numerator, float denominator) {
    float factor = 0.0f;
    if (denominator >= 1e-20) {
        double d = denominator, ratio = (double)numerator / d;
        w->sum += (ratio - 1) * (ratio - 1);
        w->pairs++;
        factor = (float)(4 * (ratio - 1) / d);
    }
    for (int j = 0; j < hidden; j++) v[j] = factor == 0.0f ? 0.0f : v[j] * factor;
}

/* Gradient of one shard, added to n->g and w->gradient; w is null without the regulariser. */
static void simple_shard(network *n, const batch *in, int first, int rows, omega *w) {
    int H = n->hidden, T = in->steps, group = rows * H;
    float *h = zeros((size_t)(T + 1) * group), *delta = zeros((size_t)T * group);
    float *v = zeros((size_t)(T + 1) * group);   /* v[t]: what delta[t] sends to state t */
    float *o = zeros((size_t)rows * n->outputs), *injected = zeros((size_t)group);
    for (int t = 0; t < T; t++)
        for (int r = 0; r < rows; r++) {
            const float *x = in->x + ((size_t)t * in->size + first + r) * n->inputs;
            for (int j = 0; j < H; j++)
                h[(t + 1) * group + r * H + j] =
                    activate(n->activation, pre_activation(n, x, h + t * group + r * H, j));
        }
    readout(n, h + T * group, rows, o);
    errors(n, in, first, rows, o);
    add_readout_gradient(n, h + T * group, o, rows);
    inject(n, o, rows, injected);

    float *above = zeros((size_t)rows);          /* squared norms of dE/dh one step up */
    for (int t = T - 1; t >= (w ? -1 : 0); t--)      /* -1: only Ω's pair with h_0 */
        for (int r = 0; r < rows; r++) {
            float *sent = v + (t + 1) * group + r * H, *dh = zeros((size_t)H);
            int is_last = t == T - 1;
            for (int j = 0; j < H; j++) {
                float start = is_last ? injected[r * H + j] : 0.0f, sum = w ? 0.0f : start;
                for (int k = 0; k < H && !is_last; k++)
                    sum = fmaf(
                        delta[(t + 1) * group + r * H + k], n->p[n->whh + j * H + k], sum);
                sent[j] = sum;
                dh[j] = w && is_last ? start + sum : sum;
                if (t >= 0)
                    delta[t * group + r * H + j] =
                        derive(n->activation, h[(t + 1) * group + r * H + j], dh[j]);
            }
            if (w) {
                float own = squared_norm(dh, H);
                if (!is_last) measure(w, sent, H, squared_norm(sent, H), above[r]);
                above[r] = own;
            }
            free(dh);
        }

    int per_block = 96 / rows > 0 ? 96 / rows : 1;
    for (int end = T; end > 0;) {
        int begin = end > per_block ? end - per_block : 0, is_top = end == T;
        add_block(
            n, in, first, rows, begin, end - begin, h + begin * group, delta + begin * group);
        int pairs = (is_top ? end - begin - 1 : end - begin) * rows;
        for (int i = 0; w && pairs > 0 && i < H; i++)
            for (int j = 0; j < H; j++)
                add_outer(
                    pairs, v + (begin + 1) * group + i, H, delta + (begin + 1) * group + j, H,
                    w->gradient + i * H + j);
        end = begin;
    }
    for (int i = 0; w && i < H; i++)
        for (int j = 0; j < H; j++)
            add_outer(rows, v + i, H, delta + j, H, w->gradient + i * H + j);
    free(h); free(delta); free(v); free(o); free(injected); free(above);
}

/* §6.4 */
static void join(network *n, const omega *w) {
    if (!w->pairs) return;
    float factor = (float)(w->alpha / (double)w->pairs);
    for (int i = 0; i < n->hidden * n->hidden; i++)
        n->g[n->whh + i] = fmaf(factor, w->gradient[i], n->g[n->whh + i]);
}

#endif
