// Which addresses of a model's answer may become links or pictures. The answer is text of a stranger.

const linkSchemes = new Set(["http:", "https:", "mailto:"]);
/** No SVG: it may hold scripts. */
const shownImage = /^data:image\/(?:png|jpeg|gif|webp|avif|bmp);base64,[A-Za-z0-9+/=\s]+$/u;

/** The address if a link may lead there; undefined for anything else, such as `javascript:` or a relative one. */
export function linkAddress(href: string): string | undefined {
  try {
    const { protocol, href: address } = new URL(href);
    return linkSchemes.has(protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a picture can be shown without asking anybody for it. */
export function isOwnImage(address: string): boolean {
  return shownImage.test(address);
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u{A0}",
};

/** Character references as the characters that they stand for, since no HTML parser will read the text. */
export function plainText(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/giu,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return named[String(name)] ?? whole;
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
      return code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff)
        ? String.fromCodePoint(code)
        : whole;
    },
  );
}
