// SPDX-License-Identifier: MIT
#include <algorithm>

#include "core/base/error.hpp"
#include "core/db/append_match.hpp"
#include "core/db/import_findings.hpp"
#include "core/db/import_options.hpp"
#include "core/db/import_table.hpp"
#include "core/db/job_table.hpp"
#include "core/db/upload_table.hpp"
#include "fcgi-app/idempotency.hpp"
#include "fcgi-app/jobs/job_json.hpp"
#include "fcgi-app/json_request.hpp"
#include "fcgi-app/tus/lookup.hpp"
#include "fcgi-app/uploads/content.hpp"
#include "fcgi-app/uploads/look.hpp"

namespace sluice::fcgi::uploads {
namespace {

struct Queued {
  Uid job;
  Response response;
};

/// The members of the body over those of the upload's metadata. Throws Error invalid `import.options`.
Json options_of(const Request& request, const db::Upload& upload) {
  Json options = upload.options;
  JsonRequest body(request, true);
  for (const std::string_view name : {"types", "header", "delimiter", "quote", "escape", "encoding",
                                      "skip_lines", "columns", "dataset", "mode", "on_reject"})
    if (const Json* value = body.value(name)) options.set(name, *value);
  body.finish();
  options.set("load", "auto");
  db::import_options_from(options);
  return options;
}

bool is_at_work(job::State state) {
  return state == job::State::queued || state == job::State::running || state == job::State::paused;
}

/// What "load again" replaces: the newest visible import of the upload, unless the rows are to go elsewhere.
std::optional<std::uint64_t> replaced(const std::vector<db::Import>& imports, const db::Upload& upload,
                                      const Json& options) {
  const Json* dataset = options.find("dataset");
  const Json* before = upload.options.find("dataset");
  const bool elsewhere = dataset != nullptr && (before == nullptr || !(*before == *dataset));
  if (elsewhere) return std::nullopt;
  for (const db::Import& import : imports)
    if (import.published_at && !import.hidden_at) return import.id;
  return std::nullopt;
}

/// The dataset that a load again is added to, as it was when asked for: the one of the import it replaces,
/// where other imports are visible as well (jobs/imports/target).
std::optional<db::Dataset> added_to(db::Connection& connection, const std::vector<db::Import>& imports,
                                    const db::Upload& upload, const Json& options) {
  const auto old = replaced(imports, upload, options);
  if (!old) return std::nullopt;
  const auto import = std::find_if(imports.begin(), imports.end(),
                                   [&](const db::Import& candidate) { return candidate.id == *old; });
  auto dataset = db::load_dataset(connection, import->dataset_id.value_or(0));
  if (!dataset || db::published_import_ids(connection, dataset->id).size() < 2) return std::nullopt;
  return dataset;
}

/// What is asked for now; what the upload said was for the load that made the columns.
void require_types_of_dataset(const Request& request, const db::Dataset& dataset) {
  JsonRequest body(request, true);
  Json asked = Json::object();
  for (const std::string_view name : {"types", "columns"})
    if (const Json* value = body.value(name)) asked.set(name, *value);
  const db::ImportOptions options = db::import_options_from(asked);
  const std::string why = " here: other files were loaded into " + dataset.name +
                          " as well, so its columns stay as they are. Load this one as another `dataset`.";
  if (options.types_as_text)
    throw Error(Kind::invalid, "import.options", "types", "`types` may not be text" + why);
  if (std::any_of(options.columns.begin(), options.columns.end(),
                  [](const db::ColumnOption& column) { return column.type || column.null_words; }))
    throw Error(Kind::invalid, "import.options", "columns", "`columns` may only give names" + why);
}

/// As far as an earlier import that read the file in the same way knows them.
void require_known_columns(const std::vector<db::Import>& imports, const Json& options) {
  const auto read_alike = [&](const db::Import& import) {
    const auto same = [&](std::string_view name) {
      const Json *before = import.options.find(name), *now = options.find(name);
      return before == nullptr || now == nullptr ? before == now : *before == *now;
    };
    return import.dialect && same("delimiter") && same("quote") && same("escape") && same("encoding") &&
           same("header") && same("skip_lines");
  };
  const auto import = std::find_if(imports.begin(), imports.end(), read_alike);
  if (import == imports.end()) return;
  const std::uint32_t width = db::dialect_from(*import->dialect).width;
  for (const db::ColumnOption& column : db::import_options_from(options).columns)
    if (column.index >= width) db::refuse_column(column.index, width);
}

db::Upload require_complete(db::Connection& connection, const Request& request, const Actor& actor) {
  db::Upload upload = tus::find_living(connection, actor, request.uid());
  if (upload.state != db::UploadState::complete || upload.concat == db::Concat::partial)
    throw Error(Kind::conflict, "upload.not_complete", request.uid().text(),
                "This upload is not complete yet. Finish it, then load it.");
  return upload;
}

/// What cannot be is said at once. Appending: what does not fit column by column, as far as the file's
/// beginning tells; the job looks at it again.
void require_fit(const Request& request, const Actor& actor, Services& services) {
  std::optional<db::Dataset> dataset;
  std::unique_ptr<csv::ByteSource> source;
  db::ImportOptions options;
  services.db([&](db::Connection& connection) {
    const db::Upload upload = require_complete(connection, request, actor);
    const Json asked = options_of(request, upload);
    options = db::import_options_from(asked);
    const auto imports = db::imports_of_upload(connection, actor, upload.id);
    require_known_columns(imports, asked);
    if (options.append) {
      dataset = db::find_dataset(connection, actor, *options.dataset);
      if (!dataset) throw Error(Kind::invalid, "upload.no_such_dataset", *options.dataset);
    } else {
      dataset = added_to(connection, imports, upload, asked);
      if (!dataset) return;
      require_types_of_dataset(request, *dataset);
    }
    source = bytes_of(connection, services, upload);
  });
  if (!dataset || source->size() == 0) return;
  const Look look = look_at(*source, options);
  const db::AppendMatch match = db::match_append(*source, look.report, *dataset, options);
  if (match.problems.empty()) return;
  std::vector<Fault> faults;
  for (const db::ColumnProblem& problem : match.problems)
    faults.push_back({problem.pointer, problem.detail, problem.code});
  throw RequestError(Kind::invalid, "import.columns_differ", std::move(faults),
                     db::sentence_of(match.problems));
}

Queued queue(db::Connection& connection, Request& request, const Actor& actor) {
  const db::Upload upload = require_complete(connection, request, actor);
  const Json options = options_of(request, upload);

  db::Transaction transaction(connection);
  db::lock_upload(transaction, upload.id);  // two clicks at once make one load
  const auto imports = db::imports_of_upload(connection, actor, upload.id);
  const auto latest = imports.empty() ? std::nullopt : db::find_job_by_id(connection, imports.front().job_id);
  Uid uid;
  if (latest && latest->state == job::State::paused && latest->phase == "review") {
    db::set_import_options(transaction, imports.front().id, options);
    db::apply_wish(transaction, actor, latest->uid, db::Wish::resume);
    uid = latest->uid;
  } else if (latest && is_at_work(latest->state)) {
    throw Error(Kind::conflict, "import.under_way", latest->uid.text(),
                "This upload is being loaded. Wait for the end, or cancel that job, then load it again.");
  } else {
    db::NewJob job;
    job.kind = job::JobKind::imports;
    job.params = Json::object({{"upload", upload.uid.text()}, {"filename", upload.filename}});
    for (const std::string_view name : {"dataset", "mode", "types"})
      if (const Json* value = options.find(name)) job.params.set(name, *value);
    job.bytes_total = upload.length;
    job.request_id = request.request_id;
    const db::JobRef ref = db::insert_job(transaction, actor, job).ref();
    db::insert_import(transaction, actor, ref, upload.id, options, replaced(imports, upload, options));
    uid = ref.uid;
  }
  Queued queued{uid, accepted("/jobs/" + uid.text(), job_json(*db::find_job(connection, actor, uid)))};
  keep_answer(transaction, request, actor, queued.response);
  transaction.commit();
  return queued;
}

}  // namespace

Response load_upload(Request& request, const Actor& actor, Services& services) {
  require_fit(request, actor, services);
  std::optional<Queued> queued;
  services.db([&](db::Connection& connection) {
    db::with_retry([&] { queued.emplace(queue(connection, request, actor)); });
  });
  services.doorbell.ring(queued->job);
  return std::move(queued->response);
}

}  // namespace sluice::fcgi::uploads
