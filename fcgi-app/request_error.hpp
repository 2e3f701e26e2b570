// SPDX-License-Identifier: MIT
// RequestError: an Error that names the members, parameters or headers of the request it is about (`errors`
// of problem+json, RFC 9457).
#pragma once
#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace sluice::fcgi {

struct Fault {
  std::string pointer;  ///< "#/from": a JSON pointer into the body; "?limit": a query parameter;
                        ///< "Upload-Offset", "Upload-Metadata/mode": a header, a key in it
  std::string detail;   ///< what it must be
  std::string code;     ///< "unknown", "type", "range", "missing", "value", "duplicate" …
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

/// Error invalid about one header or parameter: the sentence is `name what`, and `errors` names it.
inline RequestError named_error(std::string_view code, std::string_view pointer, std::string_view name,
                                std::string what, std::string_view reason) {
  std::string sentence = std::string(name) + " " + what;
  return RequestError(Kind::invalid, code, {{std::string(pointer), std::move(what), std::string(reason)}},
                      std::move(sentence));
}
/// The same for a whole header.
inline RequestError header_error(std::string_view code, std::string_view header, std::string what,
                                 std::string_view reason) {
  return named_error(code, header, header, std::move(what), reason);
}
/// The same for a query parameter.
inline RequestError parameter_error(std::string_view code, std::string_view parameter, std::string what,
                                    std::string_view reason) {
  return named_error(code, "?" + std::string(parameter), parameter, std::move(what), reason);
}

}  // namespace sluice::fcgi
