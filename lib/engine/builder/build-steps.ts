import type { ContainerCreateRequest } from "../../types/container-requests.js";
import type { HostConfig } from "../../types/host-config.js";
import { badRequest } from "../engine-error.js";
import { LayeredRoot } from "../files/layered-root.js";
import { MountedFiles } from "../files/mounted-files.js";
import type { RootTree } from "../files/root-tree.js";
import { commandOf } from "./arguments.js";
import { BuildCache } from "./build-cache.js";
import type { BuildOptions, BuildParts } from "./build-options.js";
import { needsBuildKit } from "./buildkit-options.js";
import { commitImage } from "./commit-image.js";
import { copySources, locateSources, parseCopy } from "./copy-instruction.js";
import { describeSetting } from "./describe-setting.js";
import type { Instruction } from "./dockerfile.js";
import { runCommand } from "./run-instruction.js";
import { applySetting, DEFAULT_SHELL, variables } from "./settings.js";
import { isPredefined, type Stage } from "./stage.js";
import { expandWord, splitWords } from "./words.js";

/** Carries out the instructions of stages. Each makes an image, unless an earlier build has made the same one. */
export class BuildSteps {
  /** The build arguments that the Dockerfile has declared. */
  readonly consumed = new Set<string>();
  readonly #parts: BuildParts;
  readonly #options: BuildOptions;
  readonly #filesOf: (from: string) => Promise<MountedFiles>;
  readonly #globals: ReadonlyMap<string, string | undefined>;
  readonly #cache: BuildCache;
  /** Whether a step was carried out: those after it are, too. */
  readonly #missed = new WeakSet<Stage>();

  constructor(
    parts: BuildParts,
    options: BuildOptions,
    filesOf: (from: string) => Promise<MountedFiles>,
    globals: ReadonlyMap<string, string | undefined>,
  ) {
    this.#parts = parts;
    this.#options = options;
    this.#filesOf = filesOf;
    this.#globals = globals;
    this.#cache = new BuildCache(parts.images, options.cacheFrom);
  }

