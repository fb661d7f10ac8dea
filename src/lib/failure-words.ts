// Puts what keeps a connection from coming about into words for whoever configures where it goes. Never names an address.

const words: Readonly<Record<string, string>> = {
  ENOTFOUND: "There is no host of this name.",
  ENODATA: "The host name has no address.",
  EAI_AGAIN: "The name server gave no answer.",
  ECONNREFUSED: "Nothing listens on this port: the connection was refused.",
  ECONNRESET: "The other side closed the connection.",
  EPIPE: "The other side closed the connection.",
  ETIMEDOUT: "The host does not answer.",
  EHOSTUNREACH: "There is no way to this host from here.",
  ENETUNREACH: "There is no way to this network from here.",
  EADDRNOTAVAIL: "This address cannot be connected to.",
  ERR_ADDRESS_REFUSED:
    "The address is one that the gateway may not reach (link-local, metadata, or private where MOONGATE_UPSTREAM_NETWORKS is public).",
  UND_ERR_CONNECT_TIMEOUT: "No connection within the connect timeout.",
  UND_ERR_SOCKET: "The other side closed the connection before its answer was complete.",
  UND_ERR_HEADERS_OVERFLOW: "The head of the answer is larger than 64 KiB.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The certificate is self-signed: no authority vouches for it.",
  SELF_SIGNED_CERT_IN_CHAIN: "The certificate is vouched for by an authority that is not trusted here.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "The certificate cannot be verified: its authority is unknown here, or the server leaves out intermediate certificates.",
  UNABLE_TO_GET_ISSUER_CERT: "The authority of the certificate is unknown here.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The authority of the certificate is unknown here.",
  CERT_HAS_EXPIRED: "The certificate has expired.",
  CERT_NOT_YET_VALID: "The certificate is not valid yet: is the clock right?",
  CERT_REVOKED: "The certificate was revoked.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The certificate is for another host name.",
  EPROTO: "No TLS is spoken on this port: is it http:// instead of https://?",
};

/** @param code of an error: a system's, TLS's or the HTTP client's */
export function failureWords(code: string): string {
  if (Object.hasOwn(words, code)) return words[code] ?? code;
  if (code.startsWith("ERR_SSL_")) return `${words["EPROTO"]} (${code})`;
  if (code.startsWith("HPE_") || code === "HTTPParserError") return `The answer is not HTTP. (${code})`;
  return `The connection failed. (${code})`;
}

/** The code of an error, or of what it is made of. */
export function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code ?? error.name;
}
