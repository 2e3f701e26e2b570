// SPDX-License-Identifier: MIT
// Phase "assemble": the pieces become one file. Killed anywhere: the pieces are forgotten only when the file
// is in its place, and files nobody names any more are the sweep's.
#include "core/storage/piece_file.hpp"
#include "core/storage/upload_file.hpp"
#include "jobs/imports/work.hpp"

namespace sluice::imports {

using jobs::StepResult;

StepResult ImportWork::assemble(jobs::Attempt& attempt) {
  db::Connection& connection = attempt.connection();
  std::vector<std::string> unnamed;
  if (upload_.assembled_at) {
    cursor_.phase = Phase::detect;
    db::Transaction transaction(connection);
    attempt.move_cursor(transaction, to_json(cursor_), progress());
    transaction.commit();
    return StepResult::more;
  }
  storage::AssembleRequest request;
  request.files_folder = attempt.config().files_dir();
  request.upload = upload_.uid;
  request.epoch = attempt.job().epoch;
  for (const db::Piece& piece : db::pieces_of(connection, upload_.id))
    if (piece.length > 0)
      request.pieces.push_back({attempt.config().pieces_dir() + "/" + piece.file, piece.length});
  request.may_move =
      upload_.concat == db::Concat::no;  // pieces of a concatenation may serve other uploads too
  request.between = [&](std::uint64_t bytes_done) {
    attempt.throw_if_stopped();
    jobs::Progress now = progress();
    now.bytes_done = bytes_done;
    attempt.report(now);
  };
  const storage::Assembled assembled = storage::assemble(request);

  cursor_.phase = Phase::detect;
  db::Transaction transaction(connection);
  unnamed = db::mark_assembled(transaction, upload_.id, assembled.sha256);
  attempt.move_cursor(transaction, to_json(cursor_), progress());
  transaction.commit();
  upload_.assembled_at = "now";
  storage::PieceStore(attempt.config().pieces_dir()).remove(unnamed);
  return StepResult::more;
}

}  // namespace sluice::imports
