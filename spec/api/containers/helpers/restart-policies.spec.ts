import { expect, it } from "vitest";
import {
  alwaysRestart,
  neverRestart,
  restartOnFailure,
  restartUnlessStopped,
} from "../../../../lib/api/containers/helpers/restart-policies.js";

it("returns the restart policies", () => {
  expect(alwaysRestart()).toEqual({ Name: "always" });
  expect(restartUnlessStopped()).toEqual({ Name: "unless-stopped" });
  expect(restartOnFailure(3)).toEqual({ Name: "on-failure", MaximumRetryCount: 3 });
  expect(restartOnFailure()).toEqual({ Name: "on-failure", MaximumRetryCount: 0 });
  expect(neverRestart()).toEqual({ Name: "no" });
});
