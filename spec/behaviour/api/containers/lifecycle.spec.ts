import { describe, expect, it, vi } from "vitest";
import { stateText } from "../../../../lib/api/containers/helpers/state-text.js";
import { ApiError, ConflictError } from "../../../../lib/errors/api-error.js";
import { AbortError } from "../../../../lib/errors/connection-errors.js";
import {
  ContainerAlreadyRunningError,
  ContainerNotRunningError,
  ContainerPausedError,
  NoSuchContainerError,
} from "../../../../lib/errors/container-errors.js";
import { NoSuchNetworkError } from "../../../../lib/errors/network-errors.js";
import { InvalidOptionError } from "../../../../lib/errors/usage-errors.js";
import { WaitCondition } from "../../../../lib/types/container-results.js";
import { Signal } from "../../../../lib/types/signal.js";
import { client, container, needsApi, runningContainer, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

const stateOf = async (id: string) => (await client.inspectContainer({ id })).State;
/** A shell that exits on the given signals. */
const heeding = (signal: string, exitCode: number) => [
  "sh",
  "-c",
  `trap 'exit ${exitCode}' ${signal}; echo ready; while :; do sleep 0.1; done`,
];

/** Waits until a container's command has written output. */
async function ready(id: string): Promise<void> {
  for await (const frame of await client.logs({ id, follow: true })) {
    expect(frame.data.length).toBeGreaterThan(0);
    break;
  }
}

describe("starting and stopping", () => {
  it("starts and stops a container, and reports when it was already in that state", async () => {
    const id = await container({ Cmd: heeding("TERM", 5) });
    expect(await client.startContainer({ id })).toEqual({ alreadyInState: false });
    expect(await client.startContainer({ id })).toEqual({ alreadyInState: true });
    expect(await stateOf(id)).toMatchObject({ Running: true, Status: "running" });
    await ready(id);
    expect(await client.stopContainer({ id, timeout: 30 })).toEqual({ alreadyInState: false });
    expect(await stateOf(id)).toMatchObject({ Running: false, Status: "exited", ExitCode: 5 });
    expect(stateText(await stateOf(id))).toMatch(/^Exited \(5\) .* ago$/);
    expect(await client.stopContainer({ id })).toEqual({ alreadyInState: true });
  });

  it("kills immediately with a timeout of 0", async () => {
    const id = await runningContainer(["sleep", "600"]);
    const began = Date.now();
    await client.stopContainer({ id, timeout: 0 });
    expect(Date.now() - began).toBeLessThan(9000);
    expect(await stateOf(id)).toMatchObject({ Running: false, ExitCode: 137 });
  });

  it("stops with a custom signal", async (context) => {
    needsApi(context, "1.42", "signal of stopContainer");
    const id = await runningContainer(heeding("USR1", 6));
    await ready(id);
    await client.stopContainer({ id, signal: Signal.SIGUSR1, timeout: 30 });
    expect(await stateOf(id)).toMatchObject({ Running: false, ExitCode: 6 });
  });

  it("restarts a container", async () => {
    const id = await runningContainer(["sleep", "600"]);
    const { StartedAt } = await stateOf(id);
    await client.restartContainer({ id, timeout: 0 });
    const again = await stateOf(id);
    expect(again.Running).toBe(true);
    expect(again.StartedAt).not.toBe(StartedAt);
    await client.stopContainer({ id, timeout: 0 });
    await client.restartContainer({ id });
    expect((await stateOf(id)).Running).toBe(true);
  });

  it("accepts only a host configuration that equals the container's", async () => {
    const id = await container({ Cmd: ["sleep", "60"] }, { hostConfig: { CpuShares: 512 } });
    await expect(client.startContainer({ id, hostConfig: { CpuShares: 256 } })).rejects.toThrow(InvalidOptionError);
    expect((await stateOf(id)).Running).toBe(false);
    await client.startContainer({ id, hostConfig: { CpuShares: 512, Privileged: false, Binds: [] } });
    expect((await stateOf(id)).Running).toBe(true);
  });

  it("distinguishes a missing network and a missing command from a missing container", async () => {
    const NetworkMode = uniqueName();
    const lost = await container({ Cmd: ["true"] }, { hostConfig: { NetworkMode } }).catch((e: unknown) => e);
    const error = typeof lost === "string" ? await client.startContainer({ id: lost }).catch((e: unknown) => e) : lost;
    expect(error).toBeInstanceOf(NoSuchNetworkError);
    expect(error).toMatchObject({ id: NetworkMode });
    const odd = await container({ Cmd: ["/no/such/command"] });
    const failure = await client.startContainer({ id: odd }).catch((e: unknown) => e);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).not.toBeInstanceOf(NoSuchContainerError);
  });

  it.each([
    ["startContainer", (id: string) => client.startContainer({ id })],
    ["stopContainer", (id: string) => client.stopContainer({ id })],
    ["restartContainer", (id: string) => client.restartContainer({ id })],
    ["killContainer", (id: string) => client.killContainer({ id })],
    ["pauseContainer", (id: string) => client.pauseContainer({ id })],
    ["unpauseContainer", (id: string) => client.unpauseContainer({ id })],
    ["waitContainer", (id: string) => client.waitContainer({ id })],
    ["removeContainer", (id: string) => client.removeContainer({ id })],
    ["resizeContainerTty", (id: string) => client.resizeContainerTty({ id, height: 1, width: 1 })],
    ["topContainer", (id: string) => client.topContainer({ id })],
    ["containerChanges", (id: string) => client.containerChanges({ id })],
    ["exportContainer", (id: string) => client.exportContainer({ id })],
    ["stats", (id: string) => client.stats({ id })],
    ["logs", (id: string) => client.logs({ id })],
    ["attachToContainer", (id: string) => client.attachToContainer({ container: id })],
  ])("%s rejects a missing container", async (operation, run) => {
    const id = uniqueName();
    const error = await run(id).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchContainerError);
    expect(error).toMatchObject({ id });
    if (operation !== "logs" && operation !== "attachToContainer") expect(error).toMatchObject({ operation });
  });
});

