// SPDX-License-Identifier: MIT
#include "core/csv/distinct_sketch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/csv/text_words.hpp"

namespace sluice::csv {

namespace {

constexpr char kZero = '0';  // a register of 0; the greatest, 55, is 'g'

constexpr std::uint64_t kFirst = 0x9E3779B97F4A7C15U,
                        kSecond = 0xD1B54A32D192ED03U;  // odd, half of their bits set

/// Both halves of the product, one over the other: each bit of the result depends on all of both factors.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Sixteen bytes at a time, by loads of fixed sizes that overlap at the end: most cells cost two products.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = kSecond ^ text.size();
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left > 16; at += 16, left -= 16)
    hash = fold(load_word<std::uint64_t>(at) ^ kFirst, load_word<std::uint64_t>(at + 8) ^ hash);
  std::uint64_t first = 0, last = 0;
  if (left >= 8) {
    first = load_word<std::uint64_t>(at);
    last = load_word<std::uint64_t>(at + left - 8);
  } else if (left >= 4) {
    first = load_word<std::uint32_t>(at);
    last = load_word<std::uint32_t>(at + left - 4);
  } else if (left > 0) {
    first = load_word<std::uint8_t>(at) | load_word<std::uint8_t>(at + left / 2) << 8 |
            load_word<std::uint8_t>(at + left - 1) << 16;
  }
  return fold(fold(first ^ kFirst, last ^ hash), kSecond);
}

}  // namespace

void DistinctSketch::add(std::string_view text) {
  if (registers_.empty()) registers_.resize(kRegisters);
  const std::uint64_t hash = hash_of(text);
  std::uint8_t& place = registers_[hash >> (64 - kBits)];
  const auto zeros =
      static_cast<std::uint8_t>(std::countl_zero((hash << kBits) | (std::uint64_t{1} << (kBits - 1))));
  if (const auto rank = static_cast<std::uint8_t>(zeros + 1); place < rank) place = rank;
}

void DistinctSketch::merge(const DistinctSketch& other) {
  if (other.registers_.empty()) return;
  if (registers_.empty()) registers_.resize(kRegisters);
  for (std::size_t i = 0; i < kRegisters; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
}

std::uint64_t DistinctSketch::estimate() const {
  if (registers_.empty()) return 0;
  constexpr double kCount = kRegisters;
  double sum = 0;
  std::size_t empty = 0;
  for (const std::uint8_t value : registers_) {
    sum += std::ldexp(1.0, -static_cast<int>(value));
    empty += value == 0;
  }
  const double alpha = 0.7213 / (1 + 1.079 / kCount);
  double estimate = alpha * kCount * kCount / sum;
  if (estimate <= 2.5 * kCount && empty > 0)
    estimate = kCount * std::log(kCount / static_cast<double>(empty));
  return static_cast<std::uint64_t>(std::llround(estimate));
}

std::string DistinctSketch::encoded() const {
  std::string text;
  text.reserve(registers_.size());
  for (const std::uint8_t value : registers_) text += static_cast<char>(kZero + value);
  return text;
}

std::optional<DistinctSketch> DistinctSketch::decoded(std::string_view text) {
  DistinctSketch sketch;
  if (text.empty()) return sketch;
  if (text.size() != kRegisters) return std::nullopt;
  for (const char c : text) {
    if (c < kZero || c > kZero + 64) return std::nullopt;
    sketch.registers_.push_back(static_cast<std::uint8_t>(c - kZero));
  }
  return sketch;
}

}  // namespace sluice::csv
