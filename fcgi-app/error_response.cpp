// SPDX-License-Identifier: MIT
#include "fcgi-app/error_response.hpp"

#include <algorithm>

#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi {
namespace {

// tus clients retry network errors, 409, 423 and 5xx, and give up on any other 4xx: what passes by itself is
// 5xx, a race is 409, a lasting refusal is another 4xx.
constexpr Problem kProblems[] = {
    {"http.not_found", 404, "Not found",
     "There is nothing at this address. The addresses are in /openapi.json."},
    {"http.method", 405, "Method not allowed",
     "This address does not know that method; the header Allow lists those it knows."},
    {"http.method_override", 400, "Unknown method override",
     "X-HTTP-Method-Override takes PATCH, DELETE or HEAD, on a POST."},
    {"http.host", 421, "Unknown host name",
     "This host name is not served here. Use localhost, or add the name to SLUICE_ALLOWED_HOSTS."},
    {"http.foreign_origin", 403, "Foreign page",
     "A page of another origin may not do this. Add its origin to SLUICE_CORS_ORIGINS if it should."},
    {"http.duplicate_header", 400, "Header sent twice", "Send each header once."},
    {"http.content_length", 400, "Bad length", "Content-Length must be a number of bytes below 2^63."},
    {"http.content_encoding", 415, "Content coding not spoken",
     "Send the body as it is, without Content-Encoding."},
    {"http.media_type", 415, "Unknown media type",
     "Send the body with the Content-Type that this address takes: application/json."},
    {"http.too_large", 413, "Body too large",
     "The body of this request may have 64 kB. Files go to /upload, of any size, in pieces."},
    {"http.body_cut", 400, "Body cut short", "The body ended before its announced length. Send it again."},
    {"http.query", 400, "Bad query",
     "A parameter of the query is unknown, came twice or is badly coded; the answer names it."},
    {"http.limit", 400, "Bad limit", "limit is a number from 1 to 1000."},
    {"http.cursor", 400, "Unknown cursor",
     "Take cursor from `next` of the page before, unchanged, and keep the filters."},
    {"http.stopping", 503, "Restarting",
     "This part of the server is being restarted. Nothing that was acknowledged is lost; try again in a "
     "moment."},
    {"json.syntax", 400, "Not JSON", "The body must be one JSON value (RFC 8259)."},
    {"json.encoding", 400, "Not UTF-8", "JSON must be UTF-8."},
    {"json.nul", 400, "NUL in a name", "Names of members may not hold NUL."},
    {"json.too_deep", 400, "JSON too deep", "JSON may be nested 32 deep."},
    {"json.duplicate_member", 400, "Member given twice", "Give each member of an object once."},
    {"json.too_large", 413, "JSON too large", "A JSON body may have 64 kB."},
    {"job.not_found", 404, "No such job", "There is no job at this address. GET /jobs lists what there is."},
    {"job.impossible", 409, "Not in this state",
     "The job's state does not allow that. GET the job: its links are what can be done."},
    {"request.members", 422, "Members not understood",
     "Mend the members that `errors` names and send the request again."},
    {"idempotency.key", 400, "Bad Idempotency-Key",
     "Idempotency-Key takes 1 to 255 printable ASCII characters."},
    {"idempotency.mismatch", 422, "Idempotency-Key used before",
     "This Idempotency-Key was sent with another request. Take a new key for a new request."},
    {"idempotency.busy", 503, "The same request is running",
     "A request with this Idempotency-Key is still being answered. Try again in a moment."},
    {"tus.version", 412, "Unknown tus version", "Send Tus-Resumable: 1.0.0."},
    {"tus.content_type", 415, "Wrong content type",
     "Send the bytes as Content-Type: application/offset+octet-stream."},
    {"tus.offset", 400, "Bad Upload-Offset",
     "Upload-Offset must be a number of bytes: digits only, below 2^63."},
    {"tus.length", 400, "Bad Upload-Length",
     "Send Upload-Length with a number of bytes (digits only, below 2^63), or Upload-Defer-Length: 1."},
    {"tus.metadata", 400, "Bad Upload-Metadata",
     "Upload-Metadata is a list of `key base64`, at most 16 different keys and 4 kB."},
    {"tus.checksum_header", 400, "Bad Upload-Checksum",
     "Upload-Checksum is an algorithm (sha1, sha256, md5, crc32), a blank and the digest in base64."},
    {"tus.checksum", 460, "Checksum mismatch",
     "The bytes do not match Upload-Checksum and were thrown away. Send them again."},
    {"tus.concat", 400, "Bad Upload-Concat",
     "Upload-Concat is `partial`, or `final;` and the addresses of 1 to 1000 finished partial uploads."},
    {"upload.not_found", 404, "No such upload",
     "There is no upload at this address. Create one with POST /upload."},
    {"upload.gone", 410, "Upload is gone", "This upload was deleted. Create a new one with POST /upload."},
    {"upload.expired", 410, "Upload has expired",
     "This upload lay unfinished for too long. Create a new one with POST /upload."},
    {"upload.offset_mismatch", 409, "Wrong offset",
     "Upload-Offset is not the present offset. Ask for it with HEAD and go on from there."},
    {"upload.superseded", 409, "Another PATCH took over",
     "A newer PATCH of this upload has begun. Ask for the offset with HEAD and go on from there."},
    {"upload.complete", 409, "Upload is complete", "This upload is complete; there is nothing to add."},
    {"upload.partial_unfinished", 409, "A part is unfinished",
     "A partial upload of the list is not complete yet. Finish it, then join them."},
    {"upload.final", 403, "Final uploads take no bytes",
     "A final upload is made of its partial ones and takes no PATCH."},
    {"upload.too_long", 413, "More than the upload may hold",
     "The body is longer than what is left of Upload-Length. Ask for the offset with HEAD."},
    {"upload.length_known", 400, "Length is fixed",
     "The upload's length is known already and cannot be changed."},
    {"upload.max_size", 413, "Upload too large",
     "The upload is larger than Tus-Max-Size, which OPTIONS /upload tells."},
    {"upload.too_many_open", 429, "Too many open uploads",
     "Too many uploads are unfinished. Finish or delete some (GET /upload lists them), then try again."},
    {"upload.quota", 507, "Too many unfinished bytes",
     "Your unfinished uploads are as large together as they may be. Finish or delete some (GET /upload lists "
     "them), then go on."},
    {"upload.too_many_pieces", 413, "Too many pieces",
     "The upload has too many small pieces. Delete it and send it in larger ones (8 MiB)."},
    {"upload.filter", 400, "Bad filter", "state takes open, complete, or both with a comma."},
    {"upload.options", 400, "Bad upload option",
     "mode is new or append, load is auto or review, types is auto or text, purpose is import or team."},
    {"upload.no_such_dataset", 422, "Nothing to append to",
     "There is no dataset of that name to append to. Leave out mode=append to make a new one."},
    {"upload.no_space", 507, "Disk full",
     "There is no room for this upload now. Nothing that was acknowledged is lost; try again when there is "
     "room."},
    {"export.no_space", 507, "Disk full",
     "There is no room for another export now. Try again when there is room: old exports can be deleted."},
    {"upload.not_complete", 409, "Upload is not complete",
     "This upload is not complete yet. Finish it, then load it."},
    {"upload.not_assembled", 409, "No file yet",
     "The file is there once the upload is complete and its job has put it together. Ask again in a moment."},
    {"upload.nothing_yet", 409, "Nothing has arrived", "Nothing has arrived of this upload yet."},
    {"dataset.not_found", 404, "No such dataset",
     "There is no dataset at this address. GET /datasets lists those there are."},
    {"dataset.column_not_found", 404, "No such column",
     "The dataset has no column of that number. They are counted from 1."},
    {"import.not_found", 404, "No such import",
     "This dataset has no such import. GET the dataset lists them."},
    {"dataset.filter", 422, "Filter not understood",
     "Give `column` and one of `equals`, `least` and `greatest` (one or both), or `null=true`."},
    {"dataset.unknown_column", 422, "No such column", "The dataset has no column of that name."},
    {"import.columns_differ", 422, "Columns do not fit",
     "The file's columns are not those of the dataset; `errors` names each that does not fit."},
    {"import.options", 422, "Options not understood",
     "Mend the option that `detail` names and send the request again."},
    {"import.under_way", 409, "Load under way",
     "This upload is being loaded. Wait for the end, or cancel that job, then load it again."},
    {"import.not_text", 422, "Not a text file", "This is not a text file. Export it as CSV and upload that."},
    {"db.unavailable", 503, "Database away",
     "The database does not answer. Nothing that was acknowledged is lost; try again in a moment."},
    {"db.conflict", 503, "Busy",
     "Somebody else changed the same things at the same time. Nothing was changed by this request; try "
     "again."},
    {"db.interrupted", 503, "Query ended",
     "Somebody ended the query of this request. Nothing was changed by it; try again."},
    {"db.too_slow", 503, "Took too long",
     "The database took too long for this request, and nothing was changed by it. Ask for less (a smaller "
     "limit, "
     "a narrower filter), or try again."},
    {"internal", 500, "Internal error",
     "The server could not do its part; the reason is in its log under this request_id. Nothing that was "
     "acknowledged is lost; try again."},
};

constexpr std::string_view kHeaderAreas[] = {"http.", "json.", "tus.", "upload."};

int status_of_kind(const Error& error) {
  switch (error.kind()) {
    case Kind::invalid:
      // A request that breaks HTTP or tus is 400; one that is understood and wrong is 422.
      return std::any_of(std::begin(kHeaderAreas), std::end(kHeaderAreas),
                         [&](auto area) { return error.code().starts_with(area); })
                 ? 400
                 : 422;
    case Kind::unsupported:
      return 415;
    case Kind::forbidden:
      return 403;
    case Kind::not_found:
      return 404;
    case Kind::gone:
      return 410;
    case Kind::conflict:
      return 409;
    case Kind::precondition:
      return 412;
    case Kind::too_large:
      return 413;
    case Kind::too_many:
      return 429;
    case Kind::no_space:
      return 507;
    case Kind::unavailable:
      return 503;
    case Kind::lost:
      return 409;
    case Kind::internal:
      return 500;
  }
  return 500;
}

const Problem* find_problem(std::string_view code) {
  const auto* at = std::find_if(std::begin(kProblems), std::end(kProblems),
                                [&](const Problem& p) { return p.code == code; });
  return at == std::end(kProblems) ? nullptr : at;
}

std::string_view retry_after(int status) {
  switch (status) {
    case 429:
      return "2";
    case 503:
      return "2";
    case 507:
      return "30";
    default:
      return {};
  }
}

}  // namespace

