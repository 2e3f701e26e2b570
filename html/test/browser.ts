// SPDX-License-Identifier: MIT
// The little of a browser that lib/ touches when it is loaded, for unit tests in Node.
const target = () => new EventTarget();

Object.assign(globalThis, {
  document: Object.assign(target(), { hidden: false, title: "", getElementById: () => null }),
  window: globalThis.window ?? target(),
  location: new URL("http://localhost/upload"),
});
