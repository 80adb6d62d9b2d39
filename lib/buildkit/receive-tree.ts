import { constants } from "node:fs";
import { chmod, type FileHandle, link, lutimes, open, readlink, symlink, utimes } from "node:fs/promises";
import { extractError } from "../archive/errors.js";
import { componentsOf, TargetTree } from "../archive/target-tree.js";
import { ProtocolError } from "../errors/connection-errors.js";
import { quoted } from "../errors/quote.js";
import { ArchiveError } from "../errors/usage-errors.js";
import { GoMode } from "./go-mode.js";
import type { CallStream } from "./grpc/call-stream.js";
import { Packet, PacketType, type Stat } from "./messages/session.js";
import { PacketWriter } from "./packet-writer.js";

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** The most entries that are accepted: what is known of them is held in memory. */
const MOST_ENTRIES = 2_000_000;

/** A file that is being received. */
interface Incoming {
  readonly stat: Stat;
  file: FileHandle | undefined;
  received: number;
}

const timeOf = ({ modTime }: Stat): number => Number(modTime) / 1e9;

/** Receives the files of an output into a directory. Nothing that exists is removed, and nothing outside is written. */
class TreeReceiver {
  readonly #tree: TargetTree;
  readonly #writer: PacketWriter;
  readonly #incoming = new Map<number, Incoming>();
  /** The directories, whose modes and times are set last: a read-only directory could not be filled. */
  readonly #directories: Stat[] = [];
  #count = 0;
  #isListed = false;
  #hasFinished = false;

  constructor(tree: TargetTree, stream: CallStream) {
    this.#tree = tree;
    this.#writer = new PacketWriter(stream);
  }

  async receive(messages: AsyncIterable<Buffer>): Promise<void> {
    for await (const message of messages) {
      const packet = Packet.decode(message);
      if (packet.type === PacketType.Fin) return;
      await this.#take(packet);
      if (this.#isListed && this.#incoming.size === 0 && !this.#hasFinished) await this.#finish();
    }
    throw new ProtocolError("the engine ended the transfer of an output early");
  }

  /** Closes what a failed transfer has left open. */
  async close(): Promise<void> {
    for (const { file } of this.#incoming.values()) await file?.close();
  }

  async #take({ type, stat, id, data }: Packet): Promise<void> {
    if (type === PacketType.Stat && stat) await this.#make(stat);
    else if (type === PacketType.Stat) this.#isListed = true;
    else if (type === PacketType.Data) await this.#write(id, data);
    else if (type === PacketType.Error) throw new ProtocolError(`the engine cannot send the output: ${data.toString()}`);
    else throw new ProtocolError(`the engine sent a packet of the unknown type ${type}`);
  }

  async #make(stat: Stat): Promise<void> {
    const id = this.#count++;
    if (id === MOST_ENTRIES) throw new ArchiveError(`the output has more than ${MOST_ENTRIES} entries`);
    const components = componentsOf(stat.path);
    if (components.length === 0) return;
    try {
      await this.#create(stat, components, id);
    } catch (error) {
      throw extractError(quoted(stat.path), error);
    }
  }

  async #create(stat: Stat, components: readonly string[], id: number): Promise<void> {
    const { path, mode, linkname } = stat;
    if (GoMode.has(mode, GoMode.directory)) {
      await this.#tree.makeDirectory(path, components);
      this.#directories.push(stat);
    } else if (GoMode.has(mode, GoMode.symlink)) {
      await this.#symlink(stat, components, linkname);
    } else if (GoMode.isFile(mode)) {
      if (linkname === "") await this.#request(stat, id);
      else await this.#link(stat, components);
    }
    // devices and pipes need privileges, and are of no use here
  }

  async #symlink(stat: Stat, components: readonly string[], target: string): Promise<void> {
    const place = await this.#tree.vacate(stat.path, components);
    await symlink(target, place);
    await lutimes(place, timeOf(stat), timeOf(stat));
  }

  async #link(stat: Stat, components: readonly string[]): Promise<void> {
    const { path, isLink } = await this.#tree.find(stat.path, componentsOf(stat.linkname));
    const place = await this.#tree.vacate(stat.path, components);
    // some systems follow symbolic links when they create hard links
    if (isLink) await symlink(await readlink(path), place);
    else await link(path, place);
  }

  /** Creates an empty file, so that links to it can be made, and asks for its content. */
  async #request(stat: Stat, id: number): Promise<void> {
    const file = await open(await this.#tree.vacate(stat.path, componentsOf(stat.path)), NEW_FILE, 0o600);
    await file.close();
    this.#incoming.set(id, { stat, file: undefined, received: 0 });
    await this.#writer.send({ type: PacketType.Request, id });
  }

  async #write(id: number, data: Buffer): Promise<void> {
    const incoming = this.#incoming.get(id);
    if (!incoming) throw new ProtocolError(`the engine sent content for the file ${id}, which was not requested`);
    const { path } = incoming.stat;
    try {
      incoming.file ??= await this.#open(incoming.stat);
      incoming.received += data.length;
      if (data.length > 0) await incoming.file.writeFile(data);
      else await this.#complete(id, incoming, incoming.file);
    } catch (error) {
      throw extractError(quoted(path), error);
    }
  }

  async #open({ path }: Stat): Promise<FileHandle> {
    const { path: place, isLink } = await this.#tree.find(path, componentsOf(path));
    if (isLink) throw new ArchiveError(`${quoted(path)} was replaced while it was being written`);
    return open(place, constants.O_WRONLY | constants.O_NOFOLLOW);
  }

  async #complete(id: number, { stat, received }: Incoming, file: FileHandle): Promise<void> {
    this.#incoming.delete(id);
    try {
      if (received !== stat.size) throw new ArchiveError(`${received} bytes arrived instead of ${stat.size}`);
      await file.chmod(GoMode.permissions(stat.mode));
      await file.utimes(timeOf(stat), timeOf(stat));
    } finally {
      await file.close();
    }
  }

  async #finish(): Promise<void> {
    this.#hasFinished = true;
    for (const stat of this.#directories.reverse()) {
      const path = await this.#tree.directory(stat.path, componentsOf(stat.path));
      await chmod(path, GoMode.permissions(stat.mode));
      await utimes(path, timeOf(stat), timeOf(stat));
    }
    await this.#writer.send({ type: PacketType.Fin });
    await this.#writer.flush();
  }
}

/**
 * Receives the files of an output.
 *
 * @param stream - the messages of the call.
 * @param directory - the directory, which is created if it does not exist. What it has stays.
 * @throws {@link ArchiveError} when an entry would escape the directory, or cannot be written.
 */
export async function receiveTree(stream: CallStream, directory: string): Promise<void> {
  const tree = await TargetTree.open(directory);
  const receiver = new TreeReceiver(tree, stream);
  try {
    await receiver.receive(stream.messages());
  } finally {
    await receiver.close();
    await tree.close();
  }
}
