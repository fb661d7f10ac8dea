// Attributes in the JSON encoding of OTLP, and the form of the tables that they come from. Knows no signal.
// Encoding: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding

export type AttributeType = "string" | "int" | "double" | "bool";

type AttributeValue = string | number | boolean | null | undefined;

/** One attribute: its name, its type, the field of our record behind it, and its value; nothing = it is left out. */
export interface AttributeRow<Subject> {
  readonly name: string;
  readonly type: AttributeType;
  readonly field: string;
  readonly of: (subject: Subject) => AttributeValue;
}

export type AnyValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly boolValue: boolean };

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** The attributes that a table gives for a subject. */
export function attributesOf<Subject>(rows: readonly AttributeRow<Subject>[], subject: Subject): KeyValue[] {
  const attributes: KeyValue[] = [];
  for (const { name, type, of } of rows) {
    const value = encode(type, of(subject));
    if (value !== undefined) attributes.push({ key: name, value });
  }
  return attributes;
}

function encode(type: AttributeType, value: AttributeValue): AnyValue | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  switch (type) {
    case "string":
      return { stringValue: String(value) };
    case "int":
      return { intValue: String(Math.round(Number(value))) };
    case "double":
      return { doubleValue: Number(value) };
    case "bool":
      return { boolValue: value === true };
  }
}

/** Nanoseconds since 1970 as OTLP writes them. */
export function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return (BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6))).toString();
}
