import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { methods } from "../../../lib/agent/methods/index.js";
import { Policy } from "../../../lib/agent/policy/policy.js";
import { type PolicySettings, policySettings } from "../../../lib/agent/policy/settings.js";
import { adopt } from "../../../lib/agent/rpc/adopt.js";
import type { Guest, GuestContainer } from "../../../lib/agent/schemas/guest.js";

const policy = (settings: PolicySettings = {}, socket?: string) => new Policy(policySettings.parse(settings), socket);

const guest = (members: Partial<Guest>): Guest => ({ id: "web", image: "busybox", ...members });
const inside = (container: GuestContainer): Guest => guest({ container });
const refusal = (rule: string) => ({ kind: "policy", data: { rule } });

function temporary(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "agent-policy-")));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** What is refused unless the settings allow it: the rule, the guest, and the settings that allow it. */
const refused: readonly (readonly [rule: string, refused: Guest, allowing: PolicySettings])[] = [
  ["privileged", inside({ privileged: true }), { privileged: true }],
  ["hostNamespaces", inside({ networkMode: "host" }), { hostNamespaces: true }],
  ["hostNamespaces", inside({ networkMode: "HOST" }), { hostNamespaces: true }],
  ["hostNamespaces", inside({ networkMode: " host" }), { hostNamespaces: true }],
  ["hostNamespaces", inside({ networkMode: "container:other" }), { hostNamespaces: true }],
  ["hostNamespaces", inside({ networkMode: "ns:/proc/1/ns/net" }), { hostNamespaces: true }],
  ["hostNamespaces", guest({ nics: [{ network: "host" }] }), { hostNamespaces: true }],
  ["hostNamespaces", guest({ nics: [{ network: "own" }, { network: "Host" }] }), { hostNamespaces: true }],
  ["hostNamespaces", guest({ nics: [{ network: "own" }], container: { networkMode: "host" } }), { hostNamespaces: true }],
  ["hostNamespaces", inside({ pidMode: "host" }), { hostNamespaces: true }],
  ["hostNamespaces", inside({ pidMode: "Container:other" }), { hostNamespaces: true }],
  ["hostNamespaces", inside({ ipcMode: "host" }), { hostNamespaces: true }],
  ["hostNamespaces", inside({ ipcMode: "container:other" }), { hostNamespaces: true }],
  ["devices", inside({ devices: [{ host: "/dev/zfs" }] }), { devices: ["/dev/*"] }],
  ["capabilities", inside({ capabilitiesAdded: ["SYS_ADMIN"] }), { capabilities: ["SYS_ADMIN"] }],
  ["capabilities", inside({ capabilitiesAdded: ["cap_sys_admin"] }), { capabilities: ["CAP_SYS_ADMIN"] }],
  ["capabilities", inside({ capabilitiesAdded: ["ALL"] }), { capabilities: ["all"] }],
  ["securityOptions", inside({ securityOptions: ["seccomp=unconfined"] }), { securityOptions: ["seccomp=*"] }],
  ["securityOptions", inside({ securityOptions: ["apparmor:unconfined"] }), { securityOptions: ["*"] }],
  ["runtimes", inside({ runtime: "kata" }), { runtimes: ["kata"] }],
  ["cgroupParents", inside({ cgroupParent: "/system.slice" }), { cgroupParents: ["/system*"] }],
  ["bindRoots", guest({ disks: [{ device: "/mnt", source: "/" }] }), { bindRoots: ["/"] }],
];

describe("a policy", () => {
  test.each(refused)("refuses %s by default: %j", async (rule, asked, allowing) => {
    await expect(policy().check(asked)).rejects.toMatchObject(refusal(rule));
    await expect(policy(allowing).check(asked)).resolves.toMatchObject({ id: "web" });
  });

  test("refuses the same of a guest whose members are written as JSON-RPC 1.0 allows", async () => {
    for (const [rule, asked] of refused) {
      for (const turn of ["toUpperCase", "toLowerCase"] as const) {
        const turned = JSON.parse(
          JSON.stringify({ guest: asked }).replace(/"(\w+)":/g, (_, name: string) => `"${name[turn]()}":`),
        ) as object;
        const { params } = methods.CreateContainer;
        const adopted = params.parse(adopt(params, turned));
        await expect(policy().check(adopted.guest), JSON.stringify(turned)).rejects.toMatchObject(refusal(rule));
      }
    }
  });

  test("allows a guest that asks for none of it", async () => {
    const asked = guest({
      nics: [{ network: "own" }, {}],
      disks: [{ device: "/data", volume: "data" }, { device: "/tmp" }],
      container: { user: "1000", capabilitiesDropped: ["ALL"], pidMode: "", ipcMode: "private", runtime: "", cgroupParent: "" },
    });
    expect(await policy().check(asked)).toEqual(asked);
  });

  test("does not let a path lead out of a pattern", async () => {
    await expect(
      policy({ devices: ["/dev/fuse*"] }).check(inside({ devices: [{ host: "/dev/fuse/../sda" }] })),
    ).rejects.toMatchObject(refusal("devices"));
    await expect(
      policy({ cgroupParents: ["/agents/*"] }).check(inside({ cgroupParent: "/agents/../system.slice" })),
    ).rejects.toMatchObject(refusal("cgroupParents"));
  });

  test("takes the default network of a guest that names none for bridge", async () => {
    const own = policy({ networks: ["own"] });
    for (const asked of [guest({}), inside({ networkMode: "default" }), guest({ nics: [{}] }), guest({ nics: [] })])
      await expect(own.check(asked)).rejects.toMatchObject(refusal("networks"));
    await expect(own.check(guest({ nics: [{ network: "own" }] }))).resolves.toBeDefined();
    await expect(own.check(inside({ networkMode: "own" }))).resolves.toBeDefined();
    await expect(policy({ networks: ["bridge"] }).check(guest({}))).resolves.toBeDefined();
  });

  test("takes no user for root", () => {
    const some = policy({ users: ["1000", "app*"] });
    for (const user of [undefined, "", "root", "0", "1000:0"]) expect(() => some.assertUser(user)).toThrow("is not allowed");
    for (const user of ["1000", "app", "app:app"]) expect(() => some.assertUser(user)).not.toThrow();
    expect(() => policy().assertUser("")).not.toThrow();
  });

  test("allows methods by their names without MDocker", () => {
    const reading = policy({ methods: ["Get*", "List*"] });
    expect(() => reading.assertMethod("GetContainer")).not.toThrow();
    for (const name of ["CreateContainer", "Agent.GetJob", "getContainer"])
      expect(() => reading.assertMethod(name)).toThrow(`the method ${name} is not allowed`);
  });
});

