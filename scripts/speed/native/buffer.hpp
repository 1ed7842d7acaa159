// Memory on cache lines, zeroed once.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

namespace repro {

constexpr int Line = 16;  // floats of a cache line

inline int padded(int n) { return (n + Line - 1) / Line * Line; }

// An odd number of cache lines: even strides fall on few sets of a cache and evict one another.
inline int stride(int n) { return ((n + Line - 1) / Line | 1) * Line; }

class Buffer {
public:
    explicit Buffer(std::size_t length) : length_(length) {
        std::size_t bytes = (length * sizeof(float) + 63) / 64 * 64 + 64;
        data_ = static_cast<float*>(std::aligned_alloc(64, bytes));
        if (!data_) throw std::bad_alloc();
        std::memset(data_, 0, bytes);
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer() { std::free(data_); }

    float* at(std::ptrdiff_t index = 0) const { return data_ + index; }
    std::size_t length() const { return length_; }
    void clear() { std::memset(data_, 0, length_ * sizeof(float)); }

private:
    std::size_t length_;
    float* data_;
};

}  // namespace repro
