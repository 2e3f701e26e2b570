// SPDX-License-Identifier: MIT
// What tus-js-client takes from js-base64: UTF-8 text as Base64 (RFC 4648, section 4).
export const Base64 = {
  encode(text: string): string {
    return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  },
};
