// Arbitrary JSON objects as text, odd in every way that JSON allows, with the places of the members that a gateway looks at
// known from the making and not from reading. Must not know the gateway.
import fc from "fast-check";

/** A piece of a body; `role` tells what the gateway may do to it. */
export interface BodyPiece {
  readonly role: "other" | "model" | "options";
  readonly text: string;
}

export interface GeneratedBody {
  readonly pieces: readonly BodyPiece[];
  readonly stream: boolean;
  /** Whether the body has a model member. */
  readonly hasModel: boolean;
}

const space = fc.constantFrom("", "", "", " ", "\n", "\t", "\r\n", "  \t ");

const numbers = fc.constantFrom(
  "0",
  "-0",
  "1.0",
  "1.10",
  "12345678901234567890",
  "-9007199254740993",
  "1e400",
  "1E+2",
  "-1.5e-7",
  "0.1000000000000000055511151231257827",
);

const stringPieces = fc.constantFrom(
  "a",
  "moon",
  " ",
  "\\n",
  "\\\\",
  '\\"',
  "\\/",
  "/",
  "\\u0041",
  "\\u00e9",
  "\\uD83C\\uDF19",
  "\\ud800",
  "é",
  "月",
  "🌙",
  "\u2028",
  "\u007f",
  "model",
  '\\"model\\":\\"x\\"',
  '\\"stream\\":true',
  "{}[],:",
  "</script>",
);

const stringText = fc.array(stringPieces, { maxLength: 6 }).map((pieces) => `"${pieces.join("")}"`);

function padded(...texts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const parts = texts.flatMap((text) => [text, space]);
  return fc.tuple(space, ...parts).map((all) => all.join(""));
}

const { value: jsonText } = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    numbers,
    stringText,
    fc.constantFrom("true", "false", "null"),
    tie("array"),
    tie("object"),
  ),
  array: fc.array(padded(tie("value")), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
  object: fc
    .array(fc.tuple(padded(stringText), padded(tie("value"))), { maxLength: 4 })
    .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join(",")}}`),
}));

/** Keys that decode to something else than the three a gateway looks at. */
const otherKey = fc
  .oneof(
    stringText,
    fc.constantFrom('"messages"', '"Model"', '"model "', '"temperature"', '"__proto__"', '"models"', '""'),
  )
  .filter((text) => !["model", "stream", "stream_options"].includes(JSON.parse(text) as string));

const modelKey = fc.constantFrom('"model"', '"model"', '"mod\\u0065l"', '"\\u006dodel"');
const modelValue = fc.constantFrom(
  '"small"',
  '"a/b:c-1.0"',
  '"gpt\\u002d5"',
  '"mö🌙del"',
  '""',
  '"\\"quoted\\""',
  `"${"long".repeat(500)}"`,
);
const streamKey = fc.constantFrom('"stream"', '"str\\u0065am"');
const streamValue = fc.constantFrom("true", "true", "false", "null");
const optionsValue = fc.constantFrom(
  "null",
  "{}",
  "{ }",
  '{"include_usage":false}',
  '{"include_usage":true}',
  '{ "include_obfuscation" : false }',
  '{"x":1.0, "include_usage" : null}',
  '"text"',
  "7",
);

type Member = readonly BodyPiece[];

function other(...texts: readonly string[]): BodyPiece {
  return { role: "other", text: texts.join("") };
}

const otherMember: fc.Arbitrary<Member> = fc
  .tuple(padded(otherKey), padded(jsonText))
  .map(([key, value]) => [other(key, ":", value)]);

function specialMember(
  key: fc.Arbitrary<string>,
  value: fc.Arbitrary<string>,
  role: BodyPiece["role"],
): fc.Arbitrary<Member> {
  return fc
    .tuple(padded(key), space, value, space)
    .map(([name, before, text, after]) => [other(name, ":", before), { role, text }, other(after)]);
}

const bodyParts = fc.record({
  before: space,
  after: space,
  others: fc.array(otherMember, { maxLength: 6 }),
  model: fc.option(specialMember(modelKey, modelValue, "model"), { freq: 8, nil: undefined }),
  stream: fc.option(fc.tuple(streamValue, specialMember(streamKey, fc.constant("?"), "other")), {
    nil: undefined,
  }),
  options: fc.option(specialMember(fc.constant('"stream_options"'), optionsValue, "options"), {
    freq: 2,
    nil: undefined,
  }),
  places: fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)),
});

/** Bodies with model, stream and stream_options anywhere among other members, or absent. */
export const generatedBody: fc.Arbitrary<GeneratedBody> = bodyParts.map((parts) => {
  const members: Member[] = [...parts.others];
  const insert = (member: Member | undefined, place: number): void => {
    if (member !== undefined) members.splice(place % (members.length + 1), 0, member);
  };
  const [streamText, streamMember] = parts.stream ?? ["", undefined];
  insert(parts.model, parts.places[0]);
  insert(
    streamMember?.map((piece) => (piece.text === "?" ? other(streamText) : piece)),
    parts.places[1],
  );
  insert(parts.options, parts.places[2]);
  const pieces = members.flatMap((member, index) => (index === 0 ? member : [other(","), ...member]));
  return {
    pieces: [
      other(parts.before, "{"),
      ...(pieces.length === 0 ? [other(parts.before)] : pieces),
      other("}", parts.after),
    ],
    stream: streamText === "true",
    hasModel: parts.model !== undefined,
  };
});
