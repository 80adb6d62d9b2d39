import { expect, test } from "vitest";
import {
  cleanPath,
  inheritedMount,
  mountRequests,
  parseBind,
  parseMount,
  parseVolumesFrom,
} from "../../../lib/engine/containers/mount-requests.js";
import type { Mount } from "../../../lib/types/mounts.js";

test.each([
  ["/anonymous", { type: "volume", source: "", target: "/anonymous", writable: true }],
  ["name:/x/", { type: "volume", source: "name", target: "/x", writable: true, mode: "" }],
  ["/host:/x:ro,z", { type: "bind", source: "/host", target: "/x", writable: false, mode: "ro,z", creates: true }],
  ["name:/x:nocopy", { type: "volume", noCopy: true }],
])("the bind %j is parsed", (bind, request) => {
  expect(parseBind(bind)).toMatchObject(request);
});

test.each([
  ["", "invalid volume specification: ''"],
  ["a:/b:ro:more", "invalid volume specification"],
  ["name:", "invalid volume specification"],
  ["name:relative", "mount path must be absolute"],
  ["/host:/", "invalid specification: destination can't be '/'"],
  ["/host:/x/..", "destination can't be '/'"],
  ["name:/x:what", "invalid mode: what"],
  ["name:/x:ro,rw", "invalid mode: ro,rw"],
  ["x:/y", "volume name is too short, names should be at least two alphanumeric characters"],
  ["./relative:/x", "includes invalid characters for a local volume name"],
])("the bind %j is refused", (bind, message) => {
  const isName = message.includes("volume name");
  expect(() => parseBind(bind)).toThrow(expect.objectContaining({ status: isName ? 400 : 500 })); // as on Docker
  expect(() => parseBind(bind)).toThrow(message);
});

test.each([
  [{ Type: "tmpfs", Target: "/x", Source: "y" }, "field Source must not be specified"],
  [{ Type: "bind", Target: "/x" }, "field Source must not be empty"],
  [{ Type: "bind", Target: "/x", Source: "y" }, "mount path must be absolute"],
  [{ Type: "volume", Target: "" }, "field Target must not be empty"],
  [{ Type: "npipe", Target: "/x" }, 'invalid mount config for type "npipe": mount type unknown'],
  [{ Type: "image", Target: "/x", Source: "box" }, "the embedded engine does not mount images"],
  [{ Type: "tmpfs", Target: "/x", BindOptions: {} }, 'BindOptions must not be specified on mount type "tmpfs"'],
  [{ Type: "volume", Target: "/x", VolumeOptions: { Subpath: "a" } }, "must not set Subpath when using anonymous volumes"],
  [{ Type: "bind", Target: "/x", Source: "/", BindOptions: { Propagation: "bad" } }, "invalid propagation mode: bad"],
])("the mount %j is refused", (mount, message) => {
  expect(() => parseMount(mount as Mount)).toThrow(message);
});

test("own mounts hide inherited ones, and these the volumes of the image; outer ones come first", () => {
  const inherited = [
    inheritedMount({ Type: "volume", Name: "from", Source: "", Destination: "/b", RW: true, Mode: "", Propagation: "" }, true),
  ];
  const requests = mountRequests(
    { Volumes: { "/a/deep": {}, "/b": {}, "/c": {} } },
    { Binds: ["own:/c"], Mounts: [{ Type: "volume", Target: "/a", Source: "outer" }], Tmpfs: { "/run": "" } },
    inherited,
  );
  expect(requests.map(({ type, source, target }) => [type, source, target])).toEqual([
    ["volume", "own", "/c"],
    ["volume", "outer", "/a"],
    ["tmpfs", "", "/run"],
    ["volume", "from", "/b"],
    ["volume", "", "/a/deep"],
  ]);
  expect(requests.find(({ target }) => target === "/b")?.writable).toBe(false);
  expect(() => mountRequests({}, { Binds: ["a1:/x", "b1:/x/"] }, [])).toThrow("Duplicate mount point: /x");
});

test("volumes of other containers are named with a mode", () => {
  expect(parseVolumesFrom("web")).toEqual({ container: "web", isReadOnly: false });
  expect(parseVolumesFrom("web:ro")).toEqual({ container: "web", isReadOnly: true });
  expect(() => parseVolumesFrom("web:what")).toThrow("invalid mode: what");
  expect(() => parseVolumesFrom(":ro")).toThrow("malformed volumes-from specification");
});

test("paths are cleaned", () => {
  expect(["/a//b/", "/a/./b", "/../a", "/a/..", "/"].map(cleanPath)).toEqual(["/a/b", "/a/b", "/a", "/", "/"]);
});
