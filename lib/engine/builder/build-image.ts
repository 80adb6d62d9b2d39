import { badRequest, EngineError, explained } from "../engine-error.js";
import { LayeredTree } from "../files/layered-tree.js";
import { MountedFiles } from "../files/mounted-files.js";
import type { StoredImage } from "../store/images.js";
import { namedPlatform } from "../store/manifest.js";
import { flagsOf } from "./arguments.js";
import { baseImage } from "./base-image.js";
import type { BuildOptions, BuildParts } from "./build-options.js";
import { BuildSteps } from "./build-steps.js";
import { checkSyntax } from "./check-syntax.js";
import { type Instruction, parseDockerfile } from "./dockerfile.js";
import { Stage } from "./stage.js";
import { expandWord } from "./words.js";

/** The stages that a build carries out: the instructions of each begin with `FROM`. */
interface Plan {
  readonly before: readonly Instruction[];
  readonly stages: readonly (readonly Instruction[])[];
  readonly escape: string;
}

function stageName({ rest }: Instruction): string {
  return (/^\S+\s+as\s+(\S+)$/i.exec(rest)?.[1] ?? "").toLowerCase();
}

/** Splits a Dockerfile into stages, up to the target. */
function planBuild(text: string, target: string): Plan {
  const { instructions, escape } = parseDockerfile(text);
  if (instructions.length === 0) throw badRequest("failed to parse Dockerfile: file with no instructions");
  instructions.forEach((instruction) => checkSyntax(instruction, escape));
  const starts = instructions.flatMap(({ name }, index) => (name === "FROM" ? [index] : []));
  const [first] = starts;
  const before = instructions.slice(0, first);
  if (first === undefined || before.some(({ name }) => name !== "ARG")) throw badRequest("no build stage in current context");
  const stages = starts.map((start, index) => instructions.slice(start, starts[index + 1]));
  if (target === "") return { before, stages, escape };
  const wanted = target.toLowerCase();
  const named = stages.findIndex(([from]) => from !== undefined && stageName(from) === wanted);
  const last = named < 0 && /^\d+$/.test(target) ? Number(target) : named;
  if (last < 0 || last >= stages.length) throw badRequest(`target stage "${target}" could not be found`);
  return { before, stages: stages.slice(0, last + 1), escape };
}

/** A build in progress. */
export class Build {
  readonly #parts: BuildParts;
  readonly #options: BuildOptions;
  readonly #context: MountedFiles;
  readonly #plan: Plan;
  readonly #stages: Stage[] = [];
  readonly #steps: BuildSteps;
  readonly #globals = new Map<string, string | undefined>();
  #step = 0;

  /**
   * @param parts - the engine.
   * @param context - the files of the context.
   * @param dockerfile - the text of the Dockerfile.
   * @param options - settings.
   * @throws {@link EngineError} with status 400 when the Dockerfile is malformed.
   */
  constructor(parts: BuildParts, context: MountedFiles, dockerfile: string, options: BuildOptions) {
    this.#parts = parts;
    this.#context = context;
    this.#options = options;
    this.#plan = planBuild(dockerfile, options.target);
    this.#steps = new BuildSteps(parts, options, (from) => this.#filesOf(from), this.#globals);
  }

