// SPDX-License-Identifier: MIT
// What tus-js-client takes from url-parse: a link put together with the address that it stands in (RFC 3986, section 5).
export default URL;
