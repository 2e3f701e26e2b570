// SPDX-License-Identifier: MIT
#include "fcgi-app/operation/ready.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/error.hpp"
#include "core/db/migrations.hpp"
#include "core/db/runner_table.hpp"

namespace sluice::fcgi::operation {
namespace {

Json check(bool ok, Json more = Json::object()) {
  Json out = Json::object({{"ok", ok}});
  for (const auto& [name, value] : more.members()) out.set(name, value);
  return out;
}

Json runners_check(db::Connection& connection) {
  int slots = 0;
  int draining = 0;
  for (const db::RunnerHealth& runner : db::runner_health(connection)) {
    if (runner.takes_jobs()) slots += runner.slots;
    if (runner.draining && !runner.is_silent()) draining += runner.slots;
  }
  return check(slots > 0, Json::object({{"slots", slots}, {"draining", draining}}));
}

/// Milliseconds that an answer took, to a tenth.
class Stopwatch {
 public:
  double elapsed_ms() const {
    const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start_;
    return std::round(passed.count() * 10) / 10;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

Disk disk_of(const Config& config) {
  struct statvfs volume {};
  Disk disk;
  if (statvfs(config.data_dir.c_str(), &volume) != 0) return disk;
  constexpr std::uint64_t kLeastReserve = 2ULL << 30;
  constexpr std::uint64_t kShare = 20;  // 5 %
  disk.known = true;
  disk.free_bytes = static_cast<std::uint64_t>(volume.f_bavail) * volume.f_frsize;
  disk.reserve_bytes =
      config.min_free_disk != 0
          ? config.min_free_disk
          : std::max(kLeastReserve, static_cast<std::uint64_t>(volume.f_blocks) * volume.f_frsize / kShare);
  return disk;
}

Response get_readyz(Request&, const Actor&, Services& services) {
  bool database = false;
  bool schema = false;
  Json runners = check(false);
  double database_ms = 0;
  try {
    services.db([&](db::Connection& connection) {
      const Stopwatch watch;
      schema = db::schema_version(connection) > 0;
      database_ms = watch.elapsed_ms();
      database = true;
      if (schema) runners = runners_check(connection);
    });
  } catch (const Error& error) {
    if (error.kind() != Kind::unavailable) throw;
  }
  const Stopwatch watch;
  const auto redis = services.doorbell.health();
  const double redis_ms = watch.elapsed_ms();
  const Disk disk = disk_of(services.config);
  const bool disk_ok = disk.known && disk.free_bytes > disk.reserve_bytes;
  const bool ready = database && schema && disk_ok && runners.at("ok").boolean();
  Json checks = Json::object();
  checks.set("database", database ? check(true, Json::object({{"latency_ms", database_ms}})) : check(false));
  checks.set("schema", check(schema));
  Json of_redis = Json::object({{"degraded", !redis.answers}, {"may_evict", redis.may_evict}});
  if (redis.answers) of_redis.set("latency_ms", redis_ms);
  checks.set("redis", check(redis.answers, std::move(of_redis)));
  checks.set(
      "disk",
      check(disk_ok, Json::object({{"free_bytes", disk.free_bytes}, {"reserve_bytes", disk.reserve_bytes}})));
  checks.set("runners", std::move(runners));
  Response response = json_response(
      ready ? 200 : 503,
      Json::object({{"ready", ready}, {"version", services.config.version}, {"checks", checks}}));
  if (!ready) response.header("Retry-After", "2");
  return response;
}

}  // namespace sluice::fcgi::operation
