// A state machine for streams of the Responses protocol, written from its documentation alone: which event may follow
// which, numbers without gaps, and texts that add up. Must not know the gateway.
import { isJsonObject, listOf, memberOf, parseJson, type JsonObject } from "../../src/lib/json-value.ts";

export interface ResponsesEvent extends JsonObject {
  readonly type: string;
}

/** The events of a stream. @throws Error where framing or names are wrong */
export function responsesEvents(text: string): ResponsesEvent[] {
  if (text !== "" && !text.endsWith("\n\n")) throw new Error("the last event has no blank line");
  return text
    .split("\n\n")
    .filter((block) => block !== "")
    .map((block) => {
      const found = /^event: (.+)\ndata: (.+)$/.exec(block);
      const event = parseJson(found?.[2] ?? "");
      if (!isJsonObject(event) || event["type"] !== found?.[1]) throw new Error(`no event: ${block}`);
      // Its name was compared just now.
      return event as ResponsesEvent;
    });
}

/** One part of an item that grows by events. */
interface OpenPart {
  readonly kind: "text" | "refusal" | "summary";
  readonly index: unknown;
  said: string;
  done: boolean;
}

const deltas: Readonly<Record<string, OpenPart["kind"]>> = {
  "response.output_text.delta": "text",
  "response.refusal.delta": "refusal",
  "response.reasoning_summary_text.delta": "summary",
};
const wholes: Readonly<Record<string, OpenPart["kind"]>> = {
  "response.output_text.done": "text",
  "response.refusal.done": "refusal",
  "response.reasoning_summary_text.done": "summary",
};
const partKinds: Readonly<Record<string, OpenPart["kind"]>> = {
  output_text: "text",
  refusal: "refusal",
  summary_text: "summary",
};

class OrderCheck {
  #step: "start" | "created" | "running" | "ended" = "start";
  #sequence = 0;
  #responseId: unknown;
  readonly #items: JsonObject[] = [];
  #item: JsonObject | undefined;
  #part: OpenPart | undefined;
  readonly #parts: string[] = [];
  #input = "";
  #inputDone = false;

