import { describe } from "vitest";
import { filterWordings } from "../../../lib/api/tasks/errors.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("wordings for a missing object in a filter", () => {
  provesEveryWording(
    filterWordings,
    [
      ["Docker 28", "service web not found", "NoSuchServiceError"],
      ["Docker 28", "node n1 not found", "NoSuchNodeError"],
      ["Docker 28", "something else not found", "NotFoundError"],
    ],
    [],
    "NotFoundError",
  );
});
