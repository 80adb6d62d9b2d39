import { arch } from "node:os";
import type { ServedVersions } from "../server/versions.js";

/** What an engine states about itself, which does not change while it runs. */
export interface EngineFacts {
  /** Version of the engine. */
  readonly version: string;
  /** The API versions that it serves. */
  readonly versions: ServedVersions;
  /** ID of the engine, which its data root keeps. */
  readonly id: string;
  /** Name of the engine: the host name that clients see. */
  readonly name: string;
  /** Labels of the engine, as `key=value`. */
  readonly labels: readonly string[];
  /** Registries that may use plain HTTP or invalid certificates. */
  readonly insecureRegistries: readonly string[];
  /** Where the engine keeps its state; what it shows for state in memory. */
  readonly rootDirectory: string;
  /** Names of the executors; the first is the default. */
  readonly runtimes: readonly string[];
  /** Whether the default executor enforces limits of memory, processors and processes. */
  readonly enforcesLimits: boolean;
  /** What the default executor says about itself. */
  readonly executor: readonly (readonly [name: string, text: string])[];
  /** The version of the control groups of containers; undefined if they are in none. */
  readonly cgroupVersion: "1" | "2" | undefined;
  /** Warnings for clients to show. */
  readonly warnings: readonly string[];
}

/** The product that the engine reports. */
export const PRODUCT = "ts-dockerclient embedded engine";

/** The architectures that Node.js and Go, or the kernel, name differently. */
const goNames: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };
const kernelNames: Readonly<Record<string, string>> = { x64: "x86_64", ia32: "i686", arm64: "aarch64", arm: "armv7l" };

/** The architecture of the host as Go names it, such as `amd64`. */
export const goArchitecture = (): string => goNames[arch()] ?? arch();

/** The architecture of the host as the kernel names it, such as `x86_64`. */
export const kernelArchitecture = (): string => kernelNames[arch()] ?? arch();
