// SPDX-License-Identifier: MIT
// The cursor of lists that go by import and by a number within it.
#pragma once
#include <optional>
#include <string>

#include "core/db/dataset_rows.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

std::string key_text(const db::RowKey& key);
/// Before the first when the page names none. Error invalid `http.cursor`.
db::RowKey key_of(const Page& page);

}  // namespace sluice::fcgi
