import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { GrpcChannel } from "../../buildkit/grpc/channel.js";
import { GrpcError } from "../../buildkit/grpc/status.js";
import { type Exporter, ListWorkersResponse } from "../../buildkit/messages/control.js";
import { Empty } from "../../buildkit/messages/session.js";
import { solve } from "../../buildkit/solve.js";
import { solveFailureOf } from "../../buildkit/solve-failure.js";
import { type CachePlace, solveRequest } from "../../buildkit/solve-request.js";
import type { Platform, Taken } from "../../core/fields/fields.js";
import type { OpenResponse } from "../../core/request.js";
import { DockerError } from "../../errors/docker-error.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import { HijackedStream } from "../../streams/hijacked-stream.js";
import { ProgressId } from "../../types/progress.js";
import { Secrets } from "../../wire/secrets.js";
import { type BuildFiles, buildFiles, directorySource } from "./build-files.js";
import type { BuildCacheEntry, BuildImageOptions } from "./build-options.js";
import type { BuildKitOutcome } from "./buildkit-outcome.js";
import { type Connected, ServedSession, type ServingClient } from "./served-session.js";

/** What a build needs of the client. */
export interface SolvingClient extends ServingClient {
  /** The functions that cancel the client's builds, by the ID that the caller has chosen. */
  readonly running: Map<string, () => void>;
  /** Opens a connection for calls. */
  grpc(isSilent: boolean): Promise<Connected>;
}

/** The response of a build: its progress as lines of JSON, as `POST /build` has it. */
export type BuildResponse = Pick<OpenResponse, "headers" | "exchange" | "request"> & { readonly body: Readable };

/** The label of a worker with the address of the engine's host. */
const HOST_GATEWAY = /moby\.host-gateway-ip$/;

const line = (message: object): string => `${JSON.stringify(message)}\n`;

const textOf = (platform: Platform): string =>
  typeof platform === "string" ? platform : [platform.os, platform.architecture, platform.variant].filter(Boolean).join("/");

const listOf = (values: string | readonly string[] | undefined = []): readonly string[] =>
  typeof values === "string" ? [values] : values;

const cachePlace = (entry: string | BuildCacheEntry): CachePlace =>
  typeof entry === "string" ? { type: "registry", attrs: { ref: entry } } : { type: entry.type, attrs: { ...entry.attrs } };

/**
 * Returns the texts as a stream. `Readable.from` would not end before the text that it waits for has come.
 *
 * @param close - ends what the texts come from.
 */
function readableOf(texts: AsyncGenerator<string, void, undefined>, close: () => Promise<void>): Readable {
  const stream: Readable = new Readable({
    read() {
      texts.next().then(
        ({ done, value }) => stream.push(done ? null : value),
        (error: unknown) => stream.destroy(error as Error), // the generator throws errors alone
      );
    },
    destroy(error, done) {
      close().then(() => done(error), done);
      void texts.return(); // after the text that it waits for
    },
  });
  return stream;
}

/** The types of outputs that have the names of the image. */
const named = new Set(["moby", "image", "docker", "oci"]);

/** A build over a session of the client's own. */
class SessionBuild {
  readonly #client: SolvingClient;
  readonly #options: Taken<BuildImageOptions>;
  readonly #outcome: BuildKitOutcome;
  readonly #id = randomUUID();
  readonly #cancel = new AbortController();
  readonly #closing: (() => Promise<void> | void)[] = [];

  constructor(client: SolvingClient, options: Taken<BuildImageOptions>, outcome: BuildKitOutcome) {
    this.#client = client;
    this.#options = options;
    this.#outcome = outcome;
  }

