// SPDX-License-Identifier: MIT
// LD_PRELOAD: a process whose wall clock is off by as many seconds as the file CLOCK_STEP_FILE says (eight
// bytes, read at every look). The clocks that count from the start of the machine stay what they are, as on a
// host whose date is set. (Debian's faketime 0.9.10 makes clock_nanosleep on the monotonic clock fail, so it
// is no use here.)
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace {

const volatile std::int64_t* step = nullptr;

__attribute__((constructor)) void open_step() {
  const char* path = getenv("CLOCK_STEP_FILE");
  const int fd = path != nullptr ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0) return;
  void* mapped = mmap(nullptr, sizeof *step, PROT_READ, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) step = static_cast<const volatile std::int64_t*>(mapped);
  close(fd);
}

std::int64_t seconds() {
  return step != nullptr ? *step : 0;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const int result = static_cast<int>(syscall(SYS_clock_gettime, clock, now));
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += seconds();
  return result;
}

int gettimeofday(timeval* now, void*) noexcept {
  timespec precise{};
  clock_gettime(CLOCK_REALTIME, &precise);
  *now = {precise.tv_sec, precise.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}

// The kernel knows nothing of the step. A time of the monotonic clock is told by its size.
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  constexpr time_t kLeastDate = 1'000'000'000;
  if (until->tv_sec < kLeastDate) return pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, until);
  const timespec real{until->tv_sec - seconds(), until->tv_nsec};
  return pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, &real);
}
}
