import { errorMessage } from "../../wire/realm.js";
import { OciExecutor, type OciExecutorOptions, UnavailableError } from "./oci/oci-executor.js";

/**
 * How containers run: as processes of the machine, as functions, or as processes where that works.
 *
 * @category Embedded engine
 */
export type ExecutorChoice = "auto" | "oci" | "program";

/** What was chosen. */
export interface ChosenExecutor {
  /** Runs processes of the machine; undefined if containers are functions. */
  readonly oci: OciExecutor | undefined;
  /** Why containers are functions, although processes would have been preferred. */
  readonly reason: string | undefined;
}

/**
 * Chooses how containers run. Whether processes of the machine work is tried by running one.
 *
 * @throws {@link UnavailableError} when only processes would do, and they do not work.
 */
export async function chooseExecutor(choice: ExecutorChoice, options: OciExecutorOptions): Promise<ChosenExecutor> {
  if (choice === "program") return { oci: undefined, reason: undefined };
  try {
    return { oci: await OciExecutor.open(options), reason: undefined };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    if (choice === "oci") throw new UnavailableError(`the executor oci is not available: ${error.message}`, { cause: error });
    return { oci: undefined, reason: `oci is not available: ${errorMessage(error)}` };
  }
}
