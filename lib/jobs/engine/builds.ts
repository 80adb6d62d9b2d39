import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { promisify } from "node:util";
import type { Client } from "../../index.js";
import type { RunningJob } from "../back-end.js";
import { withImage } from "../containers/with-image.js";
import { InvalidJobError } from "../errors.js";
import type { BuildImageOptions, JobBuild } from "../models.js";
import type { RequestIdentifier } from "../request-identifier.js";

const run = promisify(execFile);

/** The label of images that build: where their scripts are. */
const SCRIPTS = "io.openshift.s2i.scripts-url";

/** The label of images that run what others built: what they copy, such as `/opt/app:/opt`. */
const INPUT_FILES = "io.openshift.s2i.assemble-input-files";

/** Builds images from source code by the scripts of their base image. */
export class Builds {
  readonly #client: Client;
  readonly #running = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Returns the builds that run. */
  list(): JobBuild[] {
    return [...this.#running].map((id) => ({ id, activeState: "active", subState: "running" }));
  }

  /** Begins a build. */
  async begin(options: BuildImageOptions, request: RequestIdentifier, signal: AbortSignal): Promise<RunningJob> {
    const { source, tag, name, clean = false } = options;
    const dockerfileContent = await this.#dockerfile(options, signal);
    const folder = isAbsolute(source) ? undefined : await clone(source, signal);
    const output = new PassThrough();
    const build = async (): Promise<number> => {
      const id = request.toString();
      this.#running.add(id);
      try {
        await this.#client.buildImage(
          {
            contextDir: folder ?? source,
            dockerfileContent,
            name: tag ?? name,
            noCache: clean,
            outputStream: output,
          },
          { signal },
        );
        return 0;
      } catch (error) {
        output.write(`${(error as Error).message}\n`);
        return 1;
      } finally {
        this.#running.delete(id);
        output.end();
        if (folder !== undefined) await rm(folder, { recursive: true, force: true });
      }
    };
    const exitCode = build();
    exitCode.catch(() => undefined); // whoever reads the output asks for it afterwards
    return { output: output as Readable, exitCode };
  }

  async #dockerfile({ baseImage, runtimeImage }: BuildImageOptions, signal: AbortSignal): Promise<string> {
    const scripts = /^image:\/\/(\/\S*)$/.exec(await this.#label(baseImage, SCRIPTS, signal))?.[1];
    if (scripts === undefined)
      throw new InvalidJobError(`the label ${SCRIPTS} of the image ${baseImage} is not of the form "image:///path"`);
    const steps = ["COPY . /tmp/src", `RUN ${scripts}/assemble`];
    if (runtimeImage === undefined) return [`FROM ${baseImage}`, ...steps, `CMD ["${scripts}/run"]`, ""].join("\n");
    const files = (await this.#label(runtimeImage, INPUT_FILES, signal)).split(";").map((pair) => pair.split(":"));
    const copies = files.map(([from = "", to = "."]) => `COPY --from=assembled ${from} ${to}`);
    return [`FROM ${baseImage} AS assembled`, ...steps, `FROM ${runtimeImage}`, ...copies, ""].join("\n");
  }

  async #label(image: string, label: string, signal: AbortSignal): Promise<string> {
    const { Config } = await withImage(this.#client, image, signal, () => this.#client.inspectImage({ name: image }, { signal }));
    const value = Config?.Labels?.[label];
    if (value === undefined) throw new InvalidJobError(`the image ${image} has no label ${label}, which says how it builds`);
    return value;
  }
}

/** Clones a repository into a temporary folder. */
async function clone(source: string, signal: AbortSignal): Promise<string> {
  if (!/^(https?|git|ssh):\/\//.test(source))
    throw new InvalidJobError("the source of a build is the URL of a git repository, or a folder");
  const folder = await mkdtemp(join(tmpdir(), "build-"));
  const [url = "", branch] = source.split("#");
  try {
    const args = ["clone", "--quiet", "--depth=1", ...(branch ? [`--branch=${branch}`] : []), "--", url, folder];
    await run("git", args, { signal, env: { ...process.env, GIT_TERMINAL_PROMPT: "0" } });
    return folder;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new InvalidJobError("the source of the build cannot be cloned", { cause: error });
  }
}
