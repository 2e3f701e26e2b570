// SPDX-License-Identifier: MIT
// RequestError: an Error that names the members of the request it is about (`errors` of problem+json, RFC
// 9457).
#pragma once
#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace sluice::fcgi {

struct Fault {
  std::string pointer;  ///< "#/from": a JSON pointer into the request; "?limit" for a query parameter
  std::string detail;   ///< what it must be
  std::string code;     ///< "unknown", "type", "range", "missing" …
};

class RequestError : public Error {
 public:
  RequestError(Kind kind, std::string_view code, std::vector<Fault> faults, std::string advice = {})
      : Error(kind, code, describe(faults), std::move(advice)), faults_(std::move(faults)) {}
  const std::vector<Fault>& faults() const { return faults_; }

 private:
  static std::string describe(const std::vector<Fault>& faults) {
    std::string text;
    for (const Fault& fault : faults) text += (text.empty() ? "" : "; ") + fault.pointer + " " + fault.detail;
    return text;
  }
  std::vector<Fault> faults_;
};

}  // namespace sluice::fcgi
