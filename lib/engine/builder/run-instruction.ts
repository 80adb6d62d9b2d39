import { StringDecoder } from "node:string_decoder";
import type { HostConfig } from "../../types/host-config.js";
import type { Container } from "../containers/container.js";
import type { Containers } from "../containers/containers.js";
import { CommandError } from "../engine-error.js";

/** A command of `RUN`. */
export interface BuildCommand {
  /** ID of the image to run it on. */
  readonly image: string;
  /** The command and its arguments. */
  readonly command: readonly string[];
  /** Build arguments, as lines of an environment. */
  readonly environment: readonly string[];
  /** Network, hosts and limits. */
  readonly host: HostConfig;
  /** Prints output of the build. */
  readonly print: (text: string) => void;
  /** Kills the command. */
  readonly signal: AbortSignal;
}

/**
 * Runs a command in a new container, and prints its output, that to standard error in red.
 *
 * @param onCreate - called with the container before it starts.
 * @returns when the command has ended.
 * @throws {@link CommandError} when it fails.
 */
export async function runCommand(
  containers: Containers,
  run: BuildCommand,
  onCreate: (container: Container) => void,
): Promise<Container> {
  const { image, command, environment, host, print, signal } = run;
  const container = await containers.create("", {
    Image: image,
    Entrypoint: [],
    Cmd: [...command],
    Env: [...environment],
    Healthcheck: { Test: ["NONE"] },
    HostConfig: host,
  });
  for (const warning of containers.warningsOf(container.record.hostConfig)) print(` ---> [Warning] ${warning}\n`);
  onCreate(container);
  const decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() };
  container.hub.attach({
    write: (stream, chunk) => {
      const text = decoders[stream].write(chunk);
      if (text !== "") print(stream === "stderr" ? `\u001b[91m${text}\u001b[0m` : text);
      return Promise.resolve();
    },
    end: () => undefined,
  });
  const ended = container.wait("next-exit");
  const stop = (): void => void container.kill(9).catch(() => undefined); // it may have ended by itself
  await container.start();
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  const { StatusCode } = await ended.finally(() => signal.removeEventListener("abort", stop));
  signal.throwIfAborted();
  if (StatusCode !== 0) {
    throw new CommandError(StatusCode, `The command '${command.join(" ")}' returned a non-zero code: ${StatusCode}`);
  }
  return container;
}
