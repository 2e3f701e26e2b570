// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { rejectReason, tReview } from "./upload";

test("the code of a reject is told in words, also one that these pages do not know", () => {
  expect(rejectReason("bad_type")).toBe("wrong type");
  expect(rejectReason("too_few_fields")).toBe("too few fields");
  expect(rejectReason("area.new_reason")).toBe("new reason");
  expect(tReview.other(6, "bad_encoding")).toBe("Line 6: wrong encoding");
});
