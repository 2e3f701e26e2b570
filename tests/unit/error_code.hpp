// SPDX-License-Identifier: MIT
// What a test asks of a refusal: its code.
#pragma once
#include <string>

#include "core/base/error.hpp"

namespace sluice::test {

/// The code of the Error that `work` throws; "" when it throws none.
template <typename Work>
std::string code_of(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  return {};
}

}  // namespace sluice::test
