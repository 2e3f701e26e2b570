// SPDX-License-Identifier: MIT
#include "fcgi-app/jobs/job_json.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::fcgi {
namespace {

using db::JobRow;
using job::JobKind;
using job::State;
using job::WishOutcome;

bool has_effect(WishOutcome outcome) {
  return outcome == WishOutcome::set_want || outcome == WishOutcome::move_now;
}

bool is_active(const JobRow& job) {
  return job.state == State::queued || job.state == State::running;
}

/// Records decide where their total is known, else bytes.
bool counts_records(const JobRow& job) {
  return job.records_total.has_value() && *job.records_total > 0;
}

std::optional<std::int64_t> eta_seconds(const JobRow& job) {
  if (job.state != State::running) return std::nullopt;
  const bool records = counts_records(job);
  const auto& total = records ? job.records_total : job.bytes_total;
  const auto& rate = records ? job.records_per_second : job.bytes_per_second;
  const std::uint64_t done = records ? job.records_done : job.bytes_done;
  if (!total || !rate || *rate <= 0) return std::nullopt;
  const double left = *total > done ? static_cast<double>(*total - done) : 0.0;
  constexpr double kLongest = 100.0 * 365 * 86400;
  return static_cast<std::int64_t>(std::ceil(std::min(left / *rate, kLongest)));
}

std::optional<std::int64_t> percent(const JobRow& job) {
  if (job.state == State::succeeded) return 100;
  const bool records = counts_records(job);
  const auto& total = records ? job.records_total : job.bytes_total;
  if (!total || *total == 0) return std::nullopt;
  const auto done = static_cast<double>(records ? job.records_done : job.bytes_done);
  constexpr std::int64_t kBeforeCommit = 99;
  return std::min<std::int64_t>(kBeforeCommit,
                                static_cast<std::int64_t>(100.0 * done / static_cast<double>(*total)));
}

Json links_json(const JobRow& job) {
  const std::string self = "/jobs/" + job.uid.text();
  Json links = Json::object({{"self", self}, {"events", self + "/events"}});
  if (has_effect(job::outcome_of_pause(job.state, job.want))) links.set("pause", self + "/pause");
  if (has_effect(job::outcome_of_resume(job.state, job.want))) links.set("resume", self + "/resume");
  if (has_effect(job::outcome_of_cancel(job.state, job.want))) links.set("cancel", self + "/cancel");
  if (has_effect(job::outcome_of_retry(job.state, job.want))) links.set("retry", self + "/retry");
  if (job.kind == JobKind::exports) {
    links.set("export", "/export/" + job.uid.text());
    if (job.state == State::succeeded) links.set("file", "/export/" + job.uid.text() + "/file");
  }
  if (job.kind == JobKind::team) links.set("team", "/team/" + job.uid.text());
  if (!job.params.is_object()) return links;
  // By convention a kind that works on an upload or a dataset names its uid in its parameters.
  if (const Json* upload = job.params.find("upload"); upload != nullptr && upload->is_string())
    links.set("upload", "/upload/" + upload->string());
  if (const Json* dataset = job.params.find("dataset_uid"); dataset != nullptr && dataset->is_string())
    links.set("dataset", "/datasets/" + dataset->string());
  return links;
}

/// What people know it by. By convention it stands in the parameters: the name of the file that the job
/// reads, or of the dataset.
std::optional<std::string> about(const JobRow& job) {
  if (!job.params.is_object()) return std::nullopt;
  const Json* name = job.params.find(job.kind == JobKind::exports ? "dataset" : "filename");
  if (name == nullptr || !name->is_string() || name->string().empty()) return std::nullopt;
  return name->string();
}

}  // namespace

Json progress_json(const JobRow& job) {
  const auto& rate =
      counts_records(job) || job.records_done > 0 ? job.records_per_second : job.bytes_per_second;
  std::optional<std::int64_t> per_second;
  if (job.state == State::running && rate) per_second = std::llround(*rate);
  return Json::object({{"phase", job.phase},
                       {"records_done", job.records_done},
                       {"records_total", job.records_total},
                       {"bytes_done", job.bytes_done},
                       {"bytes_total", job.bytes_total},
                       {"per_second", per_second},
                       {"eta_seconds", eta_seconds(job)},
                       {"percent", percent(job)}});
}

Json job_json(const JobRow& job) {
  Json error;
  if (job.error_code) error = Json::object({{"code", *job.error_code}, {"detail", job.error_detail}});
  return Json::object({{"uid", job.uid.text()},
                       {"kind", job::name_of(job.kind)},
                       {"about", about(job)},
                       {"state", job::shown_state(job.state, job.want, job.attempt)},
                       {"progress", progress_json(job)},
                       {"attempt", job.attempt},
                       {"run", job.run_no},
                       {"created_at", job.created_at},
                       {"started_at", job.started_at},
                       {"finished_at", job.finished_at},
                       {"error", error},
                       {"result", job.result},
                       {"links", links_json(job)}});
}

Json event_json(const db::JobEvent& event) {
  return Json::object({{"id", event.id},
                       {"at", event.created_at},
                       {"actor", event.actor},
                       {"event", event.event},
                       {"epoch", event.epoch},
                       {"detail", event.detail}});
}

std::optional<int> retry_after_of(const JobRow& job) {
  if (is_active(job)) return 1;
  return std::nullopt;
}

}  // namespace sluice::fcgi
