// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/pre_check.hpp"

namespace sluice::fcgi::tus {

void pre_check(Request&, const Actor&, Services&) {}

}  // namespace sluice::fcgi::tus
