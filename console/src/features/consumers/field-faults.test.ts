import { expect, test } from "vitest";
import { ApiError } from "../../api/client.ts";
import { faultAt, faultsBelow } from "./field-faults.ts";

const error = new ApiError({
  status: 400,
  code: "invalid",
  message: "Invalid.",
  details: [
    { path: "quotas[1].timeZone", message: "must be an IANA time zone" },
    { path: "quotas[1].notify[0].webhook", message: "is not allowed" },
    { path: "quotas[0].limit", message: "is required" },
  ],
});

test("faults stand at the fields of the quota that was sent, not at those of another", () => {
  const faults = faultsBelow(error, "quotas[1]");
  expect(faultAt(faults, "timeZone")).toBe("must be an IANA time zone");
  expect(faultAt(faults, "notify")).toBe("is not allowed");
  expect(faultAt(faults, "notify[0].webhook")).toBe("is not allowed");
  expect(faultAt(faults, "limit")).toBeUndefined();
});

test("the whole body and an error of another sort", () => {
  expect(faultAt(faultsBelow(error, ""), "quotas[0].limit")).toBe("is required");
  expect(faultsBelow(new Error("offline"), "").size).toBe(0);
});
