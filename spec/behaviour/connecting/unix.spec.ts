import { describe, onTestFinished } from "vitest";
import { Client } from "../../../lib/client.js";
import { itConnects } from "./support.js";

describe("the endpoint from the environment", () => {
  itConnects(() => {
    const client = Client.fromEnv({ auth: false });
    onTestFinished(() => client.close());
    return client;
  });
});
