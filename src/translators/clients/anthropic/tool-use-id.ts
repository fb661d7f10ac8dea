// Ids of tool calls as Anthropic clients take them: letters, digits, `_` and `-`. Others go there and back unharmed.

const mark = "toolu_as_";
const plain = /^[a-zA-Z0-9_-]+$/;

export function toToolUseId(id: string): string {
  return plain.test(id) && !id.startsWith(mark) ? id : mark + Buffer.from(id).toString("base64url");
}

export function fromToolUseId(id: string): string {
  return id.startsWith(mark) ? Buffer.from(id.slice(mark.length), "base64url").toString() : id;
}
