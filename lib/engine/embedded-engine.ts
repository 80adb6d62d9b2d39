import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseListenAddress, type ServerTls } from "../service/listen-address.js";
import { MAX_API_VERSION } from "../wire/api-version.js";
import { isError } from "../wire/realm.js";
import { type Clock, SystemClock } from "./clock.js";
import { EngineParts, type EnginePartsOptions } from "./engine-parts.js";
import type { ImageSearch } from "./registry/image-search.js";
import type { ExecutorChoice } from "./runtime/choose-executor.js";
import type { Program } from "./runtime/program/program.js";
import { HttpServer } from "./server/http-server.js";
import { Router } from "./server/router.js";
import type { DataRoot } from "./store/data-root.js";
import type { Answers } from "./testing/answers.js";
import { EngineContainers } from "./testing/engine-containers.js";
import { EngineEvents } from "./testing/engine-events.js";
import { EngineImages } from "./testing/engine-images.js";
import { EngineVolumes } from "./testing/engine-volumes.js";
import type { Failures } from "./testing/failures.js";
import type { RequestLog } from "./testing/request-log.js";
import { TestControls } from "./testing/test-controls.js";
import type { TestedState } from "./testing/tested-state.js";

/** Options of {@link EmbeddedEngine.start}. */
export interface EmbeddedEngineOptions {
  /**
   * Where the engine listens: `unix:///path.sock` or `tcp://127.0.0.1:2375`, one or several; port 0 is a free one. By default a
   * socket in a new temporary folder.
   */
  listen?: string | readonly string[];
  /** Certificate for TCP endpoints. By default they are not encrypted, and only on loopback addresses. */
  tls?: ServerTls;
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

/** Options of {@link EmbeddedEngine.reset}. */
export interface ResetOptions {
  /** Whether all images remain that the engine has, such as those that tests share. The default is false. */
  keepImages?: boolean;
}

/** What an engine is started from again. */
interface EngineSetup {
  readonly parts: EnginePartsOptions;
  readonly endpoints: readonly string[];
  readonly tls: ServerTls | undefined;
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
  /** Changes containers directly: their end, health, output and statistics. */
  readonly containers: EngineContainers;
  /** Adds images directly. */
  readonly images: EngineImages;
  /** Adds volumes with their files, and reads them. */
  readonly volumes: EngineVolumes;
  /** Emits events. */
  readonly events: EngineEvents;
  readonly #setup: EngineSetup;
  readonly #controls: TestControls;
  readonly #server: HttpServer;
  #parts: EngineParts;
  /** What the engine had when it started, in memory; undefined for an engine with a data root. */
  #initial: DataRoot | undefined;

  private constructor(setup: EngineSetup, parts: EngineParts, server: HttpServer, controls: TestControls) {
    this.#setup = setup;
    this.#parts = parts;
    this.#server = server;
    this.#controls = controls;
    this.endpoints = setup.endpoints;
    this.failures = controls.failures;
    this.answers = controls.answers;
    this.requests = controls.requests;
    const state = (): TestedState => this.#parts.tested;
    this.containers = new EngineContainers(state);
    this.images = new EngineImages(state);
    this.volumes = new EngineVolumes(state);
    this.events = new EngineEvents(state);
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
      tls,
    } = options;
    const folder = await mkdtemp(join(tmpdir(), "ts-dockerclient-engine-"));
    const partsOptions: EnginePartsOptions = {
      clock,
      folder,
      dataRoot: options.dataRoot,
      durability: options.durability,
      executor: options.executor ?? "program",
      programs: { ...options.programs },
      standardImages: options.standardImages ?? ["busybox:latest"],
      report: onReport,
      apiVersion,
      minApiVersion,
      insecureRegistries: options.insecureRegistries ?? [],
      search: options.search,
      unpackedLimit: options.unpackedLimit,
    };
    const parts = await EngineParts.open(partsOptions).catch(async (error: unknown) => {
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
      const endpoints = await listenOn(server, typeof asked === "string" ? [asked] : asked, tls);
      const engine = new EmbeddedEngine({ parts: partsOptions, endpoints, tls }, parts, server, controls);
      if (options.dataRoot === undefined) engine.#initial = await parts.root.replacement(true);
      await parts.restore();
      return engine;
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

  /**
   * Restarts the engine, as a service of the machine is restarted: containers are killed, all connections are closed, nothing listens
   * for a moment, and the engine comes back with the same state, also if that is in memory. Containers with the restart policies
   * `always` and `unless-stopped` are started again. Failures, scripted answers, the request log and the clock remain.
   *
   * @param whileDown - called while nothing listens.
   */
  async restart(whileDown: () => void | Promise<void> = () => undefined): Promise<void> {
    await this.#parts.stopAll();
    await this.#server.close();
    await this.#parts.end();
    await whileDown();
    const { root } = this.#parts;
    const isInMemory = root.path === undefined;
    if (!isInMemory) await root.close();
    await this.#open(isInMemory ? root : undefined);
    await listenOn(this.#server, this.endpoints, this.#setup.tls);
    await this.#parts.restore();
  }

  /**
   * Brings the engine back to the state that it had when it started, in milliseconds if containers are functions: containers, images,
   * networks, volumes, events, failures, scripted answers and the request log are those of a new engine. Nothing but its sockets
   * remains: requests without a response and open streams end as in a restart. The clock is not changed.
   *
   * An engine with a data root is emptied, whatever it had when it started.
   *
   * @param options - `keepImages` keeps all images that the engine has now.
   */
  async reset({ keepImages = false }: ResetOptions = {}): Promise<void> {
    this.#server.interrupt();
    await this.#parts.removeContainers();
    await this.#parts.end();
    const { root } = this.#parts;
    const state = this.#initial && !keepImages ? this.#initial.replacement(true) : root.replacement(keepImages);
    await this.#open(await state);
    // those that have come meanwhile
    this.#server.interrupt();
    this.#controls.reset();
  }

  async #open(state?: DataRoot): Promise<void> {
    this.#parts = await EngineParts.open(this.#setup.parts, state);
    this.#server.serve(new Router(this.#parts.routes()));
  }

  /** Kills all containers, closes all connections and frees everything. */
  async close(): Promise<void> {
    await this.#parts.stopAll();
    await this.#server.close();
    await this.#parts.close();
    await rm(this.#setup.parts.folder, { recursive: true, force: true });
  }

  /** Like {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Listens on all endpoints. Returns them with the ports that they got. */
async function listenOn(server: HttpServer, asked: readonly string[], tls: ServerTls | undefined): Promise<string[]> {
  const addresses = asked.map((endpoint) => parseListenAddress(endpoint, tls));
  const endpoints: string[] = [];
  for (const address of addresses) endpoints.push(await server.listen(address));
  return endpoints;
}
