import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Client } from "../../lib/client.js";
import type { ClientOptions } from "../../lib/core/client-options.js";
import { DockerError } from "../../lib/errors/docker-error.js";
import * as names from "../../lib/index.js";
import { connectionErrorOf } from "../../lib/transport/dial/socket-errors.js";
import { failureOf } from "../support/probe.js";
import { type Answer, frames, type RecordedRequest, recordingDaemon } from "../support/recording-daemon.js";

type Trigger = () => unknown;
type Call = (client: Client) => Promise<unknown>;

const ENDPOINT = "unix:///var/run/docker.sock";
const where = { operation: "ping", endpoint: ENDPOINT };

/** The failure of a call that a recording daemon answers. */
const failing =
  (answer: Answer | ((request: RecordedRequest) => Answer), call: Call, options?: ClientOptions): Trigger =>
  async () => {
    const { client } = await recordingDaemon(answer, options);
    return failureOf(call(client));
  };

/** The failure of a call to which the engine answers with an error. */
const refused = (status: number, message: string, call: Call): Trigger => failing({ status, body: { message } }, call);

/** The failure of a call that sends nothing. */
const unsent = (call: Call, options?: ClientOptions): Trigger => failing({}, call, options);

/** The error for a connection that fails with a Node.js error code. */
const socket =
  (code: string, message = code): Trigger =>
  () =>
    connectionErrorOf(Object.assign(new Error(message), { code }), { ...where, endpoint: "tcp://docker.example:2376" });

/** The failure of a function that throws at once. */
const thrown = (make: () => unknown): Trigger => failing({}, async () => make());

const at = (child: string): Answer => ({ body: child, headers: { "Content-Type": "application/json" } });
const details = { operation: "startContainer", endpoint: ENDPOINT };
const ssh = "ssh://docker@host.example";

