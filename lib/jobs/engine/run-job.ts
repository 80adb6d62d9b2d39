import type { Client } from "../../index.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import type { RunningJob } from "../back-end.js";
import { bytesOf } from "../containers/output.js";
import { jobLabels } from "../containers/waiting.js";
import { withImage } from "../containers/with-image.js";
import { JobError, jobError, JobFailure } from "../errors.js";
import type { RunContainerOptions } from "../models.js";
import type { RequestIdentifier } from "../request-identifier.js";
import { refuseSwarmOptions } from "./refuse-swarm-options.js";

/** Runs a command in a container of its own, which is removed at its end. */
export async function runJob(
  client: Client,
  options: RunContainerOptions,
  request: RequestIdentifier,
  signal: AbortSignal,
): Promise<RunningJob> {
  refuseSwarmOptions(options);
  const { name, image, command, arguments: args = [], timeout } = options;
  const Labels = await jobLabels(name);
  const { Id: id } = await withImage(client, image, signal, () =>
    client.createContainer(
      {
        name: `job-${request.toString()}`,
        config: { Image: image, Cmd: args, Labels, ...(command && { Entrypoint: [command] }) },
      },
      { signal },
    ),
  );
  const remove = (): Promise<void> => client.removeContainer({ id, force: true, removeVolumes: true });
  try {
    await client.startContainer({ id }, { signal });
  } catch (error) {
    await remove().catch(() => undefined); // the caller must know why it did not start
    if (error instanceof JobError) throw error;
    throw jobError(JobFailure.Error, `Unable to run this job: ${(error as Error).message}`, { cause: error });
  }
  let isRead = (): void => undefined;
  const read = new Promise<void>((resolve) => (isRead = resolve));
  const end = async (): Promise<number> => {
    const limit = timeout === undefined ? undefined : setTimeout(() => void kill(client, id), timeout * 1_000);
    try {
      const { statusCode } = await client.waitContainer({ id }, { signal });
      await read;
      return statusCode;
    } finally {
      clearTimeout(limit);
      await remove();
    }
  };
  const exitCode = end();
  exitCode.catch(() => undefined); // whoever reads the output asks for it afterwards
  let frames: Awaited<ReturnType<typeof client.logs>>;
  try {
    frames = await client.logs({ id, stdout: true, stderr: true, follow: true }, { signal });
  } catch (error) {
    isRead(); // the container is removed all the same
    throw error;
  }
  const output = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* bytesOf(frames);
    } finally {
      isRead();
    }
  };
  return { output: output(), exitCode };
}

/** Kills a command whose time is over. One that has ended needs no signal. */
async function kill(client: Client, id: string): Promise<void> {
  await client.killContainer({ id }).catch(() => undefined);
}
