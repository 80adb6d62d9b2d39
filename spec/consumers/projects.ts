import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { npm, run, top } from "../support/installed-package.js";

/** The outcome of a consumer. */
export interface Outcome {
  failure?: string;
  /** A remark for the table. */
  note?: string;
}

/** A way to use the package. */
export interface Consumer {
  name: string;
  /** Whether it requires a tool on which this repository does not depend. */
  tool?: boolean;
  /** Whether it only compiles the program. */
  silent?: boolean;
  run: (projects: Projects, env: Readonly<Record<string, string>>) => Promise<Outcome>;
}

/** The folders of the projects. */
export interface Projects {
  /** A project with this package installed and the program, as an ES module, as CommonJS and as TypeScript. */
  app: string;
  /** The folder with the tools' `node_modules`. */
  tools: string;
  /** A folder for results, without a `node_modules`. */
  results: string;
  /** Returns a copy of the project in which another version of `@types/node` is installed. */
  withNodeTypes: (alias: string) => Promise<string>;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

async function succeed(running: ReturnType<typeof run>): Promise<string> {
  const { status, stdout, output } = await running;
  if (status !== 0) throw new Error(output);
  return stdout;
}

/** Packs this package as for publication, and returns the path of the archive. */
async function pack(folder: string): Promise<string> {
  const args = ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", folder];
  const [packed] = JSON.parse(await succeed(npm(args, top))) as { filename: string }[];
  return join(folder, packed?.filename ?? "");
}

/** Installs this repository's tools, or those of package.json in this folder. */
async function installTools(work: string): Promise<string> {
  const tools = join(work, "tools");
  await mkdir(tools);
  for (const file of ["package.json", "package-lock.json"]) await cp(here(file), join(tools, file));
  await succeed(npm(["ci", "--no-audit", "--no-fund"], tools));
  return tools;
}

/** Installs the package with the dependencies that npm chooses, or, offline, with those of this repository. */
async function installPackage(app: string, archive: string, offline: boolean): Promise<void> {
  if (!offline) {
    await succeed(npm(["install", "--no-audit", "--no-fund", archive], app));
    return;
  }
  const modules = join(app, "node_modules");
  await mkdir(join(modules, "@types"), { recursive: true });
  await succeed(run("tar", ["-xzf", archive], modules));
  await cp(join(modules, "package"), join(modules, "ts-dockerclient"), { recursive: true });
  for (const name of ["axios", "@types/node", "undici-types"])
    await symlink(join(top, "node_modules", name), join(modules, name));
}

const programs = {
  "run.mjs": 'import { program } from "./program.mjs";\nvoid program(process.env.ENDPOINT, process.env.FOLDER);\n',
  "run.cjs": 'void require("./program.cjs").program(process.env.ENDPOINT, process.env.FOLDER);\n',
};

async function writeProgram(app: string): Promise<void> {
  const source = await readFile(here("program.ts"), "utf8");
  for (const extension of ["ts", "mts", "cts"]) await writeFile(join(app, `program.${extension}`), source);
  for (const [extension, format] of [
    ["mjs", "esm"],
    ["cjs", "cjs"],
  ] as const) {
    const { code } = await transform(source, { loader: "ts", format, platform: "node", target: "node20" });
    await writeFile(join(app, `program.${extension}`), code);
  }
  for (const [file, text] of Object.entries(programs)) await writeFile(join(app, file), text);
}

/**
 * Creates the projects.
 *
 * @param work - the folder for them.
 * @param offline - installs nothing with npm: the tools and dependencies of this repository are used.
 */
export async function createProjects(work: string, offline: boolean): Promise<Projects> {
  const app = join(work, "app");
  const results = join(work, "results");
  for (const folder of [app, results]) await mkdir(folder);
  await writeFile(join(app, "package.json"), JSON.stringify({ name: "app", private: true }));
  await installPackage(app, await pack(work), offline);
  const tools = offline ? top : await installTools(work);
  await writeProgram(app);
  const copies = new Map<string, Promise<string>>();
  const copy = async (alias: string): Promise<string> => {
    const folder = join(work, `app-${basename(alias)}`);
    await cp(app, folder, { recursive: true });
    const types = join(folder, "node_modules/@types/node");
    await cp(join(tools, "node_modules", alias), types, { recursive: true, force: true });
    return folder;
  };
  const withNodeTypes = (alias: string): Promise<string> => {
    const copied = copies.get(alias) ?? copy(alias);
    copies.set(alias, copied);
    return copied;
  };
  return { app, tools, results, withNodeTypes };
}
