// SPDX-License-Identifier: MIT
// What the build puts into each page; header and footer themselves are src/parts/shell_*.html.

export const tShell = {
  noScript: "This page needs JavaScript. Everything it does is also in the API.",
};
