import { randomBytes } from "node:crypto";
import { FileError } from "../../files/file-error.js";
import type { FileStatus, OpenFile } from "../../files/tree.js";
import { Descriptor, DescriptorError } from "./descriptor.js";
import { type VirtualNode, VirtualTree } from "./virtual-tree.js";

/** Bytes that a device delivers at once. */
const chunkSize = 65_536;

/** A device that is always ready. */
class Device extends Descriptor {
  readonly #next: () => Buffer | undefined;
  readonly #full: boolean;

  constructor(next: () => Buffer | undefined, full = false) {
    super();
    this.#next = next;
    this.#full = full;
  }

  protected override async pull(): Promise<Buffer | undefined> {
    return Promise.resolve(this.#next());
  }

  override async write(): Promise<void> {
    if (this.#full) await Promise.reject(new DescriptorError("ENOSPC"));
  }

  protected override close(): void {
    // nothing is behind it
  }
}

/** The device that is empty and takes everything. */
export class NullDevice extends Device {
  constructor() {
    super(() => undefined);
  }
}

/** A descriptor that is not open: both directions fail with `EBADF`. */
export class ClosedDescriptor extends Descriptor {
  protected override async pull(): Promise<Buffer | undefined> {
    return Promise.reject(new DescriptorError("EBADF"));
  }

  override async write(): Promise<void> {
    await Promise.reject(new DescriptorError("EBADF"));
  }

  protected override close(): void {
    // nothing is behind it
  }
}

interface DeviceKind {
  readonly numbers: readonly [number, number];
  readonly make: () => Descriptor;
}

const zeros = (): Buffer => Buffer.alloc(chunkSize);
const random = (): Buffer => randomBytes(chunkSize);

const devices: Readonly<Record<string, DeviceKind>> = {
  null: { numbers: [1, 3], make: () => new NullDevice() },
  zero: { numbers: [1, 5], make: () => new Device(zeros) },
  full: { numbers: [1, 7], make: () => new Device(zeros, true) },
  random: { numbers: [1, 8], make: () => new Device(random) },
  urandom: { numbers: [1, 9], make: () => new Device(random) },
};

/** Links of `/dev` to the descriptors of the process that follows them. */
const links: Readonly<Record<string, string>> = {
  fd: "/proc/self/fd",
  stdin: "/proc/self/fd/0",
  stdout: "/proc/self/fd/1",
  stderr: "/proc/self/fd/2",
};

/** Opens a device by its path. Returns undefined for other files. */
export const openDevice = (path: string): Descriptor | undefined =>
  path.startsWith("/dev/") ? devices[path.slice("/dev/".length)]?.make() : undefined;

/** Returns a descriptor as an open file: positions mean nothing to it. */
export function descriptorFile(descriptor: Descriptor, path: string, status: () => FileStatus): OpenFile {
  const failed = (error: unknown): never => {
    throw error instanceof DescriptorError && error.code === "ENOSPC" ? new FileError("ENOSPC", path) : error;
  };
  return {
    read: async (_position, length) => {
      const data = (await descriptor.read()) ?? Buffer.alloc(0);
      descriptor.unread(data.subarray(length));
      return data.subarray(0, length);
    },
    write: async (data) => descriptor.write(data).catch(failed),
    truncate: async () => Promise.resolve(),
    status: async () => Promise.resolve(status()),
    close: async () => {
      descriptor.release();
      return Promise.resolve();
    },
  };
}

/** The files of `/dev`. */
export class DeviceTree extends VirtualTree {
  protected override find(path: string): VirtualNode | undefined {
    if (path === "/") return { kind: "directory", names: () => [...Object.keys(devices), ...Object.keys(links), "pts", "shm"] };
    if (path === "/pts" || path === "/shm") return { kind: "directory", names: () => [] };
    const name = path.slice(1);
    const target = links[name];
    if (target !== undefined) return { kind: "symlink", target };
    const device = devices[name];
    if (!device) return undefined;
    const status = (): FileStatus => ({
      kind: "character",
      mode: 0o666,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 0n,
      inode: device.numbers[1],
      links: 1,
      device: device.numbers,
    });
    return { kind: "character", device: device.numbers, open: () => descriptorFile(device.make(), `/dev${path}`, status) };
  }
}
