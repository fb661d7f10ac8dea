// Requests in the shape of coding agents', written by hand after what they are known to send. Must not know the gateway.

const cached = { cache_control: { type: "ephemeral" } };
const tool = (name: string): object => ({
  name,
  description: `Does ${name}. `.repeat(40),
  input_schema: {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { path: { type: "string" }, limit: { type: "number", exclusiveMinimum: 0 } },
    required: ["path"],
    additionalProperties: false,
  },
});

const toolNames = [
  "Task",
  "Bash",
  "Glob",
  "Grep",
  "Read",
  "Edit",
  "MultiEdit",
  "Write",
  "WebFetch",
  "TodoWrite",
];

/** A single pixel. */
export const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** In the fourth turn of a loop: two results, of which one is a picture and one an error, thinking in between. */
export const claudeCode = {
  model: "claude-sonnet-4-5",
  max_tokens: 32_000,
  temperature: 1,
  stream: true,
  metadata: { user_id: "user_0_account__session_1" },
  system: [
    { type: "text", text: "x-anthropic-billing-header: cc_version=2.0; cc_entrypoint=cli;" },
    { type: "text", text: "You are a coding agent.", ...cached },
    { type: "text", text: "Be careful. ".repeat(1_000), ...cached },
  ],
  tools: toolNames.map(tool).map((each, at) => (at === toolNames.length - 1 ? { ...each, ...cached } : each)),
  thinking: { type: "enabled", budget_tokens: 10_000 },
  context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "<system-reminder>Today is Sunday.</system-reminder>" },
        { type: "text", text: "Look at the picture.", ...cached },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "I need to read it.", signature: "c2lnbmF0dXJl" },
        { type: "text", text: "Reading." },
        { type: "tool_use", id: "toolu_01", name: "Read", input: { path: "/a.png" } },
        { type: "tool_use", id: "toolu_02", name: "Bash", input: { path: "ls", limit: 5 } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "toolu_01",
          content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: picture } }],
        },
        { type: "tool_result", tool_use_id: "toolu_02", content: "no such file", is_error: true, ...cached },
        { type: "text", text: "<system-reminder>Go on.</system-reminder>" },
      ],
    },
  ],
} as const;

/** After two calls of its shell, as it runs without a store. */
export const codex = {
  model: "gpt-5-codex",
  instructions: "You are a coding agent. ".repeat(200),
  stream: true,
  store: false,
  include: ["reasoning.encrypted_content"],
  prompt_cache_key: "0199aaaa-0000-7000-8000-000000000000",
  parallel_tool_calls: false,
  tool_choice: "auto",
  reasoning: { effort: "medium", summary: "auto" },
  tools: [
    {
      type: "function",
      name: "shell",
      description: "Runs a command.",
      strict: false,
      parameters: {
        type: "object",
        properties: { command: { type: "array", items: { type: "string" } }, timeout_ms: { type: "number" } },
        required: ["command"],
        additionalProperties: false,
      },
    },
    { type: "function", name: "update_plan", strict: false, parameters: { type: "object", properties: {} } },
  ],
  input: [
    { type: "message", role: "developer", content: [{ type: "input_text", text: "Sandbox: read-only." }] },
    { type: "message", role: "user", content: [{ type: "input_text", text: "<environment_context/>" }] },
    { type: "message", role: "user", content: [{ type: "input_text", text: "List the files." }] },
    {
      type: "reasoning",
      id: "rs_1",
      summary: [{ type: "summary_text", text: "I will list." }],
      encrypted_content: "c2VhbGVk",
    },
    {
      type: "function_call",
      call_id: "call_1",
      name: "shell",
      arguments: '{"command":["ls"],"timeout_ms":1.0}',
    },
    {
      type: "function_call_output",
      call_id: "call_1",
      output: '{"output":"a.txt","metadata":{"exit_code":0}}',
    },
  ],
} as const;
