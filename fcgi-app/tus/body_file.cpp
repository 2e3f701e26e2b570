// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/body_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <vector>

#include "core/base/error.hpp"

namespace sluice::fcgi::tus {

BodyFile::BodyFile(const Request& request)
    : path_(request.body_file), fd_(::open(path_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) {
  struct stat status {};
  if (!fd_ || ::fstat(fd_.get(), &status) != 0 || !S_ISREG(status.st_mode))
    throw Error(Kind::internal, "http.body_file", "cannot open the body file " + path_);
  length_ = static_cast<std::uint64_t>(status.st_size);
  if (request.content_length && *request.content_length != length_)
    throw Error(Kind::invalid, "http.body_cut", "the body file has " + std::to_string(length_) + " bytes");
}

void BodyFile::require(Checksum& checksum) const {
  std::vector<char> block(256 * 1024);
  for (off_t at = 0;;) {
    const ssize_t n = ::pread(fd_.get(), block.data(), block.size(), at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(Kind::internal, "http.body_file", "cannot read the body file " + path_);
    if (n == 0) break;
    checksum.update({block.data(), static_cast<std::size_t>(n)});
    at += n;
  }
  checksum.require_match();
}

}  // namespace sluice::fcgi::tus
