// SPDX-License-Identifier: MIT
// Idempotency-Key on POST: the same key and the same request give the same answer again, and one effect.
//
// A handler that starts work calls keep_answer() in the transaction of its effect: then effect and answer are
// one commit. For all others the answer is kept after the handler has returned.
#pragma once
#include "core/base/actor.hpp"
#include "core/db/transaction.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/routes.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi {

/// Calls the handler, or gives the answer that was kept. Errors: invalid `idempotency.key`,
/// `idempotency.mismatch`, unavailable `idempotency.busy`, and the handler's.
Response answer_once(Request& request, const Actor& actor, Services& services, Handler handler);

/// Keeps the answer with the effect; nothing happens when the request has no key. Call before commit; the
/// DatabaseError `db.duplicate` it may throw is to be let pass (another request was quicker: its answer is
/// given).
void keep_answer(db::Transaction& transaction, Request& request, const Actor& actor,
                 const Response& response);

}  // namespace sluice::fcgi
