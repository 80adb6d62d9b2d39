import { describe } from "vitest";
import { Client } from "../../../lib/client.js";
import { onTestFinished } from "vitest";
import { itConnects } from "./support.js";

describe("the endpoint of the environment", () => {
  itConnects(() => {
    const client = Client.fromEnv(process.env, { auth: false });
    onTestFinished(() => client.close());
    return client;
  });
});
