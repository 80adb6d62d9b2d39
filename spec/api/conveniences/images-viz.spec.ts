import { describe, expect, it } from "vitest";
import { ServerError } from "../../../lib/errors/api-error.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

const listed = [
  { Id: "sha256:aaaa", ParentId: "", RepoTags: ["base:1"] },
  { Id: "sha256:bbbb", ParentId: "sha256:aaaa", RepoTags: ["<none>:<none>"] },
  { Id: "sha256:cccc", ParentId: "", RepoTags: null },
];
const layers: Record<string, string[] | undefined> = { aaaa: ["1"], cccc: ["1", "2"] };

const engine = ({ line }: { line: string }): Answer => {
  if (line.includes("/images/json")) return { body: listed };
  const id = /sha256:(\w+)\/json$/.exec(line)?.[1] ?? "";
  return { body: { RootFS: { Type: "layers", Layers: layers[id] } } };
};

describe("Client.imagesViz", () => {
  it("draws all images", async () => {
    const { client, lines } = await recordingDaemon(engine);
    expect(await client.imagesViz()).toBe(`digraph docker {
 base -> "aaaa" [style=invis]
 "aaaa" -> "bbbb"
 "aaaa" -> "cccc"
 "aaaa" [label="aaaa\\nbase:1",shape=box,fillcolor="paleturquoise",style="filled,rounded"];
 base [style=invisible]
}
`);
    expect(lines()[0]).toBe("GET /v1.51/images/json?all=1");
    // only images without a known parent are inspected
    expect(lines().slice(1).sort()).toEqual(["GET /v1.51/images/sha256:aaaa/json", "GET /v1.51/images/sha256:cccc/json"]);
  });

  it("filters images", async () => {
    const { client, lines } = await recordingDaemon({ body: [] });
    expect(await client.imagesViz({ filters: { label: "a" } })).toBe("digraph docker {\n base [style=invisible]\n}\n");
    expect(lines()).toEqual(["GET /v1.51/images/json?all=1&filters=%7B%22label%22%3A%5B%22a%22%5D%7D"]);
  });

  it("handles removed images and images without layers", async () => {
    const { client } = await recordingDaemon((request) => {
      if (request.line.includes("aaaa/json")) return { status: 404, body: { message: "No such image: sha256:aaaa" } };
      if (request.line.includes("cccc/json")) return { body: { RootFS: { Type: "layers" } } };
      return engine(request);
    });
    expect(await client.imagesViz()).toContain(' base -> "cccc" [style=invis]\n');
  });

  it("rejects when inspecting an image fails for another reason", async () => {
    const { client } = await recordingDaemon((request) =>
      request.line.includes("aaaa/json") ? { status: 500, body: { message: "disk on fire" } } : engine(request),
    );
    await expect(client.imagesViz()).rejects.toBeInstanceOf(ServerError);
  });
});
