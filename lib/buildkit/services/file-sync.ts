import { handled, ignoreErrors } from "../../wire/quiet.js";
import { errorMessage, isBytes } from "../../wire/realm.js";
import type { GrpcMethod, ServerCall } from "../grpc/server.js";
import { Code, GrpcError } from "../grpc/status.js";
import { Packet, PacketType, type Stat } from "../messages/session.js";
import { PacketWriter } from "../packet-writer.js";
import type { SyncEntry, SyncSource } from "../sync-source.js";

/** How many files are read at the same time. */
const FILES = 4;

/** Sends a directory: its entries, and the content of the files that the engine asks for. */
class TreeSender {
  readonly #call: ServerCall;
  readonly #writer: PacketWriter;
  readonly #entries: SyncEntry[] = [];
  /** The files that are still to be sent. */
  readonly #asked: number[] = [];
  readonly #working = new Set<Promise<void>>();
  /** Rejects with the failure of a file. */
  readonly #broken: Promise<never>;
  #break: (error: unknown) => void = ignoreErrors;

  constructor(call: ServerCall) {
    this.#call = call;
    this.#writer = new PacketWriter(call.stream);
    this.#broken = handled(new Promise((_resolve, reject) => (this.#break = reject)));
  }

  /** Sends the entries. A failure ends the call, and with it the half that still waits for the engine. */
  async send(entries: AsyncIterable<readonly SyncEntry[]>): Promise<void> {
    await Promise.race([Promise.all([this.#list(entries), this.#answer()]), this.#broken]);
  }

  /** Tells the engine the failure, which becomes that of the build. */
  async fail(error: unknown): Promise<void> {
    await this.#writer.send({ type: PacketType.Error, data: Buffer.from(errorMessage(error)) });
    await this.#writer.flush();
  }

  async #list(entries: AsyncIterable<readonly SyncEntry[]>): Promise<void> {
    for await (const list of entries) {
      for (const entry of list) {
        this.#entries.push(entry);
        await this.#writer.send({ type: PacketType.Stat, stat: { ...EMPTY_STAT, ...entry.stat } });
      }
    }
    await this.#writer.send({ type: PacketType.Stat });
    await this.#writer.flush();
  }

  async #answer(): Promise<void> {
    for await (const message of this.#call.stream.messages()) {
      const { type, id, data } = Packet.decode(message);
      if (type === PacketType.Request) this.#ask(id);
      else if (type === PacketType.Error) throw new GrpcError(Code.Cancelled, data.toString());
      else if (type === PacketType.Fin) {
        await Promise.all(this.#working);
        await this.#writer.send({ type: PacketType.Fin });
        await this.#writer.flush();
        return;
      }
    }
    throw new GrpcError(Code.Cancelled, "the engine ended the transfer");
  }

  /** Sends the content of a file, beside that of some others. */
  #ask(id: number): void {
    if (id >= this.#entries.length) throw new GrpcError(Code.InvalidArgument, `there is no file ${id}`);
    this.#asked.push(id);
    if (this.#working.size === FILES) return;
    const work = this.#work().catch((error: unknown) => this.#break(error));
    this.#working.add(work);
    void work.finally(() => this.#working.delete(work));
  }

  async #work(): Promise<void> {
    for (let id = this.#asked.shift(); id !== undefined; id = this.#asked.shift()) await this.#sendFile(id);
  }

  async #sendFile(id: number): Promise<void> {
    const content = await this.#entries[id]?.load();
    if (content === undefined) return;
    if (isBytes(content)) {
      if (content.length > 0) await this.#writer.send({ type: PacketType.Data, id, data: content });
    } else {
      try {
        for await (const data of content.chunks()) await this.#writer.send({ type: PacketType.Data, id, data });
      } finally {
        content.close();
      }
    }
    await this.#writer.send({ type: PacketType.Data, id });
  }
}

const EMPTY_STAT: Stat = {
  path: "",
  mode: 0,
  uid: 0,
  gid: 0,
  size: 0,
  modTime: 0n,
  linkname: "",
  devmajor: 0,
  devminor: 0,
  xattrs: {},
};

/**
 * Sends the directories of a build.
 *
 * @param sources - the directories, by the name that the build has for them.
 * @param report - called with the reason why a directory cannot be sent.
 */
export function fileSyncMethods(
  sources: ReadonlyMap<string, SyncSource>,
  report: (error: unknown) => void,
): [string, GrpcMethod][] {
  const diffCopy: GrpcMethod = async (call) => {
    const { metadata, signal } = call;
    const name = metadata.first("dir-name") ?? "";
    const source = sources.get(name);
    if (!source) throw new GrpcError(Code.NotFound, `no access allowed to dir ${JSON.stringify(name)}`);
    const sender = new TreeSender(call);
    try {
      await sender.send(
        source.entries({
          includePatterns: metadata.all("include-patterns"),
          excludePatterns: metadata.all("exclude-patterns"),
          followPaths: metadata.all("followpaths"),
        }),
      );
    } catch (error) {
      if (signal.aborted || error instanceof GrpcError) throw error;
      report(error);
      await sender.fail(error);
      throw new GrpcError(Code.Unknown, errorMessage(error));
    }
  };
  return [["/moby.filesync.v1.FileSync/DiffCopy", diffCopy]];
}
