// Content over real sockets: what is forbidden does not pass, in requests and in answers of every protocol, and what is
// not forbidden passes byte for byte.
import { describe, expect, test } from "vitest";
import { createKeeper } from "./support/keeper.ts";
import {
  ask,
  asked,
  chunk,
  done,
  moderationScene,
  said,
  streamed,
  whole,
} from "./support/moderation-scene.ts";
import type { UpstreamRequest } from "./support/raw-upstream.ts";

const keep = createKeeper();

const words = { name: "words", type: "keywords", keywords: ["forbidden fruit", "verboten"] };
const mail = { name: "mail", type: "regex", pattern: "[a-z]{1,20}@[a-z]{1,20}[.]example", action: "mask" };
const both = { enabled: true, checks: [words, mail], streamWindowCharacters: 48 };

const scene = (respond: (request: UpstreamRequest) => void) => moderationScene(keep, respond, both);

describe("a request", () => {
  test("with nothing to find reaches the service byte for byte", async () => {
    const { gateway, bodies } = await scene(whole(said("Hello")));
    const body = ask([{ type: "text", text: "caf\u00e9 12345678901234567890" }]).replace(
      "caf\u00e9",
      "caf\\u00E9",
    );
    const got = await asked(gateway, { body });
    expect(got.status).toBe(200);
    expect(bodies).toEqual([body]);
    expect(got.text()).toBe(said("Hello"));
  });

  test("that is forbidden is refused, and the record tells the check and not the text", async () => {
    const { gateway, bodies } = await scene(whole(said("Hello")));
    const got = await asked(gateway, { body: ask("Bring me the Forbidden   FRUIT now") });
    expect(got.status).toBe(400);
    expect(JSON.parse(got.text())).toMatchObject({ error: { code: "content_blocked" } });
    expect(bodies).toEqual([]);
    const record = await gateway.record(got.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "blocked", errorCode: "content_blocked", status: 400 });
    expect(record.moderation).toEqual([
      {
        check: "words",
        direction: "request",
        dimension: "content-compliance",
        risk: "high",
        action: "block",
        label: "keyword",
        count: 1,
      },
    ]);
    expect(JSON.stringify(record)).not.toMatch(/fruit/i);
  });

  test("is masked in place, and every other byte stays", async () => {
    const { gateway, bodies } = await scene(whole(said("Hello")));
    const got = await asked(gateway, { body: ask("Write to \u00fc anna@mail.example, 1.0") });
    expect(got.status).toBe(200);
    expect(bodies).toEqual([ask("Write to \u00fc [pattern], 1.0")]);
  });
});

describe("a whole answer", () => {
  test("that is forbidden is refused", async () => {
    const { gateway } = await scene(whole(said("Here is the forbidden fruit.")));
    const got = await asked(gateway);
    expect(got.status).toBe(400);
    expect(got.text()).not.toContain("fruit");
    const record = await gateway.record(got.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "blocked", errorCode: "content_blocked", status: 400 });
  });

  test("is masked in place", async () => {
    const { gateway } = await scene(whole(said("Write to bob@mail.example!")));
    expect((await asked(gateway)).text()).toBe(said("Write to [pattern]!"));
  });
});

describe("a streamed answer", () => {
  const stream = { body: ask("Hi", { stream: true }) };

  test("with nothing to find passes byte for byte", async () => {
    const events = [
      ": hello\n\n",
      ...["Once ", "upon ", "a ti", "me"].map((text) => chunk(text)),
      chunk("", "stop"),
      done,
    ];
    const { gateway } = await scene(streamed(events));
    const got = await asked(gateway, stream);
    expect(got.text()).toBe(events.join(""));
    expect(await gateway.record(got.header("x-request-id"))).toMatchObject({ outcome: "ok", moderation: [] });
  });

  test("that is forbidden at once is refused with 400", async () => {
    const { gateway } = await scene(streamed([chunk("verb"), chunk("oten!"), chunk("", "stop"), done]));
    const got = await asked(gateway, stream);
    expect(got.status).toBe(400);
    expect(got.text()).toContain("content_blocked");
  });

  test("that is forbidden later ends as blocked, and nothing of it has passed", async () => {
    const before = Array.from({ length: 40 }, () => chunk("once upon a time there was. "));
    const { gateway } = await scene(
      streamed([...before, chunk(" ver"), chunk("bot"), chunk("en, said he"), chunk("z".repeat(200))]),
    );
    const got = await asked(gateway, stream);
    expect(got.status).toBe(200);
    expect(got.text().startsWith(before.slice(0, 8).join(""))).toBe(true);
    expect(got.text()).not.toContain("ver");
    expect(
      got.text().endsWith(`"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}\n\n${done}`),
    ).toBe(true);
    const record = await gateway.record(got.header("x-request-id"));
    expect(record).toMatchObject({ outcome: "blocked", errorCode: "content_blocked", status: 200 });
  });

  test("is masked over several events", async () => {
    const events = [
      chunk("to bo"),
      chunk("b@ma"),
      chunk("il.exa"),
      chunk("mple now"),
      chunk("", "stop"),
      done,
    ];
    const { gateway } = await scene(streamed(events));
    const masked = [chunk("to [pattern]"), chunk(""), chunk(""), chunk(" now"), chunk("", "stop"), done];
    expect((await asked(gateway, stream)).text()).toBe(masked.join(""));
  });
});
