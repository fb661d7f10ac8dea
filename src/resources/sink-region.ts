// Reads the region out of an endpoint of Simple Log Service. Knows no other address.

/** The region of `https://cn-hangzhou.log.aliyuncs.com`, in its private and internal forms too; null when it names none. */
export function regionOfEndpoint(endpoint: string): string | null {
  const host = URL.parse(endpoint)?.hostname ?? "";
  const region = /^([a-z]{2}-[a-z0-9-]+?)(?:-intranet|-internal|-share)?\.(?:log|sls)\.aliyuncs\.com$/u.exec(
    host,
  );
  return region?.[1] ?? null;
}
