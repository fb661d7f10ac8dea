// What explaining a request needs beside a plan, with nothing counted and no identity provider. Tests only.
import { TokenKeys } from "../identity/token-keys.ts";
import { loneLimits } from "../limits/lone-limits.ts";
import type { TestSurroundings } from "../runtime-fixture.ts";
import type { ExplainTools } from "./explain.ts";

export function toolsOf({ clock }: Pick<TestSurroundings, "clock">): ExplainTools {
  const tokenKeys = new TokenKeys({ get: () => Promise.reject(new Error("down")), clock });
  return { clock, tokenKeys, limits: loneLimits(() => clock.monotonicMs(), thrown) };
}

function thrown(error: Error): never {
  throw error;
}