  /** Builds the image. @throws {@link EngineError} when a step fails. */
  async run(): Promise<StoredImage> {
    const { before, stages, escape } = this.#plan;
    for (const instruction of before) {
      this.#announce(instruction);
      const [, name = "", value] = /^([^=\s]+)(?:=([^]*))?$/.exec(instruction.rest) ?? [];
      const own = value === undefined ? undefined : expandWord(value, (key) => this.#globals.get(key), escape);
      this.#globals.set(name, this.#options.args.get(name) ?? own);
      this.#steps.consumed.add(name);
    }
    for (const [index, [from, ...rest]] of stages.entries()) {
      if (!from) continue;
      const stage = await this.#begin(from);
      for (const instruction of rest) {
        this.#options.signal.throwIfAborted();
        this.#announce(instruction);
        await this.#steps.run(stage, instruction);
      }
      if (index === stages.length - 1) await this.#label(stage);
      this.#stages.push(stage);
    }
    this.#warnAboutArguments();
    const image = this.#stages.at(-1)?.image;
    if (!image) throw new EngineError(500, "No image was generated. Is your Dockerfile empty?");
    return image;
  }

  /** Adds the labels of the request in a step of its own. */
  async #label(stage: Stage): Promise<void> {
    const pairs = Object.entries(this.#options.labels).sort(([one], [other]) => (one < other ? -1 : 1));
    if (pairs.length === 0) return;
    const original = `LABEL ${pairs.map(([name, value]) => `${name}=${value}`).join(" ")}`;
    this.#announce({ original });
    await this.#steps.label(stage, this.#options.labels, original);
  }

  #announce({ original }: Pick<Instruction, "original">): void {
    const { before, stages } = this.#plan;
    const added = Object.keys(this.#options.labels).length > 0 ? 1 : 0;
    const total = before.length + stages.reduce((sum, { length }) => sum + length, added);
    this.#step += 1;
    this.#options.report({ stream: `Step ${this.#step}/${total} : ${original}` });
    this.#options.report({ stream: "\n" });
  }

  async #begin(from: Instruction): Promise<Stage> {
    this.#announce(from);
    const { escape } = this.#plan;
    const named = expandWord(flagsOf(from, ["platform"]).get("platform") ?? "", (name) => this.#globals.get(name), escape);
    const [word = ""] = from.rest.split(/\s/, 1);
    const base = expandWord(word, (name) => this.#globals.get(name), escape);
    if (base === "") throw badRequest(`base name (${word}) should not be blank`);
    const image = base === "scratch" ? undefined : await this.#imageOf(base, namedPlatform(named));
    const stage = new Stage(stageName(from), image, escape);
    const triggers = stage.config.OnBuild ?? [];
    this.#options.report({ stream: ` ---> ${image ? image.id.slice(7, 19) : ""}\n` });
    if (triggers.length === 0) return stage;
    this.#options.report({ stream: `# Executing ${triggers.length} build trigger${triggers.length > 1 ? "s" : ""}\n` });
    delete stage.config.OnBuild;
    for (const instruction of parseDockerfile(triggers.join("\n")).instructions) await this.#steps.run(stage, instruction);
    return stage;
  }

  #stageOf(name: string): Stage | undefined {
    return this.#stages.findLast((stage) => stage.name !== "" && stage.name === name.toLowerCase());
  }

  async #imageOf(name: string, platform = this.#options.platform): Promise<StoredImage | undefined> {
    const stage = this.#stageOf(name);
    return stage ? stage.image : await baseImage(this.#parts, name, this.#options, platform);
  }

  /** Returns the files that `COPY` takes its sources from. */
  async #filesOf(from: string): Promise<MountedFiles> {
    if (from === "") return this.#context;
    const stage = /^\d+$/.test(from) ? this.#stages[Number(from)] : this.#stageOf(from);
    if (/^\d+$/.test(from) && !stage) {
      throw badRequest(`invalid from flag value ${from}: index out of bounds`);
    }
    const image = stage ? stage.image : await explained(`invalid from flag value ${from}`, () => this.#imageOf(from));
    const snapshot = await this.#parts.snapshot(image?.layers.map(({ diffId }) => diffId) ?? []);
    return MountedFiles.of(new LayeredTree(snapshot), true);
  }

  #warnAboutArguments(): void {
    const unused = [...this.#options.args.keys()].filter((name) => !this.#steps.consumed.has(name)).sort();
    if (unused.length > 0) {
      this.#options.report({ stream: `[Warning] One or more build-args [${unused.join(" ")}] were not consumed\n` });
    }
  }
}