/** One way to provoke each error, where possible by a prepared answer or an invalid call. */
const triggers: Readonly<Record<string, Trigger>> = {
  AbortError: unsent((client) => client.ping(undefined, { signal: AbortSignal.abort() })),
  ApiError: refused(418, "short and stout", (client) => client.listContainers()),
  ArchiveError: failing(
    { body: "x".repeat(700), headers: { "X-Docker-Container-Path-Stat": btoa('{"name":"file"}') } },
    async (client) => client.readContainerFile({ container: "web", path: "/file" }),
  ),
  BadRequestError: refused(400, "invalid filter 'colour'", (client) => client.listContainers()),
  BuildError: failing(
    at('{"errorDetail":{"code":2,"message":"process \\"/bin/sh -c make\\" returned a non-zero code: 2"}}'),
    async (client) => client.buildImage({ remote: "https://git.example/app.git" }),
  ),
  ClientClosedError: unsent(async (client) => {
    await client.close();
    return client.ping();
  }),
  CommandNotFoundError: refused(
    400,
    'failed to create task for container: exec: "serve": executable file not found in $PATH: unknown',
    (client) => client.startContainer({ id: "web" }),
  ),
  CommandStartError: refused(400, "unable to find user app: no matching entries in passwd file", (client) =>
    client.startContainer({ id: "web" }),
  ),
  ConfigurationError: thrown(() => names.readTlsFolder("/nonexistent/certs")),
  ConflictError: refused(409, "conflict", (client) => client.listContainers()),
  ConnectionClosedError: socket("ECONNRESET"),
  ConnectionError: socket("ENETDOWN", "connect ENETDOWN 10.0.0.1:2376"),
  ConnectionRefusedError: socket("ECONNREFUSED"),
  ContainerAlreadyConnectedError: refused(403, "endpoint with name web already exists in network backend", (client) =>
    client.connectNetwork({ id: "backend", container: "web" }),
  ),
  ContainerAlreadyExistsError: refused(
    409,
    'Conflict. The container name "/web" is already in use by container "4f66ad9f". You have to remove (or rename) that container to be able to reuse that name.',
    (client) => client.createContainer({ name: "web", config: { Image: "app" } }),
  ),
  ContainerAlreadyRunningError: refused(
    409,
    'cannot remove container "web": container is running: stop the container before removing or force remove',
    (client) => client.removeContainer({ id: "web" }),
  ),
  ContainerNotConnectedError: refused(403, "container 4f66ad9f is not connected to network backend", (client) =>
    client.disconnectNetwork({ id: "backend", container: "web" }),
  ),
  ContainerNotRunningError: refused(409, "container 4f66ad9f is not running", (client) => client.killContainer({ id: "web" })),
  ContainerPausedError: refused(409, "container 4f66ad9f is paused, unpause the container before exec", (client) =>
    client.createExec({ container: "web", cmd: ["true"] }),
  ),
  ContainerUnhealthyError: failing(
    {
      body: {
        State: { Running: true, Health: { Status: "unhealthy", FailingStreak: 3, Log: [{ Output: "connection refused\n" }] } },
      },
    },
    async (client) => client.waitForHealthy({ id: "web" }),
  ),
  CredentialsError: () =>
    new names.CredentialsError(
      "credential helper docker-credential-desktop, needed for registry.example, cannot be run (ENOENT)",
    ),
  DockerError: () => new DockerError("the base class of all errors"),
  EngineVersionError: failing({ headers: { "Api-Version": "1.12" } }, async (client) => client.version(), {
    apiVersion: undefined,
  }),
  ForbiddenError: refused(403, "authorization denied by plugin authz", (client) => client.listContainers()),
  HostNotFoundError: socket("ENOTFOUND"),
  ImageInUseError: refused(
    409,
    "conflict: unable to delete app:latest (must be forced) - container 4f66ad9f is using its referenced image 8d591b0b7dea",
    (client) => client.removeImage({ name: "app:latest" }),
  ),
  InputStreamError: failing({ status: 200 }, async (client) => {
    const inputStream = new Readable({ read: () => inputStream.destroy(new Error("EIO: i/o error, read")) });
    return client.uploadToContainer({ container: "web", path: "/", inputStream });
  }),
  InterceptorError: () => new names.InterceptorError("startContainer already has a response and cannot be sent again", details),
  InvalidEndpointError: thrown(() => new names.Client({ endpoint: "tcp://docker.example:99999" })),
  InvalidJoinTokenError: refused(400, "invalid join token", (client) =>
    client.joinSwarm({ remoteAddrs: ["manager:2377"], joinToken: "x" }),
  ),
  InvalidOptionError: unsent((client) => client.listContainers({ alll: true } as object)),
  InvalidUnlockKeyError: refused(400, "swarm could not be unlocked: invalid key provided", (client) =>
    client.unlockSwarm({ unlockKey: "SWMKEY-1-x" }),
  ),
  ListenerAlreadyExistsError: failing(
    { handle: (_request, response) => response.writeHead(200).flushHeaders() },
    async (client) => {
      const listener = () => undefined;
      await client.addEventListener(listener);
      return client.addEventListener(listener);
    },
  ),
  LogEndedError: failing(
    ({ line }) =>
      line.endsWith("/json")
        ? { body: { Config: {}, State: { Running: false, ExitCode: 3 } } }
        : { body: frames([1, "loading\n"]) },
    async (client) => client.waitForLog({ id: "web", pattern: /ready/ }),
  ),
  MissingOutputStreamError: () =>
    new names.MissingOutputStreamError("exportImage needs an output stream", { operation: "exportImage" }),
  MissingRepoError: unsent(async (client) => client.buildImage({})),
  MultipleContextsError: unsent(async (client) => client.buildImage({ contextDir: ".", remote: "https://git.example/app.git" })),
  MustSpecifyNamesError: unsent(async (client) => client.exportImages({ names: [] })),
  NetworkAlreadyExistsError: refused(409, "network with name backend already exists", (client) =>
    client.createNetwork({ name: "backend" }),
  ),
  NetworkInUseError: refused(
    403,
    'error while removing network: network backend has active endpoints (name:"web" id:"4f66ad9f")',
    (client) => client.removeNetwork({ id: "backend" }),
  ),
  NoHealthCheckError: failing({ body: { State: { Running: true } } }, async (client) => client.waitForHealthy({ id: "web" })),
  NoListenersError: () => new names.NoListenersError("no listener is left for the event"),
  NoSuchConfigError: refused(404, "config app not found", (client) => client.inspectConfig({ id: "app" })),
  NoSuchContainerError: refused(404, "No such container: web", (client) => client.inspectContainer({ id: "web" })),
  NoSuchExecError: refused(404, "No such exec instance: f00f", (client) => client.inspectExec({ id: "f00f" })),
  NoSuchImageError: refused(404, "No such image: app:latest", (client) => client.inspectImage({ name: "app:latest" })),
  NoSuchNetworkError: refused(404, "network backend not found", (client) => client.networkInfo({ id: "backend" })),
  NoSuchNetworkOrContainerError: refused(404, "status 404", (client) =>
    client.connectNetwork({ id: "backend", container: "web" }),
  ),
  NoSuchNodeError: refused(404, "node worker not found", (client) => client.inspectNode({ id: "worker" })),
  NoSuchPathError: refused(404, "Could not find the file /file in container web", (client) =>
    client.downloadFromContainer({ container: "web", path: "/file" }),
  ),
  NoSuchPluginError: refused(404, 'plugin "sshfs" not found', (client) => client.inspectPlugins({ name: "sshfs" })),
  NoSuchSecretError: refused(404, "secret password not found", (client) => client.inspectSecret({ id: "password" })),
  NoSuchServiceError: refused(404, "service web not found", (client) => client.inspectService({ id: "web" })),
  NoSuchSwarmObjectError: () =>
    new names.NoSuchSwarmObjectError("volume", "data", {
      status: 404,
      method: "PUT",
      path: "/volumes/data",
      message: "volume data not found",
    }),
  NoSuchTaskError: refused(404, "task 0e5c not found", (client) => client.inspectTask({ id: "0e5c" })),
  NoSuchVolumeError: refused(404, "get data: no such volume", (client) => client.inspectVolume({ name: "data" })),
  NodeAlreadyInSwarmError: refused(
    503,
    'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.',
    (client) => client.initSwarm({ listenAddr: "0.0.0.0:2377" }),
  ),
  NodeIsManagerError: refused(
    400,
    "rpc error: code = FailedPrecondition desc = node worker is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal",
    (client) => client.removeNode({ id: "worker" }),
  ),
  NodeNotDownError: refused(
    400,
    "rpc error: code = FailedPrecondition desc = node worker is not down and can't be removed",
    (client) => client.removeNode({ id: "worker" }),
  ),
  NodeNotInSwarmError: refused(
    503,
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    (client) => client.listServices(),
  ),
  NotASwarmManagerError: refused(
    503,
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.",
    (client) => client.listServices(),
  ),
  NotFoundError: refused(404, "not here", (client) => client.listContainers()),
  NotImplementedError: refused(404, "page not found", (client) => client.listContainers()),
  OutputLimitError: failing(
    ({ line }) =>
      line.endsWith("/exec")
        ? { status: 201, body: { Id: "f00f" } }
        : { upgrade: (stream) => stream.end(frames([1, "x".repeat(100)])) },
    async (client) => client.execute({ container: "web", cmd: ["yes"], maxOutput: 10 }),
  ),
  OutputStreamError: failing({ body: "layers" }, async (client) => {
    const outputStream = new Writable({
      write: (_chunk, _encoding, done) => done(new Error("ENOSPC: no space left on device, write")),
    });
    return client.exportImage({ name: "app", outputStream });
  }),
  PluginAlreadyExistsError: refused(409, 'plugin "sshfs:latest" already exists', (client) =>
    client.createPlugin({ name: "sshfs", inputStream: Readable.from(["x"]) }),
  ),
  PluginDisabledError: refused(400, "plugin sshfs:latest found but disabled", (client) =>
    client.disablePlugin({ name: "sshfs" }),
  ),
  PluginEnabledError: refused(409, "plugin sshfs:latest is enabled", (client) => client.removePlugin({ name: "sshfs" })),
  PluginInUseError: refused(409, "plugin sshfs:latest is in use", (client) => client.disablePlugin({ name: "sshfs" })),
  PluginPrivilegesError: failing({ body: [{ Name: "network", Description: "", Value: ["host"] }] }, async (client) =>
    client.installPlugins({ remote: "sshfs" }),
  ),
  PortInUseError: refused(
    500,
    "failed to set up container networking: Bind for 0.0.0.0:8080 failed: port is already allocated",
    (client) => client.startContainer({ id: "web" }),
  ),
  ProtocolError: failing(at("<html>"), (client) => client.listContainers()),
  QueueTimeoutError: () => new names.QueueTimeoutError(100, 5000, details),
  RegistryAuthenticationError: refused(
    401,
    "Get https://registry.example/v2/: unauthorized: incorrect username or password",
    (client) => client.authCheck({ username: "user", password: "secret", serveraddress: "registry.example" }),
  ),
  ServerError: refused(500, "out of memory", (client) => client.restartContainer({ id: "web" })),
  ServiceNotConvergedError: () =>
    new names.ServiceNotConvergedError("web", "tasks-failed", {
      id: "0e5c",
      state: "failed",
      error: "task: non-zero exit (1)",
      exitCode: 1,
    }),
  SocketNotFoundError: socket("ENOENT"),
  SocketPermissionError: socket("EACCES"),
  SshAuthenticationError: () =>
    new names.SshAuthenticationError(`ssh authentication at ${ssh} failed: Permission denied (publickey).`),
  SshError: () => new names.SshError(`ssh to ${ssh} failed: there is no ssh command on this machine`),
  SshHostKeyError: () => new names.SshHostKeyError(`the host key of ${ssh} is not trusted: Host key verification failed.`),
  StreamError: failing(at('{"errorDetail":{"message":"toomanyrequests: rate limit exceeded"}}'), async (client) =>
    client.pullImage({ repository: "app" }),
  ),
  StreamInUseError: failing(
    ({ line }) => (line.endsWith("/json") ? { body: { Config: {} } } : { body: frames([1, "x"]) }),
    async (client) => {
      const stream = await client.logs({ id: "web", stdout: true });
      await stream.collect();
      return stream.collect();
    },
  ),
  SwarmJoinTimeoutError: refused(
    503,
    'Timeout was reached before node joined. The attempt to join the swarm will continue in the background. Use the "docker info" command to see the current swarm status of your node.',
    (client) => client.joinSwarm({ remoteAddrs: ["manager:2377"], joinToken: "x" }),
  ),
  SwarmLockedError: refused(
    503,
    'Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm unlock" to unlock it.',
    (client) => client.listServices(),
  ),
  SwarmNotLockedError: refused(409, "swarm is not locked", (client) => client.unlockSwarm({ unlockKey: "SWMKEY-1-x" })),
  SwarmObjectAlreadyExistsError: refused(409, "rpc error: code = AlreadyExists desc = config app already exists", (client) =>
    client.createConfig({ name: "app", data: "x" }),
  ),
  SwarmObjectInUseError: refused(
    400,
    "rpc error: code = InvalidArgument desc = secret 'password' is in use by the following service: web",
    (client) => client.removeSecret({ id: "password" }),
  ),
  TimeoutError: failing({ handle: () => undefined }, (client) => client.ping(undefined, { timeouts: { headers: 1 } })),
  TlsError: socket("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
  UnauthorizedError: refused(401, "authentication required", (client) => client.listContainers()),
  UnavailableError: refused(503, "the engine is starting", (client) => client.listContainers()),
  UnsupportedVersionError: unsent((client) => client.imageHistory({ name: "app", platform: "linux/arm64" }), {
    apiVersion: "1.41",
  }),
  VersionConflictError: refused(500, "rpc error: code = Unknown desc = update out of sequence", (client) =>
    client.updateNode({ id: "worker", version: 1, spec: { Role: "worker", Availability: "active" } }),
  ),
  VolumeInUseError: refused(409, "remove data: volume is in use - [4f66ad9f]", (client) => client.removeVolume({ name: "data" })),
};

/** The error classes among the public names. */
const classes = Object.entries(names)
  .filter(([, value]) => typeof value === "function" && (value === DockerError || value.prototype instanceof DockerError))
  .map(([name]) => name)
  .sort();

describe("the messages of errors", () => {
  it("include an example of every class", () => {
    expect(Object.keys(triggers).sort()).toEqual(classes);
  });

  it("match the recorded list", async () => {
    const blocks: string[] = [];
    for (const [name, trigger] of Object.entries(triggers)) {
      const error = await trigger();
      if (!(error instanceof DockerError)) throw new Error(`the trigger of ${name} leads to ${String(error)}`, { cause: error });
      expect(error.constructor.name).toBe(name);
      const message = error.message.replaceAll(/unix:\/\/\S*?tsdc-spec-\w+\/docker\.sock/g, ENDPOINT).replaceAll("\n", "\n  ");
      blocks.push(`${name} ${error.code}\n  ${message}`);
    }
    await expect(`${blocks.join("\n")}\n`).toMatchFileSnapshot("../fixtures/error-messages.txt");
  });
});
