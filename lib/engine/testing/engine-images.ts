import { packEntries, type PackEntry } from "../../archive/pack-entries.js";
import type { ImageConfig } from "../../types/image.js";
import type { Program } from "../runtime/program/program.js";
import { programFile } from "../runtime/program/registry.js";
import { standardEntries, standardPath } from "../runtime/standard-image.js";
import { formatName, parseTarget } from "../store/image-reference.js";
import { importImage } from "../store/import-image.js";
import { parsePlatform } from "../store/manifest.js";
import type { TestedState } from "./tested-state.js";

/** What an image consists of, for {@link EngineImages.add}. */
export interface NewEngineImage {
  /** Contents of files by absolute path. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** Programs by absolute path. The executor has to be `program`. */
  programs?: Readonly<Record<string, Program>>;
  /** The entry point of the image: whatever command a container has becomes its arguments. The executor has to be `program`. */
  program?: Program;
  /** Settings of containers, such as `Cmd`, `Env`, `ExposedPorts` and `Labels`. */
  config?: ImageConfig;
  /** Leaves out the shell and the small programs that images have by default. */
  isBare?: boolean;
  /** Platform, such as `linux/arm64`. The default is that of this machine. */
  platform?: string;
  /** Time of creation. By default that of the engine's clock. */
  created?: Date;
}

/**
 * Adds images without a registry, an archive or a build: `engine.images`.
 *
 * @category Embedded engine
 */
export class EngineImages {
  readonly #state: () => TestedState;

  /** @internal */
  constructor(state: () => TestedState) {
    this.#state = state;
  }

  /**
   * Adds an image, so that containers of that name can be created without a pull. A name that another image has moves.
   *
   * @example
   * ```ts
   * await engine.images.add("shop/orders:1.4", {
   *   config: { ExposedPorts: { "8080/tcp": {} }, Env: ["PORT=8080"] },
   *   program: async ({ stdout, signal }) => {
   *     stdout.write("ready\n");
   *     await once(signal, "abort");
   *     return 0;
   *   },
   * });
   * ```
   *
   * @param name - the name, with a tag or for `latest`.
   * @param image - what it consists of. The default is a shell and the standard programs.
   * @returns the ID.
   * @throws a `TypeError` for a path that is not absolute, and for programs if containers run as processes of the machine.
   */
  async add(name: string, image: NewEngineImage = {}): Promise<string> {
    const { images, clock, runsPrograms, register, basePrograms } = this.#state();
    const { files = {}, programs = {}, program, config = {}, isBare = false, platform, created } = image;
    const all = { ...programs, ...(program && { "/entrypoint": program }) };
    if (!runsPrograms && Object.keys(all).length > 0)
      throw new TypeError("programs of an image need the executor `program`: containers of this engine are processes");
    const tag = parseTarget(name, "");
    const entries: PackEntry[] = isBare ? [] : standardEntries(await basePrograms());
    for (const [path, content] of Object.entries(files)) entries.push({ name: inArchive(path), content });
    for (const [path, function_] of Object.entries(all)) {
      const unique = `${formatName(tag)}${path}`;
      register(unique, function_);
      entries.push({ name: inArchive(path), content: programFile(unique), mode: 0o755 });
    }
    const stored = await importImage(images, packEntries(entries), {
      config: {
        ...(isBare ? {} : { Env: [`PATH=${standardPath}`], Cmd: ["sh"] }),
        ...(program && { Entrypoint: ["/entrypoint"], Cmd: [] }),
        ...config,
      },
      comment: "",
      now: created ? BigInt(created.getTime()) * 1_000_000n : clock.now(),
      ...(platform !== undefined && { platform: parsePlatform(platform) }),
    });
    await images.tag(stored, tag);
    return stored.id;
  }
}

function inArchive(path: string): string {
  if (!path.startsWith("/")) throw new TypeError(`the path ${JSON.stringify(path)} is not absolute`);
  return path.slice(1);
}
