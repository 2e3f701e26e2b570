// SPDX-License-Identifier: MIT
#include "core/db/job_event_table.hpp"

#include "core/db/job_table.hpp"

namespace sluice::db {
namespace {

constexpr const char* kInsert =
    "INSERT INTO job_events(job_id, created_at, actor, event, epoch, detail) VALUES(?, UTC_TIMESTAMP(6), ?, "
    "?, ?, ?)";
constexpr const char* kList =
    "SELECT id, created_at, actor, event, epoch, detail FROM job_events WHERE job_id = ? AND id > ? ORDER BY "
    "id LIMIT ?";
constexpr const char* kBetween =
    "SELECT TIMESTAMPDIFF(MICROSECOND, a.created_at, b.created_at) / 1e6 FROM job_events a JOIN job_events b "
    "ON b.job_id = a.job_id AND b.id > a.id WHERE a.job_id = ? AND a.event = ? AND b.event = ? "
    "ORDER BY a.id DESC, b.id LIMIT 1";

}  // namespace

void insert_job_event(Connection& connection, std::uint64_t job_id, std::string_view actor,
                      std::string_view event, std::uint64_t epoch, const std::optional<Json>& detail) {
  std::optional<std::string> text;
  if (detail) text = detail->text();
  connection.execute(kInsert, {job_id, actor, event, epoch, text});
}

std::vector<JobEvent> list_job_events(Connection& connection, std::uint64_t job_id, std::uint64_t after,
                                      std::uint32_t limit) {
  std::vector<JobEvent> events;
  for (const Row& row : connection.select(kList, {job_id, after, limit})) {
    JobEvent event;
    event.id = row.u64(0);
    event.created_at = rfc3339_of(row.text(1));
    event.actor = row.text(2);
    event.event = row.text(3);
    event.epoch = row.u64(4);
    if (!row.is_null(5)) event.detail = parse_stored_json(row.text(5));
    events.push_back(std::move(event));
  }
  return events;
}

std::optional<double> seconds_between(Connection& connection, std::uint64_t job_id, std::string_view from,
                                      std::string_view to) {
  const auto row = connection.select_one(kBetween, {job_id, from, to});
  if (!row) return std::nullopt;
  return row->real(0);
}

}  // namespace sluice::db
