import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { member, pathParam, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { CheckpointSummary } from "../../types/container-results.js";
import { checkpointFailure } from "./errors.js";

/** Options for {@link Client.createCheckpoint}. */
export interface CreateCheckpointOptions {
  /** ID or name of the container. It must be running. */
  id: string;
  /** Name of the checkpoint. */
  checkpoint: string;
  /** Directory on the engine's host for the checkpoint. Defaults to the container's checkpoint directory. */
  checkpointDir?: string | undefined;
  /** Whether to stop the container after creating the checkpoint. Defaults to false. */
  exit?: boolean | undefined;
}

/** Options for {@link Client.listCheckpoints}. */
export interface ListCheckpointsOptions {
  /** ID or name of the container. */
  id: string;
  /** Directory on the engine's host that contains the checkpoints. Defaults to the container's checkpoint directory. */
  checkpointDir?: string | undefined;
}

/** Options for {@link Client.removeCheckpoint}. */
export interface RemoveCheckpointOptions {
  /** ID or name of the container. */
  id: string;
  /** Name of the checkpoint. */
  checkpoint: string;
  /** Directory on the engine's host that contains the checkpoint. Defaults to the container's checkpoint directory. */
  checkpointDir?: string | undefined;
}

const createCheckpoint = operation<CreateCheckpointOptions>({
  name: "createCheckpoint",
  method: "POST",
  path: "/containers/{id}/checkpoints",
  slow: true,
  since: "1.25",
  fields: {
    id: pathParam,
    checkpoint: member("CheckpointID", { required: true }),
    checkpointDir: member("CheckpointDir"),
    exit: member("Exit"),
  },
  errors: ({ id }) => ({ ...containerErrors(id), 500: checkpointFailure(id) }),
});

const listCheckpoints = operation<ListCheckpointsOptions>({
  name: "listCheckpoints",
  method: "GET",
  path: "/containers/{id}/checkpoints",
  since: "1.25",
  fields: { id: pathParam, checkpointDir: text("dir") },
  errors: ({ id }) => containerErrors(id),
});

const removeCheckpoint = operation<RemoveCheckpointOptions>({
  name: "removeCheckpoint",
  method: "DELETE",
  path: "/containers/{id}/checkpoints/{checkpoint}",
  since: "1.25",
  fields: { id: pathParam, checkpoint: pathParam, checkpointDir: text("dir") },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerCheckpointsMixin extends Connection {
  /**
   * Saves the state of a running container's processes to disk. {@link Client.startContainer} can resume from the checkpoint.
   * Requires an experimental engine with CRIU. API 1.25+.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/cli/docker/checkpoint/create/ | docker checkpoint create}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   * @throws {@link NotImplementedError} when the engine is not experimental.
   */
  async createCheckpoint(options: CreateCheckpointOptions, call?: CallOptions): Promise<void> {
    await this.send(createCheckpoint, options, call);
  }

  /**
   * Lists the checkpoints of a container. Requires an experimental engine. API 1.25+.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/cli/docker/checkpoint/ls/ | docker checkpoint ls}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link NotImplementedError} when the engine is not experimental.
   */
  listCheckpoints(options: ListCheckpointsOptions, call?: CallOptions): Promise<CheckpointSummary[]> {
    return this.json(listCheckpoints, options, call);
  }

  /**
   * Removes a checkpoint of a container. Requires an experimental engine. API 1.25+.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/cli/docker/checkpoint/rm/ | docker checkpoint rm}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link NotFoundError} when the checkpoint does not exist.
   * @throws {@link NotImplementedError} when the engine is not experimental.
   */
  async removeCheckpoint(options: RemoveCheckpointOptions, call?: CallOptions): Promise<void> {
    await this.send(removeCheckpoint, options, call);
  }
}
