// Loaded into Portkey's process only: its streamed answers change the headers of a fetch answer, which fetch
// forbids, so every stream ends in a 500. A copy of the answer has headers that may be changed.
const original = globalThis.fetch;

globalThis.fetch = async (...request) => {
  const answer = await original(...request);
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer;
  return new Response(answer.body, { status: answer.status, headers: answer.headers });
};
