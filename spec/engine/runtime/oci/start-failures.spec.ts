import { expect, test, vi } from "vitest";
import type { ContainerConfig } from "../../../../lib/types/container-config.js";
import type { HostConfig } from "../../../../lib/types/host-config.js";
import { controlGroups, machineState } from "../../../support/machine-state.js";
import { BOX, ociClient } from "./oci-engine.js";

// a busy machine takes seconds for each container
vi.setConfig({ testTimeout: 180_000 });

interface Case {
  readonly what: string;
  readonly config?: Partial<ContainerConfig>;
  readonly host?: HostConfig;
  readonly status: number;
  readonly code: number;
  readonly reason: RegExp;
}

// what Docker 28.5 answers
const cases: readonly Case[] = [
  {
    what: "an unknown user",
    config: { User: "nosuch" },
    status: 500,
    code: 128,
    reason: /unable to find user nosuch: no matching entries in passwd file$/,
  },
  {
    what: "an unknown group",
    config: { User: "1:nosuch" },
    status: 500,
    code: 128,
    reason: /unable to find group nosuch: no matching entries in group file$/,
  },
  {
    what: "a file that is mounted over a directory",
    host: { Binds: ["/etc/hostname:/etc"] },
    status: 400,
    code: 127,
    reason: /not a directory: Are you trying to mount a directory onto a file/i,
  },
  {
    what: "the network of a container that does not exist",
    host: { NetworkMode: "container:nosuch" },
    status: 500,
    code: 128,
    reason: /No such container: nosuch$/,
  },
  {
    what: "a network that does not exist",
    host: { NetworkMode: "nosuch" },
    status: 404,
    code: 128,
    reason: /network nosuch not found$/,
  },
  {
    what: "a device that does not exist",
    host: { Devices: [{ PathOnHost: "/dev/nosuch", PathInContainer: "/dev/nosuch", CgroupPermissions: "rwm" }] },
    status: 500,
    code: 128,
    reason: /error gathering device information while adding custom device "\/dev\/nosuch": no such file or directory$/,
  },
];

test.for(cases)("a container with $what does not start, and says why", async (expected, context) => {
  const client = await ociClient(context);
  const before = machineState();
  const { Id: id } = await client.createContainer({
    config: { Image: BOX, Cmd: ["true"], ...expected.config },
    hostConfig: expected.host ?? {},
  });
  await expect(client.startContainer({ id })).rejects.toMatchObject({
    status: expected.status,
    reason: expect.stringMatching(expected.reason),
  });
  const { State } = await client.inspectContainer({ id });
  expect(State).toMatchObject({ Status: "created", ExitCode: expected.code, Pid: 0 });
  expect(State.Error).toMatch(expected.reason);
  await client.removeContainer({ id });
  // nothing of the attempt is left
  expect(machineState()).toEqual(before);
  expect(controlGroups(id)).toEqual([]);
});
