import { describe, expect, it } from "vitest";
import { mountedVolumes } from "../../../../lib/api/containers/helpers/mounted-volumes.js";

describe("mountedVolumes", () => {
  it("returns host mounts by path in the container", () => {
    const mounts = [
      { Type: "bind", Source: "/srv/page", Destination: "/www", Mode: "ro", RW: false, Propagation: "rprivate" },
      {
        Type: "volume",
        Name: "v",
        Source: "/var/lib/docker/volumes/v/_data",
        Destination: "/data",
        Mode: "z",
        RW: true,
        Propagation: "",
      },
      { Type: "tmpfs", Source: "", Destination: "/tmp", Mode: "", RW: true, Propagation: "" },
    ];
    expect(mountedVolumes(mounts)).toEqual({
      Volumes: { "/www": "/srv/page", "/data": "/var/lib/docker/volumes/v/_data" },
      VolumesRW: { "/www": false, "/data": true },
    });
  });

  it.each([[[]], [null], [undefined]])("returns undefined for %j", (mounts) => {
    expect(mountedVolumes(mounts)).toEqual({ Volumes: {}, VolumesRW: {} });
  });
});
