// SPDX-License-Identifier: MIT
// The one exception type. What stops a request or a step is thrown; what a user's file says is a value.
#pragma once
#include <exception>
#include <string>
#include <string_view>

namespace sluice {

/// What the caller can do about it; knows no protocol. fcgi-app/error_response turns kinds and codes into
/// statuses, jobs/runner into retry (unavailable, no_space), silence (lost) or failure (the rest).
enum class Kind {
  invalid,      ///< the request or the file is wrong: mend it
  unsupported,  ///< a media type, version or coding that is not spoken here
  forbidden,    ///< understood and refused
  not_found,
  gone,
  conflict,      ///< another state than the caller believed
  precondition,  ///< a stated condition (version, If-Match) does not hold
  too_large,
  too_many,     ///< a quota of the caller is used up
  no_space,     ///< the disk or its reserve: passes by itself
  unavailable,  ///< a server is away or too busy: passes by itself
  lost,         ///< the attempt was fenced: somebody else holds the job now; stop without a word
  internal,     ///< a defect of ours
};

class Error : public std::exception {
 public:
  /// `code` is stable and documented (`upload.offset_mismatch`). `detail` goes to the log only. `advice` is
  /// the sentence for the user: what is wrong and what to do; without one the code's standard sentence is
  /// used.
  Error(Kind kind, std::string_view code, std::string detail, std::string advice = {});
  Kind kind() const { return kind_; }
  const std::string& code() const { return code_; }
  const std::string& detail() const { return detail_; }
  const std::string& advice() const { return advice_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  Kind kind_;
  std::string code_;
  std::string detail_;
  std::string advice_;
  std::string what_;
};

/// "invalid", "not_found" …: for the log.
std::string_view name_of(Kind kind);

}  // namespace sluice
