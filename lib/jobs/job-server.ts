import { posix } from "node:path";
import { Client } from "../index.js";
import { type ServiceLogger, silentLogger } from "../service/log.js";
import { readAddresses } from "../service/read-access.js";
import { describeFault, type Readiness, ServiceHost } from "../service/service-host.js";
import type { ServiceOptions } from "../service/service-options.js";
import type { JobBackEnd } from "./back-end.js";
import { chooseBackEnd, type SwarmSettings } from "./choose-back-end.js";
import type { PortRange } from "./containers/ports.js";
import { Dispatcher } from "./dispatcher.js";
import { JobsEndpoint } from "./http/jobs-endpoint.js";
import { JobMetrics } from "./metrics.js";
import { fileStore, type JobStore, memoryStore } from "./store.js";

/** Options of {@link JobServer.start}. @category Jobs */
export interface JobServerOptions extends ServiceOptions {
  /**
   * Where the server listens: `tcp://127.0.0.1:43273`, the default, `unix:///path` or several of them. A socket gets mode 0600.
   * Addresses that other machines reach need a token or client certificates.
   */
  listen?: string | readonly string[] | undefined;
  /** The client of the engine. The server does not close it. By default it creates one for {@link JobServerOptions.endpoint}. */
  client?: Client | undefined;
  /** The engine. By default the one that the environment names, as for {@link Client.fromEnv}. */
  endpoint?: string | undefined;
  /** A folder for what outlives the server: environments and links. In memory by default. */
  stateDirectory?: string | undefined;
  /** The ports that are chosen for containers: 4000 to 59999 by default. */
  ports?: PortRange | undefined;
  /** Whether the jobs run on the swarm that the engine is a manager of, or how. On the engine itself by default. */
  swarm?: boolean | SwarmSettings | undefined;
  /** How many requests wait that need nothing from the engine. 10 by default. */
  fastQueue?: number | undefined;
  /** How many other requests wait. 1 by default, as in geard. */
  slowQueue?: number | undefined;
  /** Hosts that sources of environments may be read from. None by default. */
  sourceHosts?: readonly string[] | undefined;
  /** Folders of this machine that callers may mount, and build from. None by default. */
  bindSources?: readonly string[] | undefined;
  /** The most connections. 1,000 by default. */
  maxConnections?: number | undefined;
}

/** How long jobs may take to end when a server closes, in milliseconds. */
const GRACE = 5_000;

/** How long the headers of a request may take, and how long no byte of its body may arrive, in milliseconds. */
const PATIENCE = { headers: 10_000, body: 30_000 };

/**
 * Runs jobs on one engine, or on a swarm, for callers that speak HTTP, as geard's daemon did.
 *
 * @example
 * ```ts
 * await using server = await JobServer.start({ listen: "unix:///run/jobs.sock", stateDirectory: "/var/lib/jobs" });
 * await using jobs = new JobClient({ endpoint: server.endpoint });
 * await jobs.run(installContainerRequest({ id: "web-1", image: "nginx", started: true }));
 * ```
 *
 * @category Jobs
 */
export class JobServer {
  readonly #options: JobServerOptions;
  readonly #client: Client;
  readonly #backEnd: JobBackEnd;
  readonly #dispatcher: Dispatcher;
  readonly #metrics: JobMetrics;
  readonly #host: ServiceHost;
  readonly #log: ServiceLogger;
  #closed: Promise<void> | undefined;

  private constructor(options: JobServerOptions, client: Client, backEnd: JobBackEnd) {
    const { fastQueue, slowQueue, sourceHosts = [], bindSources = [], maxConnections = 1_000, logger = silentLogger } = options;
    this.#options = options;
    this.#client = client;
    this.#backEnd = backEnd;
    this.#log = logger;
    this.#dispatcher = new Dispatcher({
      backEnd,
      fastQueue,
      slowQueue,
      mayFetch: ({ hostname }) => sourceHosts.includes(hostname),
      onFault: (error, request) => logger.error({ request: request.name, error: describeFault(error) }, "fault"),
    });
    this.#metrics = new JobMetrics({
      waiting: () => this.#dispatcher.waiting,
      isEngineUp: async () => (await this.#ready()).ready,
    });
    const endpoint = new JobsEndpoint(this.#dispatcher, {
      idle: PATIENCE.body,
      bindSources: bindSources.map((folder) => posix.normalize(folder).replace(/(.)\/$/, "$1")),
      count: (name) => this.#metrics.begin(name),
    });
    this.#host = new ServiceHost(
      {
        serve: (call, path) => endpoint.serve(call, path),
        ready: () => this.#ready(),
        metrics: () => this.#metrics.read(),
      },
      options,
      { connections: maxConnections, headers: PATIENCE.headers },
    );
  }

  /**
   * Starts a server, after it has finished or undone what one that was killed has begun.
   *
   * @throws an error if the engine does not answer, or is not a manager of a swarm that the jobs are to run on, if an option or the token file is invalid, if another process uses the state
   * directory, or if an address that other machines reach would be served without authentication.
   */
  static async start(options: JobServerOptions = {}): Promise<JobServer> {
    const addresses = readAddresses({ listen: "tcp://127.0.0.1:43273", ...options });
    const { endpoint, stateDirectory, ports, swarm } = options;
    const client = options.client ?? (endpoint === undefined ? Client.fromEnv() : new Client({ endpoint }));
    let server: JobServer | undefined;
    let store: JobStore | undefined;
    try {
      await client.ping();
      store = stateDirectory === undefined ? memoryStore() : await fileStore(stateDirectory);
      const backEnd = chooseBackEnd({ client, store, ports, swarm });
      server = new JobServer(options, client, backEnd);
      await backEnd.reconcile(new AbortController().signal);
      for (const address of addresses) await server.#host.listen(address);
      server.#log.info({ endpoints: server.endpoints, engine: client.endpoint }, "listening");
      return server;
    } catch (error) {
      if (server) await server.close();
      else {
        await store?.close();
        if (!options.client) await client.close();
      }
      throw error;
    }
  }

  /** Where the server listens: the first endpoint. */
  get endpoint(): string {
    return this.endpoints[0] ?? "";
  }

  /** Where the server listens. */
  get endpoints(): readonly string[] {
    return this.#host.endpoints;
  }

  /** Reads the token file again. */
  reload(): void {
    this.#host.reload();
    this.#log.info({}, "reloaded");
  }

  /**
   * Stops in order: refuses new requests, gives the jobs that run five seconds, aborts what is left, and closes all connections.
   *
   * @param grace - the time that jobs get, in milliseconds. 5,000 by default.
   */
  close(grace = GRACE): Promise<void> {
    this.#closed ??= this.#close(grace);
    return this.#closed;
  }

  /** Like {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(grace: number): Promise<void> {
    await Promise.all([this.#dispatcher.close(grace), this.#host.drain(grace)]);
    await this.#host.close();
    await this.#backEnd.store.close();
    if (!this.#options.client) await this.#client.close();
    this.#log.info({}, "closed");
  }

  async #ready(): Promise<Readiness> {
    const answer = await this.#client.ping({}, { timeout: 5_000 }).catch(() => undefined);
    return answer ? { ready: true, apiVersion: answer.ApiVersion } : { ready: false, reason: "the engine does not answer" };
  }
}