  /** Carries out an instruction other than `FROM`. */
  async run(stage: Stage, instruction: Instruction): Promise<void> {
    switch (instruction.name) {
      case "RUN":
        return this.#run(stage, instruction);
      case "COPY":
      case "ADD":
        return this.#copy(stage, instruction);
      case "ARG":
        return this.#declare(stage, instruction);
      case "MAINTAINER":
        stage.author = instruction.rest;
        return this.#finish(stage, ` MAINTAINER ${instruction.rest}`);
      case "WORKDIR":
        applySetting(stage, instruction);
        return this.#finish(stage, `WORKDIR ${stage.config.WorkingDir ?? ""}`, (files) =>
          files.makeDirectory(stage.config.WorkingDir ?? "/", { parents: true, mode: 0o755 }),
        );
      default:
        applySetting(stage, instruction);
        return this.#finish(stage, ` ${instruction.name} ${describeSetting(stage, instruction)}`);
    }
  }

  /** Adds labels that the request has, as the instruction `text` would. */
  async label(stage: Stage, labels: Readonly<Record<string, string>>, text: string): Promise<void> {
    stage.config.Labels = { ...stage.config.Labels, ...labels };
    await this.#finish(stage, ` ${text}`);
  }

  async #declare(stage: Stage, { rest }: Instruction): Promise<void> {
    const lookup = variables(stage);
    for (const word of splitWords(rest, stage.escape)) {
      const equals = word.indexOf("=");
      const name = expandWord(equals < 0 ? word : word.slice(0, equals), lookup, stage.escape);
      if (name === "") throw badRequest("ARG names can not be blank");
      const own = equals < 0 ? this.#globals.get(name) : expandWord(word.slice(equals + 1), lookup, stage.escape);
      stage.declare(name, this.#options.args.get(name) ?? own);
      this.consumed.add(name);
    }
    await this.#finish(stage, ` ARG ${rest}`);
  }

  async #copy(stage: Stage, instruction: Instruction): Promise<void> {
    const lookup = variables(stage);
    const request = parseCopy(instruction, (text) => expandWord(text, lookup, stage.escape));
    const { report, signal } = this.#options;
    const sources = await locateSources({ files: await this.#filesOf(request.from), report, signal }, request);
    const flags = request.owner === "" ? "" : `--chown=${request.owner} `;
    const command = commentCommand(stage, `${request.name} ${flags}${sources.digest} in ${request.destination} `);
    if (await this.#useCache(stage, command.join(" "))) return;
    const tree = await this.#treeOf(stage);
    await copySources(MountedFiles.of(tree), sources, request, {
      workingDirectory: stage.config.WorkingDir ?? "",
      unpackedLimit: this.#parts.unpackedLimit,
    });
    await this.#commit(stage, command.join(" "), tree);
  }

  /** Makes the image of a step without a command, with a container that never runs, as Docker does. */
  async #finish(stage: Stage, step: string, change?: (files: MountedFiles) => Promise<void>): Promise<void> {
    const command = commentCommand(stage, step);
    if (await this.#useCache(stage, command.join(" "))) return;
    const { containers } = this.#parts;
    const { removes, host } = this.#options;
    // there are no containers without an image
    const container = stage.image && (await containers.create("", placeholder(stage, stage.image.id, command, host)));
    if (container) this.#announce(container.id);
    try {
      const tree = change && (await this.#treeOf(stage));
      if (tree) await change(MountedFiles.of(tree));
      await this.#commit(stage, command.join(" "), tree, container?.id);
    } finally {
      if (container && removes) await containers.remove(container.id, { force: true, volumes: true });
    }
  }

  /** Prints the ID of the container of a step. */
  #announce(id: string): void {
    this.#options.report({ stream: ` ---> Running in ${id.slice(0, 12)}\n` });
  }

  async #treeOf({ image }: Stage): Promise<RootTree> {
    const layers = image?.layers.map(({ diffId }) => diffId) ?? [];
    return new LayeredRoot(await this.#parts.snapshot(layers), { now: () => this.#parts.clock.now() });
  }

  async #run(stage: Stage, instruction: Instruction): Promise<void> {
    const { containers } = this.#parts;
    const { args, removes, alwaysRemoves, host, report, signal } = this.#options;
    for (const flag of instruction.flags) {
      const [name = ""] = flag.slice(2).split("=", 1);
      throw needsBuildKit(name);
    }
    if (/^<<-?["']?\w/.test(instruction.rest)) throw badRequest("RUN with a here-document needs BuildKit");
    const command = commandOf(instruction, stage.config.Shell ?? DEFAULT_SHELL);
    const lines = stage.argumentLines();
    const createdBy = [...(lines.length > 0 ? [`|${lines.length}`, ...lines] : []), ...command].join(" ");
    if (await this.#useCache(stage, createdBy)) return;
    if (!stage.image) await this.#commit(stage, "/bin/sh -c #(nop)  FROM scratch");
    const proxies = [...args].filter(([name]) => isPredefined(name)).map(([name, value]) => `${name}=${value}`);
    proxies.forEach((line) => this.consumed.add(line.split("=", 1)[0] ?? ""));
    let id = "";
    try {
      const run = { image: stage.image?.id ?? "", command, environment: [...lines, ...proxies], host, signal };
      const print = (text: string): void => report({ stream: text });
      const container = await runCommand(containers, { ...run, print }, (created) => {
        id = created.id;
        this.#announce(id);
      });
      const { root } = await container.files();
      await this.#commit(stage, createdBy, root, id);
    } catch (error) {
      if (alwaysRemoves && id !== "") await containers.remove(id, { force: true, volumes: true });
      throw error;
    }
    if (removes) await containers.remove(id, { force: true, volumes: true });
  }

  /** Takes the image of an earlier build of the same step on the same image, if there is one. */
  async #useCache(stage: Stage, createdBy: string): Promise<boolean> {
    if (this.#options.noCache || this.#missed.has(stage)) return false;
    const found = await this.#cache.find(stage, createdBy);
    if (!found) {
      this.#missed.add(stage);
      return false;
    }
    stage.image = found;
    this.#options.report({ stream: " ---> Using cache\n" });
    this.#options.report({ stream: ` ---> ${found.id.slice(7, 19)}\n` });
    return true;
  }

  async #commit(stage: Stage, createdBy: string, files?: RootTree, container = ""): Promise<void> {
    const { images, clock, version } = this.#parts;
    const { report, removes } = this.#options;
    const { image: base, author } = stage;
    const config = structuredClone(stage.config);
    stage.image = await commitImage(images, { base, files, config, createdBy, author, now: clock.now(), version });
    if (container !== "" && removes) report({ stream: ` ---> Removed intermediate container ${container.slice(0, 12)}\n` });
    report({ stream: ` ---> ${stage.image.id.slice(7, 19)}\n` });
  }
}

/** Returns what stands for the command of a step without one: a comment of its shell. */
function commentCommand({ config }: Stage, step: string): string[] {
  return [...(config.Shell ?? DEFAULT_SHELL), `#(nop) ${step}`];
}

/** Returns the settings of the container of a step without a command. */
function placeholder({ config }: Stage, image: string, command: string[], host: HostConfig): ContainerCreateRequest {
  return { Image: image, Entrypoint: [], Cmd: command, Labels: { ...config.Labels }, HostConfig: host };
}
