// SPDX-License-Identifier: MIT
#include "core/base/error.hpp"

#include <utility>

namespace sluice {

Error::Error(Kind kind, std::string_view code, std::string detail, std::string advice)
    : kind_(kind),
      code_(code),
      detail_(std::move(detail)),
      advice_(std::move(advice)),
      what_(code_ + ": " + detail_) {}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::invalid:
      return "invalid";
    case Kind::unsupported:
      return "unsupported";
    case Kind::forbidden:
      return "forbidden";
    case Kind::not_found:
      return "not_found";
    case Kind::gone:
      return "gone";
    case Kind::conflict:
      return "conflict";
    case Kind::precondition:
      return "precondition";
    case Kind::too_large:
      return "too_large";
    case Kind::too_many:
      return "too_many";
    case Kind::no_space:
      return "no_space";
    case Kind::unavailable:
      return "unavailable";
    case Kind::lost:
      return "lost";
    case Kind::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace sluice
