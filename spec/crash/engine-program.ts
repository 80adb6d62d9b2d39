// An engine in a process of its own, which process.ts starts and kills.

import { EmbeddedEngine } from "../../lib/engine/embedded-engine.js";
import { type FailPoint, watchChanges } from "./fail-point.js";

/** What the program is started with. */
export interface ProgramOptions {
  readonly socket: string;
  readonly dataRoot: string;
  /** How containers run: as programs, without an image, or as processes, of the standard image. */
  readonly executor?: "oci" | "program" | undefined;
  /** The standard images that it has. None by default. */
  readonly standardImages?: readonly "busybox"[] | undefined;
  readonly fail?: FailPoint | undefined;
  /** Whether the changes of the data root are counted. */
  readonly counts?: boolean | undefined;
}

/** What it sends to its parent: when it is ready, the time that this took its processor, in milliseconds; the changes so far. */
export type ProgramMessage = { readonly cpu: number } | { readonly changes: readonly string[] };

const options = JSON.parse(process.argv[2] ?? "{}") as ProgramOptions;
const changes = options.fail || options.counts ? await watchChanges(options.dataRoot, options.fail) : [];
try {
  const engine = await EmbeddedEngine.start({
    listen: `unix://${options.socket}`,
    dataRoot: options.dataRoot,
    ...(options.executor === "oci" ? { executor: "oci" } : { standardImages: options.standardImages ?? [] }),
    onReport: (message) => console.error(message),
  });
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: (user + system) / 1_000 } satisfies ProgramMessage);
  process.on("message", () => process.send?.({ changes } satisfies ProgramMessage));
  process.once("SIGTERM", () => void engine.close().then(() => process.exit(0)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