describe("bind mounts", () => {
  /** A root with a folder, links to within and without it, and the engine's socket beside it. */
  function scene() {
    const folder = temporary();
    for (const name of ["root/data", "root-other", "outside"]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "outside", "docker.sock"), "");
    symlinkSync(join(folder, "root", "data"), join(folder, "root", "inner"));
    symlinkSync(join(folder, "outside"), join(folder, "root", "outer"));
    symlinkSync(join(folder, "outside", "docker.sock"), join(folder, "root", "socket"));
    symlinkSync(join(folder, "root"), join(folder, "alias"));
    return { folder, at: (...names: string[]) => guest({ disks: [{ device: "/mnt", source: join(folder, ...names) }] }) };
  }

  test("are those below a root, with their real path", async () => {
    const { folder, at } = scene();
    const rooted = policy({ bindRoots: [join(folder, "alias")] });
    for (const names of [
      ["root", "data"],
      ["root", "inner"],
      ["alias", "inner"],
    ])
      expect((await rooted.check(at(...names))).disks).toEqual([{ device: "/mnt", source: join(folder, "root", "data") }]);
  });

  test("are refused elsewhere, whether or not there is such a path", async () => {
    const { folder, at } = scene();
    const rooted = policy({ bindRoots: [join(folder, "root")] });
    const elsewhere = [at("root", "outer"), at("root-other"), at("root", "none"), at("none"), at("root", "outer", "docker.sock")];
    const climbing = guest({ disks: [{ device: "/mnt", source: `${folder}/root/../outside` }] });
    for (const asked of [...elsewhere, climbing]) {
      const source = asked.disks?.[0]?.source ?? "";
      await expect(rooted.check(asked)).rejects.toMatchObject({
        ...refusal("bindRoots"),
        message: `the disk source ${source} is not below an allowed folder`,
      });
    }
    for (const source of ["data", "./data", "~", "C:\\"])
      await expect(rooted.check(guest({ disks: [{ device: "/mnt", source }] }))).rejects.toMatchObject(refusal("bindRoots"));
  });

  test("never contain the engine's socket", async () => {
    const { folder, at } = scene();
    const rooted = policy({ bindRoots: ["/"] }, join(folder, "root", "socket"));
    for (const names of [["outside"], ["root", "outer"], ["root", "socket"], ["outside", "docker.sock"], [""]])
      await expect(rooted.check(at(...names))).rejects.toMatchObject({ message: expect.stringContaining("engine's socket") });
    await expect(rooted.check(at("root", "data"))).resolves.toBeDefined();
  });

  test("are not made of the name of a volume", async () => {
    for (const volume of ["/etc", "./etc", "a/b"])
      await expect(policy({ bindRoots: ["/"] }).check(guest({ disks: [{ device: "/mnt", volume }] }))).rejects.toMatchObject(
        refusal("bindRoots"),
      );
  });
});

describe("images", () => {
  test.each([
    ["busybox", ["busybox", "busybox:1.36", "docker.io/library/busybox", "index.docker.io/library/busybox", "library/busybox"]],
    ["docker.io/library/busybox:latest", ["busybox", "busybox:latest", "docker.io/library/busybox"]],
    ["registry.example/team/*", ["registry.example/team/app", "registry.example/team/app:2"]],
  ])("%s allows %j", (pattern, names) => {
    for (const name of names) expect(() => policy({ images: [pattern] }).assertImage(name), name).not.toThrow();
  });

  test.each([
    ["busybox:latest", ["busybox:1.36", `busybox@sha256:${"a".repeat(64)}`, `busybox:latest@sha256:${"a".repeat(64)}`]],
    ["busybox", ["evil/busybox", "registry.example/busybox", "localhost/busybox", "busybox2", `sha256:${"a".repeat(64)}`]],
    ["registry.example/team/*", ["registry.example/other/app", "docker.io/registry.example/team/app", "team/app"]],
  ])("%s does not allow %j", (pattern, names) => {
    for (const name of names)
      expect(() => policy({ images: [pattern] }).assertImage(name), name).toThrow(`the image ${name} is not allowed`);
  });

  test("whose ID matches a pattern by chance are looked up by their names", () => {
    const some = policy({ images: ["cafe*"] });
    expect(() => some.assertOneImage("cafe", ["evil:latest"])).toThrow("the image cafe is not allowed");
    expect(() => some.assertOneImage("cafe", [])).toThrow("the image cafe is not allowed");
    expect(() => some.assertOneImage("cafe", ["evil:latest", "cafe:latest"])).not.toThrow();
  });
});
