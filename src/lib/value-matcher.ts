// Which values of something a policy is for: made once, asked per request. Knows not what the values are.
import { compilePattern } from "./linear-pattern/linear-pattern.ts";

export type ValueMatch =
  | { readonly type: "any" }
  | { readonly type: "exact" | "prefix" | "regex"; readonly value: string };

export type ValueMatcher = (value: string) => boolean;

/** @throws SyntaxError for a regular expression that cannot be used */
export function valueMatcher(match: ValueMatch): ValueMatcher {
  switch (match.type) {
    case "any":
      return () => true;
    case "exact":
      return (value) => value === match.value;
    case "prefix":
      return (value) => value.startsWith(match.value);
    case "regex": {
      const pattern = compilePattern(match.value);
      return (value) => pattern.spans(value).length > 0;
    }
  }
}
