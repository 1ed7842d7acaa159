/*
 * A second implementation of a training run, plain scalar C11, written from docs/numerics.md and
 * from nothing else. It writes the final weights to standard output as little-endian float32;
 * their SHA-256 is the weights hash of the engine's run of the same settings.
 *
 *   cc -std=c11 -O2 -ffp-contract=off -o reference reference.c -lm
 *   ./reference cell=simple activation=tanh hidden=17 alpha=4 | sha256sum
 *
 * It is an oracle, not a trainer: two cells, two tasks, no evaluation, no checkpoint.
 */
#include "lstm.h"
#include "simple.h"

typedef struct {
    const char *cell, *activation, *task;
    int hidden, size, shortest, longest, training;
    long updates;
    double rate, threshold, alpha, recurrent, others;
    uint64_t seed;
} settings;

static void refuse(const char *argument) {
    fprintf(stderr, "reference: '%s' is not one of the settings in reference.c\n", argument);
    exit(2);
}

static settings parse(int count, char **arguments) {
    settings s = {
        "simple", "tanh", "temporal-order", 17, 23, 12, 31, 40, 30, 0.05, 1, 0, 0.1, 0.1, 1
    };
    for (int i = 1; i < count; i++) {
        char *value = strchr(arguments[i], '='), *a = arguments[i];
        if (!value) refuse(a);
        *value++ = 0;
        if (!strcmp(a, "cell")) s.cell = value;
        else if (!strcmp(a, "activation")) s.activation = value;
        else if (!strcmp(a, "task")) s.task = value;
        else if (!strcmp(a, "hidden")) s.hidden = atoi(value);
        else if (!strcmp(a, "batch")) s.size = atoi(value);
        else if (!strcmp(a, "shortest")) s.shortest = atoi(value);
        else if (!strcmp(a, "longest")) s.longest = atoi(value);
        else if (!strcmp(a, "training")) s.training = atoi(value);
        else if (!strcmp(a, "updates")) s.updates = atol(value);
        else if (!strcmp(a, "rate")) s.rate = atof(value);
        else if (!strcmp(a, "threshold")) s.threshold = atof(value);
        else if (!strcmp(a, "alpha")) s.alpha = atof(value);
        else if (!strcmp(a, "recurrent")) s.recurrent = atof(value);
        else if (!strcmp(a, "others")) s.others = atof(value);
        else if (!strcmp(a, "seed")) s.seed = strtoull(value, NULL, 10);
        else refuse(a);
    }
    return s;
}

/* §5: shards of at most 20 sequences, one after the other. */
static void gradient(network *n, const batch *in, omega *w) {
    int shards = (in->size + 19) / 20, first = 0;
    memset(n->g, 0, (size_t)n->length * sizeof *n->g);
    if (w) {
        w->sum = 0;
        w->pairs = 0;
        memset(w->gradient, 0, (size_t)(n->hidden * n->hidden) * sizeof *w->gradient);
    }
    for (int i = 0; i < shards; i++) {
        int rows = in->size / shards + (i < in->size % shards ? 1 : 0);
        if (n->gates == 4) lstm_shard(n, in, first, rows);
        else simple_shard(n, in, first, rows, w);
        first += rows;
    }
    if (w) join(n, w);
}

/* §8: clip by the norm of the whole gradient, one step of plain gradient descent. */
static void step(network *n, double rate, double threshold) {
    float sums[64] = { 0 };
    for (int i = 0; i < n->length; i++) sums[i % 64] = fmaf(n->g[i], n->g[i], sums[i % 64]);
    double total = 0;
    for (int i = 0; i < 64; i++) total += (double)sums[i];
    double norm = sqrt(total), scale = norm >= threshold ? threshold / norm : 1;
    float factor = (float)-(rate * scale);
    for (int i = 0; i < n->length; i++) n->p[i] = fmaf(factor, n->g[i], n->p[i]);
}

int main(int count, char **arguments) {
    settings s = parse(count, arguments);
    int is_lstm = !strcmp(s.cell, "lstm"), is_addition = !strcmp(s.task, "addition");
    if (!is_lstm && strcmp(s.cell, "simple")) refuse(s.cell);
    if (!is_addition && strcmp(s.task, "temporal-order")) refuse(s.task);
    enum activation f = !strcmp(s.activation, "relu") ? RELU
        : !strcmp(s.activation, "sigmoid") ? SIGMOID : TANH;
    task k = {
        is_addition, s.shortest, is_addition ? s.shortest : s.longest, (uint32_t)s.training, s.seed
    };
    network n = make(is_addition ? 2 : 6, s.hidden, is_addition ? 1 : 4, is_lstm ? 4 : 1, f);
    if (is_lstm) initialise_lstm(&n, s.seed);
    else initialise_simple(&n, s.recurrent, s.others, s.seed);
    batch in = {
        0, s.size, n.inputs, zeros((size_t)k.longest * s.size * n.inputs),
        is_addition ? zeros((size_t)s.size) : NULL, calloc((size_t)s.size, sizeof(int))
    };
    omega w = { s.alpha, 0, 0, zeros((size_t)s.hidden * s.hidden) };
    for (long update = 0; update < s.updates; update++) {
        fill_batch(&k, (uint64_t)update, &in);
        gradient(&n, &in, s.alpha > 0 ? &w : NULL);
        step(&n, s.rate, s.threshold);
    }
    fwrite(n.p, sizeof *n.p, (size_t)n.length, stdout);
    return 0;
}
