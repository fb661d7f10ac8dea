// How the lines of a text begin: lists, options, code, quotes. Knows no word.

/** Characters of a line that are looked at. */
const looked = 16;

export class LineCounts {
  lines = 0;
  listed = 0;
  options = 0;
  fences = 0;
  quoted = 0;
  headings = 0;
  indented = 0;
  rows = 0;

  reset(): void {
    this.lines = 0;
    this.listed = 0;
    this.options = 0;
    this.fences = 0;
    this.quoted = 0;
    this.headings = 0;
    this.indented = 0;
    this.rows = 0;
  }

  /** Looks at the line that begins there; one without text does not count. */
  begin(text: string, from: number, to: number): void {
    const end = Math.min(to, from + looked);
    let at = from;
    while (at < end && isBlank(text.charCodeAt(at))) at += 1;
    if (at === end) return;
    const code = text.charCodeAt(at);
    if (code === 0x0a) return;
    this.lines += 1;
    if (this.lines > 1 && (at - from >= 2 || text.charCodeAt(from) === 0x09)) this.indented += 1;
    const next = at + 1 < end ? text.charCodeAt(at + 1) : 0;
    if (code === 0x60 && next === 0x60) this.fences += 1;
    else if (code === 0x3e) this.quoted += 1;
    else if (code === 0x23) this.headings += 1;
    else if (code === 0x7c) this.rows += 1;
    else if (isBullet(code) && isBlank(next)) this.listed += 1;
    else if (isOption(code, next, at + 2 < end ? text.charCodeAt(at + 2) : 0)) this.options += 1;
    else if (isNumbered(text, at, end)) this.listed += 1;
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x3000;
}

function isBullet(code: number): boolean {
  return code === 0x2d || code === 0x2a || code === 0x2022 || code === 0x25cf || code === 0xb7;
}

/** `A.`, `b)`, `(C)` and the like. */
function isOption(code: number, next: number, third: number): boolean {
  const isLetter = (one: number) => (one | 0x20) >= 0x61 && (one | 0x20) <= 0x68;
  if (code === 0x28 || code === 0xff08) return isLetter(next) && (third === 0x29 || third === 0xff09);
  return isLetter(code) && isAfterNumber(next);
}

function isAfterNumber(code: number): boolean {
  return (
    code === 0x2e || code === 0x29 || code === 0x3a || code === 0x3001 || code === 0xff0e || code === 0xff09
  );
}

function isNumbered(text: string, from: number, end: number): boolean {
  let at = from;
  while (at < end && text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at += 1;
  return at > from && at - from <= 3 && at < end && isAfterNumber(text.charCodeAt(at));
}
