// Every recorded generation of DashScope goes through the service's side and says the same as a naive reading of it.
import { describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../../../test/support/recordings.ts";
import type { ChatChunk } from "../../chat/chat-answer.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { dashscopeService } from "./dashscope-service.ts";

/** What an answer says, whole or in chunks. */
interface Said {
  readonly id: string | undefined;
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly finish: string | undefined;
  readonly input: number | undefined;
  readonly output: number | undefined;
}

/** Two streams were recorded without their content type. */
const isStream = ({ body }: Recording): boolean => body.toString("latin1", 0, 3) === "id:";
/** Vectors and counts of tokens are no conversations. */
const generations = loadRecordings("dashscope").filter(
  (recording) => recording.status === 200 && (isStream(recording) || recording.body.includes('"choices"')),
);
const streams = generations.filter(isStream);
const wholes = generations.filter((recording) => !isStream(recording));

// Our own data: its shape is that of DashScope's documentation.
interface RecordedBody {
  readonly request_id: string;
  readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number };
  readonly output: {
    readonly text?: string;
    readonly finish_reason?: string;
    readonly choices?: readonly {
      readonly finish_reason: string;
      readonly message: {
        readonly content: string | readonly { readonly text?: string }[];
        readonly reasoning_content?: string;
        readonly tool_calls?: readonly {
          readonly index: number;
          readonly id: string;
          readonly function: { readonly name?: string; readonly arguments?: string };
        }[];
      };
    }[];
  };
}

function naively(bodies: readonly RecordedBody[]): Said {
  const calls: { id: string; name: string; arguments: string }[] = [];
  let text = "";
  let reasoning = "";
  for (const { output } of bodies) {
    const message = output.choices?.[0]?.message;
    const content = message?.content ?? output.text ?? "";
    text += typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");
    reasoning += message?.reasoning_content ?? "";
    for (const call of message?.tool_calls ?? []) {
      const known = (calls[call.index] ??= { id: "", name: "", arguments: "" });
      known.id += call.id;
      known.name += call.function.name ?? "";
      known.arguments += call.function.arguments ?? "";
    }
  }
  const last = bodies.at(-1);
  return {
    id: last?.request_id,
    text,
    reasoning,
    calls,
    finish: last?.output.choices?.[0]?.finish_reason ?? last?.output.finish_reason,
    input: last?.usage?.input_tokens,
    output: last?.usage?.output_tokens,
  };
}

/** The recordings were written with one line of data per event. */
function eventsOf({ body }: Recording): RecordedBody[] {
  const lines = body.toString().split("\n");
  return lines
    .filter((line) => line.startsWith("data:"))
    .map((line) => JSON.parse(line.slice("data:".length)) as RecordedBody);
}

function gathered(chunks: readonly ChatChunk[]): Said {
  const calls: { id: string; name: string; arguments: string }[] = [];
  let text = "";
  let reasoning = "";
  let finish: string | undefined;
  for (const { choices } of chunks) {
    for (const { delta, finish_reason: reason } of choices) {
      text += delta.content ?? "";
      reasoning += delta.reasoning_content ?? "";
      finish = reason ?? finish;
      for (const call of delta.tool_calls ?? []) {
        const known = (calls[call.index] ??= { id: "", name: "", arguments: "" });
        known.id += call.id ?? "";
        known.name += call.function?.name ?? "";
        known.arguments += call.function?.arguments ?? "";
      }
    }
  }
  const usage = chunks.at(-1)?.usage;
  return {
    id: chunks[0]?.id,
    text,
    reasoning,
    calls,
    finish,
    input: usage?.prompt_tokens,
    output: usage?.completion_tokens,
  };
}

test(`${wholes.length} whole answers and ${streams.length} streams of DashScope are read`, () => {
  expect([wholes.length, streams.length]).toEqual([9, 10]);
});

describe("a recorded answer says in chat form what it said", () => {
  test.each(wholes.map((recording) => [recording.name, recording] as const))("%s", (_, { body }) => {
    const parsed = JSON.parse(body.toString()) as RecordedBody;
    const answer = dashscopeService.answer(parsed, chatRequest({}), contextOf());
    if ("status" in answer) throw new Error(answer.message);
    const [choice] = answer.choices;
    expect({
      id: answer.id,
      text: choice?.message.content,
      reasoning: choice?.message.reasoning_content ?? "",
      calls: choice?.message.tool_calls ?? [],
      finish: choice?.finish_reason,
      input: answer.usage?.prompt_tokens,
      output: answer.usage?.completion_tokens,
    }).toEqual(naively([parsed]));
  });
});

describe("a recorded stream says in chunks what it said", () => {
  const answered = streams.filter(({ features }) => !features.includes("error-in-200"));

  test.each(answered.map((recording) => [recording.name, recording] as const))("%s", (_, recording) => {
    const { chunks, error } = readStream(dashscopeService, recording.body);
    expect(error).toBeUndefined();
    expect(gathered(chunks)).toEqual(naively(eventsOf(recording)));
    const ends = chunks.filter(({ choices }) => choices[0]?.finish_reason);
    expect(ends).toHaveLength(1);
    expect(chunks.at(-1)?.choices).toEqual([]);
    expect(readStream(dashscopeService, recording.body, { cut: 1 })).toEqual({ chunks, error });
  });

  const selected = answered.filter(({ body }) => body.length < 10_000);

  test.each(selected.map((recording) => [recording.name, recording] as const))(
    "defect 1: %s, cut once at any byte, gives the same chunks",
    (_, { body }) => {
      const whole = JSON.stringify(readStream(dashscopeService, body));
      const different: number[] = [];
      for (let cut = 1; cut < body.length; cut += 1)
        if (JSON.stringify(readStream(dashscopeService, body, { cut })) !== whole) different.push(cut);
      expect(different).toEqual([]);
    },
  );

  test("defect 10: an error inside a 200 is reported as one", () => {
    const refused = streams.filter(({ features }) => features.includes("error-in-200"));
    expect(refused.map(({ body }) => readStream(dashscopeService, body))).toEqual([
      {
        chunks: [],
        error: {
          status: 400,
          message: "Role must be user or assistant and Content length must be greater than 0",
        },
      },
    ]);
  });
});
