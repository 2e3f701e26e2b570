// SPDX-License-Identifier: MIT
#include "core/csv/distinct_sketch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/csv/text_words.hpp"

namespace sluice::csv {

namespace {

constexpr char kZero = '0';  // a register of 0; the greatest, 55, is 'g'
constexpr char kList = '~';

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
  const std::uint64_t hash = hash_of(text);
  const auto zeros =
      static_cast<std::uint8_t>(std::countl_zero((hash << kBits) | (std::uint64_t{1} << (kBits - 1))));
  put({static_cast<std::uint16_t>(hash >> (64 - kBits)), static_cast<std::uint8_t>(zeros + 1)});
}

void DistinctSketch::put(Entry entry) {
  if (registers_.empty() && !make_place(entry)) return;
  std::uint8_t& place = registers_[entry.place];
  if (place < entry.rank) place = entry.rank;
}

bool DistinctSketch::make_place(Entry entry) {
  if (list_.size() < kListed) {
    list_.push_back(entry);
    return false;
  }
  spread();
  return true;
}

void DistinctSketch::spread() {
  registers_.resize(kRegisters);
  for (const Entry& entry : list_) registers_[entry.place] = std::max(registers_[entry.place], entry.rank);
  list_ = {};
}

void DistinctSketch::merge(const DistinctSketch& other) {
  for (const Entry& entry : other.list_) put(entry);
  if (other.registers_.empty()) return;
  if (registers_.empty()) spread();
  for (std::size_t i = 0; i < kRegisters; ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
}

std::uint64_t DistinctSketch::estimate() const {
  if (registers_.empty()) {
    if (list_.empty()) return 0;
    DistinctSketch wide = *this;
    wide.spread();
    return wide.estimate();
  }
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
  const auto put_digit = [&](unsigned digit) { text += static_cast<char>(kZero + digit); };
  if (!list_.empty()) text += kList;
  for (const Entry& entry : list_) {
    put_digit(entry.place >> 6);
    put_digit(entry.place & 63);
    put_digit(entry.rank);
  }
  text.reserve(text.size() + registers_.size());
  for (const std::uint8_t value : registers_) put_digit(value);
  return text;
}

std::optional<DistinctSketch> DistinctSketch::decoded(std::string_view text) {
  DistinctSketch sketch;
  const bool listed = text.starts_with(kList);
  if (listed) text.remove_prefix(1);
  if (std::any_of(text.begin(), text.end(), [](char c) { return c < kZero || c > kZero + 64; }))
    return std::nullopt;
  const auto digit = [&](std::size_t i) { return static_cast<unsigned>(text[i] - kZero); };
  if (!listed) {
    if (!text.empty() && text.size() != kRegisters) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i)
      sketch.registers_.push_back(static_cast<std::uint8_t>(digit(i)));
    return sketch;
  }
  if (text.empty() || text.size() % 3 != 0 || text.size() / 3 > kListed) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const unsigned place = digit(i) << 6 | digit(i + 1);
    if (place >= kRegisters) return std::nullopt;
    sketch.list_.push_back({static_cast<std::uint16_t>(place), static_cast<std::uint8_t>(digit(i + 2))});
  }
  return sketch;
}

}  // namespace sluice::csv
