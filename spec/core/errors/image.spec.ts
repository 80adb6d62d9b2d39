import { describe } from "vitest";
import { missingImageWordings } from "../../../lib/core/errors/image.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("missingImageWordings", () => {
  provesEveryWording(
    missingImageWordings,
    [
      ["Docker 28.5", "No such image: nosuch:latest", "NoSuchImageError"],
      ["Podman 4", 'could not find local image for filter filter "before"="nosuch": image not known', "NoSuchImageError"],
      [
        "Docker 20.10",
        "image with reference nope:1 was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64",
        "NoSuchImageError",
      ],
      ["Docker 28.5", "No such container: web", "NotFoundError"],
    ],
    ["nosuch"],
    "NotFoundError",
  );
});
