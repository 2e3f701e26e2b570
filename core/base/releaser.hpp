// SPDX-License-Identifier: MIT
// Deleter for handles of C libraries: std::unique_ptr<MYSQL, Releaser<mysql_close>>.
#pragma once

namespace sluice {

template <auto release>
struct Releaser {
  template <typename T>
  void operator()(T* handle) const noexcept {
    release(handle);
  }
};

}  // namespace sluice
