/* Parameters, readout and loss, written from docs/numerics.md, sections 4 and 5. */
#ifndef NETWORK_H
#define NETWORK_H
#include <stdio.h>
#include "tasks.h"

enum activation { RELU, TANH, SIGMOID };

/* §4.1: W_hh [H, G H], b [G H], W_hx [I, G H], W_yh [H, O], b_y [O]; rows are sources. */
typedef struct {
    int inputs, hidden, outputs, gates;          /* gates: 1, or 4 in an LSTM */
    enum activation activation;                  /* of a simple network */
    int length;
    float *p, *g;                                /* parameters and gradient */
    int whh, b, whx, wyh, by;                    /* offsets */
} network;

static float *zeros(size_t n) {
    float *v = calloc(n ? n : 1, sizeof *v);
    if (!v) { fputs("reference: out of memory\n", stderr); exit(1); }
    return v;
}

static network make(int inputs, int hidden, int outputs, int gates, enum activation f) {
    network n = { inputs, hidden, outputs, gates, f, 0, NULL, NULL, 0, 0, 0, 0, 0 };
    n.b = n.whh + hidden * gates * hidden;
    n.whx = n.b + gates * hidden;
    n.wyh = n.whx + inputs * gates * hidden;
    n.by = n.wyh + hidden * outputs;
    n.length = n.by + outputs;
    n.p = zeros((size_t)n.length);
    n.g = zeros((size_t)n.length);
    return n;
}

/* §4.2 */
static void fill_normal(float *w, int count, double deviation, stream s) {
    for (int i = 0; i < count; i++) w[i] = (float)(deviation * normal(s, (uint64_t)i));
}

static void fill_uniform(float *w, int count, double bound, stream s) {
    for (int i = 0; i < count; i++) w[i] = (float)(bound * (2 * uniform(s, (uint64_t)i) - 1));
}

/* W_hh normal, drawn as the papers write it, target by source, and stored transposed. */
static void initialise_simple(network *n, double recurrent, double others, uint64_t seed) {
    int h = n->hidden;
    stream s = { seed, RECURRENT_WEIGHTS, 0 };
    for (int i = 0; i < h; i++)
        for (int j = 0; j < h; j++)
            n->p[n->whh + i * h + j] =
                (float)(normal(s, (uint64_t)j * (uint64_t)h + (uint64_t)i) * recurrent);
    fill_normal(n->p + n->whx, n->inputs * h, others, (stream){ seed, INPUT_WEIGHTS, 0 });
    fill_normal(n->p + n->wyh, h * n->outputs, others, (stream){ seed, READOUT_WEIGHTS, 0 });
}

static void initialise_lstm(network *n, uint64_t seed) {
    int h = n->hidden;
    double bound = 1 / sqrt(h);
    fill_uniform(n->p + n->whh, 4 * h * h, bound, (stream){ seed, RECURRENT_WEIGHTS, 0 });
    fill_uniform(n->p + n->whx, 4 * h * n->inputs, bound, (stream){ seed, INPUT_WEIGHTS, 0 });
    fill_normal(
        n->p + n->wyh, h * n->outputs, sqrt(2.0 / (h + n->outputs)),
        (stream){ seed, READOUT_WEIGHTS, 0 });
    for (int j = 0; j < h; j++) n->p[n->b + h + j] = 1.0f;
}

/* §5.1: rows of [W_hx; b; W_hh] in the order in which every pre-activation is summed. */
static const float *stacked(const network *n, int k) {
    int columns = n->gates * n->hidden;
    if (k < n->inputs) return n->p + n->whx + k * columns;
    if (k == n->inputs) return n->p + n->b;
    return n->p + n->whh + (k - n->inputs - 1) * columns;
}

static float pre_activation(const network *n, const float *x, const float *h, int column) {
    float sum = 0.0f;
    for (int k = 0; k < n->inputs + 1 + n->hidden; k++) {
        float source = k < n->inputs ? x[k] : k == n->inputs ? 1.0f : h[k - n->inputs - 1];
        sum = fmaf(source, stacked(n, k)[column], sum);
    }
    return sum;
}

/* §5.3: outputs of the last step, and in their place the errors. Loss of a shard. */
static void readout(const network *n, const float *h, int rows, float *o) {
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < n->outputs; j++) {
            float sum = fmaf(1.0f, n->p[n->by + j], 0.0f);
            for (int k = 0; k < n->hidden; k++)
                sum = fmaf(h[r * n->hidden + k], n->p[n->wyh + k * n->outputs + j], sum);
            o[r * n->outputs + j] = sum;
        }
}

static void errors(const network *n, const batch *in, int first, int rows, float *o) {
    double scale = 1.0 / in->size;
    for (int r = 0; r < rows; r++) {
        float *row = o + r * n->outputs;
        if (in->targets) {
            row[0] = (float)(2 * scale) * (row[0] - in->targets[first + r]);
            continue;
        }
        float most = row[0];
        for (int j = 1; j < n->outputs; j++) most = row[j] > most ? row[j] : most;
        double sum = 0;
        for (int j = 0; j < n->outputs; j++) sum += row[j] = exponential(row[j] - most);
        float share = (float)(scale / sum);
        for (int j = 0; j < n->outputs; j++) row[j] *= share;
        row[in->classes[first + r]] -= (float)scale;
    }
}

/* §5.5: every sum of outer products starts from zero and is added to the gradient whole. */
static void add_outer(
    int rows, const float *a, int a_stride, const float *d, int d_stride, float *to) {
    float sum = 0.0f;
    for (int r = 0; r < rows; r++) sum = fmaf(a[r * a_stride], d[r * d_stride], sum);
    *to += sum;
}

static void add_readout_gradient(const network *n, const float *h, const float *e, int rows) {
    static const float one = 1.0f;
    for (int j = 0; j < n->outputs; j++) {
        add_outer(rows, &one, 0, e + j, n->outputs, n->g + n->by + j);
        for (int i = 0; i < n->hidden; i++)
            add_outer(
                rows, h + i, n->hidden, e + j, n->outputs, n->g + n->wyh + i * n->outputs + j);
    }
}

/* §5.4: what the errors send back to the last state. */
static void inject(const network *n, const float *e, int rows, float *to) {
    for (int r = 0; r < rows; r++)
        for (int j = 0; j < n->hidden; j++) {
            float sum = 0.0f;
            for (int k = 0; k < n->outputs; k++)
                sum = fmaf(
                    e[r * n->outputs + k], n->p[n->wyh + j * n->outputs + k], sum);
            to[r * n->hidden + j] = sum;
        }
}

/* §5.5 for a block of `count` steps: h and deltas of its first step, [count R, ...]. */
static void add_block(
    const network *n, const batch *in, int first, int rows, int begin, int count,
    const float *h, const float *delta) {
    int columns = n->gates * n->hidden, all = count * rows;
    float *source = zeros((size_t)all);
    for (int k = 0; k < n->inputs + 1 + n->hidden; k++) {
        for (int r = 0; r < all; r++)
            source[r] = k == n->inputs ? 1.0f
                : k > n->inputs ? h[r * n->hidden + k - n->inputs - 1]
                : in->x[((size_t)(begin + r / rows) * in->size + first + r % rows) * n->inputs + k];
        float *to = n->g + (stacked(n, k) - n->p);
        for (int j = 0; j < columns; j++) add_outer(all, source, 1, delta + j, columns, to + j);
    }
    free(source);
}

#endif
