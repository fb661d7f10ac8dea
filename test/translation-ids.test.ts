// What consumers keep at services of other protocols stays theirs, over sockets. Must not know translators.
import { describe, expect, test } from "vitest";
import type { IdFamily } from "../src/core/id-families.ts";
import { createMemoryIdStore } from "../src/gateway/ids/memory-id-store.ts";
import { createKeeper } from "./support/keeper.ts";
import { as, ask, authentication, sceneOf, speak } from "./support/policy-scene.ts";
import type { RequestParts } from "./support/raw-client.ts";
import { stillClock } from "./support/still-clock.ts";
import type { TranslatedService } from "./support/translation-scene.ts";

const keep = createKeeper();

describe("what another consumer keeps at a service", () => {
  const file = "file_of_ana";
  const say = (content: unknown, fields: object = {}): RequestParts["body"] =>
    JSON.stringify({ model: "m", max_tokens: 9, messages: [{ role: "user", content }], ...fields });
  const chats = (content: unknown, fields: object = {}) => ({
    path: "/v1/chat/completions",
    body: say(content, fields),
  });

  interface Row {
    readonly service: TranslatedService;
    readonly family: IdFamily;
    readonly asked: RequestParts;
  }

  test.each<[string, Row]>([
    [
      "a file of Anthropic's as a picture of OpenAI's",
      {
        service: "anthropic",
        family: "anthropic-file",
        asked: chats([{ type: "image_url", image_url: { url: "", file_id: file } }]),
      },
    ],
    [
      "a file of Anthropic's as one of OpenAI's",
      {
        service: "anthropic",
        family: "anthropic-file",
        asked: chats([{ type: "file", file: { file_id: file } }]),
      },
    ],
    [
      "a container of Anthropic's in a chat",
      { service: "anthropic", family: "anthropic-container", asked: chats("Hi", { container: file }) },
    ],
    [
      "a file of OpenAI's as one of Anthropic's",
      {
        service: "openai-responses",
        family: "openai-file",
        asked: {
          path: "/v1/messages",
          body: say([{ type: "document", source: { type: "file", file_id: file } }]),
        },
      },
    ],
    [
      "a file of Model Studio's in a prompt of Anthropic's",
      {
        service: "dashscope",
        family: "openai-file",
        asked: { path: "/v1/messages", body: say("Hi", { system: `fileid://${file}` }) },
      },
    ],
  ])("is not named under another name: %s", async (_name, { service, family, asked }) => {
    const ids = createMemoryIdStore(stillClock);
    const owner = { family, id: file, service, key: "main", consumer: "ana" };
    ids.bind([{ ...owner, createdMs: stillClock.wallMs(), expiresMs: stillClock.wallMs() + 3_600_000 }]);
    const scene = await sceneOf(keep, speak, {
      services: [service],
      protocols: ["openai", "anthropic"],
      api: authentication,
      options: { ids },
    });
    const refused = await ask(scene, { ...asked, headers: as("ben") });
    expect(refused.status).toBe(404);
    expect(scene.asked.length).toBe(0);
    const taken = await ask(scene, { ...asked, headers: as("ana") });
    expect(taken.status).toBe(200);
    expect(scene.asked[0]?.body.toString()).toContain(file);
  });
});
