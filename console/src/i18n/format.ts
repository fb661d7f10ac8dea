// Numbers, durations, money and times as the identity writes them (the same digits in both languages).

const counts = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** `48,214`; from one million on `418.6M`. */
export function formatCount(value: number): string {
  if (Math.abs(value) >= 1_000_000) return `${(value / 1_000_000).toFixed(1)}M`;
  return Number.isInteger(value) ? counts.format(value) : plain.format(value);
}

/** `99.94 %`; 100 only when exact. @param share 0 to 1 */
export function formatShare(share: number, places = 1): string {
  const text = (share * 100).toFixed(places);
  const rounded = Number(text) === 100 && share < 1 ? (100 - 10 ** -places).toFixed(places) : text;
  return `${rounded} %`;
}

/** `0.02 ms`, `412 ms`, `3.39 s`, `2 min 41 s`. */
export function formatDuration(ms: number): string {
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const leastMoney = 0.000001;

/**
 * `$ 1,284.07`, below ten dollars `$ 0.0041`, below a hundredth of a cent `$ 0.000052`: what was paid for never reads as
 * nothing. An estimate has `~` before it.
 */
export function formatMoney(usd: number, options: { estimated?: boolean } = {}): string {
  return `${options.estimated === true ? "~ " : ""}${moneyText(usd)}`;
}

function moneyText(usd: number): string {
  const size = Math.abs(usd);
  if (size > 0 && size < leastMoney / 2) return `${usd < 0 ? "> -" : "<"} $ ${leastMoney.toFixed(6)}`;
  // As it would be rounded: 9.99996 has no more places than 10.
  const places = size === 0 || size >= 9.99995 ? 2 : size < 0.0001 ? 6 : 4;
  const text = usd.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places });
  return `$ ${text}`;
}

/** Clock time with milliseconds, local: `12:06:41.208`. */
export function formatClock(time: Date, withMs = false): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const base = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return withMs ? `${base}.${String(time.getMilliseconds()).padStart(3, "0")}` : base;
}

/** Today `12:06:41`, other days `21 Nov 12:06` or `11 月 21 日 12:06`. */
export function formatTime(time: Date, language: "en" | "zh", now: Date): string {
  if (time.toDateString() === now.toDateString()) return formatClock(time);
  const clock = formatClock(time).slice(0, 5);
  if (language === "zh") return `${time.getMonth() + 1} 月 ${time.getDate()} 日 ${clock}`;
  return `${time.getDate()} ${time.toLocaleString("en", { month: "short" })} ${clock}`;
}

/** As `formatTime`; in another year with it: `1 Jan 2027`, `2027 年 1 月 1 日`. */
export function formatDay(time: Date, language: "en" | "zh", now: Date): string {
  if (time.getFullYear() === now.getFullYear()) return formatTime(time, language, now);
  if (language === "zh") return `${time.getFullYear()} 年 ${time.getMonth() + 1} 月 ${time.getDate()} 日`;
  return `${time.getDate()} ${time.toLocaleString("en", { month: "short" })} ${time.getFullYear()}`;
}

/** `3 min`, `3 分钟` under 24 hours; else as `formatTime`. */
export function formatAgo(time: Date, language: "en" | "zh", now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - time.getTime()) / 1_000));
  if (seconds >= 86_400) return formatTime(time, language, now);
  const [value, unit] =
    seconds < 60
      ? [seconds, "s"]
      : seconds < 3_600
        ? [Math.floor(seconds / 60), "min"]
        : [Math.floor(seconds / 3_600), "h"];
  if (language === "en") return `${value} ${unit}`;
  return `${value} ${unit === "s" ? "秒" : unit === "min" ? "分钟" : "小时"}`;
}

/** Bytes: `812 B`, `14.2 KB`, `3.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_048_576) return `${(bytes / 1_024).toFixed(1)} KB`;
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
