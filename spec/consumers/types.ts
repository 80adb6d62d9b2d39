import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { node } from "../support/installed-package.js";
import type { Consumer, Projects } from "./projects.js";

interface Mode {
  name: string;
  files: readonly string[];
  options: object;
  /** The TypeScript versions that support the mode. */
  versions: (version: number) => boolean;
  /** Whether a short run omits it. */
  long?: boolean;
}

const modes: readonly Mode[] = [
  {
    name: "node10, CommonJS",
    files: ["program.ts"],
    options: { module: "CommonJS", moduleResolution: "Node" },
    versions: (v) => v < 7,
  },
  {
    name: "node10, ES modules",
    long: true,
    files: ["program.ts"],
    options: { module: "ES2022", moduleResolution: "Node" },
    versions: (v) => v < 7,
  },
  {
    name: "node16, both",
    long: true,
    files: ["program.mts", "program.cts"],
    options: { module: "Node16" },
    versions: () => true,
  },
  { name: "nodenext, both", files: ["program.mts", "program.cts"], options: { module: "NodeNext" }, versions: () => true },
  {
    name: "bundler, ES modules",
    files: ["program.ts"],
    options: { module: "ES2022", moduleResolution: "Bundler" },
    versions: () => true,
  },
  {
    name: "bundler, preserve",
    long: true,
    files: ["program.mts", "program.cts"],
    options: { module: "Preserve", moduleResolution: "Bundler" },
    versions: (v) => v >= 5.4,
  },
  {
    name: "bundler, CommonJS",
    long: true,
    files: ["program.ts"],
    options: { module: "CommonJS", moduleResolution: "Bundler" },
    versions: (v) => v >= 6,
  },
];

/** Errors in other packages' files, such as Node.js types that are too new for a compiler, do not count. */
const others = /^(?:\.\.\/)*(?:[^(]*\/)?node_modules\/(?!ts-dockerclient\/)/;

async function compile(
  projects: Projects,
  version: string,
  mode: Mode,
  exact: boolean,
  types: string | undefined,
): Promise<string> {
  const folder = types === undefined ? projects.app : await projects.withNodeTypes(types);
  const config = join(folder, `tsconfig.${[version, mode.name, exact].join("-").replaceAll(/[^\w.]+/g, "-")}.json`);
  const compilerOptions = {
    ...mode.options,
    ...(Number(version) === 6 ? { ignoreDeprecations: "6.0" } : {}),
    strict: true,
    target: "ES2022",
    esModuleInterop: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: exact,
    noEmit: true,
  };
  await writeFile(config, JSON.stringify({ compilerOptions, files: mode.files }));
  const name = projects.tools.endsWith("tools") ? `typescript-${version}` : "typescript";
  const { output } = await node(
    [join(projects.tools, "node_modules", name, "bin/tsc"), "--pretty", "false", "-p", config],
    folder,
  );
  const errors = output.split("\n").filter((line) => line !== "" && !line.startsWith(" ") && !others.test(line));
  return errors.length === 0
    ? ""
    : `${relative(folder, config)}, @types/node ${types ?? "of the package"}:\n${errors.slice(0, 20).join("\n")}`;
}

/** The compilations by every version of TypeScript, each with both settings of exactOptionalPropertyTypes and several types of Node.js. */
export function compilers(short: boolean): readonly Consumer[] {
  const versions = short ? ["6"] : ["5.0", "5.4", "5.9", "6", "7"];
  return versions.flatMap((version) =>
    modes
      .filter(({ versions: known, long }) => known(Number(version)) && !(short && long))
      .map((mode) => ({
        name: `TypeScript ${version}, ${mode.name}`,
        silent: true,
        run: async (projects: Projects) => {
          const failures: string[] = [];
          let count = 0;
          for (const types of short ? [undefined] : [undefined, "@types/node-18", "@types/node-26"]) {
            for (const exact of types === undefined && !short ? [true, false] : [true]) {
              const failure = await compile(projects, version, mode, exact, types);
              count += 1;
              if (failure !== "") failures.push(failure);
            }
          }
          return failures.length === 0 ? { note: `${count} settings` } : { failure: failures.join("\n") };
        },
      })),
  );
}
