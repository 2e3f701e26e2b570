// SPDX-License-Identifier: MIT
// Under load, without stopping anything. The main database is dumped in one snapshot: that is the moment the
// backup shows. The tables of datasets follow one by one: a published import's rows never change, so they are
// what they were at that moment, unless somebody removed them since, which restore then does as well.
// Files are taken before and after the dump: what the snapshot promises was there at one of the two times, or
// was removed in between.
#include <fmt/format.h>

#include <fstream>
#include <map>
#include <thread>

#include "core/base/clock.hpp"
#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/json.hpp"
#include "core/db/inventory.hpp"
#include "core/db/migrations.hpp"
#include "core/db/restored.hpp"
#include "ctl/backup/client_tool.hpp"
#include "ctl/backup/folders.hpp"
#include "ctl/commands.hpp"

namespace sluice::ctl {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 10;  // of a table that changes its shape while it is dumped
constexpr std::chrono::milliseconds kBetween{500};
constexpr std::size_t kLongestCondition = 100'000;  // bytes of one argument of a program; Linux takes 128 KiB

void make_empty(const fs::path& folder) {
  std::error_code problem;
  fs::create_directories(folder / "data", problem);
  if (problem) throw Error(Kind::unavailable, "ctl.file", folder.string() + ": " + problem.message());
  fs::permissions(folder, fs::perms::owner_all);
}

void require_new(const fs::path& folder) {
  if (fs::exists(folder) && !fs::is_empty(folder))
    throw Error(Kind::conflict, "backup.not_empty", folder.string() + " is not empty: give a new folder");
}

class Backup {
 public:
  Backup(const Config& config, fs::path folder)
      : config_(config),
        folder_(std::move(folder)),
        connection_(db::options_for(config, config.db_migrate)),
        tool_(config) {}

  void take() {
    const std::string moment = wall_time_rfc3339();
    Copied files = copy_data(config_.data_dir, folder_);
    if (!tool_.dump({config_.db_name}, folder_ / "main.sql"))
      throw Error(Kind::unavailable, "backup.dump", "the database " + config_.db_name + " cannot be dumped");
    const Copied later = copy_data(config_.data_dir, folder_);
    note("main.sql");
    dump_datasets();
    sync_folder(folder_);
    write_manifest(moment);
    fmt::print("{} datasets, {} files ({} of them linked) in {}\n", datasets_, files.files + later.files,
               files.linked + later.linked, folder_.string());
  }

 private:
  /// dataset -> its visible imports
  std::map<std::uint64_t, std::vector<std::uint64_t>> visible() {
    connection_.ensure();
    std::map<std::uint64_t, std::vector<std::uint64_t>> imports;
    for (const db::PromisedRows& each : db::published_imports(connection_))
      imports[each.dataset_id].push_back(each.import_id);
    return imports;
  }

  void dump_datasets() {
    for (const auto& [id, imports] : visible()) {
      const std::string name = fmt::format("data/ds_{}.sql", id);
      if (!dump_dataset(id, imports, folder_ / name)) continue;
      note(name);
      ++datasets_;
    }
  }

  /// False: it was deleted meanwhile.
  bool dump_dataset(std::uint64_t id, const std::vector<std::uint64_t>& imports, const fs::path& file) {
    std::vector<std::string> words;
    const std::string condition = fmt::format("import_id IN ({})", fmt::join(imports, ","));
    if (condition.size() < kLongestCondition) words.push_back("--where=" + condition);
    words.push_back(config_.data_database());
    words.push_back(fmt::format("ds_{}", id));
    for (int tries = 1; !tool_.dump(words, file); ++tries) {
      if (!visible().contains(id)) {
        fs::remove(file);
        return false;
      }
      if (tries == kTries)
        throw Error(Kind::unavailable, "backup.dump", fmt::format("dataset {} cannot be dumped", id));
      std::this_thread::sleep_for(kBetween);
    }
    return true;
  }

  void note(const std::string& name) {
    dumps_.push(Json::object({{"file", name}, {"sha256", to_hex(sha256_of_file(folder_ / name))}}));
  }

  void write_manifest(const std::string& moment) {
    connection_.ensure();
    const Json manifest = Json::object({{"format", kBackupFormat},
                                        {"taken_at", moment},
                                        {"version", config_.version},
                                        {"schema", db::schema_version(connection_)},
                                        {"dumps", dumps_}});
    std::ofstream out(folder_ / "manifest.json");
    out << manifest.text() << '\n';
    out.close();
    if (!out) throw Error(Kind::no_space, "ctl.file", "the manifest cannot be written");
    sync_folder(folder_);
  }

  const Config& config_;
  const fs::path folder_;
  db::Connection connection_;
  const ClientTool tool_;
  Json dumps_ = Json::array();
  std::size_t datasets_ = 0;
};

}  // namespace

int backup(const Config& config, const std::string& folder) {
  require_new(folder);
  make_empty(folder);
  Backup(config, folder).take();
  return 0;
}

}  // namespace sluice::ctl
