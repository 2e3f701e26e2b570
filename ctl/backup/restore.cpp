// SPDX-License-Identifier: MIT
// Into an empty system whose MariaDB runs. Pools and runners are stopped for as long as it takes.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/db/inventory.hpp"
#include "core/db/migrations.hpp"
#include "core/db/restored.hpp"
#include "core/storage/upload_file.hpp"
#include "ctl/backup/client_tool.hpp"
#include "ctl/backup/folders.hpp"
#include "ctl/commands.hpp"
#include "ctl/supervisor.hpp"

namespace sluice::ctl {
namespace {

namespace fs = std::filesystem;

/// Pools and runners stand still from here on, and those that ran are started again by end(): never on half
/// of a system. Without a supervisord that answers there is nothing to stop.
class Stillness {
 public:
  Stillness(const Config& config, const std::string& socket) : supervisor_(config, socket) {
    try {
      for (const Process& process : supervisor_.processes()) {
        if (!is_pool_or_runner(process) || process.pid == 0) continue;
        supervisor_.stop(process);
        stopped_.push_back(process);
      }
    } catch (const Error& error) {
      if (error.code() != "ctl.unreachable") throw;
    }
  }
  ~Stillness() {
    if (stopped_.empty()) return;
    fmt::print(
        stderr,
        "The restore did not end, so pools and runners stay stopped. Empty the system and restore again.\n");
  }
  void end() {
    for (const Process& process : stopped_) try {
        supervisor_.start(process, true);
      } catch (const Error& error) {
        fmt::print(stderr, "{}: {}\n", process.full_name(), error.detail());
      }
    stopped_.clear();
  }
  Stillness(const Stillness&) = delete;
  Stillness& operator=(const Stillness&) = delete;

 private:
  const Supervisor supervisor_;
  std::vector<Process> stopped_;
};

class Restore {
 public:
  Restore(const Config& config, fs::path folder, const std::string& migrations)
      : config_(config),
        folder_(std::move(folder)),
        migrations_(db::read_migrations(migrations)),
        connection_(options_of(config)),
        tool_(config) {}

  /// Every dump is what was written? Before anything is changed.
  void check() {
    std::ifstream file(folder_ / "manifest.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || text.empty())
      throw Error(Kind::invalid, "restore.no_backup", folder_.string() + " holds no complete backup");
    manifest_ = parse_stored_json(text);
    if (manifest_.at("format").i64() != kBackupFormat)
      throw Error(Kind::invalid, "restore.format", "this backup is of another format");
    if (manifest_.at("schema").u64() > migrations_.back().number)
      throw Error(Kind::conflict, "restore.newer", "this backup is of a newer version of Sluice");
    for (const Json& dump : manifest_.at("dumps").items())
      if (to_hex(sha256_of_file(folder_ / dump.at("file").string())) != dump.at("sha256").string())
        throw Error(Kind::invalid, "restore.damaged", dump.at("file").string() + " is not what was written");
  }

  void require_unused() {
    if (!db::is_unused(connection_) || !holds_no_data(config_.data_dir))
      throw Error(Kind::conflict, "restore.not_empty",
                  "there are data already: restore into an empty system");
  }

  void load() {
    copy_data(folder_, config_.data_dir);
    sync_folder(config_.data_dir);  // before rows promise what is in it
    for (const Json& dump : manifest_.at("dumps").items()) {
      const std::string& name = dump.at("file").string();
      tool_.run(folder_ / name, name == "main.sql" ? config_.db_name : config_.data_database());
    }
    db::migrate(connection_, migrations_);
  }

  /// What did not come along was removed while the backup ran: it is removed here as well, and named.
  void settle() {
    db::begin_unfinished_anew(connection_);
    db::remove_unpublished_rows(connection_, config_.data_database());
    settle_imports();
    settle_files();
  }

 private:
  static db::ConnectionOptions options_of(const Config& config) {
    auto options = db::options_for(config, config.db_migrate);
    options.read_timeout = std::chrono::seconds{0};  // deleting and counting may take long
    return options;
  }

  void settle_imports() {
    std::set<std::uint64_t> gone;
    for (const db::PromisedRows& import : db::published_imports(connection_)) {
      const auto rows = db::count_rows(connection_, config_.data_database(), import);
      if (rows == import.loaded || gone.contains(import.dataset_id)) continue;
      fmt::print("import {}: removed while the backup ran\n", import.import_uid.text());
      if (rows) {
        db::give_up_import(connection_, import.import_id, import.dataset_id);
      } else {
        db::give_up_dataset(connection_, import.dataset_id);
        gone.insert(import.dataset_id);
      }
    }
    db::remove_unpublished_rows(connection_, config_.data_database());
  }

  void settle_files() {
    const fs::path files = config_.files_dir();
    for (const db::PromisedFile& upload : db::assembled_uploads(connection_))
      if (!fs::exists(files / storage::upload_file_name(upload.owner))) give_up(upload.owner);
    for (const db::OwedPiece& piece : db::owed_pieces(connection_)) {
      std::error_code problem;
      const auto size = fs::file_size(fs::path(config_.pieces_dir()) / piece.file, problem);
      if ((problem || size != piece.length) && !fs::exists(files / storage::upload_file_name(piece.upload)))
        give_up(piece.upload);
    }
    db::forget_pieces_of_gone_uploads(connection_);
    for (const db::PromisedFile& each : db::finished_exports(connection_)) {
      if (fs::exists(fs::path(config_.exports_dir()) / each.name)) continue;
      fmt::print("export {}: its file was removed while the backup ran\n", each.owner.text());
      db::give_up_export(connection_, each.owner);
    }
  }

  void give_up(const Uid& upload) {
    fmt::print("upload {}: removed while the backup ran\n", upload.text());
    db::give_up_upload(connection_, upload);
  }

  const Config& config_;
  const fs::path folder_;
  const std::vector<db::Migration> migrations_;
  db::Connection connection_;
  const ClientTool tool_;
  Json manifest_;
};

}  // namespace

int restore(const Config& config, const std::string& folder, const std::string& supervisor_socket,
            const std::string& migrations) {
  Restore restore(config, folder, migrations);
  restore.check();
  restore.require_unused();
  Stillness stillness(config, supervisor_socket);
  restore.load();
  restore.settle();
  stillness.end();
  return verify(config, false);
}

}  // namespace sluice::ctl
