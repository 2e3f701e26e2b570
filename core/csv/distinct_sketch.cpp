// SPDX-License-Identifier: MIT
#include "core/csv/distinct_sketch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace sluice::csv {

namespace {

constexpr char kZero = '0';  // a register of 0; the greatest, 55, is 'g'

std::uint64_t word_at(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// The last bytes of a text, 1 to 7, as the low bytes of a word; by loads of fixed sizes, which may overlap.
std::uint64_t rest_at(const char* at, std::size_t bytes) {
  if (bytes >= 4) {
    std::uint32_t low = 0, high = 0;
    std::memcpy(&low, at, sizeof low);
    std::memcpy(&high, at + bytes - sizeof high, sizeof high);
    return low | std::uint64_t{high} << (8 * (bytes - sizeof high));
  }
  const auto byte = [&](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(at[i])} << (8 * i);
  };
  return byte(0) | byte(bytes / 2) | byte(bytes - 1);
}

// Eight bytes at a time, mixed at the end: a cell costs a few nanoseconds.
std::uint64_t hash_of(std::string_view text) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = text.size() * kOdd;
  const auto take = [&](std::uint64_t word) {
    hash = (hash ^ word) * kOdd;
    hash ^= hash >> 32;
  };
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) take(word_at(at));
  if (left > 0) take(rest_at(at, left));
  hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9U;
  hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBU;
  return hash ^ (hash >> 31);
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
