import type { ImageConfig } from "../../types/image.js";
import type { StoredImage } from "../store/images.js";
import { environmentOf, type Settings, withVariables } from "./settings.js";

/** The variable that every image gets that does not set it. */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Arguments that `RUN` sees without `ARG`. They leave no trace in the image, and do not count for the cache. */
const proxyNames = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/** Returns whether an argument needs no `ARG`. */
export const isPredefined = (name: string): boolean => proxyNames.includes(name.toUpperCase());

/** A stage of a build: what `FROM` begins. */
export class Stage implements Settings {
  /** Its name in lower case; empty without one. */
  readonly name: string;
  /** The image that the steps up to here made; undefined at the start from nothing. */
  image: StoredImage | undefined;
  /** Settings of the image. */
  config: ImageConfig;
  /** The escape character. */
  readonly escape: string;
  /** Author of the following steps. */
  author = "";
  hasCommand = false;
  readonly #args = new Map<string, string | undefined>();

  constructor(name: string, image: StoredImage | undefined, escape: string) {
    this.name = name;
    this.image = image;
    this.escape = escape;
    this.config = structuredClone(image?.config.config ?? {});
    if (!environmentOf(this.config).has("PATH")) this.config.Env = withVariables(this.config.Env ?? [], [["PATH", DEFAULT_PATH]]);
  }

  /** Returns the value of a build argument that this stage has declared. */
  readonly args = (name: string): string | undefined => this.#args.get(name);

  /** Declares a build argument. */
  declare(name: string, value: string | undefined): void {
    this.#args.set(name, value);
  }

  /** The declared arguments that `RUN` sees, as lines of an environment. Variables of the image hide them. */
  argumentLines(): string[] {
    const environment = environmentOf(this.config);
    return [...this.#args]
      .filter(([name, value]) => value !== undefined && !environment.has(name) && !isPredefined(name))
      .map(([name, value = ""]) => `${name}=${value}`)
      .sort();
  }
}
