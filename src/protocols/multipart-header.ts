// Reads what names a part of a form: the boundary of the body, the headers of a part. Refuses what two parsers could read
// differently. Must not know bodies.
import { malformedForm } from "./form-faults.ts";

/** Headers of one part. */
export interface PartHeader {
  /** As it stands between the quotes, undecoded. */
  readonly name: string;
  /** A part with a file name, or with a transfer encoding that changes its bytes, is no plain text. */
  readonly isText: boolean;
  /** As it stands between the quotes; undefined without one. */
  readonly filename: string | undefined;
}

const longestBoundary = 70;
const boundaryCharacters = /^[0-9A-Za-z'()+_,\-./:=? ]*[0-9A-Za-z'()+_,\-./:=?]$/;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const plainEncodings: ReadonlySet<string> = new Set(["7bit", "8bit", "binary"]);

/** Parameters of a header: a name, then a token or a quoted text in which a backslash escapes. */
const parameter = /;[ \t]*(?:([^=;" \t]+)=(?:"((?:[^"\\]|\\.)*)"|([^;" \t]*)))?[ \t]*/y;

/** The boundary that a Content-Type of multipart/form-data names. Throws GatewayError `invalid_request`. */
export function boundaryOf(contentType: string): string {
  const semicolon = contentType.indexOf(";");
  const type = semicolon === -1 ? contentType : contentType.slice(0, semicolon);
  if (type.trim().toLowerCase() !== "multipart/form-data") {
    throw malformedForm("its content type is not multipart/form-data");
  }
  const boundary = readParameters(semicolon === -1 ? "" : contentType.slice(semicolon)).get("boundary");
  if (boundary === undefined) throw malformedForm("its content type names no boundary");
  if (boundary.length > longestBoundary || !boundaryCharacters.test(boundary)) {
    throw malformedForm("its boundary is not one of 1 to 70 allowed characters");
  }
  return boundary;
}

/** Reads the header lines of a part, without the blank line after them. Throws GatewayError `invalid_request`. */
export function readPartHeader(block: string): PartHeader {
  let disposition: string | undefined;
  let encoding = "binary";
  for (const line of block.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon));
    // Control characters, bare line ends and folded lines are read differently by different parsers.
    if (!token.test(name) || /[^\t -~\u0080-\u00ff]/.test(line)) {
      throw malformedForm("a header line of a part cannot be read");
    }
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === "content-transfer-encoding") encoding = value.toLowerCase();
    if (name.toLowerCase() !== "content-disposition") continue;
    if (disposition !== undefined) throw malformedForm("a part has two Content-Disposition headers");
    disposition = value;
  }
  if (disposition === undefined) throw malformedForm("a part has no Content-Disposition");
  const { name, filename, isFile } = readDisposition(disposition);
  return { name, filename, isText: !isFile && plainEncodings.has(encoding) };
}

interface Disposition {
  readonly name: string;
  readonly filename: string | undefined;
  readonly isFile: boolean;
}

function readDisposition(disposition: string): Disposition {
  const semicolon = disposition.indexOf(";");
  const type = semicolon === -1 ? disposition : disposition.slice(0, semicolon);
  if (type.trim().toLowerCase() !== "form-data") {
    throw malformedForm("the Content-Disposition of a part is not form-data");
  }
  const parameters = readParameters(semicolon === -1 ? "" : disposition.slice(semicolon));
  const name = parameters.get("name");
  if (name === undefined) throw malformedForm("a part has no name");
  if (name.includes("\\") || parameters.has("name*")) throw malformedForm("the name of a part is encoded");
  const filename = parameters.get("filename");
  return { name, filename, isFile: filename !== undefined || parameters.has("filename*") };
}

/** Values keep their backslashes: file names of some clients hold unescaped ones. */
function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  parameter.lastIndex = 0;
  for (let at = 0; at < text.length; at = parameter.lastIndex) {
    const match = parameter.exec(text);
    if (match === null) throw malformedForm("a parameter of a header cannot be read");
    const name = match[1]?.toLowerCase();
    if (name === undefined) continue;
    if (parameters.has(name)) throw malformedForm(`a header has two parameters \`${name}\``);
    parameters.set(name, match[2] ?? match[3] ?? "");
  }
  return parameters;
}
