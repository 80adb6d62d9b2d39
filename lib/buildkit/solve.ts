import { sleep } from "../wire/clock.js";
import { handled } from "../wire/quiet.js";
import type { GrpcChannel } from "./grpc/channel.js";
import { Code, GrpcError } from "./grpc/status.js";
import { HistoryEvent, HistoryRequest, SolveRequest, SolveResponse, StatusRequest } from "./messages/control.js";

const CONTROL = "/moby.buildkit.v1.Control";

/** How long the trace may go on after the end of the build, in milliseconds: Docker 20.10 never ends a late one. */
const AFTER_END = 5_000;

/** How long a build that has not begun may be without a trace after its end, in milliseconds. */
const AFTER_REFUSAL = 1_000;

/** How long to wait for the answer after the end of the trace, before the connection is tested, in milliseconds. */
const PATIENCE = 2_000;

/** The connections of a build. */
export interface SolveChannels {
  /** Builds. */
  readonly control: GrpcChannel;
  /** Follows the build. A failure that is too long for a header of Node's blocks the other connection for ever. */
  readonly status: GrpcChannel;
}

/**
 * Rejects with the failure of a build if its answer never arrives: with a large Dockerfile, the details of the failure are a
 * header of more than 64 KiB, which Node does not deliver, and which blocks the connection.
 */
async function unanswered({ control, status }: SolveChannels, ref: string, signal: AbortSignal): Promise<never> {
  do await sleep(PATIENCE, undefined, { signal });
  while (await control.ping(PATIENCE));
  let failure: GrpcError | undefined;
  try {
    const request = HistoryRequest.encode({ ref, earlyExit: true });
    for await (const event of status.call(`${CONTROL}/ListenBuildHistory`, request).messages()) {
      const { error } = HistoryEvent.decode(event).record ?? {};
      if (error) failure = new GrpcError(error.code, error.message);
    }
  } catch (error) {
    // Docker 20.10 has no history
    failure ??= error instanceof GrpcError && error.status !== Code.Unimplemented ? error : undefined;
  }
  throw failure ?? new GrpcError(Code.Unknown, "the build failed, and the engine's report is too long to be read");
}

/**
 * Builds.
 *
 * @param channels - the connections.
 * @param request - the build.
 * @param signal - cancels the build.
 * @yields the changes of the build: `moby.buildkit.v1.StatusResponse` each.
 * @returns what the exporters report.
 * @throws {@link GrpcError} when the build fails.
 */
export async function* solve(
  channels: SolveChannels,
  request: Partial<SolveRequest> & { readonly ref: string },
  signal: AbortSignal,
): AsyncGenerator<Buffer, Record<string, string>, undefined> {
  const { ref } = request;
  const over = new AbortController();
  const solved = handled(channels.control.unary(`${CONTROL}/Solve`, SolveRequest.encode(request), signal));
  const trace = channels.status.call(`${CONTROL}/Status`, StatusRequest.encode({ ref }));
  let hasBegun = false;
  /** Aborted when the trace is no longer waited for. */
  const enough = new AbortController();
  const cut = async (): Promise<void> => {
    await sleep(hasBegun ? AFTER_END : AFTER_REFUSAL, undefined, { signal: over.signal });
    enough.abort();
    trace.cancel();
  };
  void handled(solved.then(cut, cut));
  try {
    try {
      for await (const change of trace.messages()) {
        hasBegun = true;
        yield change;
      }
    } catch (error) {
      // the outcome is that of the build, whose trace may have ended before it
      if (!enough.signal.aborted && !(error instanceof GrpcError)) throw error;
    }
    const answer = await Promise.race([solved, handled(unanswered(channels, ref, over.signal))]);
    return SolveResponse.decode(answer).exporterResponse;
  } finally {
    over.abort();
  }
}