describe("killContainer", () => {
  it("sends a signal, by default SIGKILL", async () => {
    const id = await runningContainer(heeding("USR1", 9));
    await ready(id);
    const wait = client.waitContainer({ id });
    await client.killContainer({ id, signal: Signal.SIGUSR1 });
    expect((await wait).statusCode).toBe(9);
    const other = await runningContainer(["sleep", "600"]);
    await client.killContainer({ id: other });
    expect((await client.waitContainer({ id: other })).statusCode).toBe(137);
    await expect(client.killContainer({ id: other })).rejects.toThrow(ContainerNotRunningError);
  });
});

describe("pauseContainer and unpauseContainer", () => {
  it("suspend and resume a container", async () => {
    const id = await runningContainer(["sleep", "600"]);
    await client.pauseContainer({ id });
    expect(await stateOf(id)).toMatchObject({ Paused: true, Status: "paused" });
    expect(stateText(await stateOf(id))).toMatch(/^Up .* \(Paused\)$/);
    await expect(client.startContainer({ id })).rejects.toThrow(ConflictError);
    await expect(client.removeContainer({ id })).rejects.toThrow(ContainerPausedError);
    await client.unpauseContainer({ id });
    expect(await stateOf(id)).toMatchObject({ Paused: false, Status: "running" });
  });

  it("reject containers in the wrong state", async () => {
    const id = await runningContainer(["sleep", "600"]);
    await expect(client.unpauseContainer({ id })).rejects.toThrow(ApiError);
    await client.pauseContainer({ id });
    await expect(client.pauseContainer({ id })).rejects.toThrow(ContainerPausedError);
    await client.unpauseContainer({ id });
    await client.killContainer({ id });
    await client.waitContainer({ id });
    await expect(client.pauseContainer({ id })).rejects.toThrow(ContainerNotRunningError);
  });
});

