import { createHash } from "node:crypto";
import type * as z from "zod";
import { startTimer } from "../../service/start-timer.js";
import { clearTimeout } from "../../wire/clock.js";
import { findMethod } from "../methods/index.js";
import type { AgentParts, Method } from "../methods/method.js";
import type { AgentMetrics } from "../operations/metrics.js";
import type { GuestQueues } from "../work/guest-queues.js";
import { IdempotencyKeys, type Outcome } from "../work/idempotency.js";
import type { Job } from "../work/jobs.js";
import { adopt } from "./adopt.js";
import { invalidParams, toRpcError } from "./failure.js";
import { RpcError } from "./rpc-error.js";

/** A call, whichever version of JSON-RPC it came in. */
export interface Call {
  /** The name of the method, as the caller wrote it. */
  readonly method: string;
  /** The parameters: by name, by position, or none. */
  readonly params: unknown;
  /** Whether the caller speaks JSON-RPC 1.0. */
  readonly isVersion1: boolean;
  /** Whether the caller wants a job. */
  readonly wantsJob: boolean;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
  /** The idempotency key, if any. */
  readonly key: string | undefined;
  /** Receives progress, if the caller listens to it. */
  readonly progress?: ((record: unknown) => void) | undefined;
}

/** What a dispatcher works with. */
export interface DispatcherParts {
  readonly queues: GuestQueues;
  readonly keys: IdempotencyKeys;
  readonly metrics: AgentMetrics;
  /** Returns what methods work with; the policy may have been read anew. */
  agent(): AgentParts;
  /** How long a method may take that has no limit of its own, in milliseconds. */
  readonly timeout: number;
  /** Called with failures that callers do not see whole. */
  onFault(error: unknown, method: string): void;
}

/** A call whose method and parameters are known to be valid. */
interface ValidCall extends Call {
  readonly name: string;
  readonly declared: Method;
  readonly values: Record<string, unknown>;
}

/** Runs calls: finds and checks the method, waits for its turn, and limits its time. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  #isDraining = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Refuses calls from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  /**
   * Runs a call.
   *
   * @throws an {@link RpcError}, and nothing else.
   */
  async call(asked: Call): Promise<unknown> {
    const { metrics } = this.#parts;
    const end = metrics.begin(findMethod(asked.method)?.name);
    try {
      const result = await this.#call(asked);
      end(undefined);
      return result;
    } catch (error) {
      const failure = toRpcError(error);
      end(failure.kind);
      if (failure.kind === "internal") this.#parts.onFault(failure.cause ?? failure, asked.method);
      throw failure;
    }
  }

  async #call(asked: Call): Promise<unknown> {
    if (this.#isDraining) throw new RpcError("busy", "the agent is shutting down", { retryAfter: 5 });
    const call = validate(asked);
    const { name, declared, values } = call;
    const { jobs, policy } = this.#parts.agent();
    policy.assertMethod(name);
    if (call.wantsJob) {
      const guest = declared.guest?.(values) ?? guestIn(values);
      const job = jobs.start(name, guest, (started: Job) =>
        this.#settle({ ...call, signal: started.signal, progress: (record) => started.progress(record) }, () => started.begin()),
      );
      return { job: job.toObject() };
    }
    if (declared.isEndless?.(values) && !call.progress)
      throw new RpcError("invalidParams", `${name} does not end: ask for text/event-stream or a job`);
    return this.#settle(call, () => undefined);
  }

  /** Runs a call, or finds out what an earlier one with the same key did. */
  async #settle(call: ValidCall, onBegin: () => void): Promise<unknown> {
    const { key, declared, name, values, signal } = call;
    if (key === undefined || !declared.changes) return this.#execute(call, undefined, false, onBegin);
    const digest = IdempotencyKeys.digest(key);
    const request = createHash("sha256")
      .update(JSON.stringify([name, values]))
      .digest("hex")
      .slice(0, 32);
    for (;;) {
      const outcome = await this.#parts.keys.once(key, request, async (isResumed): Promise<Outcome> => {
        try {
          return { result: await this.#execute(call, digest, isResumed, onBegin) };
        } catch (error) {
          const failure = toRpcError(error);
          if (failure.kind === "internal") this.#parts.onFault(failure.cause ?? failure, name);
          return { error: failure.toObject() };
        }
      });
      if ("result" in outcome) return outcome.result;
      const { message, data } = outcome.error;
      const { kind, reason, ...rest } = data;
      // the caller who began the work has left, and this one has not
      if (kind === "canceled" && !signal.aborted) continue;
      throw new RpcError(kind, reason ?? message, rest);
    }
  }

  async #execute(call: ValidCall, key: string | undefined, isResumed: boolean, onBegin: () => void): Promise<unknown> {
    const { declared, name, values, isVersion1, progress = () => undefined } = call;
    const limit = declared.timeout?.(values) ?? this.#parts.timeout;
    // one controller for both reasons: the weak references of AbortSignal.any() are a burden for calls as short as reads
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    call.signal.addEventListener("abort", abort, { once: true });
    let timer: NodeJS.Timeout | undefined;
    try {
      return await this.#parts.queues.run(declared.guest?.(values), call.signal, async () => {
        if (limit > 0) timer = startTimer(abort, limit);
        onBegin();
        const context = { ...this.#parts.agent(), signal: controller.signal, isVersion1, key, isResumed, progress };
        return declared.run(values, context);
      });
    } catch (error) {
      if (call.signal.aborted) throw new RpcError("canceled", "the call was canceled", {}, error);
      if (controller.signal.aborted) throw new RpcError("timeout", `${name} took longer than ${limit / 1000} s`, {}, error);
      throw error;
    } finally {
      clearTimeout(timer);
      call.signal.removeEventListener("abort", abort);
    }
  }
}

