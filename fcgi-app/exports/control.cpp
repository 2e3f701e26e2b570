// SPDX-License-Identifier: MIT
// Pause, resume, retry and cancel of an export are those of its job; what is said of it is the export.
#include "core/storage/export_file.hpp"
#include "fcgi-app/exports/export_json.hpp"
#include "fcgi-app/exports/find.hpp"
#include "fcgi-app/exports/handlers.hpp"

namespace sluice::fcgi {
namespace {

Response wish(Request& request, const Actor& actor, Services& services, db::Wish wish) {
  std::optional<db::WishResult> result;
  std::optional<db::Export> e;
  services.db([&](db::Connection& connection) {
    require_export(connection, actor, request.uid());
    result = db::apply_wish(connection, actor, request.uid(), wish);
    e = db::find_export(connection, result.value().job.id);
  });
  if (result->signal()) services.signals.publish(result->job.uid, result->job.want, result->job.want_seq);
  if (result->ring()) services.doorbell.ring(result->job.uid);
  if (result->outcome == job::WishOutcome::impossible) {
    const std::string state(job::shown_state(result->job.state, result->job.want, result->job.attempt));
    throw Error(Kind::conflict, "job.state", state,
                "This export is " + state + "; that cannot be done with it now.");
  }
  const Json json = export_json(result->job, e.value());
  if (result->outcome == job::WishOutcome::already) return json_response(200, json);
  return accepted("/export/" + result->job.uid.text(), json);
}

}  // namespace

Response pause_export(Request& request, const Actor& actor, Services& services) {
  return wish(request, actor, services, db::Wish::pause);
}

Response resume_export(Request& request, const Actor& actor, Services& services) {
  return wish(request, actor, services, db::Wish::resume);
}

Response retry_export(Request& request, const Actor& actor, Services& services) {
  return wish(request, actor, services, db::Wish::retry);
}

Response delete_export(Request& request, const Actor& actor, Services& services) {
  const auto find = [&] {
    return services.db([&](db::Connection& db) { return require_export(db, actor, request.uid()); });
  };
  FoundExport found = find();
  if (!job::is_terminal(found.job.state)) {
    try {
      return wish(request, actor, services, db::Wish::cancel);
    } catch (const Error& error) {
      if (error.code() != "job.state") throw;  // it ended in between: then its file goes
      found = find();                          // it may have begun in between, too
    }
  }
  services.db([&](db::Connection& db) { db::mark_export_deleted(db, found.job.id); });
  storage::ExportFile::remove({services.config.exports_dir(), services.config.min_free_disk}, found.job.uid,
                              found.job.epoch);
  return Response(204);
}

}  // namespace sluice::fcgi
