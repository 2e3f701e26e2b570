// SPDX-License-Identifier: MIT
#include "fcgi-app/operation/request_counts.hpp"

#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "core/base/log.hpp"
#include "core/base/unique_fd.hpp"

namespace sluice::fcgi::operation {
namespace {

constexpr std::array<std::string_view, 7> kRoutes{"upload", "datasets",  "team", "export",
                                                  "jobs",   "operation", "other"};
constexpr std::size_t kMethods = static_cast<std::size_t>(Method::other) + 1;
constexpr std::array<std::string_view, 5> kCodes{"1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::size_t kCells = kRoutes.size() * kMethods * kCodes.size();

/// Raise the number with any change of the lists above or of the bounds: during an upgrade old processes run
/// beside new ones, and each must find its own cells.
constexpr const char* kFile = "/requests-1.counts";

std::size_t route_of(std::string_view path) {
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  const std::string_view first = path.substr(0, path.find('/'));
  for (std::size_t i = 0; i < 5; ++i)
    if (first == kRoutes[i]) return i;
  const bool operation =
      first == "livez" || first == "readyz" || first == "metrics" || first == "openapi.json";
  return operation ? 5 : 6;
}

std::size_t bucket_of(double seconds) {
  static const auto kSeconds = [] {
    std::array<double, job::kBounds.size()> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::strtod(job::kBounds[i].data(), nullptr);
    return out;
  }();
  return static_cast<std::size_t>(std::lower_bound(kSeconds.begin(), kSeconds.end(), seconds) -
                                  kSeconds.begin());
}

void* map(int fd, std::size_t bytes) {
  return ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, fd < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED, fd,
                0);
}

/// Allocated at once: a full disk met later, by a write into the mapping, would end the process.
void* map_file(const std::string& path, std::size_t bytes) {
  const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!file) return MAP_FAILED;
  errno = ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes));
  return errno == 0 ? map(file.get(), bytes) : MAP_FAILED;
}

}  // namespace

RequestCounts::RequestCounts(const std::string& run_dir) {
  void* mapped = map_file(run_dir + kFile, kCells * sizeof(Cell));
  if (mapped == MAP_FAILED) {
    log_warning("requests are counted for this process only",
                {{"detail", run_dir + kFile}, {"errno", errno}});
    mapped = map(-1, kCells * sizeof(Cell));
  }
  if (mapped != MAP_FAILED)
    cells_ = static_cast<Cell*>(mapped);  // fresh pages are zeros, which are counts of 0
}

RequestCounts::~RequestCounts() {
  if (cells_ != nullptr) ::munmap(cells_, kCells * sizeof(Cell));
}

void RequestCounts::observe(std::string_view path, Method method, int status, double seconds) {
  if (cells_ == nullptr) return;
  const auto of_code = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
  Cell& cell =
      cells_[(route_of(path) * kMethods + static_cast<std::size_t>(method)) * kCodes.size() + of_code];
  cell.buckets[bucket_of(seconds)].fetch_add(1, std::memory_order_relaxed);
  cell.microseconds.fetch_add(static_cast<std::uint64_t>(seconds * 1e6), std::memory_order_relaxed);
}

std::vector<RequestCounts::Observed> RequestCounts::all() const {
  std::vector<Observed> all;
  for (std::size_t i = 0; cells_ != nullptr && i < kCells; ++i) {
    Observed each{kRoutes[i / kCodes.size() / kMethods],
                  name_of(static_cast<Method>(i / kCodes.size() % kMethods)),
                  kCodes[i % kCodes.size()],
                  {}};
    std::uint64_t count = 0;
    for (std::size_t b = 0; b < kBuckets; ++b)
      count += each.buckets[b] = cells_[i].buckets[b].load(std::memory_order_relaxed);
    each.sum = static_cast<double>(cells_[i].microseconds.load(std::memory_order_relaxed)) / 1e6;
    if (count != 0) all.push_back(each);
  }
  return all;
}

}  // namespace sluice::fcgi::operation
