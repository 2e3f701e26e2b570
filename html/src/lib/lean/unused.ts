// SPDX-License-Identifier: MIT
// What Uppy would ask if it were told which files to refuse. It is not: the server says what it takes.
export function unused(): never {
  throw new Error("no restrictions are set");
}

export { unused as default, unused as prettierBytes };