  async open(): Promise<BuildResponse> {
    try {
      this.#announce();
      const files = await buildFiles(this.#options);
      const session = await this.#serve(files);
      const [control, status] = await Promise.all([this.#connect(true), this.#connect(false)]);
      const { exchange, request, headers } = status.connected;
      exchange.secrets = new Secrets(() => ({
        headers: [],
        query: "",
        body: JSON.stringify({ buildArgs: this.#options.buildArgs, secret: session.confidential }),
      }));
      const channels = { control: control.channel, status: status.channel };
      const body = readableOf(this.#messages(channels, files, session), () => this.#close());
      return { body, headers: { ...headers, "content-type": "application/json" }, exchange, request };
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  /** Lets {@link Client.cancelBuild} find the build: the engine does not know the IDs of builds over a session of the client's. */
  #announce(): void {
    const { buildId } = this.#options;
    if (buildId === undefined) return;
    const { running } = this.#client;
    running.set(buildId, () => this.#cancel.abort());
    this.#closing.push(() => void running.delete(buildId));
  }

  async #serve(files: BuildFiles): Promise<ServedSession> {
    const { contexts = {}, secrets, ssh, outputs = [] } = this.#options;
    for (const [name, place] of Object.entries(contexts)) {
      if (!isAddress(place)) files.directories.set(name, await directorySource(place));
    }
    const offer = { ...files, id: this.#id, secrets, ssh, outputs };
    const served = await ServedSession.open("buildImage", this.#client, offer);
    this.#closing.push(() => served.close());
    return served;
  }

  /** @param isSilent - whether the engine sends nothing while it builds, so that silence is no reason to give up. */
  async #connect(isSilent: boolean): Promise<{ channel: GrpcChannel; connected: Connected }> {
    const connected = await this.#client.grpc(isSilent);
    const channel = new GrpcChannel(new HijackedStream(connected));
    this.#closing.unshift(() => channel.close());
    return { channel, connected };
  }

  async #close(): Promise<void> {
    for (let close = this.#closing.pop(); close; close = this.#closing.pop()) await close();
  }

  async *#messages(channels: { control: GrpcChannel; status: GrpcChannel }, files: BuildFiles, session: ServedSession) {
    try {
      const request = solveRequest({ ...(await this.#build(files, channels.control)) });
      const exported = yield* this.#changes(solve(channels, request, this.#cancel.signal));
      const names = listOf(this.#options.name).join(",");
      // Docker 20.10 does not report the names
      this.#outcome.exported = names === "" ? exported : { "image.name": names, ...exported };
      const id = exported["containerimage.digest"];
      if (id !== undefined) yield line({ id: ProgressId.Image, aux: { ID: id } });
    } catch (error) {
      // the reason why a file could not be sent, or an output not be written, says more than the engine's report of it
      if (session.failure instanceof DockerError) throw session.failure;
      if (!(error instanceof GrpcError)) throw error;
      const failure = solveFailureOf(error);
      this.#outcome.failure = failure;
      yield line({ errorDetail: { message: failure.message }, error: failure.message });
    }
  }

  async *#changes<T>(changes: AsyncGenerator<Buffer, T, undefined>): AsyncGenerator<string, T, undefined> {
    try {
      let next = await changes.next();
      for (; !next.done; next = await changes.next()) {
        if (!this.#options.suppressOutput) yield line({ id: ProgressId.BuildKitTrace, aux: next.value.toString("base64") });
      }
      return next.value;
    } finally {
      await changes.return(undefined as T); // a generator that has ended ignores it
    }
  }

  async #build(files: BuildFiles, control: GrpcChannel): Promise<Parameters<typeof solveRequest>[0]> {
    const options = this.#options;
    const { platform, platforms = platform === undefined ? [] : [platform], contexts = {}, outputs } = options;
    const name = listOf(options.name).join(",");
    const exporters: Exporter[] = (outputs ?? [{ Type: "moby", Attrs: {} }]).map(({ Type, Attrs = {} }) => ({
      type: Type,
      attrs: { ...(named.has(Type) && name !== "" ? { name } : {}), ...Attrs },
    }));
    return {
      ref: this.#id,
      session: this.#id,
      dockerfile: files.dockerfile,
      context: files.context,
      contexts: Object.fromEntries(
        Object.entries(contexts).map(([key, place]) => [key, isAddress(place) ? place : `local:${key}`]),
      ),
      target: options.target,
      platforms: platforms.map(textOf),
      buildArgs: options.buildArgs ?? {},
      labels: options.labels ?? {},
      pull: options.pull ?? false,
      noCache: options.noCache ?? false,
      noCacheFilter: options.noCacheFilter ?? [],
      networkMode: options.networkMode,
      extraHosts: await this.#extraHosts(control),
      shmSize: options.shmSize,
      ulimits: options.ulimits ?? [],
      cgroupParent: options.cgroupParent,
      provenance: options.provenance,
      entitlements: options.entitlements ?? [],
      cacheFrom: (options.cacheFrom ?? []).map(cachePlace),
      cacheTo: (options.cacheTo ?? []).map(cachePlace),
      outputs: exporters,
    };
  }

  /** Returns the entries for `/etc/hosts`, with the address of the engine's host in place of `host-gateway`. */
  async #extraHosts(control: GrpcChannel): Promise<readonly string[]> {
    const entries = listOf(this.#options.extraHosts);
    if (!entries.some((entry) => entry.endsWith("host-gateway"))) return entries;
    const answer = await control.unary("/moby.buildkit.v1.Control/ListWorkers", Empty.encode({}));
    const labels = ListWorkersResponse.decode(answer).record.flatMap(({ labels: all }) => Object.entries(all));
    const address = labels.find(([label]) => HOST_GATEWAY.test(label))?.[1];
    if (address === undefined) {
      const message = 'buildImage: option "extraHosts" has host-gateway, which the BuildKit of this engine does not know';
      throw new InvalidOptionError("extraHosts", message, { operation: "buildImage", endpoint: this.#client.endpoint });
    }
    return entries.map((entry) => entry.replace(/host-gateway$/, address));
  }
}

/** Whether a named context is an address, and not a local directory. */
const isAddress = (place: string): boolean => /^(?:[a-z][a-z\d+.-]+:\/\/|git@)/i.test(place);

/**
 * Builds over a session of the client's own.
 *
 * @param client - opens the connections.
 * @param options - the options, checked for BuildKit.
 * @param outcome - gets what the engine reports beside the progress.
 */
export function solveBuild(
  client: SolvingClient,
  options: Taken<BuildImageOptions>,
  outcome: BuildKitOutcome,
): Promise<BuildResponse> {
  return new SessionBuild(client, options, outcome).open();
}
