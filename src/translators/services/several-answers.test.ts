// More than one answer to a request: every service's side asks for them or refuses by name, and none gives one in silence.
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../core/errors.ts";
import { chatRequest, contextOf } from "../translation-fixture.ts";
import { serviceSides } from "../translations.ts";

function asked(service: keyof typeof serviceSides, n: number): string {
  const side = serviceSides[service];
  if (side === undefined) throw new Error(`${service} has no side`);
  try {
    return JSON.stringify(side.request(chatRequest({ n }), contextOf()).body);
  } catch (error) {
    if (error instanceof GatewayError) return `${error.status} ${error.param}`;
    throw error;
  }
}

const takers: Readonly<Record<string, string>> = {
  openai: '"n":2',
  gemini: '"candidateCount":2',
  dashscope: '"n":2',
};

// The names of a table's members are of its type.
const services = Object.keys(serviceSides) as (keyof typeof serviceSides)[];

describe.each(services)("%s", (service) => {
  test("two are asked for, or refused", () => {
    expect(asked(service, 2)).toContain(takers[service] ?? "400 n");
  });

  test("one is what every service gives", () => {
    expect(asked(service, 1)).not.toContain("400");
  });
});
