import type { IncomingMessage } from "node:http";
import { Client } from "../index.js";
import { type ServiceLogger, silentLogger } from "../service/log.js";
import { packageVersion } from "../service/package-version.js";
import { readAddresses } from "../service/read-access.js";
import { describeFault, type Readiness, ServiceHost } from "../service/service-host.js";
import { sendJson, sendText, type ServiceCall } from "../service/service-server.js";
import { readPolicy } from "./configuration.js";
import { serveJobs } from "./http/jobs-endpoint.js";
import { RpcEndpoint } from "./http/rpc-endpoint.js";
import { ImageService } from "./images/image-service.js";
import { AgentMetrics } from "./operations/metrics.js";
import { type AgentOptions, IMAGE_SERVICE, LIMITS } from "./options.js";
import type { Policy } from "./policy/policy.js";
import { openRpc } from "./rpc/discover.js";
import { Dispatcher } from "./rpc/dispatcher.js";
import type { OpenRpc } from "./rpc/open-rpc.js";
import { GuestQueues } from "./work/guest-queues.js";
import { IdempotencyKeys } from "./work/idempotency.js";
import { Jobs } from "./work/jobs.js";

/** The path of the calls. */
const RPC = "/_mistify_RPC_";

/** How long calls may take to end when an agent closes, in milliseconds. */
const GRACE = 5_000;

/**
 * Manages the containers of one host for callers that speak JSON-RPC 1.0, as mdocker did, or 2.0.
 *
 * @example
 * ```ts
 * await using agent = await Agent.start({ listen: "tcp://127.0.0.1:30001", tokenFile: "/etc/agent/tokens" });
 * ```
 *
 * @category Agent
 */
export class Agent {
  readonly #options: AgentOptions;
  readonly #client: Client;
  readonly #log: ServiceLogger;
  readonly #host: ServiceHost;
  readonly #dispatcher: Dispatcher;
  readonly #rpc: RpcEndpoint;
  readonly #jobs = new Jobs();
  readonly #keys: IdempotencyKeys;
  readonly #metrics: AgentMetrics;
  #policy: Policy;
  #description: OpenRpc | undefined;
  #closed: Promise<void> | undefined;

  private constructor(options: AgentOptions, client: Client, keys: IdempotencyKeys) {
    const limits = { ...LIMITS, ...options.limits };
    const { guests = {}, imageService = IMAGE_SERVICE, imageRedirectHosts = [], logger = silentLogger } = options;
    this.#options = options;
    this.#client = client;
    this.#log = logger;
    this.#policy = readPolicy(options, socketOf(client));
    this.#keys = keys;
    const images = new ImageService({
      host: imageService,
      redirectHosts: imageRedirectHosts,
      maxBytes: limits.imageBytes,
      maxUnpacked: limits.unpackedImageBytes,
    });
    const { stdin = false, publishAll = false, requireNic = false, devices = [] } = guests;
    const queues = new GuestQueues(limits);
    this.#metrics = new AgentMetrics({
      waiting: () => queues.waiting,
      isEngineUp: async () => (await this.#ping()) !== undefined,
    });
    const parts = {
      client,
      defaults: { stdin, publishAll, requireNic, devices },
      imageService: images,
      jobs: this.#jobs,
      describe: () => this.#describe(),
    };
    this.#dispatcher = new Dispatcher({
      queues,
      keys,
      metrics: this.#metrics,
      agent: () => ({ ...parts, policy: this.#policy }),
      timeout: limits.callTimeout,
      onFault: (error, method) => logger.error({ method, error: describeFault(error) }, "fault"),
    });
    this.#rpc = new RpcEndpoint(this.#dispatcher, { body: limits.body, idle: limits.bodyTimeout, batch: limits.batch });
    this.#host = new ServiceHost(
      {
        serve: (call, path) => this.#serve(call, path),
        ready: () => this.#ready(),
        metrics: async () => ({ contentType: this.#metrics.contentType, text: await this.#metrics.text() }),
      },
      options,
      { connections: limits.connections, headers: limits.headersTimeout },
    );
  }

  /**
   * Starts an agent.
   *
   * @throws an error if the engine does not answer, if an option, the policy or the token file is invalid, if another agent uses the
   * state directory, or if an address that other machines reach would be served without authentication.
   */
  static async start(options: AgentOptions = {}): Promise<Agent> {
    const addresses = readAddresses({ listen: "tcp://127.0.0.1:30001", ...options });
    const client =
      options.client ?? (options.endpoint === undefined ? Client.fromEnv() : new Client({ endpoint: options.endpoint }));
    const { stateDirectory } = options;
    let keys: IdempotencyKeys | undefined;
    let agent: Agent | undefined;
    try {
      await client.ping();
      keys = stateDirectory === undefined ? new IdempotencyKeys() : await IdempotencyKeys.open(stateDirectory);
      agent = new Agent(options, client, keys);
      for (const address of addresses) await agent.#host.listen(address);
      agent.#log.info({ endpoints: agent.endpoints, engine: client.endpoint }, "listening");
      return agent;
    } catch (error) {
      if (agent) await agent.close();
      else {
        await keys?.close();
        if (!options.client) await client.close();
      }
      throw error;
    }
  }

  /** Where the agent listens: the first endpoint. */
  get endpoint(): string {
    return this.endpoints[0] ?? "";
  }

  /** Where the agent listens. */
  get endpoints(): readonly string[] {
    return this.#host.endpoints;
  }

  /** Reads the token file and the policy file again. Calls that are running keep what they began with. */
  reload(): void {
    const policy = readPolicy(this.#options, socketOf(this.#client));
    this.#host.reload();
    this.#policy = policy;
    this.#log.info({}, "reloaded");
  }

  /**
   * Stops in order: refuses new calls, gives those that run and the jobs five seconds, aborts what is left, and closes all
   * connections.
   *
   * @param grace - the time that calls get, in milliseconds. 5,000 by default.
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
    this.#dispatcher.drain();
    await Promise.all([this.#host.drain(grace), this.#jobs.close(grace)]);
    await this.#host.close();
    await this.#keys.close();
    if (!this.#options.client) await this.#client.close();
    this.#log.info({}, "closed");
  }

  async #serve(call: ServiceCall, path: string): Promise<void> {
    const { request, response } = call;
    if (path === RPC && !isDiscovery(request)) await this.#rpc.serve(call);
    else if (path === RPC) sendJson(response, 200, this.#describe());
    else if (path === "/jobs" || path.startsWith("/jobs/")) await serveJobs(call, path, this.#jobs);
    else sendText(response, 404, "page not found");
  }

  /** The description of all methods, which takes longer to write than most calls. */
  #describe(): OpenRpc {
    this.#description ??= openRpc(packageVersion());
    return this.#description;
  }

  async #ready(): Promise<Readiness> {
    const answer = await this.#ping();
    return answer ? { ready: true, apiVersion: answer.ApiVersion } : { ready: false, reason: "the engine does not answer" };
  }

  async #ping(): Promise<Awaited<ReturnType<Client["ping"]>> | undefined> {
    return this.#client.ping({}, { timeout: 5_000 }).catch(() => undefined); // whatever the reason, the agent is not ready
  }
}

/** Whether a request asks for the list of methods. One that carries a call gets the answer that mdocker gave to a GET. */
function isDiscovery({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  return (method === "GET" || method === "HEAD") && !hasBody && headers["content-type"] === undefined;
}

/** The path of the socket that an engine listens on. */
function socketOf({ endpoint }: Client): string | undefined {
  return endpoint.startsWith("unix://") ? endpoint.slice("unix://".length) : undefined;
}
