// SPDX-License-Identifier: MIT
// BodyFile: a request's whole body as the file that nginx has put it into (client_body_in_file_only).
#pragma once
#include <cstdint>
#include <string>

#include "core/base/unique_fd.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/tus/checksum.hpp"

namespace sluice::fcgi::tus {

class BodyFile {
 public:
  /// Opens it without following links. Errors: invalid `http.body_cut` when it is shorter or longer than
  /// Content-Length, internal `http.body_file`.
  explicit BodyFile(const Request& request);
  const std::string& path() const { return path_; }
  std::uint64_t length() const { return length_; }
  /// Hashes all of it; Error conflict `tus.checksum`.
  void require(Checksum& checksum) const;

 private:
  std::string path_;
  UniqueFd fd_;
  std::uint64_t length_ = 0;
};

}  // namespace sluice::fcgi::tus
