import { describe, expect, it } from "vitest";
import { commitWordings, noSuchContainerOrImage } from "../../../lib/api/images/errors.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("commitWordings", () => {
  provesEveryWording(
    commitWordings,
    [
      ["Docker 28.5", "No such image: sha256:12", "NoSuchImageError"],
      ["Docker 28.5", "No such container: web", "NoSuchContainerError"],
    ],
    ["web"],
    "NoSuchContainerError",
  );

  it("names the missing image", () => {
    const details = { status: 404, method: "POST", path: "/commit", message: "No such image: sha256:12" };
    expect(noSuchContainerOrImage("web")(details)).toMatchObject({ image: "sha256:12" });
  });
});
