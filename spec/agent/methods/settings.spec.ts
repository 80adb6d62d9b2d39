import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PolicySettings } from "../../../lib/agent/policy/settings.js";
import { temporaryFolder } from "../../support/servers.js";
import { type AgentBed, call1, call2, guestId, IMAGE, startAgent } from "../support/agent-bed.js";

/** The rule of a policy, settings that allow something, a guest that is allowed, and one that is not. */
const rules: readonly (readonly [rule: keyof PolicySettings, settings: PolicySettings, allowed: object, refused: object])[] = [
  ["images", { images: [IMAGE] }, {}, { image: "other:latest" }],
  ["networks", { networks: ["bridge", "none"] }, { container: { networkMode: "none" } }, { container: { networkMode: "other" } }],
  ["users", { users: ["1000:*"] }, { container: { user: "1000:1000" } }, { container: { user: "root" } }],
  ["users", { users: ["1000:*"] }, { container: { user: "1000:1" } }, {}],
  [
    "devices",
    { devices: ["/dev/nul*"] },
    { container: { devices: [{ host: "/dev/null" }] } },
    { container: { devices: [{ host: "/dev/zero" }] } },
  ],
  [
    "capabilities",
    { capabilities: ["NET_*"] },
    { container: { capabilitiesAdded: ["CAP_NET_ADMIN"] } },
    { container: { capabilitiesAdded: ["SYS_ADMIN"] } },
  ],
  [
    "securityOptions",
    { securityOptions: ["no-new-privileges*"] },
    { container: { securityOptions: ["no-new-privileges"] } },
    { container: { securityOptions: ["seccomp=unconfined"] } },
  ],
  [
    "cgroupParents",
    { cgroupParents: ["/agents/*"] },
    { container: { cgroupParent: "/agents/a" } },
    { container: { cgroupParent: "/other" } },
  ],
  ["hostNamespaces", { hostNamespaces: true }, { container: { ipcMode: "host", pidMode: "host" } }, {}],
  ["privileged", { privileged: true }, { container: { privileged: true } }, {}],
];

