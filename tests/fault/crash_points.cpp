// SPDX-License-Identifier: MIT
// A library for LD_PRELOAD that kills its process, as kill -9 does, at the CRASH_AT-th of these points:
// before and after each COMMIT and each change of a table, each fsync and fdatasync, each rename, and each
// command that changes something in Redis. What was reached is appended to the file CRASH_LOG. With
// CRASH_SLOTS=1 only transactions of a runner's slots count, not those of the threads that watch over them.
// So the programs are tested as they are built.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace {

std::atomic<long> reached{0};

long wanted() {
  static const long at = [] {
    const char* text = getenv("CRASH_AT");
    return text == nullptr ? 0L : std::atol(text);
  }();
  return at;
}

void point(std::string_view when, std::string_view what) {
  if (wanted() == 0 || ++reached != wanted()) return;
  if (const char* log = getenv("CRASH_LOG")) {
    const std::string line = std::string(when) + " " + std::string(what) + "\n";
    const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (write(fd, line.data(), line.size()) < 0) abort();
  }
  kill(getpid(), SIGKILL);
  pause();
}

/// The function that the program would have called.
template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

template <typename Call>
auto around(std::string_view what, Call call) {
  point("before", what);
  const auto result = call();
  point("after", what);
  return result;
}

/// Connections that a runner's slot set up for itself.
class SlotConnections {
 public:
  void add(const void* connection) {
    const std::lock_guard lock(mutex_);
    known_.insert(connection);
  }
  bool counts(const void* connection) {
    static const bool only_slots = getenv("CRASH_SLOTS") != nullptr;
    const std::lock_guard lock(mutex_);
    return !only_slots || known_.count(connection) != 0;
  }

 private:
  std::mutex mutex_;
  std::set<const void*> known_;
};
SlotConnections slots;

std::string_view change_of(std::string_view sql) {
  for (const std::string_view word : {"COMMIT", "CREATE TABLE", "ALTER TABLE", "DROP TABLE"})
    if (sql.starts_with(word)) return word;
  return {};
}

thread_local std::string_view sending;  // a command of Redis that is not sent yet

}  // namespace

extern "C" {

int mysql_real_query(void* connection, const char* sql, unsigned long length) {
  static auto* const real = next<int(void*, const char*, unsigned long)>("mysql_real_query");
  const std::string_view text(sql, length);
  if (text.starts_with("SET SESSION idle_write_transaction_timeout")) slots.add(connection);
  const std::string_view change = change_of(text);
  if (change.empty() || !slots.counts(connection)) return real(connection, sql, length);
  return around(change, [&] { return real(connection, sql, length); });
}

int fsync(int fd) {
  return around("fsync", [&] { return next<int(int)>("fsync")(fd); });
}
int fdatasync(int fd) {
  return around("fdatasync", [&] { return next<int(int)>("fdatasync")(fd); });
}
int rename(const char* from, const char* to) {
  return around("rename", [&] { return next<int(const char*, const char*)>("rename")(from, to); });
}
int renameat(int from_fd, const char* from, int to_fd, const char* to) {
  return around("rename", [&] {
    return next<int(int, const char*, int, const char*)>("renameat")(from_fd, from, to_fd, to);
  });
}

int redisAppendCommandArgv(void* context, int count, const char** words, const size_t* lengths) {
  static auto* const real = next<int(void*, int, const char**, const size_t*)>("redisAppendCommandArgv");
  for (const std::string_view name : {"XADD", "XTRIM", "PUBLISH"})
    if (name == words[0]) sending = name;
  if (!sending.empty()) point("before", sending);
  return real(context, count, words, lengths);
}
int redisBufferWrite(void* context, int* done) {
  const int result = next<int(void*, int*)>("redisBufferWrite")(context, done);
  if (done != nullptr && *done != 0 && !sending.empty()) {
    point("after", sending);
    sending = {};
  }
  return result;
}

}  // extern "C"
