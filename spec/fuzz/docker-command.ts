import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { collect, gnuNames } from "../support/archive.js";

/** The names that the docker command sends to an engine as the context of a build; undefined when it rejects the context. */
type SentByCommand = (context: string) => Promise<readonly string[] | undefined>;

/** A docker command that sends build contexts to a server of this process. */
export interface DockerCommand {
  readonly version: string;
  readonly sent: SentByCommand;
  readonly close: () => void;
}

/** The first major version that escapes all special characters of regular expressions in patterns. */
const OLDEST = 24;

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile("docker", args, { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) || 1 : 0, stdout, stderr }),
    );
  });
}

/**
 * Prepares the docker command of this machine.
 *
 * @param folder - a folder for its socket and settings.
 * @returns undefined if there is none, or if it is older than 24 and treats patterns differently.
 */
export async function dockerCommand(folder: string): Promise<DockerCommand | undefined> {
  const path = join(folder, "engine.sock");
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    DOCKER_CONFIG: folder,
    DOCKER_BUILDKIT: "0",
    DOCKER_HOST: `unix://${path}`,
  };
  const version = await run(["--version"], env);
  if (version.code !== 0 || Number(/version (\d+)/.exec(version.stdout)?.[1]) < OLDEST) return undefined;
  const uploads: string[][] = [];
  const server = createServer((request, response) => {
    response.setHeader("Api-Version", "1.45").setHeader("Ostype", "linux").setHeader("Builder-Version", "1");
    void collect(request).then((body) => {
      if (request.url?.includes("/build") === true) uploads.push(gnuNames(body));
      response.setHeader("Content-Type", "application/json");
      response.end(request.url?.endsWith("_ping") === true ? "OK" : '{"stream":"built"}\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    version: version.stdout.trim(),
    sent: async (context) => {
      const { stderr } = await run(["build", "-q", context], env);
      const names = uploads.pop();
      if (names === undefined && !/error checking context|pattern|dockerignore/i.test(stderr)) throw new Error(stderr);
      return names;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