describe("waitContainer", () => {
  it("reports the exit of a short-lived container", async () => {
    for (const statusCode of [0, 1, 42]) {
      const id = await container({ Cmd: ["sh", "-c", `exit ${statusCode}`] });
      const onRegistered = () => client.startContainer({ id });
      const result = await client.waitContainer({ id, condition: WaitCondition.NextExit, onRegistered });
      expect(result).toEqual({ statusCode, error: undefined });
      expect(await client.waitContainer({ id })).toEqual({ statusCode, error: undefined });
    }
  });

  it("waits for the removal", async (context) => {
    notOnPodman(context, "does not keep the exit code of a removed container", 5);
    const id = await container({ Cmd: ["sh", "-c", "exit 7"] }, { hostConfig: { AutoRemove: true } });
    const onRegistered = () => client.startContainer({ id });
    expect((await client.waitContainer({ id, condition: WaitCondition.Removed, onRegistered })).statusCode).toBe(7);
    await expect(client.inspectContainer({ id })).rejects.toThrow(NoSuchContainerError);
  });

  it("can be aborted", async () => {
    const id = await runningContainer(["sleep", "600"]);
    const abort = new AbortController();
    const wait = client.waitContainer(
      { id, onRegistered: () => void setImmediate(() => abort.abort()) },
      { signal: abort.signal },
    );
    await expect(wait).rejects.toThrow(AbortError);
    expect((await stateOf(id)).Running).toBe(true);
  });
});

describe("removeContainer", () => {
  it("removes a running container only with force", async () => {
    const id = await runningContainer(["sleep", "600"]);
    const error = await client.removeContainer({ id }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ContainerAlreadyRunningError);
    await client.removeContainer({ id, force: true });
    await expect(client.inspectContainer({ id })).rejects.toThrow(NoSuchContainerError);
  });

  it("removes anonymous volumes with removeVolumes", async () => {
    const [kept, gone] = [await container({ Volumes: { "/data": {} } }), await container({ Volumes: { "/data": {} } })];
    const [keptPath, gonePath] = await Promise.all(
      [kept, gone].map(async (id) => `/volumes/${(await client.inspectContainer({ id })).Mounts[0]?.Name ?? ""}`),
    );
    await client.removeContainer({ id: kept });
    await client.removeContainer({ id: gone, removeVolumes: true });
    const removal = (path = "") => client.request({ method: "DELETE", path, errors: false });
    expect((await removal(keptPath)).status).toBe(204);
    expect((await removal(gonePath)).status).toBe(404);
  });

  it("removes a link but not its container", async (context) => {
    needsApi(context, "1.27", "link of removeContainer");
    notOnPodman(context, "has no links between containers");
    const [target, name] = [uniqueName(), uniqueName()];
    await runningContainer(["sleep", "600"], { name: target });
    const id = await runningContainer(["sleep", "600"], { name, hostConfig: { Links: [`${target}:friend`] } });
    expect((await client.inspectContainer({ id })).HostConfig.Links).toHaveLength(1);
    await client.removeContainer({ id: `${name}/friend`, link: true });
    await vi.waitFor(async () => expect((await client.inspectContainer({ id })).HostConfig.Links ?? []).toEqual([]));
  });
});

describe("pruneContainers", () => {
  it("removes stopped containers with matching labels", async () => {
    const label = uniqueName();
    const labelled = { Labels: { [label]: "yes" } };
    const [stopped, other] = [await container(labelled), await container({ Labels: { [label]: "no" } })];
    const running = await runningContainer(["sleep", "600"], { config: labelled });
    const pruned = await client.pruneContainers({ filters: { label: `${label}=yes` } });
    expect(pruned.ContainersDeleted).toEqual([stopped]);
    expect(pruned.SpaceReclaimed).toBeGreaterThanOrEqual(0);
    expect((await stateOf(running)).Running).toBe(true);
    const nothing = await client.pruneContainers({ filters: { label, "label!": `${label}=no`, until: "1h" } });
    expect(nothing.ContainersDeleted).toEqual([]);
    expect((await stateOf(other)).Status).toBe("created");
  });
});
