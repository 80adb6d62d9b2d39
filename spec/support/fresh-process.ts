import { execFile } from "node:child_process";

/** How a process ended. */
export interface Ended {
  /** Its exit code; 1 after an uncaught error. */
  code: number;
  stdout: string;
  stderr: string;
}

const library = new URL("../../lib/index.ts", import.meta.url).href;

/**
 * Runs a module in a separate process, for specs that assert that every error is caught.
 *
 * @param script - the module. `Client` and the other public names are members of its variable `docker`.
 * @param env - additional environment variables.
 */
export function freshProcess(script: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const source = `const docker = await import(${JSON.stringify(library)});\n${script}`;
  return new Promise((resolve) => {
    const argv = ["--import", "tsx", "--input-type=module", "--eval", source];
    execFile(process.execPath, argv, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}