/** Finds the method of a call and checks its parameters. */
function validate(asked: Call): ValidCall {
  const found = findMethod(asked.method);
  if (!found) throw new RpcError("methodNotFound", `the method ${JSON.stringify(asked.method.slice(0, 100))} does not exist`);
  const { name, method: declared } = found;
  const { params, wantsJob } = takeAsync(asked);
  const values = asked.isVersion1 ? parse(declared.params, adopt(declared.params, params)) : parseNamed(declared, params);
  return { ...asked, wantsJob, name, declared, values };
}

/** Takes `async: true` out of named parameters: it is no parameter of the method. */
function takeAsync({ params, wantsJob }: Call): { params: unknown; wantsJob: boolean } {
  if (typeof params !== "object" || params === null || Array.isArray(params) || !("async" in params)) return { params, wantsJob };
  const { async: asks, ...rest } = params;
  if (typeof asks !== "boolean") throw new RpcError("invalidParams", "async: must be true or false", { path: "async" });
  return { params: rest, wantsJob: wantsJob || asks };
}

/** Parses parameters by name or by position. One object by position may also hold all of them, as in JSON-RPC 1.0. */
function parseNamed({ params: schema }: Method, params: unknown): Record<string, unknown> {
  if (!Array.isArray(params)) return parse(schema, params ?? {});
  const names = Object.keys(schema.shape);
  if (params.length > names.length)
    throw new RpcError("invalidParams", `the method has ${names.length} parameters, not ${params.length}`);
  const byPosition = Object.fromEntries(names.slice(0, params.length).map((name, index) => [name, params[index] as unknown]));
  const parsed = schema.safeParse(byPosition);
  if (parsed.success) return parsed.data;
  const whole = params.length === 1 ? schema.safeParse(params[0]) : undefined;
  if (whole?.success) return whole.data;
  throw invalidParams(parsed.error);
}

function parse(schema: z.ZodObject, params: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw invalidParams(parsed.error);
  return parsed.data;
}

/** The guest that parameters name, for the description of a job. */
function guestIn({ guest, id }: Record<string, unknown>): string | undefined {
  if (typeof guest === "object" && guest !== null && "id" in guest) return String(guest.id);
  return typeof id === "string" ? id : undefined;
}