std::span<const Problem> known_problems() {
  return kProblems;
}

int status_of(const Error& error) {
  if (error.kind() == Kind::internal) return 500;
  const Problem* problem = find_problem(error.code());
  return problem != nullptr ? problem->status : status_of_kind(error);
}

Response error_response(const Error& error, const Request& request) {
  const int status = status_of(error);
  const std::string code = status == 500 ? "internal" : error.code();
  const Problem* problem = find_problem(code);
  const std::string title(problem != nullptr ? problem->title : reason_of(status));
  // An internal error says nothing of itself, whatever it carries.
  const std::string advice = status != 500 && !error.advice().empty() ? error.advice()
                             : problem != nullptr                     ? std::string(problem->advice)
                                                                      : title + ".";
  Json body = Json::object({{"type", "/problems/" + code},
                            {"title", title},
                            {"status", status},
                            {"detail", advice},
                            {"instance", request.path},
                            {"code", code},
                            {"request_id", request.request_id}});
  if (const auto* with_faults = dynamic_cast<const RequestError*>(&error)) {
    Json faults = Json::array();
    for (const Fault& fault : with_faults->faults())
      faults.push(Json::object({{"pointer", fault.pointer}, {"detail", fault.detail}, {"code", fault.code}}));
    body.set("errors", std::move(faults));
  }
  Response response(status);
  response.header("Content-Type", "application/problem+json").header("Cache-Control", "no-store");
  if (const auto after = retry_after(status); !after.empty()) response.header("Retry-After", after);
  response.body = body.text();
  return response;
}

}  // namespace sluice::fcgi
