import type { CallOptions } from "../../core/call-options.js";
import { askForTty, type TtyQuestion } from "../../streams/output.js";
import type ContainerInspectMixin from "./inspect.js";

/** Finds out whether a container has a terminal, where the answer to a request for its output will not tell. */
export async function containerTty(
  client: ContainerInspectMixin,
  id: string,
  call: CallOptions | undefined,
): Promise<TtyQuestion> {
  return askForTty(await client.negotiate(call), async () => (await client.inspectContainer({ id }, call)).Config.Tty ?? false);
}
