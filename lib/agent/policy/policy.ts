import { realpath } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { parseReference } from "../../index.js";
import { RpcError } from "../rpc/rpc-error.js";
import type { Disk, Guest, GuestContainer } from "../schemas/guest.js";
import { matchesAny } from "./pattern.js";
import type { PolicySettings } from "./settings.js";

/** Decides what callers may do. Everything that gives rights over the host is refused unless the settings allow it. */
export class Policy {
  readonly #settings: PolicySettings;
  /** The engine's socket, which no guest may reach. */
  readonly #socket: string | undefined;

  constructor(settings: PolicySettings, socket?: string) {
    this.#settings = settings;
    this.#socket = socket;
  }

  /** Whether only guests with the agent's label may be used. */
  get ownedOnly(): boolean {
    return this.#settings.ownedOnly ?? false;
  }

  /** Whether images are restricted, so that an image ID must be resolved to names. */
  get restrictsImages(): boolean {
    return this.#settings.images !== undefined;
  }

  /** Whether users are restricted, so that the user of an image or a guest matters where a call names none. */
  get restrictsUsers(): boolean {
    return this.#settings.users !== undefined;
  }

  /** @throws a policy error unless a method may be called. */
  assertMethod(name: string): void {
    if (!matchesAny(this.#settings.methods ?? ["*"], name)) refuse("methods", `the method ${name} is not allowed`);
  }

  /** @throws a policy error unless an image may be used. */
  assertImage(name: string): void {
    if (!this.#allowsImage(name)) refuse("images", `the image ${name} is not allowed`);
  }

  /** @throws a policy error unless one of an image's names may be used. */
  assertOneImage(asked: string, names: readonly string[]): void {
    if (!names.some((name) => this.#allowsImage(name))) refuse("images", `the image ${asked} is not allowed`);
  }

  /** @throws a policy error unless a user may run processes. No user is root. */
  assertUser(name = ""): void {
    const user = name === "" ? "root" : name;
    if (!matchesAny(this.#settings.users ?? ["*"], user)) refuse("users", `the user ${JSON.stringify(user)} is not allowed`);
  }

  /** @throws a policy error unless processes may be privileged, if they are to be. */
  assertPrivileged(isPrivileged: boolean | undefined): void {
    if (isPrivileged && !this.#settings.privileged) refuse("privileged", "privileged guests and commands are not allowed");
  }

  /**
   * Checks a guest before it is created. Resolves to the guest with the real paths of its bind mounts, which a symbolic link that
   * changes later cannot lead elsewhere.
   *
   * @throws a policy error for the first setting that is not allowed.
   */
  async check(guest: Guest): Promise<Guest> {
    if (guest.image !== undefined) this.assertImage(guest.image);
    if (guest.container) this.#checkContainer(guest.container);
    const networks = guest.nics?.length ? guest.nics.map(({ network }) => network) : [guest.container?.networkMode];
    for (const network of networks) this.#checkNetwork(network ?? "");
    if (!guest.disks) return guest;
    return { ...guest, disks: await Promise.all(guest.disks.map((disk) => this.#checkDisk(disk))) };
  }

  #checkContainer(container: GuestContainer): void {
    this.assertPrivileged(container.privileged);
    if (container.user) this.assertUser(container.user);
    for (const { host } of container.devices ?? []) this.#assertPath("devices", host, `the device ${host}`);
    for (const name of container.capabilitiesAdded ?? []) this.#checkCapability(name);
    for (const option of container.securityOptions ?? [])
      this.#assertListed("securityOptions", option, `the security option ${option}`);
    if (container.runtime) this.#assertListed("runtimes", container.runtime, `the runtime ${container.runtime}`);
    if (container.cgroupParent)
      this.#assertPath("cgroupParents", container.cgroupParent, `the control group ${container.cgroupParent}`);
    for (const mode of [container.networkMode, container.pidMode, container.ipcMode]) this.#checkNamespace(mode ?? "");
  }

  /** Capabilities may be written in any case, with or without `CAP_`, in the settings as well. */
  #checkCapability(name: string): void {
    const plain = (text: string): string => text.toUpperCase().replace(/^CAP_/, "");
    if (!matchesAny((this.#settings.capabilities ?? []).map(plain), plain(name)))
      refuse("capabilities", `the capability ${name} is not allowed`);
  }

  #checkNamespace(mode: string): void {
    // Docker distinguishes upper and lower case here; other engines may not
    if (/^\s*(host$|container:|ns:)/i.test(mode) && !this.#settings.hostNamespaces)
      refuse("hostNamespaces", `the namespace ${mode} is not allowed`);
  }

  #checkNetwork(network: string): void {
    this.#checkNamespace(network);
    // what the engine gives a guest that names no network
    const joined = network === "" || network === "default" ? "bridge" : network;
    if (!matchesAny(this.#settings.networks ?? ["*"], joined)) refuse("networks", `the network ${joined} is not allowed`);
  }

  async #checkDisk(disk: Disk): Promise<Disk> {
    const { source = "", volume = "" } = disk;
    // a volume's name that is a path makes the engine bind it
    if (volume.includes("/")) refuse("bindRoots", `the volume name ${JSON.stringify(volume)} is a path`);
    if (source === "") return disk;
    const roots = this.#settings.bindRoots ?? [];
    if (!isAbsolute(source)) refuse("bindRoots", `the disk source ${JSON.stringify(source)} is not an absolute path`);
    const real = await realpath(source).catch(() => undefined);
    const allowed = await Promise.all(roots.map((root) => realpath(root).catch(() => root)));
    // whether the path exists is nobody's business unless it may be mounted
    if (real === undefined || !allowed.some((root) => isWithin(root, real)))
      return refuse("bindRoots", `the disk source ${source} is not below an allowed folder`);
    const socket = this.#socket === undefined ? undefined : await realpath(this.#socket).catch(() => this.#socket);
    if (socket !== undefined && isWithin(real, socket))
      refuse("bindRoots", `the disk source ${source} contains the engine's socket`);
    return { ...disk, source: real };
  }

  /** A path that leads upwards matches a pattern, and names something else. */
  #assertPath(rule: "devices" | "cgroupParents", path: string, what: string): void {
    if (path.split("/").includes("..")) refuse(rule, `${what} is not allowed`);
    this.#assertListed(rule, path, what);
  }

  #assertListed(rule: "devices" | "securityOptions" | "runtimes" | "cgroupParents", value: string, what: string): void {
    if (!matchesAny(this.#settings[rule] ?? [], value)) refuse(rule, `${what} is not allowed`);
  }

  #allowsImage(name: string): boolean {
    const { images } = this.#settings;
    if (!images) return true;
    return formsOf(name).some((form) => matchesAny(images, form));
  }
}

/**
 * The forms of an image name that patterns are compared with: with and without the registry of Docker Hub, with and without the
 * version.
 */
function formsOf(name: string): string[] {
  const { repository, tag, digest } = parseReference(name);
  const { registry = "docker.io", path } = splitRepository(repository);
  const isHub = registry === "docker.io" || registry === "index.docker.io";
  const whole = isHub ? `docker.io/${path.includes("/") ? path : `library/${path}`}` : repository;
  const short = whole.replace(/^docker\.io\/(library\/)?/, "");
  // what is left may read as an image of another registry
  const forms = splitRepository(short).registry === undefined ? [whole, short] : [whole];
  const version = digest === undefined ? `:${tag ?? "latest"}` : `@${digest}`;
  return forms.flatMap((form) => [form, `${form}${version}`]);
}

/** Splits the repository of an image into its registry, if it names one, and its path there. */
function splitRepository(repository: string): { registry?: string; path: string } {
  const [first = "", ...rest] = repository.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase());
  return hasRegistry ? { registry: first, path: rest.join("/") } : { path: repository };
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function refuse(rule: string, message: string): never {
  throw new RpcError("policy", message, { rule });
}
