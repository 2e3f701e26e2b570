// SPDX-License-Identifier: MIT
// Prometheus' text format 0.0.4. What all processes share is read from the database at each scrape; no ids in
// labels.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <map>

#include "core/base/error.hpp"
#include "core/db/counter_table.hpp"
#include "core/db/job_stats.hpp"
#include "core/db/runner_table.hpp"
#include "core/job/measures.hpp"
#include "fcgi-app/operation/ready.hpp"
#include "fcgi-app/operation/request_counts.hpp"
#include "fcgi-app/operation/setting_info.hpp"

namespace sluice::fcgi::operation {
namespace {

class Exposition {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }
  void sample(std::string_view name, std::string_view labels, double value) {
    text_ += labels.empty() ? fmt::format("{} {}\n", name, value)
                            : fmt::format("{}{{{}}} {}\n", name, labels, value);
  }
  void single(std::string_view name, std::string_view type, std::string_view help, double value) {
    family(name, type, help);
    sample(name, "", value);
  }
  /// Buckets as they were counted, each on its own; Prometheus wants sums up to each bound. `labels` end with
  /// a comma, if there are any.
  template <typename Bucket>
  void histogram(std::string_view name, std::string_view labels, Bucket bucket, double sum) {
    const auto line = [&](std::string_view le, double value) {
      sample(fmt::format("{}_bucket", name), fmt::format("{}le=\"{}\"", labels, le), value);
    };
    double count = 0;
    for (std::size_t i = 0; i < job::kBounds.size(); ++i) line(job::kBounds[i], count += bucket(i));
    line(job::kRest, count += bucket(job::kBounds.size()));
    labels.remove_suffix(labels.empty() ? 0 : 1);
    sample(fmt::format("{}_sum", name), labels, sum);
    sample(fmt::format("{}_count", name), labels, count);
  }
  void append(std::string_view lines) { text_ += lines; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_counted(Exposition& out, db::Connection& connection) {
  std::map<std::pair<std::string, std::string>, double> counted;
  for (const db::Counted& each : db::all_counted(connection)) counted[{each.name, each.part}] = each.value;
  const auto value = [&](const job::Measure& of, std::string_view part) {
    const auto at = counted.find({std::string(of.name), std::string(part)});
    return at == counted.end() ? 0.0 : at->second;
  };
  for (const job::Measure& counter : job::kCounters)
    out.single(fmt::format("sluice_{}", counter.name), "counter", counter.help, value(counter, ""));
  for (const job::Measure& histogram : job::kHistograms) {
    const std::string name = fmt::format("sluice_{}", histogram.name);
    out.family(name, "histogram", histogram.help);
    const auto bucket = [&](std::size_t i) {
      return value(histogram, i < job::kBounds.size() ? job::kBounds[i] : job::kRest);
    };
    out.histogram(name, "", bucket, value(histogram, job::kSum));
  }
}

void add_database(Exposition& out, db::Connection& connection) {
  out.family("sluice_jobs", "gauge", "Jobs by kind and state.");
  for (const auto& each : db::count_jobs(connection))
    out.sample("sluice_jobs", fmt::format("kind=\"{}\",state=\"{}\"", each.kind, each.state),
               static_cast<double>(each.count));
  out.single("sluice_queue_age_seconds", "gauge", "How long the oldest due job has been waiting.",
             db::queue_age_seconds(connection));
  out.family("sluice_job_events", "gauge", "Events in the history that is kept.");
  for (const auto& each : db::count_events(connection))
    out.sample("sluice_job_events", fmt::format("event=\"{}\"", each.event), static_cast<double>(each.count));
  out.family("sluice_runner_heartbeat_age_seconds", "gauge", "Since when a runner was last seen.");
  int slots = 0;
  for (const auto& runner : db::runner_health(connection)) {
    out.sample("sluice_runner_heartbeat_age_seconds", fmt::format("runner=\"{}\"", runner.name),
               runner.seen_seconds_ago);
    if (runner.takes_jobs()) slots += runner.slots;
  }
  out.family("sluice_runner_slots", "gauge", "Jobs that can run at once; quarantine is not counted.");
  out.sample("sluice_runner_slots", "", slots);
  add_counted(out, connection);
}

void add_requests(Exposition& out, const RequestCounts& requests) {
  constexpr std::string_view kName = "sluice_http_request_duration_seconds";
  out.family(kName, "histogram",
             "From a request's arrival at a pool to its answer, by the first part of the path.");
  for (const RequestCounts::Observed& each : requests.all())
    out.histogram(
        kName, fmt::format("route=\"{}\",method=\"{}\",code=\"{}\",", each.route, each.method, each.code),
        [&](std::size_t i) { return static_cast<double>(each.buckets[i]); }, each.sum);
}

/// What `sluicectl watch` counts of supervisord's programs.
std::string counted_by_watch(const Config& config) {
  std::ifstream file(config.run_dir + "/watch.metrics");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Response get_metrics(Request&, const Actor&, Services& services) {
  Exposition out;
  out.family("sluice_build_info", "gauge", "The version that runs.");
  out.sample("sluice_build_info", fmt::format("version=\"{}\"", services.config.version), 1);
  bool database = false;
  try {
    services.db([&](db::Connection& connection) { add_database(out, connection); });
    database = true;
  } catch (const Error& error) {
    if (error.kind() != Kind::unavailable) throw;
  }
  out.single("sluice_db_up", "gauge", "1 if MariaDB answers.", database);
  const auto redis = services.doorbell.health();
  out.single("sluice_redis_up", "gauge", "1 if Redis answers; without it jobs are found in MariaDB.",
             redis.answers);
  out.single("sluice_bells_waiting", "gauge", "Rings that nobody took yet, or that are about to be deleted.",
             static_cast<double>(redis.waiting));
  const Disk disk = disk_of(services.config);
  out.family("sluice_disk_free_bytes", "gauge", "Free bytes of the volume.");
  out.sample("sluice_disk_free_bytes", "volume=\"data\"", static_cast<double>(disk.free_bytes));
  add_requests(out, services.requests);
  out.append(setting_info());
  out.append(counted_by_watch(services.config));
  Response response(200);
  response.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
      .header("Cache-Control", "no-store");
  response.body = out.take();
  return response;
}

}  // namespace sluice::fcgi::operation
