// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>

#include "core/base/log.hpp"
#include "core/db/retention.hpp"
#include "core/db/upload_table.hpp"
#include "core/storage/piece_file.hpp"
#include "core/storage/upload_file.hpp"
#include "jobs/sweep/tasks.hpp"

namespace sluice::jobs::sweep {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kYoung{1};

/// Calls `look` with each file below `folder` that is older than an hour; what vanishes meanwhile is skipped.
void each_old_file(const Context& context, const fs::path& folder,
                   const std::function<void(const fs::path&)>& look) {
  std::error_code problem;
  const auto now = fs::file_time_type::clock::now();
  for (fs::recursive_directory_iterator at(folder, problem), end; !problem && at != end;
       at.increment(problem)) {
    context.attempt.throw_if_stopped();
    std::error_code gone;
    if (!at->is_regular_file(gone)) continue;
    const auto written = at->last_write_time(gone);
    if (!gone && now - written > kYoung) look(at->path());
  }
}

/// The uid whose 32 hex digits a name starts with.
std::optional<Uid> uid_of(std::string_view name) {
  constexpr std::size_t kHex = 32;
  if (name.size() < kHex) return std::nullopt;
  return Uid::parse(fmt::format("{}-{}-{}-{}-{}", name.substr(0, 8), name.substr(8, 4), name.substr(12, 4),
                                name.substr(16, 4), name.substr(20, 12)));
}

void note(const char* what, const fs::path& path) {
  log_warning("an orphan was removed", {{"what", what}, {"file", path.filename().string()}});
}

}  // namespace

bool remove_stray_bodies(const Context& context) {
  each_old_file(context, context.config().incoming_dir(), [](const fs::path& path) {
    std::error_code gone;
    fs::remove(path, gone);
    note("body", path);
  });
  return false;
}

bool remove_orphan_pieces(const Context& context) {
  const fs::path folder = context.config().pieces_dir();
  each_old_file(context, folder, [&](const fs::path& path) {
    const std::string file = path.lexically_relative(folder).string();
    if (db::is_named(context.connection(), file)) return;
    storage::PieceStore(folder.string()).remove(std::span(&file, 1));
    note("piece", path);
  });
  return false;
}

// A row whose file somebody took away: better that its client sends the bytes again than an import that
// fails.
bool set_back_without_pieces(const Context& context) {
  const std::string folder = context.config().pieces_dir() + "/";
  for (const std::uint64_t id : db::open_upload_ids(context.connection())) {
    context.attempt.throw_if_stopped();
    for (const db::Piece& piece : db::pieces_of(context.connection(), id)) {
      if (::access((folder + piece.file).c_str(), F_OK) == 0 || errno != ENOENT) continue;
      db::Transaction transaction(context.connection());
      const auto files = db::go_back_to(transaction, id, piece.start);
      transaction.commit();
      if (!files) break;  // deleted or completed meanwhile
      storage::PieceStore(context.config().pieces_dir()).remove(*files);
      log_error("a piece is missing; the upload was set back", {{"file", piece.file}, {"to", piece.start}});
      break;
    }
  }
  return false;
}

// Parts of an assembly are written all the time: an old one is of an attempt that died.
bool remove_orphan_uploads(const Context& context) {
  const fs::path folder = context.config().files_dir();
  each_old_file(context, folder, [&](const fs::path& path) {
    if (path.extension() == ".part") {
      std::error_code gone;
      fs::remove(path, gone);
      return note("part", path);
    }
    const auto uid = uid_of(path.filename().native());
    if (!uid || !db::is_without_upload(context.connection(), *uid)) return;
    storage::remove_upload_file(folder.string(), *uid);
    note("upload", path);
  });
  return false;
}

bool remove_orphan_exports(const Context& context) {
  each_old_file(context, context.config().exports_dir(), [&](const fs::path& path) {
    const auto uid = uid_of(path.filename().native());
    if (!uid || !db::is_without_files(context.connection(), *uid)) return;
    std::error_code gone;
    fs::remove(path, gone);
    if (gone)
      log_warning("an orphan could not be removed",
                  {{"file", path.filename().string()}, {"detail", gone.message()}});
    else
      note("export", path);
  });
  return false;
}

}  // namespace sluice::jobs::sweep
