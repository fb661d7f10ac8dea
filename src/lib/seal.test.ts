import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createSealer, isSealed, SealBroken } from "./seal.ts";

const masterKey = Buffer.alloc(32, 7);
const sealer = createSealer(masterKey);
const secret = "sk-very-secret-value";

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

function flipBit(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(index) ^ 1, index);
  return copy;
}

describe("a sealed text", () => {
  test.each([
    { name: "a key", plain: secret },
    { name: "nothing", plain: "" },
    { name: "more than ASCII", plain: "Grüße 漢字 🔑\u0000" },
    { name: "much", plain: "x".repeat(1_000_000) },
  ])("opens again: $name", ({ plain }) => {
    const sealed = sealer.seal(plain, "context");
    expect(isSealed(sealed)).toBe(true);
    expect(createSealer(Buffer.from(masterKey)).open(sealed, "context")).toBe(plain);
  });

  test("shows nothing of its content and differs each time", () => {
    const sealed = sealer.seal(secret, "context");
    expect(sealed).not.toBe(sealer.seal(secret, "context"));
    expect(sealed).toMatch(/^sealed:[\w-]+$/);
    expect(Buffer.from(sealed.slice(7), "base64url").includes(secret)).toBe(false);
  });

  test("does not open in another place", () => {
    const sealed = sealer.seal(secret, "default/services/a/apiKeys/main");
    const failure = failureOf(() => sealer.open(sealed, "default/services/b/apiKeys/main"));
    expect(failure).toBeInstanceOf(SealBroken);
    expect(failure).toMatchObject({ reason: "changed" });
  });

  test("does not open with another key, and says so", () => {
    const other = createSealer(randomBytes(32));
    expect(failureOf(() => other.open(sealer.seal(secret, "c"), "c"))).toMatchObject({ reason: "other-key" });
  });

  test.each(["", "plain", "sealed:", "sealed:AA", "sealed:a b", `sealed:${"A".repeat(80)}`])(
    "that is none is refused: %j",
    (text) => {
      expect(failureOf(() => sealer.open(text, "c"))).toMatchObject({
        name: "SealBroken",
        reason: "malformed",
      });
    },
  );
});

describe("sealed bytes", () => {
  const plain = Buffer.from(secret);
  const sealed = sealer.sealBytes(plain, "snapshot");

  test("open again, also from the middle of a larger buffer", () => {
    const larger = Buffer.concat([Buffer.alloc(5), sealed]);
    expect(sealer.openBytes(new Uint8Array(larger).subarray(5), "snapshot")).toEqual(plain);
  });

  test("are refused after a change of any single byte, without telling the content", () => {
    for (let index = 0; index < sealed.length; index += 1) {
      const failure = failureOf(() => sealer.openBytes(flipBit(sealed, index), "snapshot"));
      expect(failure).toBeInstanceOf(SealBroken);
      expect(String(failure)).not.toContain(secret);
    }
  });

  test("are refused when cut anywhere", () => {
    for (let length = 0; length < sealed.length; length += 1) {
      expect(failureOf(() => sealer.openBytes(sealed.subarray(0, length), "snapshot"))).toBeInstanceOf(
        SealBroken,
      );
    }
  });
});

describe("a sealer", () => {
  test.each([0, 16, 31, 33])("refuses a key of %i bytes", (length) => {
    expect(() => createSealer(Buffer.alloc(length))).toThrow(RangeError);
  });

  test("names its key the same each time, and other keys differently", () => {
    expect(sealer.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(createSealer(Buffer.from(masterKey)).keyId).toBe(sealer.keyId);
    expect(createSealer(Buffer.alloc(32, 8)).keyId).not.toBe(sealer.keyId);
  });
});
