import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_API_VERSION } from "../wire/api-version.js";
import { isError } from "../wire/realm.js";
import { type Clock, SystemClock } from "./clock.js";
import { EngineParts } from "./engine-parts.js";
import type { ImageSearch } from "./registry/image-search.js";
import type { ExecutorChoice } from "./runtime/choose-executor.js";
import type { Program } from "./runtime/program/program.js";
import { HttpServer } from "./server/http-server.js";
import { type EngineTls, parseListenAddress } from "./server/listen-address.js";
import { Router } from "./server/router.js";
import type { Answers } from "./testing/answers.js";
import type { Failures } from "./testing/failures.js";
import type { RequestLog } from "./testing/request-log.js";
import { TestControls } from "./testing/test-controls.js";

/** Options of {@link EmbeddedEngine.start}. */
export interface EmbeddedEngineOptions {
  /**
   * Where the engine listens: `unix:///path.sock` or `tcp://127.0.0.1:2375`, one or several; port 0 is a free one. By default a
   * socket in a new temporary folder.
   */
  listen?: string | readonly string[];
  /** Certificate for TCP endpoints. By default they are not encrypted, and only on loopback addresses. */
  tls?: EngineTls;
  /** Folder for images, volumes and containers. By default everything is in memory, and ends with the engine. */
  dataRoot?: string;
  /**
   * What acknowledged changes of the data root survive. `process`, the default: the end of this process at any moment. `power`: also
   * a power failure, because files and folders are flushed to the disk, which takes several milliseconds for each change.
   */
  durability?: "process" | "power";
  /**
   * How containers run: `oci` as processes of the machine, by `runc` or `crun`; `program` as JavaScript functions; `auto` as processes
   * where that works, which is tried by running one. `docker info` says which and why. By default `program`.
   */
  executor?: ExecutorChoice;
  /** The highest API version that the engine serves. The default is 1.51. */
  apiVersion?: string;
  /**
   * The lowest API version that the engine serves. The default is 1.24, as of Docker. Down to 1.9, an engine also has the operations
   * that were removed before, such as the one that copies files out of containers.
   */
  minApiVersion?: string;
  /** The time of containers: timestamps, health checks, timeouts and `sleep`. By default the real time. */
  clock?: Clock;
  /** Programs that containers can run, by name or by absolute path, besides the standard ones. */
  programs?: Readonly<Record<string, Program>>;
  /**
   * Names of an image with a shell and small programs, which a new engine has so that nothing needs to be pulled. By default
   * `busybox:latest`; an empty list for an engine without images. Where containers are processes of the machine, the programs are
   * those of its busybox or, without one, its own.
   */
  standardImages?: readonly string[];
  /** Registries that may use plain HTTP or invalid certificates, as `host:port`. Those on this machine always may. */
  insecureRegistries?: readonly string[];
  /** Finds images for `docker search`. Without it, searches are answered with status 501. */
  search?: ImageSearch;
  /**
   * The most bytes that a layer, an image archive or a build context may have when it is decompressed. The default is 16 GiB for what
   * goes to the data root, and 1 GiB for what is kept in memory.
   */
  unpackedLimit?: number;
  /** Called with messages about faults that no client learns of. */
  onReport?: (message: string) => void;
}

/** The highest API version that engines serve by default. */
const API_VERSION = "1.51";

/** The lowest API version that engines serve by default. */
const MIN_API_VERSION = "1.24";

/**
 * A Docker Engine in this process: an HTTP server with images, containers, networks and volumes, whose containers run JavaScript
 * functions. Clients of any language connect to its endpoint as to a Docker Engine.
 *
 * @category Embedded engine
 */
export class EmbeddedEngine {
  /** Where the engine listens, such as `unix:///tmp/engine.sock`. */
  readonly endpoints: readonly string[];
  /** Makes requests fail. */
  readonly failures: Failures;
  /** Scripted answers to requests. */
  readonly answers: Answers;
  /** The requests that the engine has got, and hooks that are called with them. */
  readonly requests: RequestLog;
  readonly #parts: EngineParts;
  readonly #server: HttpServer;
  readonly #folder: string;

  private constructor(
    parts: EngineParts,
    server: HttpServer,
    controls: TestControls,
    place: { readonly endpoints: readonly string[]; readonly folder: string },
  ) {
    this.#parts = parts;
    this.#server = server;
    this.failures = controls.failures;
    this.answers = controls.answers;
    this.requests = controls.requests;
    this.endpoints = place.endpoints;
    this.#folder = place.folder;
  }

  /**
   * Starts an engine.
   *
   * @param options - all have defaults.
   * @returns the engine, which accepts connections.
   * @throws an error when the endpoint is in use, or another engine uses the data root.
   */
  static async start(options: EmbeddedEngineOptions = {}): Promise<EmbeddedEngine> {
    const {
      apiVersion = API_VERSION,
      minApiVersion = MIN_API_VERSION,
      clock = new SystemClock(),
      onReport = () => undefined,
    } = options;
    const folder = await mkdtemp(join(tmpdir(), "ts-dockerclient-engine-"));
    const parts = await EngineParts.open({
      clock,
      folder,
      dataRoot: options.dataRoot,
      durability: options.durability,
      executor: options.executor ?? "program",
      programs: options.programs ?? {},
      standardImages: options.standardImages ?? ["busybox:latest"],
      report: onReport,
      apiVersion,
      minApiVersion,
      insecureRegistries: options.insecureRegistries ?? [],
      search: options.search,
      unpackedLimit: options.unpackedLimit,
    }).catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true });
      throw error;
    });
    const headers = {
      "Api-Version": apiVersion,
      "Docker-Experimental": "false",
      Ostype: "linux",
      Server: `ts-dockerclient/${MAX_API_VERSION} (linux)`,
    };
    const controls = new TestControls(clock);
    const server = new HttpServer(new Router(parts.routes()), { min: minApiVersion, max: apiVersion }, headers, {
      onCall: controls.onCall,
      onFault: (error) => onReport(isError(error) ? (error.stack ?? error.message) : String(error)),
    });
    try {
      const asked = options.listen ?? `unix://${join(folder, "docker.sock")}`;
      const endpoints: string[] = [];
      const addresses = (typeof asked === "string" ? [asked] : asked).map((endpoint) =>
        parseListenAddress(endpoint, options.tls),
      );
      for (const address of addresses) endpoints.push(await server.listen(address));
      await parts.restore();
      return new EmbeddedEngine(parts, server, controls, { endpoints, folder });
    } catch (error) {
      await server.close();
      await parts.close();
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The first endpoint: what `DOCKER_HOST` or the option `endpoint` of a client is set to. */
  get endpoint(): string {
    return this.endpoints[0] ?? "";
  }

  /** Kills all containers, closes all connections and frees everything. */
  async close(): Promise<void> {
    await this.#parts.stopAll();
    await this.#server.close();
    await this.#parts.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Like {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
