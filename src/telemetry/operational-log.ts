// What the operator reads: one JSON line per event on stderr, or a short line when a person looks at a terminal.
// Must not be given secrets, request content or header values.

export const logLevels = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface OperationalLog {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
}

export interface LogTarget {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

export function createOperationalLog(options: {
  readonly level: LogLevel;
  readonly target: LogTarget;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}): OperationalLog {
  const threshold = logLevels.indexOf(options.level);
  const write = (level: LogLevel, event: string, fields: LogFields = {}): void => {
    if (logLevels.indexOf(level) > threshold) return;
    const head = { time: new Date(options.wallMs()).toISOString(), level, event };
    // Twice: it stands first, and no field takes its place.
    const entry = (): string => `${JSON.stringify({ ...head, ...fields, ...head })}\n`;
    options.target.write(options.target.isTTY === true ? readable(level, event, fields) : entry());
  };
  return {
    error: (event, fields) => write("error", event, fields),
    warn: (event, fields) => write("warn", event, fields),
    info: (event, fields) => write("info", event, fields),
    debug: (event, fields) => write("debug", event, fields),
  };
}

function readable(level: LogLevel, event: string, fields: LogFields): string {
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${withoutControls(String(value))}`);
  return `${[level.padEnd(5), event, ...pairs].join(" ")}\n`;
}

/** Some texts come from services: none may write lines of its own or command the terminal. */
function withoutControls(text: string): string {
  const escape = (character: string): string => {
    const short = JSON.stringify(character).slice(1, -1);
    return short === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : short;
  };
  return text.replaceAll(/\p{Cc}/gu, escape);
}