  read(event: ResponsesEvent): void {
    const expect = (holds: boolean, what: string): void => {
      if (!holds) throw new Error(`${what}: ${JSON.stringify(event)}`);
    };
    expect(event["sequence_number"] === this.#sequence, `sequence_number is not ${this.#sequence}`);
    this.#sequence += 1;
    expect(this.#step !== "ended", "an event after the end");
    if (isJsonObject(event["response"])) return this.#lifecycle(event, event["response"], expect);
    expect(this.#step === "running", "an event before response.in_progress");
    if (event.type === "response.output_item.added") return this.#added(event, expect);
    expect(this.#item !== undefined, "no item is open");
    expect(event["output_index"] === this.#items.length, "wrong output_index");
    if (event.type === "response.output_item.done") return this.#done(event, expect);
    expect(event["item_id"] === this.#item?.["id"], "wrong item_id");
    this.#inside(event, expect);
  }

  get finished(): boolean {
    return this.#step === "ended";
  }

  #lifecycle(
    event: ResponsesEvent,
    response: JsonObject,
    expect: (holds: boolean, what: string) => void,
  ): void {
    this.#responseId ??= response["id"];
    expect(typeof response["id"] === "string" && response["id"] === this.#responseId, "another response id");
    expect(response["object"] === "response", "no response");
    const status = event.type.slice("response.".length);
    expect(response["status"] === (status === "created" ? "in_progress" : status), "wrong status");
    if (event.type === "response.created") {
      expect(this.#step === "start", "created late");
      this.#step = "created";
    } else if (event.type === "response.in_progress") {
      expect(this.#step === "created", "in_progress without created");
      this.#step = "running";
    } else {
      expect(this.#step === "running", "an end without a beginning");
      expect(this.#item === undefined || status === "failed", "an item is open at the end");
      expect(["completed", "incomplete", "failed"].includes(status), "unknown end");
      expect(JSON.stringify(response["output"]) === JSON.stringify(this.#items), "another output");
      this.#step = "ended";
      return;
    }
    expect(listOf(response, "output").length === 0, "output at the beginning");
  }

  #added(event: ResponsesEvent, expect: (holds: boolean, what: string) => void): void {
    const { item } = event;
    expect(this.#item === undefined, "an item within an item");
    expect(event["output_index"] === this.#items.length, "wrong output_index");
    expect(isJsonObject(item) && typeof item["id"] === "string", "no item");
    this.#item = isJsonObject(item) ? item : {};
    expect(memberOf(item, "status") === undefined || memberOf(item, "status") === "in_progress", "not new");
    this.#parts.length = 0;
    this.#input = "";
    this.#inputDone = false;
  }

  #done(event: ResponsesEvent, expect: (holds: boolean, what: string) => void): void {
    const item = isJsonObject(event["item"]) ? event["item"] : {};
    expect(item["id"] === this.#item?.["id"] && item["type"] === this.#item?.["type"], "another item");
    expect(this.#part === undefined, "a part is open");
    const said = [...listOf(item, "content"), ...listOf(item, "summary")];
    const texts = said.map((part) => memberOf(part, "text") ?? memberOf(part, "refusal"));
    expect(JSON.stringify(texts) === JSON.stringify(this.#parts), "other parts than were told");
    const type = item["type"];
    if (type === "function_call" || type === "custom_tool_call") {
      expect(this.#inputDone, "no end of the arguments");
      expect(item[type === "function_call" ? "arguments" : "input"] === this.#input, "other arguments");
    }
    this.#items.push(item);
    this.#item = undefined;
  }

  #inside(event: ResponsesEvent, expect: (holds: boolean, what: string) => void): void {
    const { type } = event;
    const index = event["content_index"] ?? event["summary_index"];
    const call = /^response\.(?:function_call_arguments|custom_tool_call_input)\.(delta|done)$/.exec(type);
    if (call?.[1] === "delta") {
      expect(!this.#inputDone, "arguments after their end");
      this.#input += String(event["delta"]);
    } else if (call?.[1] === "done") {
      expect((event["arguments"] ?? event["input"]) === this.#input, "arguments do not add up");
      this.#inputDone = true;
    } else if (/^response\.(?:content|reasoning_summary)_part\.added$/.test(type)) {
      expect(this.#part === undefined && index === this.#parts.length, "a part out of turn");
      const kind = partKinds[String(memberOf(event["part"], "type"))];
      expect(kind !== undefined, "unknown part");
      this.#part = { kind: kind ?? "text", index, said: "", done: false };
    } else if (/^response\.(?:content|reasoning_summary)_part\.done$/.test(type)) {
      const text = memberOf(event["part"], "text") ?? memberOf(event["part"], "refusal");
      expect(
        this.#part?.done === true && index === this.#part.index && text === this.#part.said,
        "a part's end",
      );
      this.#parts.push(this.#part?.said ?? "");
      this.#part = undefined;
    } else {
      this.#withinPart(event, index, expect);
    }
  }

  #withinPart(event: ResponsesEvent, index: unknown, expect: (holds: boolean, what: string) => void): void {
    const part = this.#part;
    const kind = deltas[event.type] ?? wholes[event.type] ?? "text";
    expect(
      part !== undefined && part.index === index && part.kind === kind && !part.done,
      "no such part is open",
    );
    if (part === undefined) return;
    if (deltas[event.type] !== undefined) {
      part.said += String(event["delta"]);
    } else if (wholes[event.type] !== undefined) {
      expect((event["text"] ?? event["refusal"]) === part.said, "texts do not add up");
      part.done = true;
    } else {
      expect(event.type === "response.output_text.annotation.added", "unknown event");
    }
  }
}

/** @throws Error for the first event that is out of order, and for a stream without an end */
export function checkResponsesOrder(events: readonly ResponsesEvent[]): void {
  const check = new OrderCheck();
  for (const event of events) check.read(event);
  if (!check.finished) throw new Error("the stream has no end");
}
