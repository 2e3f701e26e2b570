// SPDX-License-Identifier: MIT
#include "core/csv/distinct_sketch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace sluice::csv {

namespace {

constexpr char kZero = '0';  // a register of 0; the greatest, 55, is 'g'

// Eight bytes at a time, mixed at the end: a cell costs a few nanoseconds.
std::uint64_t hash_of(std::string_view text) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = text.size() * kOdd;
  const char* at = text.data();
  std::size_t left = text.size();
  while (left > 0) {
    std::uint64_t word = 0;
    const std::size_t taken = std::min<std::size_t>(left, 8);
    std::memcpy(&word, at, taken);
    hash = (hash ^ word) * kOdd;
    hash ^= hash >> 32;
    at += taken;
    left -= taken;
  }
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
  place = std::max(place, static_cast<std::uint8_t>(zeros + 1));
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
