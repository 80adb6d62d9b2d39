import { execFile, type ExecFileException } from "node:child_process";
import { copyFile, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root directory of the repository. */
export const top = fileURLToPath(new URL("../..", import.meta.url));

/** The result of running a program. */
export interface Run {
  status: number;
  /** Its standard output. */
  stdout: string;
  /** Its standard output and standard error. */
  output: string;
}

/** Runs a program to completion, with a timeout in milliseconds. */
export function run(file: string, args: readonly string[], cwd: string, env = process.env, timeout = 0): Promise<Run> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env, timeout, maxBuffer: 1 << 26 }, (error: ExecFileException | null, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ status, stdout, output: stdout + stderr });
    });
  });
}

/** Runs Node.js. */
export const node = (args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv, timeout?: number): Promise<Run> =>
  run(process.execPath, args, cwd, env, timeout);

/** Runs npm: the one that started this process, if any. */
export function npm(args: readonly string[], cwd: string): Promise<Run> {
  const running = process.env.npm_execpath;
  return running === undefined ? run("npm", args, cwd) : node([running, ...args], cwd);
}

/** The compiler that this repository uses. */
export const tsc = join(top, "node_modules/typescript/bin/tsc");

/** Returns the paths of the published files. */
async function publishedFiles(): Promise<string[]> {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const { status, stdout, output } = await npm(args, top);
  if (status !== 0) throw new Error(`npm pack failed: ${output}`);
  const [pack] = JSON.parse(stdout) as { files: { path: string }[] }[]; // the output of npm pack --json
  return pack?.files.map(({ path }) => path) ?? [];
}

/**
 * Creates a project with this package installed: the built files that npm would publish, the dependencies and the types of
 * Node.js.
 *
 * @returns the project's folder, its files from this package, and a function that removes the folder.
 */
export async function consumer(): Promise<{ folder: string; files: string[]; remove: () => Promise<void> }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "tsdc-consumer-")));
  const modules = join(folder, "node_modules");
  const files = await publishedFiles();
  const installed = (file: string) => join(modules, "ts-dockerclient", file);
  for (const parent of new Set(files.map((file) => dirname(installed(file))))) await mkdir(parent, { recursive: true });
  await Promise.all(files.map((file) => copyFile(join(top, file), installed(file))));
  await mkdir(join(modules, "@types"), { recursive: true });
  for (const name of ["axios", "@types/node"]) await symlink(join(top, "node_modules", name), join(modules, name));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return { folder, files, remove: () => rm(folder, { recursive: true }) };
}

/** Writes a tsconfig.json with strict settings and the given ones. */
export async function writeTsconfig(folder: string, compilerOptions: object, include = ["."]): Promise<void> {
  const strict = { strict: true, target: "ES2023", lib: ["ES2023", "ESNext.Disposable"], types: ["node"], noEmit: true };
  const options = { ...strict, noUncheckedIndexedAccess: true, ...compilerOptions };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include }));
}
