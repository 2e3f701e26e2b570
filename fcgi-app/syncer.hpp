// SPDX-License-Identifier: MIT
// Syncer: a thread of each pool process that makes what was acknowledged durable in the background, some
// seconds after it was committed or when a quick upload has 32 MiB unsynced, and moves uploads.synced_offset.
// So the end of an upload finds little to sync, no PATCH has to wait for the disk, and a restart of the
// machine sets an open upload back by seconds only. Nothing depends on it: the commit that completes an
// upload syncs what is left, and so does one that finds 96 MiB unsynced.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>

#include "core/base/config.hpp"
#include "fcgi-app/connections.hpp"

namespace sluice::fcgi {

class Syncer {
 public:
  /// `config` outlives it. Nothing runs before start().
  explicit Syncer(const Config& config) : config_(config), connection_(config) {}
  ~Syncer() { stop(); }
  Syncer(const Syncer&) = delete;
  Syncer& operator=(const Syncer&) = delete;

  void start();
  /// Syncs what was noted until now, then ends the thread.
  void stop();
  /// Thread-safe. The upload has pieces that are committed and not durable yet, up to offset `end`; `bytes`
  /// of them are new.
  void note(std::uint64_t upload_id, std::uint64_t end, std::uint64_t bytes);

 private:
  void run();
  void sync_all(std::set<std::uint64_t> uploads);
  void sync(std::uint64_t upload_id);

  const Config& config_;
  LazyConnection connection_;  // of the thread
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<std::uint64_t> noted_;
  bool hurried_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sluice::fcgi