describe("a policy beyond its defaults", () => {
  test.each(rules)("lets guests through to the engine by %s: %j", async (rule, settings, allowed, refused) => {
    const bed = await startAgent({ policy: settings });
    const create = (more: object, id = guestId(bed)) => call2(bed, "CreateContainer", { guest: { id, image: IMAGE, ...more } });
    expect(await create(allowed)).toHaveProperty("guest.state", "stopped");
    const strict = typeof settings[rule] === "boolean" ? await startAgent({ client: bed.client }) : bed;
    const asked = typeof settings[rule] === "boolean" ? allowed : refused;
    const id = guestId(bed);
    const refusal = { code: -32031, data: { kind: "policy", rule } };
    await expect(call2(strict, "CreateContainer", { guest: { id, image: IMAGE, ...asked } })).rejects.toMatchObject(refusal);
    await expect(bed.client.inspectContainer({ id })).rejects.toThrow(/no such container/i);
  });

  test("lets guests have a runtime that the engine has", async () => {
    const bed = await startAgent({ policy: { runtimes: ["run*"] } });
    const { DefaultRuntime } = await bed.client.info();
    const create = (runtime: string, id = guestId(bed)) =>
      call2(bed, "CreateContainer", { guest: { id, image: IMAGE, container: { runtime } } });
    await expect(create("kata")).rejects.toMatchObject({ code: -32031, data: { rule: "runtimes" } });
    // the executor of programs has no runtime of that name, which the engine then says
    if (DefaultRuntime === "runc") expect(await create("runc")).toHaveProperty("guest.state", "stopped");
    else await expect(create("runc")).rejects.toMatchObject({ code: -32602, data: { engineStatus: 400 } });
  });

  test("lets guests mount what is below a root", async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "data"));
    const bed = await startAgent({ policy: { bindRoots: [folder] } });
    const create = (source: string, id = guestId(bed)) =>
      call2(bed, "CreateContainer", { guest: { id, image: IMAGE, disks: [{ device: "/data", source, readOnly: true }] } });
    const { guest } = await create(join(folder, "data"));
    const { Mounts } = await bed.client.inspectContainer({ id: guest.id });
    expect(Mounts).toMatchObject([{ Type: "bind", Source: join(folder, "data"), Destination: "/data", RW: false }]);
    await expect(create("/etc")).rejects.toMatchObject({ code: -32031, data: { rule: "bindRoots" } });
  });

  test("names the methods that may be called, under either of their names", async () => {
    const bed = await startAgent({ policy: { methods: ["Get*", "Agent.Ping"] } });
    expect(await call2(bed, "GetInfo")).toHaveProperty("ServerVersion");
    expect(await call2(bed, "Agent.Ping")).toMatchObject({ engine: true });
    for (const method of ["ListContainers", "MDocker.ListContainers", "Agent.ListJobs"])
      await expect(call2(bed, method)).rejects.toMatchObject({ code: -32031, data: { rule: "methods" } });
    await expect(call1(bed, "ListContainers")).rejects.toThrow(/^the method ListContainers is not allowed$/);
    await expect(call2(bed, "ListContainers", { async: true })).rejects.toMatchObject({ code: -32031 });
  });

  test("keeps callers to the guests of agents, whichever method they call", async () => {
    const bed = await startAgent({ policy: { ownedOnly: true } });
    const [own, foreign] = [guestId(bed), guestId(bed, "foreign")];
    await call2(bed, "CreateContainer", { guest: { id: own, image: IMAGE } });
    await bed.client.createContainer({ name: foreign, config: { Image: IMAGE } });
    const { containers } = await call2(bed, "ListContainers", { opts: { all: true } });
    const names = containers.map(({ Name }) => Name);
    expect(names).toContain(`/${own}`);
    expect(names).not.toContain(`/${foreign}`);
    const guest = { id: foreign };
    const ofGuest = ["Delete", "Start", "Stop", "Restart", "Reboot", "Pause", "Unpause", "Kill"].map(
      (name) => `${name}Container`,
    );
    const calls: [method: string, params: object][] = [
      ...ofGuest.map((method): [string, object] => [method, { guest }]),
      ...["GetContainer", "SaveContainer", "GetLogs", "WaitContainer"].map((method): [string, object] => [method, guest]),
      ["GetMetrics", { guest }],
      ["ExecContainer", { ...guest, command: ["true"] }],
    ];
    for (const [method, params] of calls)
      await expect(call2(bed, method, params), method).rejects.toMatchObject({ code: -32031, data: { rule: "ownedOnly" } });
    expect((await bed.client.inspectContainer({ id: foreign })).State.Status).toBe("created");
  });

  test("holds for the users of commands, and for privileges", async () => {
    const bed = await startAgent({ policy: { users: ["1000"], privileged: true } });
    const id = guestId(bed);
    const container = { command: ["sleep", "100"], user: "1000", stopTimeout: 1 };
    await call2(bed, "CreateContainer", { guest: { id, image: IMAGE, container } });
    await call2(bed, "StartContainer", { guest: { id } });
    const exec = (more: object) => call2(bed, "ExecContainer", { id, command: ["true"], ...more });
    expect(await exec({})).toMatchObject({ exitCode: 0 });
    // 126 where the engine lacks rights itself: the policy has let it through
    expect([0, 126]).toContain((await exec({ privileged: true })).exitCode);
    for (const user of ["root", "0", "1000:0"])
      await expect(exec({ user })).rejects.toMatchObject({ code: -32031, data: { rule: "users" } });
  });
});

/** What an agent gives every guest beyond its defaults. */
describe("the settings of guests", () => {
  test("open standard input, publish ports and add devices", async () => {
    const bed: AgentBed = await startAgent({ guests: { stdin: true, publishAll: true, devices: ["/dev/null"] } });
    const id = guestId(bed);
    await call1(bed, "CreateContainer", { guest: { id, image: IMAGE } });
    const { Config, HostConfig } = await bed.client.inspectContainer({ id });
    expect(Config.OpenStdin).toBe(true);
    expect(HostConfig.PublishAllPorts).toBe(true);
    const device = { PathOnHost: "/dev/null", PathInContainer: "/dev/null", CgroupPermissions: "rwm" };
    expect(HostConfig.Devices).toEqual([device]);
  });
});
