// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <vector>

#include "core/db/inventory.hpp"
#include "core/storage/upload_file.hpp"
#include "ctl/backup/folders.hpp"
#include "ctl/commands.hpp"

namespace sluice::ctl {
namespace {

namespace fs = std::filesystem;

class Check {
 public:
  Check(const Config& config, bool hash) : config_(config), hash_(hash), connection_(options_of(config)) {}

  int run() {
    uploads();
    exports();
    pieces();
    rows();
    for (const db::Contradiction& job : db::contradictory_jobs(connection_))
      complain("job " + job.job.text() + ": " + job.what);
    fmt::print("{} things compared, {} do not fit\n", compared_, wrong_);
    return wrong_ == 0 ? 0 : 1;
  }

 private:
  static db::ConnectionOptions options_of(const Config& config) {
    auto options = db::options_for(config, config.db_runner);
    options.read_timeout = std::chrono::seconds{0};  // counting a big dataset takes its time
    return options;
  }

  void complain(const std::string& what) {
    ++wrong_;
    fmt::print("{}\n", what);
  }

  void file(const std::string& what, const fs::path& path, const db::PromisedFile& promised) {
    ++compared_;
    std::error_code problem;
    const auto size = fs::file_size(path, problem);
    if (problem) return complain(what + ": its file is missing");
    if (promised.bytes && size != *promised.bytes)
      return complain(fmt::format("{}: {} bytes on the disk, {} promised", what, size, *promised.bytes));
    if (hash_ && promised.sha256 && sha256_of_file(path) != *promised.sha256)
      complain(what + ": its SHA-256 is another one");
  }

  void uploads() {
    for (const auto& upload : db::assembled_uploads(connection_))
      file("upload " + upload.owner.text(),
           fs::path(config_.files_dir()) / storage::upload_file_name(upload.owner), upload);
  }

  void exports() {
    for (const auto& each : db::finished_exports(connection_))
      file("export " + each.owner.text(), fs::path(config_.exports_dir()) / each.name, each);
  }

  void pieces() {
    for (const db::PromisedPiece& piece : db::stored_pieces(connection_)) {
      ++compared_;
      std::error_code problem;
      const auto size = fs::file_size(fs::path(config_.pieces_dir()) / piece.file, problem);
      if (problem)
        complain("piece " + piece.file + " is missing");
      else if (size != piece.length)
        complain(fmt::format("piece {}: {} bytes on the disk, {} promised", piece.file, size, piece.length));
    }
  }

  void rows() {
    for (const db::PromisedRows& import : db::published_imports(connection_)) {
      ++compared_;
      const auto count = db::count_rows(connection_, config_.data_database(), import);
      if (!count)
        complain("import " + import.import_uid.text() + ": its table is missing");
      else if (*count != import.loaded)
        complain(
            fmt::format("import {}: {} rows, {} promised", import.import_uid.text(), *count, import.loaded));
    }
  }

  const Config& config_;
  const bool hash_;
  db::Connection connection_;
  std::size_t compared_ = 0;
  std::size_t wrong_ = 0;
};

}  // namespace

int verify(const Config& config, bool hash) {
  return Check(config, hash).run();
}

}  // namespace sluice::ctl
