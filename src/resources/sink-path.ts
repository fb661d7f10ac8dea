// Which files below the data folder a sink may write. Knows no disk; a path that is taken here never meets a file of ours.

/** None of the gateway's own files outside its folders ends so. */
const suffixes = [".jsonl", ".ndjson", ".log"];

/** Folders that the gateway itself works in. */
const ownFolders: ReadonlySet<string> = new Set(["logs", "records", "uploads"]);

/** What is wrong with a path, for its author; undefined when nothing is. */
export function sinkPathProblem(path: string): string | undefined {
  if (path.length > 512) return "must have at most 512 characters";
  if (/^[/\\~]|^[A-Za-z]:/u.test(path)) return "must be counted from the data folder, not absolute";
  const segments = path.split("/");
  if (segments.some((segment) => !/^[A-Za-z0-9_][A-Za-z0-9._ -]*$/u.test(segment)))
    return "must be folder and file names of A-Z a-z 0-9 . _ - and no .. between them";
  // Some file systems do not tell upper from lower case.
  const first = segments[0]?.toLowerCase() ?? "";
  // Each of our own files there has a dot in its name: a folder in its place would keep it from being written.
  if (segments.length > 1 && first.includes("."))
    return "must not begin with a folder that has a dot in its name";
  if (ownFolders.has(first)) return `must not lie in ${first}/, which is the gateway's own`;
  if (!suffixes.some((suffix) => path.toLowerCase().endsWith(suffix)))
    return `must end in ${suffixes.join(", ")}`;
  return undefined;
}
