// SPDX-License-Identifier: MIT
// Preloaded into the programs by the suite power: writes down what a power cut would leave, and makes the
// cut.
//
// POWER_FOLDER holds: `count`, two numbers that all processes map: events so far, and the event at which the
// whole process group is killed (0: never); `log`, a line for each fsync: "F <inode> <bytes>" for a file, "D
// <inode> <name> <inode> …" for a folder; `kept`, a link to each file that was synced, so that a removal can
// be undone; and `boot_id`, read in place of the machine's.
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

struct Count {
  std::atomic<std::uint64_t> events;
  std::atomic<std::uint64_t> cut_at;
};

const std::string& folder() {
  static const std::string path = [] {
    const char* given = std::getenv("POWER_FOLDER");
    return std::string(given != nullptr ? given : ".");
  }();
  return path;
}

template <typename Function>
Function original(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// One more thing the disk or the network hears of: the cut falls before it.
void event() {
  static Count* const count = [] {
    const int fd =
        static_cast<int>(syscall(SYS_openat, AT_FDCWD, (folder() + "/count").c_str(), O_RDWR | O_CLOEXEC));
    void* mapped =
        fd < 0 ? MAP_FAILED : mmap(nullptr, sizeof(Count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) std::abort();
    return static_cast<Count*>(mapped);
  }();
  const std::uint64_t cut_at = count->cut_at;
  if (++count->events >= cut_at && cut_at != 0) kill(0, SIGKILL);
}

void append_to_log(const std::string& line) {
  static const int fd = static_cast<int>(syscall(SYS_openat, AT_FDCWD, (folder() + "/log").c_str(),
                                                 O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (syscall(SYS_write, fd, line.data(), line.size()) != static_cast<long>(line.size())) std::abort();
}

void keep(int fd, ino_t inode) {
  const std::string from = "/proc/self/fd/" + std::to_string(fd);
  const std::string to = folder() + "/kept/" + std::to_string(inode);
  if (linkat(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), AT_SYMLINK_FOLLOW) != 0 && errno != EEXIST &&
      errno != ENOENT)
    std::abort();
}

/// What stands in the folder at this moment.
std::string entries_of(int fd, ino_t inode) {
  std::string line = "D " + std::to_string(inode);
  DIR* listing = opendir(("/proc/self/fd/" + std::to_string(fd)).c_str());
  if (listing == nullptr) return line + "\n";
  while (const dirent* entry = readdir(listing)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    line += " " + name + " " + std::to_string(entry->d_ino);
    if (entry->d_type != DT_REG) continue;
    const int file =
        static_cast<int>(syscall(SYS_openat, dirfd(listing), entry->d_name, O_RDONLY | O_CLOEXEC));
    if (file < 0) continue;  // gone since: then its removal was after the sync began
    keep(file, entry->d_ino);
    close(file);
  }
  closedir(listing);
  return line + "\n";
}

/// What was there when the sync began is durable when it returns. Said before: being killed in between proves
/// nothing.
void synced(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0) return;
  if (S_ISDIR(status.st_mode)) {
    append_to_log(entries_of(fd, status.st_ino));
  } else if (S_ISREG(status.st_mode)) {
    keep(fd, status.st_ino);
    append_to_log("F " + std::to_string(status.st_ino) + " " + std::to_string(status.st_size) + "\n");
  }
}

constexpr const char* kBootId = "/proc/sys/kernel/random/boot_id";

}  // namespace

extern "C" {

// The real sync is left out: it would cost time and prove nothing.
int fsync(int fd) {
  event();
  synced(fd);
  event();
  return 0;
}

int fdatasync(int fd) {
  return fsync(fd);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  event();
  return original<ssize_t (*)(int, const void*, size_t)>("write")(fd, bytes, size);
}

ssize_t send(int fd, const void* bytes, size_t size, int flags) {
  event();
  return original<ssize_t (*)(int, const void*, size_t, int)>("send")(fd, bytes, size, flags);
}

int rename(const char* from, const char* to) {
  event();
  return original<int (*)(const char*, const char*)>("rename")(from, to);
}

int unlink(const char* path) {
  event();
  return original<int (*)(const char*)>("unlink")(path);
}

// The folder stays open, so that its inode's number comes to nobody else before the cut.
int rmdir(const char* path) {
  event();
  const long held = syscall(SYS_openat, AT_FDCWD, path, O_PATH | O_CLOEXEC);
  const int result = original<int (*)(const char*)>("rmdir")(path);
  if (result != 0 && held >= 0) close(static_cast<int>(held));
  return result;
}

int mkdir(const char* path, mode_t mode) {
  event();
  return original<int (*)(const char*, mode_t)>("mkdir")(path, mode);
}

FILE* fopen(const char* path, const char* mode) {
  static const auto real = original<FILE* (*)(const char*, const char*)>("fopen");
  return std::strcmp(path, kBootId) == 0 ? real((folder() + "/boot_id").c_str(), mode) : real(path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
  return fopen(path, mode);
}

}  // extern "C"
