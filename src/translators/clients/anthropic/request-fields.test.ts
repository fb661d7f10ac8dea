import { test } from "vitest";
import { compare, mark, tool, type Row } from "./request-fixture.ts";

const made = { type: "function", function: { name: "f", description: "d", parameters: tool.input_schema } };
const closed = {
  type: "object",
  properties: { a: { type: "string" } },
  required: ["a"],
  additionalProperties: false,
};
const open = { type: "object", properties: { a: { type: "string" } }, additionalProperties: false };

const fieldRows: readonly Row[] = [
  [
    "the smallest",
    {},
    { max_tokens: 10, messages: [{ role: "user", content: "Hi" }], stream: false, others: {} },
  ],
  [
    "a system text",
    { system: "s" },
    {
      messages: [
        { role: "system", content: "s" },
        { role: "user", content: "Hi" },
      ],
    },
  ],
  [
    "system blocks with their marks",
    {
      system: [
        { type: "text", text: "a" },
        { type: "text", text: "b", ...mark },
      ],
    },
    {
      messages: [
        {
          role: "system",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b", ...mark },
          ],
        },
        {},
      ],
    },
  ],
  [
    "lines that change with every request are taken out",
    {
      system: [
        { type: "text", text: "x-anthropic-billing-header: cc_version=2; cch=abc;" },
        { type: "text", text: "x-anthropic-billing-header: a\nYou code." },
      ],
    },
    { messages: [{ role: "system", content: "You code." }, {}] },
  ],
  ["an empty system says nothing", { system: [] }, { messages: [{ role: "user" }] }],
  ["numbers", { temperature: 0, top_p: 0, top_k: 5 }, { temperature: 0, top_p: 0, top_k: 5 }],
  ["stops", { stop_sequences: ["a", "b"] }, { stop: ["a", "b"] }],
  ["no stops", { stop_sequences: [] }, { stop: undefined }],
  [
    "tools",
    { tools: [{ ...tool, ...mark, strict: true }] },
    { tools: [{ ...made, function: { ...made.function, strict: true }, ...mark }] },
  ],
  ["tools that say their type", { tools: [{ ...tool, type: "custom" }] }, { tools: [made] }],
  [
    "tools that the service would run are reported",
    {
      tools: [
        { type: "web_search_20250305", name: "web_search" },
        tool,
        { type: "bash_20250124", name: "bash" },
      ],
    },
    { tools: [made] },
    ["tools.0;dropped", "tools.2;dropped"],
  ],
  [
    "how a tool is shown is reported once",
    {
      tools: [
        { ...tool, defer_loading: true },
        { ...tool, defer_loading: true, input_examples: [{}] },
      ],
    },
    { tools: [made, made] },
    ["tools.0.defer_loading;dropped", "tools.1.input_examples;dropped"],
  ],
  ["defect 5: tool_choice auto", { tools: [tool], tool_choice: { type: "auto" } }, { tool_choice: "auto" }],
  ["defect 5: tool_choice none", { tools: [tool], tool_choice: { type: "none" } }, { tool_choice: "none" }],
  [
    "defect 5: tool_choice any",
    { tools: [tool], tool_choice: { type: "any" } },
    { tool_choice: "required", parallel_tool_calls: undefined },
  ],
  [
    "defect 5: tool_choice tool",
    { tools: [tool], tool_choice: { type: "tool", name: "f" } },
    { tool_choice: { type: "function", function: { name: "f" } } },
  ],
  [
    "one call at a time",
    { tools: [tool], tool_choice: { type: "auto", disable_parallel_tool_use: true } },
    { tool_choice: "auto", parallel_tool_calls: false },
  ],
  [
    "thinking with a budget",
    { thinking: { type: "enabled", budget_tokens: 2_000 } },
    { thinking: { type: "enabled", budget_tokens: 2_000 } },
  ],
  [
    "adaptive thinking with an effort",
    { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "max" } },
    { thinking: { type: "adaptive", display: "summarized" }, reasoning_effort: "max" },
  ],
  ["no thinking", { thinking: { type: "disabled" } }, { thinking: { type: "disabled" } }],
  [
    "a schema that can be kept strictly",
    { output_config: { format: { type: "json_schema", schema: closed } } },
    {
      response_format: { type: "json_schema", json_schema: { name: "answer", schema: closed, strict: true } },
    },
  ],
  [
    "a schema with a choice",
    { output_config: { format: { type: "json_schema", schema: open } } },
    { response_format: { type: "json_schema", json_schema: { name: "answer", schema: open } } },
  ],
  [
    "the older place of the schema",
    { output_format: { type: "json_schema", schema: closed } },
    { response_format: { json_schema: { schema: closed } } },
  ],
  [
    "another member of output_config",
    { output_config: { task_budget: { type: "tokens", total: 9 } } },
    { reasoning_effort: undefined },
    ["output_config.task_budget;dropped"],
  ],
  ["who asks", { metadata: { user_id: "u" } }, { user: "u" }],
  ["the tier", { service_tier: "standard_only" }, { service_tier: "default" }],
  [
    "what has no place stays under its name",
    { container: "c", mcp_servers: [], context_management: { edits: [] }, mystery: 1, ...mark },
    { others: { container: "c", mcp_servers: [], context_management: { edits: [] }, mystery: 1, ...mark } },
  ],
];

test.each(fieldRows.map((row) => [row[0], row] as const))("%s", (_name, row) => compare(row));
