/* The LSTM, written from docs/numerics.md, section 5. */
#ifndef LSTM_H
#define LSTM_H
#include "network.h"

/* §5.2: the k-th term of a sum over the gates: 16 units' i, f, g, o, then the next 16. */
static int gate_column(int hidden, int k) {
    int unit = k / 64 * 16, units = hidden - unit < 16 ? hidden - unit : 16;
    return (k - 4 * unit) / units * hidden + unit + (k - 4 * unit) % units;
}

static void lstm_shard(network *n, const batch *in, int first, int rows) {
    int H = n->hidden, T = in->steps, group = rows * H;
    float *h = zeros((size_t)(T + 1) * group), *c = zeros((size_t)(T + 1) * group);
    float *gates = zeros((size_t)T * 4 * group), *delta = zeros((size_t)T * 4 * group);
    float *o = zeros((size_t)rows * n->outputs), *injected = zeros((size_t)group);
    float *dc = zeros((size_t)group);
    for (int t = 0; t < T; t++)
        for (int r = 0; r < rows; r++) {
            const float *x = in->x + ((size_t)t * in->size + first + r) * n->inputs;
            float *a = gates + t * 4 * group + r * 4 * H;
            for (int j = 0; j < 4 * H; j++) {
                float s = pre_activation(n, x, h + t * group + r * H, j);
                a[j] = j / H == 2 ? hyperbolic_tangent(s) : logistic(s);
            }
            for (int j = 0; j < H; j++) {
                int at = (t + 1) * group + r * H + j;
                float i = a[j], f = a[H + j], g = a[2 * H + j];
                c[at] = floored(fmaf(f, c[at - group], i * g));
                h[at] = floored(a[3 * H + j] * hyperbolic_tangent(c[at]));
            }
        }
    readout(n, h + T * group, rows, o);
    errors(n, in, first, rows, o);
    add_readout_gradient(n, h + T * group, o, rows);
    inject(n, o, rows, injected);

    for (int t = T - 1; t >= 0; t--)
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < H; j++) {
                float dh = t == T - 1 ? injected[r * H + j] : 0.0f;
                for (int k = 0; k < 4 * H && t < T - 1; k++) {
                    int column = gate_column(H, k);
                    dh = fmaf(
                        delta[(t + 1) * 4 * group + r * 4 * H + column],
                        n->p[n->whh + j * 4 * H + column], dh);
                }
                const float *a = gates + t * 4 * group + r * 4 * H;
                float *d = delta + t * 4 * group + r * 4 * H;
                float i = a[j], f = a[H + j], g = a[2 * H + j], out = a[3 * H + j];
                float squashed = hyperbolic_tangent(c[(t + 1) * group + r * H + j]);
                float through = dh * out, slope = fmaf(0.0f - squashed, squashed, 1.0f);
                float e = fmaf(through, slope, dc[r * H + j]);
                float ig = i * g, fc = f * c[t * group + r * H + j], oc = through * squashed;
                d[j] = floored(e * fmaf(0.0f - ig, i, ig));
                d[H + j] = floored(e * fmaf(0.0f - fc, f, fc));
                d[2 * H + j] = floored(e * fmaf(0.0f - ig, g, i));
                d[3 * H + j] = floored(fmaf(0.0f - oc, out, oc));
                dc[r * H + j] = floored(e * f);
            }

    int per_block = 96 / rows > 0 ? 96 / rows : 1;
    for (int end = T; end > 0;) {
        int begin = end > per_block ? end - per_block : 0;
        add_block(
            n, in, first, rows, begin, end - begin, h + begin * group, delta + begin * 4 * group);
        end = begin;
    }
    free(h); free(c); free(gates); free(delta); free(o); free(injected); free(dc);
}

#endif
