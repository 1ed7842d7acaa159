/* Training sequences of two tasks, written from docs/numerics.md, section 7. */
#ifndef TASKS_H
#define TASKS_H
#include <stdlib.h>
#include "numbers.h"

typedef struct {
    int is_addition;             /* else temporal order of two marks, authors' windows */
    int shortest, longest;       /* T */
    uint32_t training;           /* sequences of addition's fixed set */
    uint64_t seed;
} task;

/* Inputs are [T, B, I]; targets [B] or classes [B]. */
typedef struct { int steps, size, inputs; float *x, *targets; int *classes; } batch;

static int steps_of(const task *k, uint32_t update) {
    stream s = { k->seed, TRAINING_LENGTHS, update };
    return k->shortest == k->longest
        ? k->shortest
        : k->shortest + (int)below(s, 0, (uint32_t)(k->longest - k->shortest) + 1);
}

/* §7.1: fresh sequences in their own order; a fixed set in a new order each epoch. */
static uint32_t index_at(const task *k, uint64_t position) {
    static uint32_t *order;
    static uint64_t epoch = UINT64_MAX;
    if (!k->is_addition) return (uint32_t)position;
    uint64_t wanted = position / k->training;
    if (wanted != epoch) {
        order = realloc(order, k->training * sizeof *order);
        for (uint32_t i = 0; i < k->training; i++) order[i] = i;
        stream s = { k->seed, SHUFFLE, (uint32_t)wanted };
        for (uint32_t i = k->training - 1; i > 0; i--) {
            uint32_t j = below(s, i, i + 1), kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        epoch = wanted;
    }
    return order[position % k->training];
}

/* §7.2 */
static void addition(const task *k, uint32_t index, batch *to, int b) {
    stream s = { k->seed, TRAINING_SEQUENCES, index };
    int steps = to->steps, half = steps / 2;
    float *numbers = malloc((size_t)steps * sizeof *numbers);
    fill(s, numbers, steps);
    uint64_t marks = (uint64_t)1 << 40;
    int first = (int)below(s, marks, (uint32_t)half);
    int second = half + (int)below(s, marks + 1, (uint32_t)(steps - half));
    for (int t = 0; t < steps; t++) {
        float *x = to->x + ((size_t)t * to->size + b) * 2;
        x[0] = numbers[t];
        x[1] = t == first || t == second ? 1.0f : 0.0f;
    }
    to->targets[b] = numbers[first] + numbers[second];
    free(numbers);
}

/* §7.3 */
static void temporal_order(const task *k, uint32_t index, batch *to, int b) {
    static const int opens[2] = { 1, 5 };
    stream s = { k->seed, TRAINING_SEQUENCES, index };
    int steps = to->steps;
    int *symbols = malloc((size_t)steps * sizeof *symbols);
    uint32_t w[4];
    for (int t = 0; t < steps; t++) {
        if (t % 64 == 0) philox(s, (uint64_t)t / 64, w);
        symbols[t] = 2 + (int)(w[t % 64 / 16] >> (2 * (t % 16)) & 3);
    }
    philox(s, (uint64_t)1 << 40, w);
    int label = 0;
    for (int mark = 0; mark < 2; mark++) {
        int from = steps * opens[mark] / 10, count = steps / 10;
        int at = from + (int)((uint64_t)w[mark] * (uint32_t)count >> 32);
        int value = (int)(w[3] >> mark & 1);
        symbols[at] = value;
        label |= value << mark;
    }
    for (int t = 0; t < steps; t++) {
        float *x = to->x + ((size_t)t * to->size + b) * 6;
        for (int i = 0; i < 6; i++) x[i] = i == symbols[t] ? 1.0f : 0.0f;
    }
    to->classes[b] = label;
    free(symbols);
}

static void fill_batch(const task *k, uint64_t update, batch *to) {
    to->steps = steps_of(k, (uint32_t)update);
    for (int b = 0; b < to->size; b++) {
        uint32_t index = index_at(k, update * (uint64_t)to->size + (uint64_t)b);
        (k->is_addition ? addition : temporal_order)(k, index, to, b);
    }
}

#endif
