// nginx with proxy_pass, one worker, nothing logged or buffered: the floor that ratios refer to.
// It must not know measures.

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { accepts, type Candidate, freePort, startProcess, Unavailable, waitUntil } from "./candidate.ts";

const INSTALL =
  "nginx is not installed. Install it (Debian and Ubuntu: apt-get install nginx-light; " +
  "Fedora: dnf install nginx; Alpine: apk add nginx) for ratios that compare with other runs";

/** Kept connections never end by count, and a 32 KB body stays in memory as it does in every other candidate. */
export function nginxConfig(folder: string, port: number, upstreamPort: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `  ${kind}_temp_path ${join(folder, kind)};`)
    .join("\n");
  return `daemon off;
worker_processes 1;
worker_rlimit_nofile 16384;
pid ${join(folder, "nginx.pid")};
error_log ${join(folder, "error.log")} error;
events { worker_connections 8192; }
http {
${temporary}
  access_log off;
  client_body_buffer_size 64k;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  upstream mock {
    server 127.0.0.1:${upstreamPort};
    keepalive 1024;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
  }
  server {
    listen 127.0.0.1:${port} backlog=2048;
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 600s;
    }
  }
}
`;
}

/** The path where packages put it is often missing from the PATH of ordinary users. */
const searchPath = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` };

export const nginx: Candidate = {
  name: "nginx",
  warmUpMs: 2000,
  async prepare() {
    try {
      const { stderr } = await promisify(execFile)("nginx", ["-v"], { env: searchPath });
      return /nginx\/\S+/.exec(stderr)?.[0] ?? "nginx";
    } catch {
      throw new Unavailable(INSTALL);
    }
  },
  async start(site) {
    const port = await freePort();
    const config = join(site.folder, "nginx.conf");
    await writeFile(config, nginxConfig(site.folder, port, site.upstreamPort));
    const started = await startProcess(site, "nginx", ["nginx", "-c", config, "-p", site.folder], searchPath);
    await waitUntil("nginx", started, () => accepts(port));
    return { port, path: "/v1/chat/completions", headers: {}, pid: started.pid, stop: started.stop };
  },
};
