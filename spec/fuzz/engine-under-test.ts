import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { Client } from "../../lib/client.js";
import { EmbeddedEngine } from "../../lib/engine/embedded-engine.js";
import { boxArchive } from "../support/box-archive.js";
import { Finding } from "./kind.js";

/** What no file of the engine, and no response, may contain. */
export const SECRET = "the content of the canary";

/** What only a mistake in the engine says. */
const mistakes =
  /Cannot (?:read|set|convert|destructure|access|mix)|is not (?:a function|iterable|defined|a constructor|extensible|an object)|undefined|\[object|(?:Type|Range|Reference|Syntax)Error|Maximum call stack|must be (?:of type|one of|an instance)|ERR_|Invalid (?:array|string|time|count) |toISOString|prototype|NaN/;

/** An engine with a data root, beside a folder that it has no business with. */
export class EngineUnderTest {
  readonly client: Client;
  /** Holds the data root, the socket and the canary. */
  readonly folder: string;
  readonly #engine: EmbeddedEngine;
  readonly #reports: string[];
  readonly #escaped: unknown[] = [];

  private constructor(engine: EmbeddedEngine, folder: string, reports: string[]) {
    this.#engine = engine;
    this.folder = folder;
    this.#reports = reports;
    this.client = new Client({ endpoint: engine.endpoint, auth: false });
    for (const event of ["uncaughtException", "unhandledRejection"]) process.on(event, (error) => this.#escaped.push(error));
  }

  /** Starts one with the image `box`. */
  static async start(): Promise<EngineUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), "tsdc-fuzz-"));
    await mkdir(join(folder, "canary"));
    await writeFile(join(folder, "canary", "secret"), SECRET);
    const reports: string[] = [];
    const engine = await EmbeddedEngine.start({
      listen: `unix://${join(folder, "engine.sock")}`,
      dataRoot: join(folder, "root"),
      standardImages: [],
      onReport: (message) => reports.push(message),
    });
    const started = new EngineUnderTest(engine, folder, reports);
    await started.client.loadImage({ inputStream: Readable.from([await boxArchive()]) });
    return started;
  }

  /** The blobs of its store. */
  blobs(): Promise<string[]> {
    return readdir(join(this.folder, "root", "blobs", "sha256"));
  }

  /**
   * Checks what must hold after every input.
   *
   * @param shown - the input.
   * @param answer - what the engine answered to it.
   * @throws a {@link Finding}.
   */
  async check(shown: string, answer: string): Promise<void> {
    if (answer.includes(SECRET)) throw new Finding(`${shown} reads outside of the data root`);
    if (mistakes.test(answer)) throw new Finding(`${shown} answers ${answer.slice(0, 600)}`);
    const fault = this.#reports.splice(0).find((message) => mistakes.test(message));
    if (fault !== undefined) throw new Finding(`${shown} is reported as ${fault.slice(0, 2_000)}`);
    const error = this.#escaped.shift();
    if (error !== undefined) throw new Finding(`${shown} leaves an error unheard: ${inspect(error)}`);
    const canary = await readFile(join(this.folder, "canary", "secret"), "utf8");
    if (canary !== SECRET || (await readdir(join(this.folder, "canary"))).length > 1)
      throw new Finding(`${shown} writes outside of the data root`);
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.#engine.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
