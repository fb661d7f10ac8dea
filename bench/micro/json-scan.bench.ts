// Compares the scan of a request body with parsing it, by size. Run: npx vitest bench bench/micro
import { describe, test } from "vitest";
import { prepareScan, scanObject } from "../../src/lib/json-scan.ts";

const plan = prepareScan(["model", "stream", "stream_options"]);

describe.each([1_024, 32_768, 1_048_576])("a chat request of %i bytes", (size) => {
  const content = 'Lorem ipsum dolor sit amet, "quoted". '.repeat(size / 40);
  const body = Buffer.from(
    JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content }] }),
  );

  test("scan against parse", async ({ bench }) => {
    await bench.compare(
      bench("scan", () => void scanObject(body, plan)),
      bench("JSON.parse", () => void JSON.parse(body.toString())),
    );
  });
});
