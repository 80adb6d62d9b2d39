import type { Program } from "./program.js";

/** How the first line of a file begins that stands for a registered program. */
const marker = "#!/ts-dockerclient/program ";

/** Returns the content of an executable file that stands for a registered program. */
export const programFile = (name: string): string => `${marker}${name}\n`;

/** Returns the name of the program that a file stands for; undefined for another file. */
export function programOfFile(start: string): string | undefined {
  return start.startsWith(marker) ? start.slice(marker.length).split("\n", 1)[0]?.trim() : undefined;
}

/** The programs that an executor can run. */
export class ProgramRegistry {
  readonly #standard = new Map<string, Program>();
  readonly #programs = new Map<string, Program>();
  readonly #images = new Map<string, Program>();

  /**
   * @param standard - programs that containers can run when their file system has a file of that name.
   */
  constructor(standard: Readonly<Record<string, Program>> = {}) {
    for (const [name, program] of Object.entries(standard)) this.#standard.set(name, program);
  }

  /**
   * Registers a program. Containers can run it by its name without having a file for it.
   *
   * @param name - its name; or an absolute path, for the file at this path.
   */
  register(name: string, program: Program): void {
    this.#programs.set(name, program);
  }

  /** Registers the program that containers of an image run, whatever their command is. */
  registerImage(image: string, program: Program): void {
    this.#images.set(image, program);
  }

  /** Removes a program that was registered by name, path or image. */
  remove(name: string): void {
    this.#programs.delete(name);
    this.#images.delete(name);
  }

  /** Returns the program that was registered for a name or a path. */
  registered(name: string): Program | undefined {
    return this.#programs.get(name);
  }

  /** Returns the program for a file of this name. */
  named(name: string): Program | undefined {
    return this.#programs.get(name) ?? this.#standard.get(name);
  }

  /** Returns the program of an image. */
  ofImage(image: string): Program | undefined {
    return this.#images.get(image);
  }
}
